//! `s![]`, `axes![]` and `dims!{}`.

/// A shape as a type: `s![32, 784]` is `(D<32>, D<784>)`.
///
/// | written | the axis |
/// |---|---|
/// | `32` | [`D<32>`](crate::shape::D) |
/// | `*` | [`One`](crate::shape::One), a broadcast axis |
/// | `{H}`, `{2 * 14}` | `D<{H}>`: a const parameter, or a constant expression without one |
/// | anything else | that type: `Batch`, `N`, `Dyn`, `D<H>` |
///
/// ```
/// use volta::s;
/// use volta::shape::{D, Dyn, One};
///
/// let shape: s![Dyn, *, 28] = (Dyn(32), One, D);
/// ```
#[macro_export]
macro_rules! s {
    ($($axes:tt)*) => { $crate::__private::shape!([$crate] $($axes)*) };
}

/// A list of axes as a type: `axes![0, -1]` is `(Axis<0>, Axis<-1>)`.
///
/// ```
/// use volta::axes;
/// use volta::shape::{Axis, HasAxes};
///
/// fn removed<S: HasAxes<axes![0, -1]>>() {}
/// removed::<volta::s![2, 3, 4]>();
/// ```
#[macro_export]
macro_rules! axes {
    ($($axes:tt)*) => { $crate::__private::axis_list!([$crate] $($axes)*) };
}

/// Declares named run-time sizes: `dims! { pub Batch, Time }`.
///
/// A name is a type: `Batch` never meets `Time`. Two `Batch` sizes that meet in an op are
/// compared when it runs.
///
/// ```
/// use volta::shape::Shape;
///
/// volta::dims! {
///     /// The examples of one step.
///     pub Batch
/// }
///
/// let shape: volta::s![Batch, 784] = (Batch(32), volta::shape::D);
/// assert_eq!(shape.dims(), [32, 784]);
/// ```
#[macro_export]
macro_rules! dims {
    ($($(#[$attribute:meta])* $visibility:vis $name:ident),* $(,)?) => {
        $(
            $(#[$attribute])*
            #[derive(
                $crate::__private::Clone,
                $crate::__private::Copy,
                $crate::__private::Debug,
                $crate::__private::PartialEq,
                $crate::__private::Eq,
                $crate::__private::Hash,
            )]
            $visibility struct $name(
                /// The size.
                pub $crate::__private::usize,
            );

            impl $crate::shape::Extent for $name {
                const STATIC: $crate::__private::Option<$crate::__private::usize> =
                    $crate::__private::Option::None;
                const NAME: $crate::__private::Option<&'static $crate::__private::str> =
                    $crate::__private::Option::Some($crate::__private::concat!(
                        $crate::__private::module_path!(),
                        "::",
                        $crate::__private::stringify!($name)
                    ));

                #[inline]
                fn size(self) -> $crate::__private::usize {
                    self.0
                }

                #[inline]
                fn from_size(
                    size: $crate::__private::usize,
                ) -> $crate::__private::Option<Self> {
                    $crate::__private::Option::Some(Self(size))
                }
            }

            impl $crate::shape::Dim for $name {}

            impl $crate::__private::NamedDim for $name {}

            impl $crate::shape::RuntimeDim for $name {
                #[inline]
                fn new(size: $crate::__private::usize) -> Self {
                    Self(size)
                }
            }
        )*
    };
}
