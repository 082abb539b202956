//! Modules made of modules: tuples, arrays, `Vec`, `Option`, `Box`.

use super::module::{Forward, Init, Mapper, Module, Visitor, VisitorMut};
use super::path::Path;
use crate::backend::Backend;
use crate::random::Rng;

macro_rules! tuple {
    ($($M:ident $index:tt),*) => {
        #[diagnostic::do_not_recommend]
        impl<B: Backend, $($M: Module<B>),*> Module<B> for ($($M,)*) {
            type On<B2: Backend> = ($($M::On<B2>,)*);
            const PARAMETERS: usize = 0 $(+ $M::PARAMETERS)*;

            #[allow(unused_variables)]
            fn visit<V: Visitor<B>>(&self, path: &mut Path, visitor: &mut V) {
                $(
                    path.enter_index($index);
                    self.$index.visit(path, visitor);
                    path.leave();
                )*
            }
            #[allow(unused_variables)]
            fn visit_mut<V: VisitorMut<B>>(&mut self, path: &mut Path, visitor: &mut V) {
                $(
                    path.enter_index($index);
                    self.$index.visit_mut(path, visitor);
                    path.leave();
                )*
            }
            #[allow(unused_variables)]
            fn map<B2: Backend, M: Mapper<B, B2>>(
                &self,
                path: &mut Path,
                mapper: &mut M,
            ) -> Result<Self::On<B2>, M::Error> {
                Ok(($({
                    path.enter_index($index);
                    let mapped = self.$index.map(path, mapper)?;
                    path.leave();
                    mapped
                },)*))
            }
            #[allow(clippy::unused_unit, unused_variables)]
            fn same(on: Self::On<B>) -> Self {
                ($($M::same(on.$index),)*)
            }
        }

        #[diagnostic::do_not_recommend]
        impl<B: Backend, $($M: Init<B>),*> Init<B> for ($($M,)*) {
            #[allow(unused_variables, clippy::unused_unit)]
            fn init_on(device: &B::Device, rng: &mut Rng) -> Self {
                ($($M::init_on(device, rng),)*)
            }
        }
    };
}
tuple!();
tuple!(M0 0);
tuple!(M0 0, M1 1);
tuple!(M0 0, M1 1, M2 2);
tuple!(M0 0, M1 1, M2 2, M3 3);
tuple!(M0 0, M1 1, M2 2, M3 3, M4 4);
tuple!(M0 0, M1 1, M2 2, M3 3, M4 4, M5 5);
tuple!(M0 0, M1 1, M2 2, M3 3, M4 4, M5 5, M6 6);
tuple!(M0 0, M1 1, M2 2, M3 3, M4 4, M5 5, M6 6, M7 7);
tuple!(M0 0, M1 1, M2 2, M3 3, M4 4, M5 5, M6 6, M7 7, M8 8);
tuple!(M0 0, M1 1, M2 2, M3 3, M4 4, M5 5, M6 6, M7 7, M8 8, M9 9);
tuple!(M0 0, M1 1, M2 2, M3 3, M4 4, M5 5, M6 6, M7 7, M8 8, M9 9, M10 10);
tuple!(M0 0, M1 1, M2 2, M3 3, M4 4, M5 5, M6 6, M7 7, M8 8, M9 9, M10 10, M11 11);

/// A tuple of layers is the layers one after the other.
macro_rules! sequential {
    ($First:ident 0 $(, $L:ident $index:tt after $Before:ident)*; $Last:ident) => {
        impl<X, $First: Forward<X> $(, $L: Forward<$Before::Output>)*> Forward<X>
            for ($First, $($L,)*)
        {
            type Output = $Last::Output;
            fn forward(&self, x: &X) -> Self::Output {
                let x = self.0.forward(x);
                $(let x = self.$index.forward(&x);)*
                x
            }
        }
    };
}
sequential!(L0 0; L0);
sequential!(L0 0, L1 1 after L0; L1);
sequential!(L0 0, L1 1 after L0, L2 2 after L1; L2);
sequential!(L0 0, L1 1 after L0, L2 2 after L1, L3 3 after L2; L3);
sequential!(L0 0, L1 1 after L0, L2 2 after L1, L3 3 after L2, L4 4 after L3; L4);
sequential!(L0 0, L1 1 after L0, L2 2 after L1, L3 3 after L2, L4 4 after L3, L5 5 after L4; L5);
sequential!(L0 0, L1 1 after L0, L2 2 after L1, L3 3 after L2, L4 4 after L3, L5 5 after L4,
    L6 6 after L5; L6);
sequential!(L0 0, L1 1 after L0, L2 2 after L1, L3 3 after L2, L4 4 after L3, L5 5 after L4,
    L6 6 after L5, L7 7 after L6; L7);

const COUNTED_AT_RUN_TIME: &str =
    "the parameters of a `Vec` or an `Option` are counted at run time: use `num_parameters()`";

macro_rules! list {
    ([$($generics:tt)*] $List:ty, $On:ty, $parameters:expr, $collect:expr) => {
        #[diagnostic::do_not_recommend]
        impl<B: Backend, T: Module<B>, $($generics)*> Module<B> for $List {
            type On<B2: Backend> = $On;
            const PARAMETERS: usize = $parameters;

            fn visit<V: Visitor<B>>(&self, path: &mut Path, visitor: &mut V) {
                for (index, module) in self.iter().enumerate() {
                    path.enter_index(index);
                    module.visit(path, visitor);
                    path.leave();
                }
            }
            fn visit_mut<V: VisitorMut<B>>(&mut self, path: &mut Path, visitor: &mut V) {
                for (index, module) in self.iter_mut().enumerate() {
                    path.enter_index(index);
                    module.visit_mut(path, visitor);
                    path.leave();
                }
            }
            fn map<B2: Backend, M: Mapper<B, B2>>(
                &self,
                path: &mut Path,
                mapper: &mut M,
            ) -> Result<Self::On<B2>, M::Error> {
                let mut mapped = Vec::with_capacity(self.len());
                for (index, module) in self.iter().enumerate() {
                    path.enter_index(index);
                    mapped.push(module.map(path, mapper)?);
                    path.leave();
                }
                Ok($collect(mapped))
            }
            fn same(on: Self::On<B>) -> Self {
                $collect(on.into_iter().map(T::same).collect::<Vec<_>>())
            }
        }
    };
}
list!([] Vec<T>, Vec<T::On<B2>>, panic!("{}", COUNTED_AT_RUN_TIME), |list| list);
list!([const N: usize] [T; N], [T::On<B2>; N], N * T::PARAMETERS, array);

fn array<T, const N: usize>(list: Vec<T>) -> [T; N] {
    list.try_into()
        .unwrap_or_else(|_| unreachable!("made from an array of {N}"))
}

#[diagnostic::do_not_recommend]
impl<B: Backend, T: Init<B>, const N: usize> Init<B> for [T; N] {
    fn init_on(device: &B::Device, rng: &mut Rng) -> Self {
        std::array::from_fn(|_| T::init_on(device, rng))
    }
}

#[diagnostic::do_not_recommend]
impl<B: Backend, T: Module<B>> Module<B> for Option<T> {
    type On<B2: Backend> = Option<T::On<B2>>;
    const PARAMETERS: usize = panic!("{}", COUNTED_AT_RUN_TIME);

    fn visit<V: Visitor<B>>(&self, path: &mut Path, visitor: &mut V) {
        if let Some(module) = self {
            module.visit(path, visitor);
        }
    }
    fn visit_mut<V: VisitorMut<B>>(&mut self, path: &mut Path, visitor: &mut V) {
        if let Some(module) = self {
            module.visit_mut(path, visitor);
        }
    }
    fn map<B2: Backend, M: Mapper<B, B2>>(
        &self,
        path: &mut Path,
        mapper: &mut M,
    ) -> Result<Self::On<B2>, M::Error> {
        self.as_ref()
            .map(|module| module.map(path, mapper))
            .transpose()
    }
    fn same(on: Self::On<B>) -> Self {
        on.map(T::same)
    }
}

#[diagnostic::do_not_recommend]
impl<B: Backend, T: Module<B>> Module<B> for Box<T> {
    type On<B2: Backend> = Box<T::On<B2>>;
    const PARAMETERS: usize = T::PARAMETERS;

    fn visit<V: Visitor<B>>(&self, path: &mut Path, visitor: &mut V) {
        (**self).visit(path, visitor);
    }
    fn visit_mut<V: VisitorMut<B>>(&mut self, path: &mut Path, visitor: &mut V) {
        (**self).visit_mut(path, visitor);
    }
    fn map<B2: Backend, M: Mapper<B, B2>>(
        &self,
        path: &mut Path,
        mapper: &mut M,
    ) -> Result<Self::On<B2>, M::Error> {
        (**self).map(path, mapper).map(Box::new)
    }
    fn same(on: Self::On<B>) -> Self {
        Box::new(T::same(*on))
    }
}

#[diagnostic::do_not_recommend]
impl<B: Backend, T: Init<B>> Init<B> for Box<T> {
    fn init_on(device: &B::Device, rng: &mut Rng) -> Self {
        Box::new(T::init_on(device, rng))
    }
}

/// Layers in a list, each taking what the one before gives: all of one type.
impl<X, T: Forward<X, Output = X>> Forward<X> for Vec<T>
where
    X: Clone,
{
    type Output = X;
    fn forward(&self, x: &X) -> X {
        self.iter().fold(x.clone(), |x, layer| layer.forward(&x))
    }
}
