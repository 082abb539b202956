const _: () = {
    use ::volta::__private as __volta;
    #[automatically_derived]
    impl<B: __volta::Backend> __volta::Module<B> for Relu {
        type On<B2: __volta::Backend> = Relu;
        const PARAMETERS: __volta::usize = 0;
        fn visit<V: __volta::Visitor<B>>(
            &self,
            _path: &mut __volta::Path,
            _visitor: &mut V,
        ) {}
        fn visit_mut<V: __volta::VisitorMut<B>>(
            &mut self,
            _path: &mut __volta::Path,
            _visitor: &mut V,
        ) {}
        fn map<B2: __volta::Backend, M: __volta::Mapper<B, B2>>(
            &self,
            _path: &mut __volta::Path,
            _mapper: &mut M,
        ) -> __volta::Result<Relu, M::Error> {
            __volta::Ok(Relu)
        }
        fn same(on: Self) -> Self {
            on
        }
    }
    #[automatically_derived]
    impl<B: __volta::Backend> __volta::Init<B> for Relu {
        fn init_on(
            _device: &<B as __volta::Backend>::Device,
            _rng: &mut __volta::Rng,
        ) -> Self {
            Self
        }
    }
};
