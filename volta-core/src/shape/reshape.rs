//! The same elements in another shape.

use super::Shape;
use super::arithmetic::{Count, CountsEqual, Yes};
use super::text::Text;

/// A shape whose elements can be read as `S2`: `x.reshape::<S2>()`.
///
/// It holds for any two shapes. What the types know is checked by [`CHECK`](Self::CHECK) when the
/// program is built: `cargo build` reports it, `cargo check` and an editor do not. See
/// [`View`] for the check as a bound.
pub trait Reshape<S2: Shape>: Shape {
    /// Fails to build if the types say that the numbers of elements differ. The op must name it.
    const CHECK: ();
    /// Whether the numbers of elements have to be compared at run time.
    const AT_RUN_TIME: bool;
}

impl<S: Shape, S2: Shape> Reshape<S2> for S {
    const CHECK: () = {
        if let Some(false) = elements_equal(S::STATIC, S::NAMES, S2::STATIC, S2::NAMES) {
            let text = describe(S::STATIC, S::NAMES, S2::STATIC, S2::NAMES);
            panic!("{}", text.as_str());
        }
    };
    const AT_RUN_TIME: bool = elements_equal(S::STATIC, S::NAMES, S2::STATIC, S2::NAMES).is_none();
}

/// A shape whose elements can be read as `S2`, by a bound: `x.view::<S2>()`.
///
/// Axes known only at run time make it a check at run time. Sizes are those that the compiler
/// can compute with, 0 to 1024 and the powers of two; [`Reshape`] takes any.
#[diagnostic::on_unimplemented(
    message = "view: `{Self}` and `{S2}` differ in their number of elements",
    label = "the number of elements changes here"
)]
pub trait View<S2: Shape>: Reshape<S2> {}

impl<S, S2> View<S2> for S
where
    S: Count,
    S2: Count,
    S::Out: CountsEqual<S2::Out>,
    <S::Out as CountsEqual<S2::Out>>::Is: SameElements<S, S2>,
{
}

/// The answer that two shapes have one number of elements. It is the `Self` of the bound: as a
/// parameter it would be inferred to be `Yes`.
#[diagnostic::on_unimplemented(
    message = "view: `{S}` and `{S2}` differ in their number of elements",
    label = "the number of elements changes here"
)]
pub trait SameElements<S, S2> {}

#[diagnostic::do_not_recommend]
impl<S: Shape, S2: Shape> SameElements<S, S2> for Yes {}

/// Whether two shapes have one number of elements; `None` where that is known only at run time.
const fn elements_equal(
    left: &[Option<usize>],
    left_names: &[Option<&'static str>],
    right: &[Option<usize>],
    right_names: &[Option<&'static str>],
) -> Option<bool> {
    if has_unnamed(left, left_names) || has_unnamed(right, right_names) {
        return None;
    }
    let mut axis = 0;
    while axis < left.len() {
        if let Some(name) = left_names[axis]
            && occurrences(name, left_names) != occurrences(name, right_names)
        {
            return None;
        }
        axis += 1;
    }
    let mut axis = 0;
    while axis < right.len() {
        if let Some(name) = right_names[axis]
            && occurrences(name, left_names) != occurrences(name, right_names)
        {
            return None;
        }
        axis += 1;
    }
    Some(product(left) == product(right))
}

/// Whether a shape has a size that is known only at run time and has no name, a `Dyn`.
const fn has_unnamed(sizes: &[Option<usize>], names: &[Option<&'static str>]) -> bool {
    let mut axis = 0;
    while axis < sizes.len() {
        if sizes[axis].is_none() && names[axis].is_none() {
            return true;
        }
        axis += 1;
    }
    false
}

const fn occurrences(name: &str, names: &[Option<&'static str>]) -> usize {
    let (mut count, mut axis) = (0, 0);
    while axis < names.len() {
        if let Some(other) = names[axis]
            && same_text(name, other)
        {
            count += 1;
        }
        axis += 1;
    }
    count
}

const fn same_text(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    let mut i = 0;
    while i < a.len() {
        if a[i] != b[i] {
            return false;
        }
        i += 1;
    }
    true
}

/// The product of the sizes that are fixed.
const fn product(sizes: &[Option<usize>]) -> usize {
    let (mut product, mut axis) = (1, 0);
    while axis < sizes.len() {
        if let Some(size) = sizes[axis] {
            product *= size;
        }
        axis += 1;
    }
    product
}

const fn describe(
    left: &[Option<usize>],
    left_names: &[Option<&'static str>],
    right: &[Option<usize>],
    right_names: &[Option<&'static str>],
) -> Text {
    let whole = if has_names(left_names) {
        " elements for each run-time one"
    } else {
        " elements"
    };
    Text::new()
        .str("reshape: ")
        .shape(left, left_names)
        .str(" has ")
        .number(product(left))
        .str(whole)
        .str(", ")
        .shape(right, right_names)
        .str(" has ")
        .number(product(right))
}

const fn has_names(names: &[Option<&'static str>]) -> bool {
    let mut axis = 0;
    while axis < names.len() {
        if names[axis].is_some() {
            return true;
        }
        axis += 1;
    }
    false
}
