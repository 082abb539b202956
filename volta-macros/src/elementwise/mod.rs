//! `#[elementwise]`, `elementwise_table!` and `fuse!`: read a function ([`function`], [`attributes`]),
//! lower its body to a graph ([`lower`], [`calls`], [`graph`], [`simplify`]), differentiate it
//! ([`differentiate`], [`compile`]), write it out ([`emit`], [`expand`]).

mod attribute;
mod attributes;
mod block;
mod calls;
mod compile;
mod differentiate;
mod emit;
mod expand;
mod function;
mod functions;
mod fuse;
mod fuse_body;
mod graph;
mod intrinsics;
mod item;
mod leaves;
mod lookup;
mod lower;
mod names;
mod op;
mod refusals;
mod scalars;
mod scope;
mod simplify;
mod table;
mod tensors;
mod types;

pub(crate) use attribute::attribute;
pub(crate) use fuse::fuse;
pub(crate) use lookup::refuse as refuse_call;
pub(crate) use table::table;
#[cfg(test)]
mod tests;
