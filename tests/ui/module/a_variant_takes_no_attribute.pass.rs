use volta::prelude::*;

#[derive(Module)]
enum Head<B: Backend = Cpu> {
    Linear(#[module(rename = "head")] Linear<64, 10, B>),
    Nothing,
}

fn main() {
    let _: Option<Head> = None;
}
