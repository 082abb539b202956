use volta::prelude::*;

#[derive(Module)]
#[module(forward = [N, 784] -> [N, 784])]
struct Nothing<B: Backend>(Linear<784, 784, B>);

fn main() {}
