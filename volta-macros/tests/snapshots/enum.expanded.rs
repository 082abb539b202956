const _: () = {
    use ::volta::__private as __volta;
    #[automatically_derived]
    impl<M, B: Backend> __volta::Module<B> for Block<M, B>
    where
        M: __volta::Module<B>,
    {
        type On<B2: __volta::Backend> = Block<<M as __volta::Module<B>>::On<B2>, B2>;
        const PARAMETERS: __volta::usize = ::core::panic!(
            "the number of parameters of the enum `Block` depends on its variant: use `num_parameters()`"
        );
        fn visit<V: __volta::Visitor<B>>(
            &self,
            path: &mut __volta::Path,
            visitor: &mut V,
        ) {
            match self {
                Block::Identity => {}
                Block::Residual(field_0) => {
                    path.enter("0");
                    <M as __volta::Module<B>>::visit(field_0, path, visitor);
                    path.leave();
                }
                Block::Projected {
                    inner: field_inner,
                    projection: field_projection,
                    stride: _,
                } => {
                    path.enter("inner");
                    <M as __volta::Module<B>>::visit(field_inner, path, visitor);
                    path.leave();
                    path.enter("projection");
                    <Linear<
                        64,
                        128,
                        f32,
                        B,
                    > as __volta::Module<B>>::visit(field_projection, path, visitor);
                    path.leave();
                }
            }
        }
        fn visit_mut<V: __volta::VisitorMut<B>>(
            &mut self,
            path: &mut __volta::Path,
            visitor: &mut V,
        ) {
            match self {
                Block::Identity => {}
                Block::Residual(field_0) => {
                    path.enter("0");
                    <M as __volta::Module<B>>::visit_mut(field_0, path, visitor);
                    path.leave();
                }
                Block::Projected {
                    inner: field_inner,
                    projection: field_projection,
                    stride: _,
                } => {
                    path.enter("inner");
                    <M as __volta::Module<B>>::visit_mut(field_inner, path, visitor);
                    path.leave();
                    path.enter("projection");
                    <Linear<
                        64,
                        128,
                        f32,
                        B,
                    > as __volta::Module<B>>::visit_mut(field_projection, path, visitor);
                    path.leave();
                }
            }
        }
        fn map<B2: __volta::Backend, M_: __volta::Mapper<B, B2>>(
            &self,
            path: &mut __volta::Path,
            mapper: &mut M_,
        ) -> __volta::Result<Block<<M as __volta::Module<B>>::On<B2>, B2>, M_::Error> {
            match self {
                Block::Identity => __volta::Ok(Block::Identity),
                Block::Residual(field_0) => {
                    path.enter("0");
                    let field_0 = <M as __volta::Module<B>>::map(field_0, path, mapper)?;
                    path.leave();
                    __volta::Ok(Block::Residual(field_0))
                }
                Block::Projected {
                    inner: field_inner,
                    projection: field_projection,
                    stride: field_stride,
                } => {
                    path.enter("inner");
                    let field_inner = <M as __volta::Module<
                        B,
                    >>::map(field_inner, path, mapper)?;
                    path.leave();
                    path.enter("projection");
                    let field_projection = <Linear<
                        64,
                        128,
                        f32,
                        B,
                    > as __volta::Module<B>>::map(field_projection, path, mapper)?;
                    path.leave();
                    __volta::Ok(Block::Projected {
                        inner: field_inner,
                        projection: field_projection,
                        stride: __volta::Clone::clone(field_stride),
                    })
                }
            }
        }
        fn same(on: Block<<M as __volta::Module<B>>::On<B>, B>) -> Self {
            match on {
                Block::Identity => Block::Identity,
                Block::Residual(field_0) => {
                    Block::Residual(<M as __volta::Module<B>>::same(field_0))
                }
                Block::Projected {
                    inner: field_inner,
                    projection: field_projection,
                    stride: field_stride,
                } => {
                    Block::Projected {
                        inner: <M as __volta::Module<B>>::same(field_inner),
                        projection: field_projection,
                        stride: field_stride,
                    }
                }
            }
        }
    }
};
