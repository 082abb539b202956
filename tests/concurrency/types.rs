use volta::io::HostTensor;
use volta::nn::LstmState;
use volta::optim::Ema;
use volta::prelude::*;
use volta::{Error, StateDict};

const fn shared<T: Send + Sync + 'static>() {}

/// All of a backend that a program keeps.
macro_rules! backend {
    ($B:ty) => {
        shared::<Tensor<s![2, 3], f32, $B>>();
        shared::<Tensor<s![Dyn, 3], i64, $B>>();
        shared::<Tensor<s![2], bool, $B>>();
        shared::<Tensor<(), f64, $B>>();
        shared::<Param<s![2], f16, $B>>();
        shared::<(Linear<2, 3, $B>, Relu, Dropout, [Linear<3, 3, $B>; 4])>();
        shared::<Vec<Option<Conv2d<1, 4, Window<3>, $B>>>>();
        shared::<(BatchNorm2d<4, $B>, LayerNorm<8, $B>, Embedding<9, 8, $B>)>();
        shared::<TransformerEncoder<8, 2, 16, 2, $B>>();
        shared::<Lstm<8, 8, 2, Bidirectional, $B>>();
        shared::<LstmState<s![2, 8], f32, $B>>();
        shared::<(Sgd<$B>, Adam<$B>, AdamW<$B>, RmsProp<$B>)>();
        shared::<(Adagrad<$B>, Lion<$B>, Muon<$B>, Lbfgs<$B>)>();
        shared::<Ema<Linear<2, 3, $B>, $B>>();
    };
}

#[test]
fn what_a_program_keeps_may_cross_threads_and_be_shared() {
    const {
        backend!(Cpu);
        #[cfg(feature = "gpu")]
        backend!(volta::Wgpu);
        #[cfg(feature = "gpu")]
        shared::<volta::Gpu>();
        shared::<StateDict>();
        shared::<HostTensor>();
        shared::<Error>();
        shared::<Rng>();
    }
}
