//! Elements out of row-major order.

/// The elements of `size` bytes in row-major order, from those of these strides, counted in
/// elements, that start at `start`. All of them are within `bytes`.
pub(crate) fn row_major(
    bytes: &[u8],
    size: usize,
    dims: &[usize],
    strides: &[usize],
    start: usize,
) -> Vec<u8> {
    let elements: usize = dims.iter().product();
    let mut out = Vec::with_capacity(elements * size);
    if elements == 0 {
        return out;
    }
    // The last axes that are in order make one run.
    let (mut run, mut outer) = (1, dims.len());
    while outer > 0 && (strides[outer - 1] == run || dims[outer - 1] == 1) {
        run *= dims[outer - 1];
        outer -= 1;
    }
    let (dims, strides) = (&dims[..outer], &strides[..outer]);
    let Some((last, dims)) = dims.split_last() else {
        out.extend_from_slice(&bytes[start * size..][..run * size]);
        return out;
    };
    let (step, strides) = (strides[outer - 1] * size, &strides[..outer - 1]);
    let (mut index, mut place) = (vec![0; dims.len()], start);
    loop {
        let row = place * size;
        match run * size {
            1 => copy::<1>(&mut out, bytes, row, step, *last),
            2 => copy::<2>(&mut out, bytes, row, step, *last),
            4 => copy::<4>(&mut out, bytes, row, step, *last),
            8 => copy::<8>(&mut out, bytes, row, step, *last),
            len => {
                (0..*last).for_each(|i| out.extend_from_slice(&bytes[row + i * step..][..len]));
            }
        }
        let mut axis = dims.len();
        loop {
            let Some(outer) = axis.checked_sub(1) else {
                return out;
            };
            axis = outer;
            index[axis] += 1;
            place += strides[axis];
            if index[axis] < dims[axis] {
                break;
            }
            place -= strides[axis] * dims[axis];
            index[axis] = 0;
        }
    }
}

fn copy<const N: usize>(out: &mut Vec<u8>, bytes: &[u8], start: usize, step: usize, n: usize) {
    let element = |i: usize| {
        *bytes[start + i * step..]
            .first_chunk::<N>()
            .expect("within")
    };
    (0..n).for_each(|i| out.extend_from_slice(&element(i)));
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The elements one by one, at the places that the strides give.
    fn naive(
        bytes: &[u8],
        size: usize,
        dims: &[usize],
        strides: &[usize],
        start: usize,
    ) -> Vec<u8> {
        let elements: usize = dims.iter().product();
        let mut out = Vec::new();
        for mut element in 0..elements {
            let mut place = start;
            for (dim, stride) in dims.iter().zip(strides).rev() {
                place += element % dim * stride;
                element /= dim;
            }
            out.extend_from_slice(&bytes[place * size..][..size]);
        }
        out
    }

    #[test]
    fn every_order_of_axes_is_that_of_their_strides() {
        let bytes: Vec<u8> = (0..240 * 16).map(|i| (i % 251) as u8).collect();
        let views: [(&[usize], &[usize], usize); 11] = [
            (&[], &[], 3),
            (&[2, 0, 3], &[1, 1, 1], 0),
            (&[3, 4, 5], &[20, 5, 1], 0),
            (&[5, 4, 3], &[1, 5, 20], 0),
            (&[4, 3, 5], &[5, 20, 1], 7),
            (&[3, 5, 4], &[20, 1, 5], 7),
            (&[1, 4, 1, 5], &[9, 5, 9, 1], 2),
            (&[4, 5], &[0, 0], 2),
            (&[4, 5, 2], &[0, 7, 1], 0),
            (&[10], &[3], 1),
            (&[2, 3, 2, 2], &[40, 2, 1, 20], 5),
        ];
        for (dims, strides, start) in views {
            for size in [1, 2, 4, 8, 16] {
                assert_eq!(
                    row_major(&bytes, size, dims, strides, start),
                    naive(&bytes, size, dims, strides, start),
                    "{dims:?} {strides:?} {size}"
                );
            }
        }
    }
}
