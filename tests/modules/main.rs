//! `#[derive(Module)]` and what every module does.

mod attributes;
mod common;
mod enums;
mod forms;
mod forward;
mod gradients;
mod state;
mod wrappers;
