//! The bias of a layer, which its type may leave out.

use std::fmt::Debug;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};

use super::module::{Mapper, Module, Visitor, VisitorMut};
use super::path::Path;
use super::{Param, initial};
use crate::backend::Backend;
use crate::cpu::Cpu;
use crate::dtype::Float;
use crate::ops::elementwise::Add;
use crate::random::Rng;
use crate::shape::{Shape, StaticShape};
use crate::tensor::Tensor;

/// Whether a layer has a bias: [`WithBias`] or [`NoBias`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say whether a layer has a bias",
    note = "it is `WithBias`, the default, or `NoBias`"
)]
pub trait BiasKind: Copy + Debug + Default + Send + Sync + 'static {
    /// Whether there is one.
    const BIAS: bool;
}

/// A layer with a bias: the default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct WithBias;

/// A layer without a bias (`bias=False` in PyTorch): it is not counted, trained or saved.
///
/// ```
/// use volta::prelude::*;
///
/// type Plain = Linear<3, 2, Cpu, f32, NoBias>;
/// assert_eq!(Plain::PARAMETERS, 6);
///
/// let layer: Plain = Linear::init(&mut Rng::seed(0)).without_bias();
/// assert_eq!(layer.state_dict().keys().collect::<Vec<_>>(), ["weight"]);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct NoBias;

impl BiasKind for WithBias {
    const BIAS: bool = true;
}

impl BiasKind for NoBias {
    const BIAS: bool = false;
}

/// The bias of a layer: a parameter, used as such, [`WithBias`]; nothing, [`NoBias`]. The type
/// says which, so that a model's `PARAMETERS` is a constant.
#[derive(Clone, Debug)]
pub struct Bias<S: Shape, E: Float = f32, B: Backend = Cpu, K: BiasKind = WithBias> {
    /// There by `K::BIAS`.
    param: Option<Param<S, E, B>>,
    kind: PhantomData<K>,
}

impl<S: Shape, E: Float, B: Backend> Bias<S, E, B, NoBias> {
    /// No bias.
    pub const fn none() -> Self {
        Bias {
            param: None,
            kind: PhantomData,
        }
    }
}

impl<S: Shape, E: Float, B: Backend, K: BiasKind> Bias<S, E, B, K> {
    /// The parameter, if there is one.
    pub fn get(&self) -> Option<&Param<S, E, B>> {
        self.param.as_ref()
    }

    /// The parameter, if there is one.
    pub fn get_mut(&mut self) -> Option<&mut Param<S, E, B>> {
        self.param.as_mut()
    }

    /// Uniform between `-bound` and `bound`.
    pub(super) fn uniform(bound: f64, device: &B::Device, rng: &mut Rng) -> Self
    where
        S: StaticShape,
    {
        let param = || initial::uniform(S::SHAPE, bound, device, rng).into();
        Bias {
            param: K::BIAS.then(param),
            kind: PhantomData,
        }
    }

    /// `y` and the bias, one entry for each of `axis`.
    pub(super) fn add_to(&self, y: B::Prim<E>, axis: usize) -> B::Prim<E> {
        let Some(bias) = &self.param else {
            return y;
        };
        let mut dims = vec![1; B::dims(&y).len()];
        dims[axis] = B::dims(&y)[axis];
        let bias = B::expand(&B::reshape(bias.prim(), &dims), B::dims(&y));
        B::map(Add, [&y, &bias])
    }
}

impl<S: Shape, E: Float, B: Backend> Deref for Bias<S, E, B> {
    type Target = Param<S, E, B>;
    fn deref(&self) -> &Param<S, E, B> {
        self.param.as_ref().expect("the type has a bias")
    }
}

impl<S: Shape, E: Float, B: Backend> DerefMut for Bias<S, E, B> {
    fn deref_mut(&mut self) -> &mut Param<S, E, B> {
        self.param.as_mut().expect("the type has a bias")
    }
}

impl<S: Shape, E: Float, B: Backend> From<Param<S, E, B>> for Bias<S, E, B> {
    fn from(param: Param<S, E, B>) -> Self {
        Bias {
            param: Some(param),
            kind: PhantomData,
        }
    }
}

impl<S: Shape, E: Float, B: Backend> From<Tensor<S, E, B>> for Bias<S, E, B> {
    fn from(tensor: Tensor<S, E, B>) -> Self {
        Param::from(tensor).into()
    }
}

#[diagnostic::do_not_recommend]
impl<S: Shape, E: Float, B: Backend, K: BiasKind> Module<B> for Bias<S, E, B, K> {
    type On<B2: Backend> = Bias<S, E, B2, K>;
    const PARAMETERS: usize = if K::BIAS {
        <Param<S, E, B> as Module<B>>::PARAMETERS
    } else {
        0
    };

    fn visit<V: Visitor<B>>(&self, path: &mut Path, visitor: &mut V) {
        if let Some(param) = &self.param {
            param.visit(path, visitor);
        }
    }
    fn visit_mut<V: VisitorMut<B>>(&mut self, path: &mut Path, visitor: &mut V) {
        if let Some(param) = &mut self.param {
            param.visit_mut(path, visitor);
        }
    }
    fn map<B2: Backend, M: Mapper<B, B2>>(
        &self,
        path: &mut Path,
        mapper: &mut M,
    ) -> Result<Self::On<B2>, M::Error> {
        let param = self.param.as_ref().map(|param| param.map(path, mapper));
        Ok(Bias {
            param: param.transpose()?,
            kind: PhantomData,
        })
    }
    fn same(on: Self) -> Self {
        on
    }
}
