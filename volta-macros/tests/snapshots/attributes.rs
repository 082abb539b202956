#[derive(Module)]
#[module(backend = K, crate = ::voltage, sequential, forward = [N, *, {C}] -> [N, sizes::Out])]
struct Attributes<const C: usize, K: Engine>
where
    D<C>: Even,
{
    #[module(frozen)]
    pretrained: Backbone<C, K>,
    #[module(flatten)]
    neck: Neck<C, K>,
    #[module(rename = "classifier", init = Head::new(device, rng))]
    head: Head<C, K>,
    #[module(buffer, init = Tensor::zeros_on(device))]
    mean: Tensor<s![C], f32, K>,
    #[module(skip)]
    epoch: usize,
    marker: PhantomData<K>,
}

#[derive(Module)]
#[module(no_init)]
struct WithoutInit<B: Backend = Cpu>(Vec<Linear<1, 1, f32, B>>);
