use super::*;

crate::dims! { Batch, Time }

type Joined<A, B, const I: isize> = <B as AppendTo<A, I>>::Out;
type Part<S, const A: isize, const START: usize, const LEN: usize> =
    <S as Narrow<A, START, LEN>>::Out;

#[test]
fn tensors_join_and_stack() {
    fn check<N: Dim>() {
        same::<Joined<(N, D<3>), (N, D<4>), 1>, (N, D<7>)>();
        same::<Joined<(D<2>, N, One), (D<4>, N, One), 0>, (D<6>, N, One)>();
        same::<Joined<(N, Time), (N, D<4>), -1>, (N, Dyn)>();
        same::<<(N, D<3>) as Stack<0, 5>>::Out, (D<5>, N, D<3>)>();
        same::<<(N, D<3>) as Stack<-1, 5>>::Out, (N, D<3>, D<5>)>();
    }
    check::<Batch>();
    same::<Joined<(Batch, D<3>), (D<2>, D<3>), 0>, (Dyn, D<3>)>();
}

#[test]
fn an_axis_narrows() {
    fn check<N: Dim>() {
        same::<Part<(N, D<10>), 1, 2, 8>, (N, D<8>)>();
        same::<Part<(N, D<10>), -1, 0, 10>, (N, D<10>)>();
        same::<Part<(N, D<10>), 1, 10, 0>, (N, D<0>)>();
    }
    check::<Batch>();
    same::<Part<(Time, D<10>), 0, 2, 8>, (D<8>, D<10>)>();
    same::<<(Time, D<50257>) as NarrowAs<1, 7, 50250>>::Out, (Time, D<50250>)>();
    const { <(Time, D<50257>) as NarrowAs<1, 7, 50250>>::CHECK };
}

#[test]
fn sizes_are_forgotten() {
    fn loosens<S: LoosenTo<S2>, S2: Shape>() {}
    fn check<N: Dim>() {
        loosens::<(N, D<3>), (N, Dyn)>();
        loosens::<(N, D<3>), (N, D<3>)>();
        loosens::<(D<3>, One, N), (Batch, One, N)>();
    }
    check::<Time>();
    loosens::<(Batch, Dyn), (Dyn, Dyn)>();
}
