use volta::data::{DataLoader, Items};
use volta::prelude::*;

fn main() {
    let data = Items::new(vec![([0.5_f32, 1.0], 7_i64)]);
    let _ = DataLoader::new(data, Dyn(1));
}
