//! The derive needs no name from the place where it is used.
#![allow(dead_code, unreachable_pub)]

extern crate self as volta;
extern crate self as voltage;

mod mock;
pub use mock::*;

#[no_implicit_prelude]
mod without_a_prelude {
    #[derive(::volta::Module)]
    #[module(forward = [N, 2] -> [N, 2])]
    pub struct Named<B: ::volta::Backend> {
        pub fc: ::volta::Linear<2, 2, ::core::primitive::f32, B>,
        #[module(skip)]
        pub count: ::core::primitive::usize,
        #[module(buffer, init = ::volta::Tensor::zeros(device))]
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
        pub x: ::volta::Linear<2, 2, ::core::primitive::f32, B>,
        pub forward: ::volta::Linear<2, 2, ::core::primitive::f32, B>,
    }

    #[derive(::volta::Module)]
    pub struct Shadowed<B: ::volta::Backend> {
        pub path: ::volta::Linear<2, 2, ::core::primitive::f32, B>,
        pub visitor: ::volta::Linear<2, 2, ::core::primitive::f32, B>,
        pub mapper: ::volta::Param<(), ::core::primitive::f32, B>,
        pub field_path: ::volta::Param<(), ::core::primitive::f32, B>,
        pub self_: M,
        pub on: ::volta::Param<(), ::core::primitive::f32, B>,
        pub x: ::volta::Param<(), ::core::primitive::f32, B>,
        pub device: ::volta::Param<(), ::core::primitive::f32, B>,
        pub rng: ::volta::Param<(), ::core::primitive::f32, B>,
        pub r#type: ::volta::Param<(), ::core::primitive::f32, B>,
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
    use voltage::{Backend, Cpu, Linear, Module};

    #[derive(Module)]
    #[module(crate = ::voltage, forward = [N, 2] -> [N, 2])]
    pub struct Renamed<B: Backend = Cpu>(Linear<2, 2, f32, B>);

    #[derive(Module)]
    #[module(crate = crate)]
    pub enum Relative<B: Backend = Cpu> {
        One(Linear<2, 2, f32, B>),
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
                pub inner: Linear<2, 2, f32, B>,
                #[module(skip, init = $value)]
                pub number: usize,
            }
        };
    }

    model!(Model { path: Linear<2, 2, f32, B> } 3);
}

#[test]
fn nothing_is_needed_from_the_prelude() {
    let named = without_a_prelude::Named::<Cpu>::init(&mut Rng(0));
    let expected = [
        "fc.weight[4] trained",
        "fc.bias[2] trained",
        "mean[1] buffer",
    ];
    assert_eq!(names(&to_other(&named)), expected);
    let x: Tensor<(D<1>, D<2>)> = zeros();
    assert_eq!(named.forward(&x).values, [2.0, 2.0]);
    let variant = without_a_prelude::Variants::<Relu, Cpu>::Named {
        inner: Relu,
        count: 1,
    };
    assert!(names(&to_other(&variant)).is_empty());
    assert!(names::<Cpu>(&without_a_prelude::Unit).is_empty());
    assert_eq!(without_a_prelude::literal().values, [1.0, 2.0]);
}

fn zeros() -> Tensor<(D<1>, D<2>)> {
    Tensor::zeros(&())
}

#[test]
fn names_in_scope_do_not_matter() {
    let model = shadowed::Shadowed::<Cpu>::init(&mut Rng(0));
    let names = names(&to_other(&model));
    assert_eq!(names[0], "path.weight[4] trained");
    assert_eq!(names[10], "type[1] trained");
    let model = shadowed::Forward::<Cpu>::init(&mut Rng(0));
    assert_eq!(model.forward(&zeros()).values, [4.0, 4.0]);
    let same = <shadowed::Variants<Relu, Relu, Cpu> as Module<Cpu>>::same(shadowed::Variants::Err);
    assert!(matches!(to_other(&same), shadowed::Variants::Err));
}

#[test]
fn the_crate_may_go_by_another_name() {
    let model = renamed::Renamed::<Cpu>::init(&mut Rng(0));
    assert_eq!(
        model.forward(&Tensor::<(D<1>, D<2>)>::zeros(&())).values,
        [2.0, 2.0]
    );
    let relative = renamed::Relative::<Cpu>::One(Init::init(&mut Rng(0)));
    assert_eq!(names(&relative).len(), 2);
    assert_eq!(renamed::literal().values, [1.0]);
}

#[test]
fn a_macro_may_write_the_type() {
    let model = from_a_macro::Model::<Cpu>::init(&mut Rng(0));
    assert_eq!(model.number, 3);
    assert_eq!(names(&model)[0], "path.weight[4] trained");
}
