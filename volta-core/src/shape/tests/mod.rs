//! Relations between shapes, checked by their types. A function that is generic over `N: Dim` and
//! has no where-clause shows that the relation holds for every size.

mod axis;
mod broadcast;
mod macros;
mod matmul;
mod parts;
mod permute;
mod reshape;
mod runtime;
mod window;

use super::*;

/// Holds if the two types are one.
trait Is<T> {}

impl<T> Is<T> for T {}

fn same<A: Is<B>, B>() {}
