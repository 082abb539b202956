use super::*;

type Flat<S, const A: isize, const B: isize> = <S as Flatten<A, B>>::Out;

crate::dims! { Batch, Time }

#[test]
fn axes_merge() {
    fn check<N: Dim>() {
        same::<Flat<(N, D<16>, D<4>, D<4>), 1, -1>, (N, D<256>)>();
        same::<Flat<(N, D<16>, D<4>, D<4>), -3, 2>, (N, D<64>, D<4>)>();
        same::<Flat<(N, D<5>), 0, 0>, (N, D<5>)>();
        same::<Flat<(N, D<64>, D<7>, D<7>), 1, 3>, (N, D<3136>)>();
    }
    check::<D<2>>();
    check::<Dyn>();
    same::<Flat<(Batch, D<5>, D<3>), 0, 1>, (Dyn, D<3>)>();
    same::<Flat<(One, D<5>, D<3>), 0, 1>, (D<5>, D<3>)>();
    same::<Flat<(D<127>, D<129>), 0, 1>, (D<16383>,)>();
    same::<Flat<(D<0>, D<129>), 0, 1>, (D<0>,)>();
}

#[test]
fn axes_of_size_one_come_and_go() {
    fn check<N: Dim>() {
        same::<<(N, D<3>) as Unsqueeze<0>>::Out, (One, N, D<3>)>();
        same::<<(N, D<3>) as Unsqueeze<-1>>::Out, (N, D<3>, One)>();
        same::<<(N, D<3>) as Unsqueeze<-2>>::Out, (N, One, D<3>)>();
        same::<<() as Unsqueeze<0>>::Out, (One,)>();
        same::<<(N, One) as Squeeze<1>>::Out, (N,)>();
        same::<<(D<1>, N) as Squeeze<0>>::Out, (N,)>();
    }
    check::<Dyn>();
}

#[test]
fn sizes_add_and_multiply() {
    same::<<D<5> as AddDim<D<6>>>::Out, D<11>>();
    same::<<D<5> as AddDim<Batch>>::Out, Dyn>();
    same::<<Batch as MulDim<D<2>>>::Out, Dyn>();
    same::<<D<128> as MulDim<D<127>>>::Out, D<16256>>();
    same::<<D<512> as DivDim<D<8>>>::Out, D<64>>();
    same::<<D<28> as SubDim<D<28>>>::Out, D<0>>();
}

#[test]
fn elements_are_counted() {
    fn views<S: View<S2>, S2: Shape>() {}
    views::<(D<2>, D<3>), (D<6>,)>();
    views::<(D<2>, One, D<3>), (D<3>, D<2>)>();
    views::<(Batch, D<6>), (Batch, D<2>, D<3>)>();
    views::<(D<1024>, D<1024>), (D<512>, D<2048>)>();

    fn at_run_time<S: Reshape<S2>, S2: Shape>() -> bool {
        const { S::CHECK };
        S::AT_RUN_TIME
    }
    assert!(!at_run_time::<(D<2>, D<3>), (D<6>,)>());
    assert!(!at_run_time::<(Batch, D<50_176>), (D<4>, Batch, D<12_544>)>());
    assert!(at_run_time::<(Batch, D<6>), (Time, D<6>)>());
    assert!(at_run_time::<(Dyn, D<6>), (Dyn, D<3>)>());
    assert!(at_run_time::<(Batch, D<6>), (D<12>,)>());
}
