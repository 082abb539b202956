//! Models of the size that people use, with every size in the type: `cargo xtask build-time` takes
//! the time that they take to check.

mod resnet18;
mod transformer;
