const _: () = {
    use ::volta::__private as __volta;
    #[automatically_derived]
    impl<const H: usize, E: Float, B: Backend> __volta::Module<B> for Mlp<H, E, B> {
        type On<B2: __volta::Backend> = Mlp<H, E, B2>;
        const PARAMETERS: __volta::usize = <Linear<
            784,
            H,
            E,
            B,
        > as __volta::Module<B>>::PARAMETERS + <Relu as __volta::Module<B>>::PARAMETERS
            + <Linear<H, 10, E, B> as __volta::Module<B>>::PARAMETERS;
        fn visit<V: __volta::Visitor<B>>(
            &self,
            path: &mut __volta::Path,
            visitor: &mut V,
        ) {
            path.enter("fc1");
            <Linear<
                784,
                H,
                E,
                B,
            > as __volta::Module<B>>::visit(&self.fc1, path, visitor);
            path.leave();
            path.enter("relu");
            <Relu as __volta::Module<B>>::visit(&self.relu, path, visitor);
            path.leave();
            path.enter("fc2");
            <Linear<H, 10, E, B> as __volta::Module<B>>::visit(&self.fc2, path, visitor);
            path.leave();
        }
        fn visit_mut<V: __volta::VisitorMut<B>>(
            &mut self,
            path: &mut __volta::Path,
            visitor: &mut V,
        ) {
            path.enter("fc1");
            <Linear<
                784,
                H,
                E,
                B,
            > as __volta::Module<B>>::visit_mut(&mut self.fc1, path, visitor);
            path.leave();
            path.enter("relu");
            <Relu as __volta::Module<B>>::visit_mut(&mut self.relu, path, visitor);
            path.leave();
            path.enter("fc2");
            <Linear<
                H,
                10,
                E,
                B,
            > as __volta::Module<B>>::visit_mut(&mut self.fc2, path, visitor);
            path.leave();
        }
        fn map<B2: __volta::Backend, M: __volta::Mapper<B, B2>>(
            &self,
            path: &mut __volta::Path,
            mapper: &mut M,
        ) -> __volta::Result<Mlp<H, E, B2>, M::Error> {
            path.enter("fc1");
            let field_fc1 = <Linear<
                784,
                H,
                E,
                B,
            > as __volta::Module<B>>::map(&self.fc1, path, mapper)?;
            path.leave();
            path.enter("relu");
            let field_relu = <Relu as __volta::Module<
                B,
            >>::map(&self.relu, path, mapper)?;
            path.leave();
            path.enter("fc2");
            let field_fc2 = <Linear<
                H,
                10,
                E,
                B,
            > as __volta::Module<B>>::map(&self.fc2, path, mapper)?;
            path.leave();
            __volta::Ok(Mlp {
                fc1: field_fc1,
                relu: field_relu,
                fc2: field_fc2,
            })
        }
        fn same(on: Self) -> Self {
            on
        }
    }
    #[automatically_derived]
    impl<const H: usize, E: Float, B: Backend> __volta::Init<B> for Mlp<H, E, B> {
        fn init_on(
            device: &<B as __volta::Backend>::Device,
            rng: &mut __volta::Rng,
        ) -> Self {
            Self {
                fc1: <Linear<784, H, E, B> as __volta::Init<B>>::init_on(device, rng),
                relu: <Relu as __volta::Init<B>>::init_on(device, rng),
                fc2: <Linear<H, 10, E, B> as __volta::Init<B>>::init_on(device, rng),
            }
        }
    }
    #[automatically_derived]
    impl<const H: usize> Mlp<H, f32, Cpu> {
        /// A model with fresh parameters, drawn in the order of declaration: one seed gives one
        /// model.
        #[allow(dead_code)]
        pub fn init(rng: &mut __volta::Rng) -> Self {
            <Self as __volta::Init<Cpu>>::init(rng)
        }
    }
    #[automatically_derived]
    impl<const H: usize, E: Float, B: Backend> Mlp<H, E, B> {
        /// Calls the layers in order: `[N, 784]` to `[N, 10]`.
        pub fn forward<N: __volta::Dim>(
            &self,
            x: &__volta::Tensor<(N, __volta::D<784>), E, B>,
        ) -> __volta::Tensor<(N, __volta::D<10>), E, B> {
            #[allow(unused_imports)]
            use __volta::Forward as _;
            let x = self.fc1.forward(x);
            let x = self.relu.forward(&x);
            self.fc2.forward(&x)
        }
    }
    #[automatically_derived]
    impl<
        const H: usize,
        E: Float,
        B: Backend,
        N: __volta::Dim,
    > __volta::Forward<__volta::Tensor<(N, __volta::D<784>), E, B>> for Mlp<H, E, B> {
        type Output = __volta::Tensor<(N, __volta::D<10>), E, B>;
        fn forward(
            &self,
            x: &__volta::Tensor<(N, __volta::D<784>), E, B>,
        ) -> __volta::Tensor<(N, __volta::D<10>), E, B> {
            Self::forward(self, x)
        }
    }
};
