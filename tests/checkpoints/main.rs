//! A run goes on from a checkpoint as if it had never stopped, whatever stopped it.

mod damage;
mod folder;
mod full;
mod kill;
mod parts;
mod resume;
mod run;
#[path = "../common/folder.rs"]
mod shared;
