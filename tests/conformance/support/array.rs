//! Arrays with index arithmetic and nothing else.

/// A dense array in row-major order.
#[derive(Clone, Debug)]
pub(crate) struct Array {
    pub(crate) dims: Vec<usize>,
    pub(crate) data: Vec<f64>,
}

impl Array {
    pub(crate) fn from_fn(dims: &[usize], f: impl FnMut(&[usize]) -> f64) -> Self {
        let mut f = f;
        let data = indices(dims).map(|index| f(&index)).collect();
        Array {
            dims: dims.to_vec(),
            data,
        }
    }

    pub(crate) fn at(&self, index: &[usize]) -> f64 {
        self.data[place(&self.dims, index)]
    }

    pub(crate) fn at_mut(&mut self, index: &[usize]) -> &mut f64 {
        &mut self.data[place(&self.dims, index)]
    }
}

fn place(dims: &[usize], index: &[usize]) -> usize {
    assert_eq!(dims.len(), index.len(), "axes of {dims:?}");
    index.iter().zip(dims).fold(0, |at, (&i, &size)| {
        assert!(i < size, "{index:?} in {dims:?}");
        at * size + i
    })
}

/// Every index of an array of these sizes, in row-major order.
pub(crate) fn indices(dims: &[usize]) -> impl Iterator<Item = Vec<usize>> + use<> {
    let dims = dims.to_vec();
    (0..dims.iter().product::<usize>()).map(move |mut at| {
        let mut index = vec![0; dims.len()];
        for axis in (0..dims.len()).rev() {
            index[axis] = at % dims[axis];
            at /= dims[axis];
        }
        index
    })
}
