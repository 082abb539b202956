use super::*;
use crate::{axes, dims, s};

dims! {
    /// The examples of one step.
    Batch,
    Time,
}

#[test]
fn a_list_is_a_tuple_of_extents() {
    fn check<N: Dim, const H: usize>() {
        same::<s![N, 28, *], (N, D<28>, One)>();
        same::<s![N, D<H>], (N, D<H>)>();
        same::<s![N, { H }], (N, D<H>)>();
    }
    check::<Batch, 3>();
    same::<s![], ()>();
    same::<s![32,], (D<32>,)>();
    same::<s![32, { 2 * 14 }, Dyn, Batch], (D<32>, D<28>, Dyn, Batch)>();
    same::<axes![0, -1], (Axis<0>, Axis<-1>)>();
    same::<axes![], ()>();
}

#[test]
fn a_name_is_a_run_time_size() {
    assert_eq!(Batch::NAME, Some("volta_core::shape::tests::macros::Batch"));
    assert_eq!(Time::new(3).size(), 3);
    assert_eq!(<(Batch, D<3>)>::from_dims(&[5, 3]), Some((Batch(5), D)));
    assert_eq!(<(Time, D<3>)>::from_dims(&[5, 4]), None);
}

/// The expansions name everything by its path.
#[no_implicit_prelude]
mod bare {
    use crate as renamed;

    renamed::dims! {
        /// A size.
        pub(super) Width
    }

    pub(super) fn shape<N: renamed::shape::Dim>(n: N) -> renamed::s![N, Width, 3, *, { 2 + 2 }] {
        (
            n,
            Width(5),
            renamed::shape::D,
            renamed::shape::One,
            renamed::shape::D,
        )
    }

    pub(super) fn removed<S: renamed::shape::HasAxes<renamed::axes![0, -1]>>() {}
}

#[test]
fn the_macros_need_no_prelude() {
    bare::removed::<(D<1>, bare::Width, D<2>)>();
    assert_eq!(bare::shape(Dyn(2)).dims(), [2, 5, 3, 1, 4]);
}
