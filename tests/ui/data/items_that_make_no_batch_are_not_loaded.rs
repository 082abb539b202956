use volta::data::{DataLoader, Items};
use volta::prelude::*;

fn main() {
    let data = Items::new(vec![(String::from("seven"), 7_i64)]);
    let _ = DataLoader::new(data, Dyn(1));
}
