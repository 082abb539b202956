use volta::prelude::*;

#[derive(Module)]
enum Head {
    Small(()),
    Large(()),
}

fn main() {}
