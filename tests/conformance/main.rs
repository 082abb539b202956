//! One body for every backend: each op forward against a naive oracle, and its gradients against
//! differences. A new device is one line in `support::for_every_device`.

mod attention;
mod avg_pool;
mod conv;
mod conv_transpose;
mod convs;
mod dtypes;
mod elementwise;
mod embedding;
mod gradcheck;
mod in_place;
mod index;
mod iterators;
mod losses;
mod matmul;
mod metrics;
mod norm;
mod optimisers;
mod pool;
mod random;
mod reduce;
mod resample;
mod rnn;
mod scan;
mod shape_ops;
mod softmax;
mod sort;
mod statistics;
mod structural;
mod support;
mod tape;
mod threads;
mod transformer;
mod unequal_sizes;
mod views;
