//! ResNet-18 (He et al., 2016), as torchvision has it, on images of 224 by 224.

use volta::prelude::*;
use volta::summary::{Meta, Summary};

type Conv<const I: usize, const O: usize, W, B> = Conv2d<I, O, W, B, f32, NoBias>;

/// Two blocks of one stage: from `$i` channels of `$from` by `$from` to `$o` of `$to` by `$to`.
macro_rules! stage {
    ($Stage:ident, $Down:ident, $Short:ident, $Body:ident: $i:literal $from:literal $stride:literal => $o:literal $to:literal) => {
        #[derive(Module)]
        #[module(forward = [N, $i, $from, $from] -> [N, $o, $to, $to])]
        struct $Down<B: Backend = Cpu> {
            conv1: Conv<$i, $o, Window<3, $stride, 1>, B>,
            bn1: BatchNorm2d<$o, B>,
            relu: Relu,
            conv2: Conv<$o, $o, Window<3, 1, 1>, B>,
            bn2: BatchNorm2d<$o, B>,
        }

        #[derive(Module)]
        #[module(forward = [N, $i, $from, $from] -> [N, $o, $to, $to])]
        struct $Short<B: Backend = Cpu> {
            conv: Conv<$i, $o, Window<1, $stride>, B>,
            bn: BatchNorm2d<$o, B>,
        }

        #[derive(Module)]
        #[module(forward = [N, $o, $to, $to] -> [N, $o, $to, $to])]
        struct $Body<B: Backend = Cpu> {
            conv1: Conv<$o, $o, Window<3, 1, 1>, B>,
            bn1: BatchNorm2d<$o, B>,
            relu: Relu,
            conv2: Conv<$o, $o, Window<3, 1, 1>, B>,
            bn2: BatchNorm2d<$o, B>,
        }

        #[derive(Module)]
        struct $Stage<B: Backend = Cpu> {
            down: $Down<B>,
            downsample: $Short<B>,
            body: $Body<B>,
        }

        impl<B: Backend> $Stage<B> {
            fn forward<N: Dim>(
                &self,
                x: &Tensor<s![N, $i, $from, $from], f32, B>,
            ) -> Tensor<s![N, $o, $to, $to], f32, B> {
                let x = (self.down.forward(x) + self.downsample.forward(x)).relu();
                (self.body.forward(&x) + x).relu()
            }
        }
    };
}

stage!(Stage2, Down2, Short2, Body2: 64 56 2 => 128 28);
stage!(Stage3, Down3, Short3, Body3: 128 28 2 => 256 14);
stage!(Stage4, Down4, Short4, Body4: 256 14 2 => 512 7);

#[derive(Module)]
#[module(forward = [N, 64, 56, 56] -> [N, 64, 56, 56])]
struct Body1<B: Backend = Cpu> {
    conv1: Conv<64, 64, Window<3, 1, 1>, B>,
    bn1: BatchNorm2d<64, B>,
    relu: Relu,
    conv2: Conv<64, 64, Window<3, 1, 1>, B>,
    bn2: BatchNorm2d<64, B>,
}

#[derive(Module)]
#[module(forward = [N, 3, 224, 224] -> [N, 64, 56, 56])]
struct Stem<B: Backend = Cpu> {
    conv1: Conv<3, 64, Window<7, 2, 3>, B>,
    bn1: BatchNorm2d<64, B>,
    relu: Relu,
    maxpool: MaxPool2d<Window<3, 2, 1>>,
}

#[derive(Module)]
struct ResNet18<B: Backend = Cpu> {
    stem: Stem<B>,
    layer1: (Body1<B>, Body1<B>),
    layer2: Stage2<B>,
    layer3: Stage3<B>,
    layer4: Stage4<B>,
    fc: Linear<512, 1000, B>,
}

impl<B: Backend> ResNet18<B> {
    fn forward<N: Dim>(
        &self,
        x: &Tensor<s![N, 3, 224, 224], f32, B>,
    ) -> Tensor<s![N, 1000], f32, B> {
        let x = self.stem.forward(x);
        let x = (self.layer1.0.forward(&x) + x).relu();
        let x = (self.layer1.1.forward(&x) + x).relu();
        let x = self.layer2.forward(&x);
        let x = self.layer3.forward(&x);
        let x = self.layer4.forward(&x);
        self.fc.forward(&x.mean_axes::<axes![2, 3]>())
    }
}

#[test]
fn it_has_the_parameters_of_torchvision_and_its_output() {
    const { assert!(<ResNet18 as Module<Cpu>>::PARAMETERS == 11_689_512) };
    let model = ResNet18::<Meta>::init_on(&Meta, &mut Rng::seed(0));
    let summary = Summary::of(&model, |m| {
        m.forward(&Tensor::zeros_on((Dyn(2), D, D, D), &Meta))
    });
    let last = summary.layers.last().expect("the last layer");
    assert_eq!(last.output, Some(vec![2, 1000]));
    assert_eq!(summary.multiply_adds(), 2 * 1_814_073_344);
}
