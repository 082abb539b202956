use super::*;

type Sum<A, B> = <A as Broadcast<B>>::Out;

#[test]
fn extents_align_from_the_right() {
    same::<Sum<(), ()>, ()>();
    same::<Sum<(D<2>, D<3>), ()>, (D<2>, D<3>)>();
    same::<Sum<(), (D<2>, D<3>)>, (D<2>, D<3>)>();
    same::<Sum<(D<2>, D<3>), (D<3>,)>, (D<2>, D<3>)>();
    same::<Sum<(D<3>,), (D<2>, D<3>)>, (D<2>, D<3>)>();
    same::<Sum<(One, D<3>), (D<2>, One)>, (D<2>, D<3>)>();
    same::<Sum<(One,), (One, One)>, (One, One)>();
    same::<Sum<(D<1>, One), (D<1>, D<1>)>, (D<1>, D<1>)>();
    same::<Sum<(Dyn, One), (Dyn, D<4>)>, (Dyn, D<4>)>();
    type Six = (D<1>, D<2>, D<3>, D<4>, D<5>, D<6>);
    same::<Sum<Six, Six>, Six>();
    same::<Sum<Six, (D<5>, One)>, Six>();
    same::<Sum<(One, One, D<6>), Six>, Six>();
}

#[test]
fn a_generic_size_needs_no_bound() {
    fn check<N: Dim, M: Dim>() {
        same::<Sum<(N, D<10>), (N, D<10>)>, (N, D<10>)>();
        same::<Sum<(N, D<10>), (D<10>,)>, (N, D<10>)>();
        same::<Sum<(D<10>,), (N, D<10>)>, (N, D<10>)>();
        same::<Sum<(N, One), (N, D<10>)>, (N, D<10>)>();
        same::<Sum<(N, D<10>), (N, One)>, (N, D<10>)>();
        same::<Sum<(N, One), (One, M)>, (N, M)>();
        same::<Sum<(N, M), ()>, (N, M)>();
    }
    check::<D<2>, Dyn>();
}

#[test]
fn broadcasting_to_a_given_shape() {
    fn expands<A: ExpandTo<B>, B: Shape>() {}
    fn check<N: Dim>() {
        expands::<(N, One), (N, D<10>)>();
        expands::<(One,), (N, D<10>)>();
        expands::<(), (N, D<10>)>();
        expands::<(N, D<10>), (N, D<10>)>();
    }
    check::<Dyn>();
}
