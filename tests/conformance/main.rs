//! One body for every backend: each op forward against a naive oracle, and its gradients against
//! differences. A new device is one line in `support::for_every_device`.

mod attention;
mod conv;
mod dtypes;
mod elementwise;
mod gradcheck;
mod losses;
mod matmul;
mod optimisers;
mod pool;
mod random;
mod reduce;
mod rnn;
mod softmax;
mod structural;
mod support;
mod tape;
mod threads;
mod transformer;
mod unequal_sizes;
mod views;
