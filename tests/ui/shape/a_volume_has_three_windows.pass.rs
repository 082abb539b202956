use volta::prelude::*;

fn main() {
    type W = (Window<1>, Window<3>, Window<3>);
    let _: Option<Conv3d<1, 8, W>> = None;
}
