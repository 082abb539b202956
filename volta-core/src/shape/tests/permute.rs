use super::*;

type Permuted<S, L> = <S as Permute<L>>::Out;
type Swapped<S, const A: isize, const B: isize> = <S as SwapAxes<A, B>>::Out;

#[test]
fn axes_change_places() {
    fn transposes<S: TransposeLast<T>, T: Shape>() {}
    fn check<N: Dim>() {
        same::<Permuted<(N, D<2>, One), (Axis<2>, Axis<0>, Axis<-2>)>, (One, N, D<2>)>();
        same::<Swapped<(N, D<2>, D<3>, D<4>), 1, -1>, (N, D<4>, D<3>, D<2>)>();
        same::<Swapped<(N, D<2>), 0, 0>, (N, D<2>)>();
        transposes::<(N, D<2>), (D<2>, N)>();
        transposes::<(D<5>, N, D<2>), (D<5>, D<2>, N)>();
    }
    check::<Dyn>();
    assert_eq!(
        <(D<2>, D<3>, D<4>) as Permute<(Axis<-1>, Axis<0>, Axis<1>)>>::ORDER,
        [2, 0, 1]
    );
}
