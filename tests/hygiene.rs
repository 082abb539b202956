//! The derive needs no name from the place where it is used.
#![allow(dead_code, unreachable_pub)]

extern crate volta as voltage;

use volta::nn::{Path, Visitor};
use volta::prelude::*;

/// All of volta under a path of this crate.
mod inside {
    pub use volta::*;
}

/// A layer without tensors.
#[derive(Clone, Debug, Default, PartialEq, Module)]
pub struct Relu;

/// The names of the tensors, also after a move to another backend.
fn names<M: Module<Cpu>>(module: &M) -> Vec<String> {
    struct Names(Vec<String>);
    impl<B: Backend> Visitor<B> for Names {
        fn parameter<S: Shape, E: Float>(&mut self, path: &Path, _: bool, _: &Tensor<S, E, B>) {
            self.0.push(path.name());
        }
        fn buffer<S: Shape, E: Dtype>(&mut self, path: &Path, _: &Tensor<S, E, B>) {
            self.0.push(path.name());
        }
    }
    let (mut here, mut there) = (Names(Vec::new()), Names(Vec::new()));
    module.visit(&mut Path::new(), &mut here);
    let moved: M = M::same(module.to(&Cpu).unwrap());
    moved.visit(&mut Path::new(), &mut there);
    assert_eq!(here.0, there.0);
    here.0
}

#[no_implicit_prelude]
mod without_a_prelude {
    #[derive(::volta::Module)]
    #[module(forward = [N, 2] -> [N, 2])]
    pub struct Named<B: ::volta::Backend> {
        pub fc: ::volta::nn::Linear<2, 2, B>,
        #[module(skip)]
        pub count: ::core::primitive::usize,
        #[module(buffer, init = ::volta::Tensor::full_on((), 0.0, device))]
        pub mean: ::volta::Tensor<(), ::core::primitive::f32, B>,
        pub marker: ::core::marker::PhantomData<B>,
    }

    #[derive(::volta::Module)]
    pub enum Variants<M, B: ::volta::Backend> {
        Named {
            inner: M,
            #[module(skip)]
            count: ::core::primitive::usize,
        },
        Tuple(::volta::Param<(), ::core::primitive::f32, B>),
        Unit,
    }

    #[derive(::volta::Module)]
    pub struct Unit;

    pub fn literal() -> ::volta::Tensor<(::volta::D<2>, ::volta::D<1>)> {
        ::volta::tensor![[1.0], [2.0]]
    }
}

#[no_implicit_prelude]
mod shadowed {
    #![allow(non_camel_case_types)]

    pub struct Result;
    pub struct Ok;
    pub struct Err;
    pub struct Option;
    pub struct Some;
    pub struct Default;
    pub struct Clone;
    pub struct Path;
    pub struct Visitor;
    pub struct PhantomData_;
    pub struct Rng;
    pub struct Tensor;
    pub struct D;
    pub struct Dim;
    pub struct V;
    pub struct f32;
    pub struct usize;

    #[derive(::volta::Module)]
    #[module(forward = [B2, 2] -> [B2, 2])]
    pub struct Forward<B: ::volta::Backend> {
        pub x: ::volta::nn::Linear<2, 2, B>,
        pub forward: ::volta::nn::Linear<2, 2, B>,
    }

    #[derive(::volta::Module)]
    pub struct Shadowed<B: ::volta::Backend> {
        pub path: ::volta::nn::Linear<2, 2, B>,
        pub visitor: ::volta::nn::Linear<2, 2, B>,
        pub mapper: ::volta::nn::Linear<1, 1, B>,
        pub field_path: ::volta::nn::Linear<1, 1, B>,
        pub self_: M,
        pub on: ::volta::nn::Linear<1, 1, B>,
        pub x: ::volta::nn::Linear<1, 1, B>,
        pub device: ::volta::nn::Linear<1, 1, B>,
        pub rng: ::volta::nn::Linear<1, 1, B>,
        pub r#type: ::volta::nn::Linear<1, 1, B>,
    }

    #[derive(::volta::Module)]
    pub struct M;

    #[derive(::volta::Module)]
    pub enum Variants<V, B2, B: ::volta::Backend> {
        Named {
            path: V,
            visitor: B2,
            mapper: ::volta::Param<(), ::core::primitive::f32, B>,
        },
        Ok(M),
        Err,
    }
}

mod renamed {
    use voltage::nn::Linear;
    use voltage::{Backend, Cpu, Module};

    #[derive(Module)]
    #[module(crate = ::voltage, forward = [N, 2] -> [N, 2])]
    pub struct Renamed<B: Backend = Cpu>(Linear<2, 2, B>);

    #[derive(Module)]
    #[module(crate = crate::inside)]
    pub enum Relative<B: Backend = Cpu> {
        One(Linear<2, 2, B>),
    }

    pub fn literal() -> voltage::Tensor<()> {
        voltage::tensor!(1.0)
    }
}

mod from_a_macro {
    use super::{Backend, Cpu, Linear, Module};

    macro_rules! model {
        ($name:ident { $($field:ident: $ty:ty),* } $value:expr) => {
            #[derive(Module)]
            #[module(forward = [N, 2] -> [N, 2])]
            pub struct $name<B: Backend = Cpu> {
                $(pub $field: $ty,)*
                pub inner: Linear<2, 2, B>,
                #[module(skip, init = $value)]
                pub number: usize,
            }
        };
    }

    model!(Model { path: Linear<2, 2, B> } 3);
}

/// `y = W x + b` by hand.
fn affine(layer: &Linear<2, 2>, x: [f32; 2]) -> [f32; 2] {
    [0, 1].map(|o| layer.weight[[o, 0]] * x[0] + layer.weight[[o, 1]] * x[1] + layer.bias[[o]])
}

fn x() -> Tensor<s![1, 2]> {
    tensor![[1.0, 2.0]]
}

fn assert_close(y: &Tensor<s![1, 2]>, expected: [f32; 2]) {
    let near = |(y, e): (f32, f32)| (y - e).abs() < 1e-5;
    assert!(
        y.to_vec().into_iter().zip(expected).all(near),
        "{y} is not {expected:?}"
    );
}

#[test]
fn nothing_is_needed_from_the_prelude() {
    let named = without_a_prelude::Named::<Cpu>::init(&mut Rng::seed(0));
    assert_eq!(names(&named), ["fc.weight", "fc.bias", "mean"]);
    assert_close(&named.forward(&x()), affine(&named.fc, [1.0, 2.0]));
    let variant = without_a_prelude::Variants::<Relu, Cpu>::Named {
        inner: Relu,
        count: 1,
    };
    assert!(names(&variant).is_empty());
    assert!(names(&without_a_prelude::Unit).is_empty());
    assert_eq!(without_a_prelude::literal().to_vec(), [1.0, 2.0]);
}

#[test]
fn names_in_scope_do_not_matter() {
    let model = shadowed::Shadowed::<Cpu>::init(&mut Rng::seed(0));
    let names_of_model = names(&model);
    assert_eq!(names_of_model[0], "path.weight");
    assert_eq!(names_of_model.last().unwrap(), "type.bias");
    let model = shadowed::Forward::<Cpu>::init(&mut Rng::seed(0));
    let between = affine(&model.x, [1.0, 2.0]);
    assert_close(&model.forward(&x()), affine(&model.forward, between));
    let same = <shadowed::Variants<Relu, Relu, Cpu> as Module<Cpu>>::same(shadowed::Variants::Err);
    assert!(names(&same).is_empty());
}

#[test]
fn the_crate_may_go_by_another_name() {
    let model = renamed::Renamed::<Cpu>::init(&mut Rng::seed(0));
    assert_eq!(model.forward(&x()).dims(), [1, 2]);
    let relative = renamed::Relative::<Cpu>::One(Init::init(&mut Rng::seed(0)));
    assert_eq!(names(&relative), ["0.weight", "0.bias"]);
    assert_eq!(renamed::literal().to_vec(), [1.0]);
}

#[test]
fn a_macro_may_write_the_type() {
    let model = from_a_macro::Model::<Cpu>::init(&mut Rng::seed(0));
    assert_eq!(model.number, 3);
    assert_eq!(names(&model)[0], "path.weight");
    assert_eq!(model.forward(&x()).dims(), [1, 2]);
}

#[no_implicit_prelude]
mod functions {
    /// Of one input and a parameter.
    #[::volta::elementwise]
    pub fn shifted(x: Float, #[default(1.0)] by: f64) -> Float {
        let clone = exp(x);
        if clone < by {
            clone
        } else {
            self::twice(clone, x)
        }
    }

    #[::volta::elementwise]
    fn twice(x: Num, y: Num) -> Num {
        x + y
    }

    #[::volta::elementwise]
    pub fn both(x: Float, y: Float) -> (Float, Float) {
        (x * y, x - y)
    }

    #[::volta::elementwise]
    pub fn close(x: Float, y: Float) -> bool {
        abs(x - y) < 0.5
    }

    pub fn fused(
        mut x: ::volta::Tensor<(::volta::D<2>,)>,
        by: f32,
    ) -> ::volta::Tensor<(::volta::D<2>,)> {
        ::volta::fuse!(|&mut x| x += by * tanh(x));
        ::volta::fuse!(|x| x * x)
    }
}

mod functions_elsewhere {
    use voltage::prelude::Tensor;

    #[voltage::elementwise(crate = voltage)]
    pub fn cube(x: Num) -> Num {
        x * x * x
    }

    pub fn fused<S: voltage::Shape>(x: &Tensor<S>) -> Tensor<S> {
        voltage::fuse!(|x| exp(x) - 1.0)
    }
}

#[test]
fn functions_need_no_name_from_where_they_stand() {
    let x: Tensor<s![2]> = Tensor::from_array([0.0, -1.0]);
    assert_eq!(functions::shifted(&x, 1.0).to_vec(), [1.0, (-1_f32).exp()]);
    let (product, difference) = functions::both(&x, &x);
    assert_eq!(product.to_vec(), [0.0, 1.0]);
    assert_eq!(difference.to_vec(), [0.0, 0.0]);
    assert_eq!(functions::close(&x, &product).to_vec(), [true, false]);
    assert_eq!(functions::fused(x.clone(), 0.0).to_vec(), [0.0, 1.0]);
    assert_eq!(functions_elsewhere::cube(&x).to_vec(), [0.0, -1.0]);
    assert_eq!(functions_elsewhere::fused(&x).to_vec()[0], 0.0);
}
