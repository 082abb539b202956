//! `#[elementwise]`, `elementwise_table!` and `fuse!`: read a function ([`function`], [`attributes`]),
//! lower its body to a graph ([`lower`], [`calls`], [`graph`], [`simplify`]), differentiate it
//! ([`differentiate`], [`compile`]), write it out ([`emit`], [`expand`]).

mod attribute;
mod attributes;
mod calls;
mod compile;
mod differentiate;
mod emit;
mod expand;
mod function;
mod functions;
mod graph;
mod intrinsics;
mod lower;
mod names;
mod simplify;
mod table;

pub(crate) use attribute::attribute;
pub(crate) use table::table;
#[cfg(test)]
mod tests;
