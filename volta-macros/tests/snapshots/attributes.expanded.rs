const _: () = {
    use ::voltage::__private as __volta;
    #[automatically_derived]
    impl<const C: usize, K: Engine> __volta::Module<K> for Attributes<C, K>
    where
        D<C>: Even,
    {
        type On<B2: __volta::Backend> = Attributes<C, B2>;
        const PARAMETERS: __volta::usize = <Backbone<
            C,
            K,
        > as __volta::Module<K>>::PARAMETERS
            + <Neck<C, K> as __volta::Module<K>>::PARAMETERS
            + <Head<C, K> as __volta::Module<K>>::PARAMETERS;
        fn visit<V: __volta::Visitor<K>>(
            &self,
            path: &mut __volta::Path,
            visitor: &mut V,
        ) {
            path.enter_frozen("pretrained");
            <Backbone<
                C,
                K,
            > as __volta::Module<K>>::visit(&self.pretrained, path, visitor);
            path.leave();
            <Neck<C, K> as __volta::Module<K>>::visit(&self.neck, path, visitor);
            path.enter("classifier");
            <Head<C, K> as __volta::Module<K>>::visit(&self.head, path, visitor);
            path.leave();
            path.enter("mean");
            visitor.buffer(path, &self.mean);
            path.leave();
        }
        fn visit_mut<V: __volta::VisitorMut<K>>(
            &mut self,
            path: &mut __volta::Path,
            visitor: &mut V,
        ) {
            path.enter_frozen("pretrained");
            <Backbone<
                C,
                K,
            > as __volta::Module<K>>::visit_mut(&mut self.pretrained, path, visitor);
            path.leave();
            <Neck<C, K> as __volta::Module<K>>::visit_mut(&mut self.neck, path, visitor);
            path.enter("classifier");
            <Head<C, K> as __volta::Module<K>>::visit_mut(&mut self.head, path, visitor);
            path.leave();
            path.enter("mean");
            visitor.buffer(path, &mut self.mean);
            path.leave();
        }
        fn map<B2: __volta::Backend, M: __volta::Mapper<K, B2>>(
            &self,
            path: &mut __volta::Path,
            mapper: &mut M,
        ) -> __volta::Result<Attributes<C, B2>, M::Error> {
            path.enter_frozen("pretrained");
            let field_pretrained = <Backbone<
                C,
                K,
            > as __volta::Module<K>>::map(&self.pretrained, path, mapper)?;
            path.leave();
            let field_neck = <Neck<
                C,
                K,
            > as __volta::Module<K>>::map(&self.neck, path, mapper)?;
            path.enter("classifier");
            let field_head = <Head<
                C,
                K,
            > as __volta::Module<K>>::map(&self.head, path, mapper)?;
            path.leave();
            path.enter("mean");
            let field_mean = mapper.buffer(path, &self.mean)?;
            path.leave();
            __volta::Ok(Attributes {
                pretrained: field_pretrained,
                neck: field_neck,
                head: field_head,
                mean: field_mean,
                epoch: __volta::Clone::clone(&self.epoch),
                marker: __volta::PhantomData,
            })
        }
        fn same(on: Self) -> Self {
            on
        }
    }
    #[automatically_derived]
    impl<const C: usize, K: Engine> __volta::Init<K> for Attributes<C, K>
    where
        D<C>: Even,
    {
        fn init_on(
            device: &<K as __volta::Backend>::Device,
            rng: &mut __volta::Rng,
        ) -> Self {
            Self {
                pretrained: <Backbone<C, K> as __volta::Init<K>>::init_on(device, rng),
                neck: <Neck<C, K> as __volta::Init<K>>::init_on(device, rng),
                head: Head::new(device, rng),
                mean: Tensor::zeros_on(device),
                epoch: <usize as __volta::Default>::default(),
                marker: __volta::PhantomData,
            }
        }
    }
    #[automatically_derived]
    impl<const C: usize, K: Engine> Attributes<C, K>
    where
        D<C>: Even,
    {
        /// Calls the layers in order: `[N, *, {C}]` to `[N, sizes::Out]`.
        fn forward<N: __volta::Dim>(
            &self,
            x: &__volta::Tensor<(N, __volta::One, __volta::D<{ C }>), __volta::f32, K>,
        ) -> __volta::Tensor<(N, sizes::Out), __volta::f32, K> {
            #[allow(unused_imports)]
            use __volta::Forward as _;
            let x = self.pretrained.forward(x);
            let x = self.neck.forward(&x);
            self.head.forward(&x)
        }
    }
    #[automatically_derived]
    impl<
        const C: usize,
        K: Engine,
        N: __volta::Dim,
    > __volta::Forward<
        __volta::Tensor<(N, __volta::One, __volta::D<{ C }>), __volta::f32, K>,
    > for Attributes<C, K>
    where
        D<C>: Even,
    {
        type Output = __volta::Tensor<(N, sizes::Out), __volta::f32, K>;
        fn forward(
            &self,
            x: &__volta::Tensor<(N, __volta::One, __volta::D<{ C }>), __volta::f32, K>,
        ) -> __volta::Tensor<(N, sizes::Out), __volta::f32, K> {
            Self::forward(self, x)
        }
    }
};
const _: () = {
    use ::volta::__private as __volta;
    #[automatically_derived]
    impl<B: Backend> __volta::Module<B> for WithoutInit<B> {
        type On<B2: __volta::Backend> = WithoutInit<B2>;
        const PARAMETERS: __volta::usize = <Vec<
            Linear<1, 1, f32, B>,
        > as __volta::Module<B>>::PARAMETERS;
        fn visit<V: __volta::Visitor<B>>(
            &self,
            path: &mut __volta::Path,
            visitor: &mut V,
        ) {
            path.enter("0");
            <Vec<
                Linear<1, 1, f32, B>,
            > as __volta::Module<B>>::visit(&self.0, path, visitor);
            path.leave();
        }
        fn visit_mut<V: __volta::VisitorMut<B>>(
            &mut self,
            path: &mut __volta::Path,
            visitor: &mut V,
        ) {
            path.enter("0");
            <Vec<
                Linear<1, 1, f32, B>,
            > as __volta::Module<B>>::visit_mut(&mut self.0, path, visitor);
            path.leave();
        }
        fn map<B2: __volta::Backend, M: __volta::Mapper<B, B2>>(
            &self,
            path: &mut __volta::Path,
            mapper: &mut M,
        ) -> __volta::Result<WithoutInit<B2>, M::Error> {
            path.enter("0");
            let field_0 = <Vec<
                Linear<1, 1, f32, B>,
            > as __volta::Module<B>>::map(&self.0, path, mapper)?;
            path.leave();
            __volta::Ok(WithoutInit(field_0))
        }
        fn same(on: Self) -> Self {
            on
        }
    }
};
