use super::*;

crate::dims! { Batch, Length }

type Out<X, W> = <X as Windowed<W>>::Out;
type Conv<S, C, O, W> = <S as Conv2dShape<C, O, W>>::Out;
type Wide<X, W, const OP: usize> = <X as ConvTransposed<OutputPad<W, OP>>>::Out;

#[test]
fn a_window_slides_along_an_axis() {
    same::<Out<D<28>, Window<5>>, D<24>>();
    same::<Out<D<28>, Window<5, 1, 2>>, D<28>>();
    same::<Out<D<28>, Window<3, 2, 1>>, D<14>>();
    same::<Out<D<7>, Window<3, 1, 0, 3>>, D<1>>();
    same::<Out<D<224>, Window<7, 2, 3>>, D<112>>();
    same::<Out<D<3>, Window<3>>, D<1>>();
    same::<Out<Length, Window<3>>, Dyn>();
    same::<Out<D<8192>, Window<2, 2>>, D<4096>>();
}

/// The types and the function for run-time sizes agree.
#[test]
fn types_and_values_agree() {
    macro_rules! agree {
        ($($n:literal $k:literal $s:literal $p:literal $d:literal;)*) => {$(
            assert_eq!(
                <Out<D<$n>, Window<$k, $s, $p, $d>> as Extent>::STATIC,
                crate::shape::runtime::window($n, $k, $s, $p, $d)
            );
            assert_eq!(
                <Wide<D<$n>, Window<$k, $s, $p, $d>, 0> as Extent>::STATIC,
                crate::shape::runtime::transposed_window($n, $k, $s, $p, $d, 0)
            );
        )*};
    }
    agree! { 28 5 1 0 1; 28 3 2 1 1; 7 3 1 0 3; 9 2 3 0 4; 5 1 1 0 1; 31 4 3 2 2; 1 3 1 1 1; }
}

#[test]
fn a_transposed_window_widens_an_axis() {
    same::<Wide<D<14>, Window<4, 2, 1>, 0>, D<28>>();
    same::<Wide<D<14>, Window<3, 2, 1>, 1>, D<28>>();
    same::<Wide<D<1>, Window<4>, 0>, D<4>>();
    same::<Wide<Length, Window<4>, 0>, Dyn>();
}

#[test]
fn convolution_and_pooling_with_a_generic_batch() {
    fn check<N: Dim>() {
        same::<Conv<(N, D<1>, D<28>, D<28>), D<1>, D<6>, Window<5, 1, 2>>, (N, D<6>, D<28>, D<28>)>(
        );
        same::<
            Conv<(N, D<3>, D<9>, D<8>), D<3>, D<6>, (Window<3>, Window<5>)>,
            (N, D<6>, D<7>, D<4>),
        >();
        same::<<(N, D<6>, D<28>, D<28>) as Pool2dShape<Window<2, 2>>>::Out, (N, D<6>, D<14>, D<14>)>(
        );
        same::<<(N, D<6>, D<28>) as Pool1dShape<Window<2, 2>>>::Out, (N, D<6>, D<14>)>();
        same::<<(N, D<6>, D<28>) as Conv1dShape<D<6>, D<4>, Window<3>>>::Out, (N, D<4>, D<26>)>();
        same::<
            <(N, D<6>, D<14>, D<7>) as ConvTranspose2dShape<D<6>, D<3>, Window<2, 2>>>::Out,
            (N, D<3>, D<28>, D<14>),
        >();
        same::<
            <(N, D<6>, D<14>) as ConvTranspose1dShape<D<6>, D<3>, Window<2, 2>>>::Out,
            (N, D<3>, D<28>),
        >();
    }
    check::<D<2>>();
    check::<Batch>();
}

#[test]
fn channels_may_be_const_parameters() {
    fn check<N: Dim, const C: usize, const O: usize>() {
        same::<Conv<(N, D<C>, D<28>, D<28>), D<C>, D<O>, Window<5>>, (N, D<O>, D<24>, D<24>)>();
    }
    check::<Batch, 3, 8>();
}
