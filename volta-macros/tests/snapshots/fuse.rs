fn hidden(x: &Tensor<S>, w: &Tensor<R>, b: &Tensor<R>) -> Tensor<S> {
    fuse!(|x, w, b| relu(x * w + b))
}

fn step(&mut self, mut p: Tensor<S>, g: &Tensor<S>) {
    fuse!(|&mut p, &mut m, g| {
        let rate = 1.0 - self.decay;
        m = self.decay * m + rate * g;
        p -= lr * m;
    })
}
