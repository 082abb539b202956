use super::*;

type Product<A, B> = <A as MatMul<B>>::Out;

#[test]
fn vectors_and_matrices() {
    same::<Product<(D<3>,), (D<3>,)>, ()>();
    same::<Product<(D<2>, D<3>), (D<3>,)>, (D<2>,)>();
    same::<Product<(D<2>,), (D<2>, D<3>)>, (D<3>,)>();
    same::<Product<(D<32>, D<784>), (D<784>, D<10>)>, (D<32>, D<10>)>();
}

#[test]
fn batches_broadcast() {
    type M = (D<2>, D<3>);
    type L = (Dyn, D<2>, D<3>);
    same::<Product<L, (D<3>, D<5>)>, (Dyn, D<2>, D<5>)>();
    same::<Product<M, (Dyn, D<3>, D<5>)>, (Dyn, D<2>, D<5>)>();
    same::<Product<L, (Dyn, D<3>, D<5>)>, (Dyn, D<2>, D<5>)>();
    same::<Product<L, (One, D<3>, D<5>)>, (Dyn, D<2>, D<5>)>();
    same::<Product<(D<7>, One, D<2>, D<3>), (D<8>, D<3>, D<5>)>, (D<7>, D<8>, D<2>, D<5>)>();
    same::<Product<L, (D<3>,)>, (Dyn, D<2>)>();
    same::<Product<(D<2>,), (Dyn, D<2>, D<3>)>, (Dyn, D<3>)>();
    type Six = (D<1>, D<2>, D<3>, D<4>, D<5>, D<6>);
    same::<Product<Six, (One, D<2>, D<3>, One, D<6>, D<9>)>, (D<1>, D<2>, D<3>, D<4>, D<5>, D<9>)>(
    );
}

#[test]
fn a_generic_size_needs_no_bound() {
    fn check<N: Dim, K: Dim>() {
        same::<Product<(N, D<784>), (D<784>, D<10>)>, (N, D<10>)>();
        same::<Product<(N, K), (K, N)>, (N, N)>();
        same::<Product<(N, D<2>, K), (N, K, D<3>)>, (N, D<2>, D<3>)>();
        same::<Product<(N, D<8>, D<2>, K), (D<8>, K, D<3>)>, (N, D<8>, D<2>, D<3>)>();
        same::<<(N, D<784>) as EndsWith<D<784>>>::Replace<D<10>>, (N, D<10>)>();
        same::<<(N, K) as EndsWith<K>>::Leading, (N,)>();
    }
    check::<D<2>, Dyn>();
}
