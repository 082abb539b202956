//! Some of the elements of an axis, by their order.

use super::text::Text;
use super::{D, HasAxis, Shape};

/// A shape of whose axis `A` `K` elements are taken: `x.topk::<A, K>()`. Any sizes will do: whether
/// there are as many is checked when the program is built, by [`CHECK`](Self::CHECK), and for an axis
/// known at run time only then.
pub trait Top<const A: isize, const K: usize>: HasAxis<A> {
    /// Fails to build if the axis has fewer elements. The op must name it.
    const CHECK: ();
    /// The shape with `D<K>` in place of the axis.
    type Out: Shape;
}

impl<S: HasAxis<A>, const A: isize, const K: usize> Top<A, K> for S {
    const CHECK: () = {
        if let Some(size) = S::STATIC[S::INDEX]
            && K > size
        {
            let text = Text::new()
                .number(K)
                .str(" elements are asked of axis ")
                .number(S::INDEX)
                .str(" of ")
                .shape(S::STATIC, S::NAMES)
                .str(", which has ")
                .number(size);
            panic!("{}", text.as_str());
        }
    };
    type Out = S::Replaced<D<K>>;
}
