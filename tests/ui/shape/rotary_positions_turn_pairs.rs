use volta::prelude::*;

fn main() {
    let _ = Rotary::<7>::new(10);
}
