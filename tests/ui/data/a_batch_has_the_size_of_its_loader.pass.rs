use volta::data::{DataLoader, Items};
use volta::prelude::*;

fn main() {
    let loader = DataLoader::new(Items::new(vec![[0.5_f32; 3]; 64]), D::<32>);
    for batch in loader.epoch(0) {
        let _: Tensor<s![32, 3]> = batch.unwrap();
    }
}
