use volta::prelude::*;

#[derive(Module)]
union Head {
    small: (),
    large: (),
}

fn main() {}
