use super::*;

type Removed<S, L> = <S as HasAxes<L>>::Removed;
type Kept<S, L> = <S as HasAxes<L>>::Kept;

#[test]
fn one_axis() {
    type S = (D<2>, D<3>, D<4>);
    same::<<S as HasAxis<1>>::Extent, D<3>>();
    same::<<S as HasAxis<-1>>::Extent, D<4>>();
    same::<<S as HasAxis<0>>::Removed, (D<3>, D<4>)>();
    same::<<S as HasAxis<-3>>::Kept, (One, D<3>, D<4>)>();
    same::<<S as HasAxis<2>>::Replaced<Dyn>, (D<2>, D<3>, Dyn)>();
    assert_eq!(<S as HasAxis<-1>>::INDEX, 2);
    assert_eq!(<S as HasAxis<1>>::INDEX, 1);
}

#[test]
fn several_axes() {
    fn check<N: Dim>() {
        same::<Removed<(N, D<3>, N), (Axis<0>, Axis<-1>)>, (D<3>,)>();
        same::<Kept<(N, D<3>, N), (Axis<0>, Axis<-1>)>, (One, D<3>, One)>();
        same::<Removed<(N, One, D<5>), (Axis<-1>,)>, (N, One)>();
        same::<Removed<(N, One), (Axis<1>, Axis<0>)>, ()>();
    }
    check::<Dyn>();
    type Six = (D<1>, D<2>, D<3>, D<4>, D<5>, D<6>);
    same::<Removed<Six, (Axis<5>, Axis<0>, Axis<2>)>, (D<2>, D<4>, D<5>)>();
    same::<Removed<Six, (Axis<0>, Axis<1>, Axis<2>, Axis<3>, Axis<4>, Axis<5>)>, ()>();
    assert_eq!(<Six as HasAxes<(Axis<-1>, Axis<0>)>>::INDICES, [5, 0]);
}
