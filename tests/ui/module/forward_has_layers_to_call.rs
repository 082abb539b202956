//! `forward` has layers to call
use volta::prelude::*;

#[derive(Module)]
#[module(forward = [N, 784] -> [N, 784])]
struct Nothing;

fn main() {}
