use volta::prelude::*;

struct Features<N: Dim>(Tensor<s![N]>);

fn main() {
    let _: Option<Features<Dyn>> = None;
}
