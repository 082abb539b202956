use volta::prelude::*;

fn main() {
    let x = 3.0_f32;
    let _ = grad(&x, |x| x.square());
}
