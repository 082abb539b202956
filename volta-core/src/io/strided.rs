//! Elements that lie in memory in another order than their indices.

/// Bytes between neighbours along each axis of a tensor in row-major order.
pub(crate) fn row_major(dims: &[usize], size: usize) -> Vec<usize> {
    let mut strides = vec![size; dims.len()];
    for axis in (1..dims.len()).rev() {
        strides[axis - 1] = strides[axis] * dims[axis];
    }
    strides
}

/// The elements in row-major order, `size` bytes each: the one at `[i, j, ..]` is read at
/// `i * strides[0] + j * strides[1] + ..`, counted in bytes.
///
/// # Panics
/// If one of them lies beyond the end of `bytes`.
pub(crate) fn gather(bytes: &[u8], size: usize, dims: &[usize], strides: &[usize]) -> Vec<u8> {
    match size {
        1 => words::<1>(bytes, dims, strides),
        2 => words::<2>(bytes, dims, strides),
        4 => words::<4>(bytes, dims, strides),
        8 => words::<8>(bytes, dims, strides),
        _ => panic!("an element of {size} bytes"),
    }
}

/// Rows and columns that are read together when neighbours in the result lie far apart.
const BLOCK: usize = 16;

fn words<const SIZE: usize>(bytes: &[u8], dims: &[usize], strides: &[usize]) -> Vec<u8> {
    // Two axes at the end, so that there is a plane to go through in blocks.
    let ones = 2_usize.saturating_sub(dims.len());
    let dims = [&vec![1; ones], dims].concat();
    let strides = [&vec![0; ones], strides].concat();
    // The sizes beside a 0 can be such that their product is no number.
    if dims.contains(&0) {
        return Vec::new();
    }
    let mut out = vec![0; dims.iter().product::<usize>() * SIZE];
    let (to, _) = out.as_chunks_mut::<SIZE>();
    let outer = dims.len() - 2;
    let ([rows, columns], [down, right]) = (
        [dims[outer], dims[outer + 1]],
        [strides[outer], strides[outer + 1]],
    );
    let word = |at: usize| *bytes[at..].first_chunk().expect("within the tensor");
    let (mut index, mut start) = (vec![0; outer], 0);
    for plane in to.chunks_exact_mut(rows * columns) {
        for top in (0..rows).step_by(BLOCK) {
            for left in (0..columns).step_by(BLOCK) {
                let width = BLOCK.min(columns - left);
                for row in top..rows.min(top + BLOCK) {
                    let from = start + row * down + left * right;
                    let line = &mut plane[row * columns + left..][..width];
                    for (column, to) in line.iter_mut().enumerate() {
                        *to = word(from + column * right);
                    }
                }
            }
        }
        for axis in (0..outer).rev() {
            index[axis] += 1;
            start += strides[axis];
            if index[axis] < dims[axis] {
                break;
            }
            start -= strides[axis] * dims[axis];
            index[axis] = 0;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn planes_larger_than_a_block_are_transposed() {
        let (rows, columns) = (37, 53);
        let words = (0..rows * columns).map(|i| i as u16);
        let bytes: Vec<u8> = words.flat_map(u16::to_le_bytes).collect();
        let out = gather(&bytes, 2, &[columns, rows], &[2, 2 * columns]);
        for (place, word) in out.as_chunks::<2>().0.iter().enumerate() {
            let (column, row) = (place / rows, place % rows);
            assert_eq!(u16::from_le_bytes(*word) as usize, row * columns + column);
        }
    }

    #[test]
    fn a_vector_and_a_scalar_are_read_where_they_lie() {
        let bytes: Vec<u8> = (0..12).collect();
        assert_eq!(gather(&bytes, 1, &[4], &[3]), [0, 3, 6, 9]);
        assert_eq!(gather(&bytes, 4, &[], &[]), [0, 1, 2, 3]);
        assert_eq!(gather(&bytes, 1, &[2, 0, 3], &[0, 3, 1]), [0; 0]);
        assert_eq!(
            gather(&bytes, 1, &[2, 2, 2], &[0, 3, 1]),
            [0, 1, 3, 4, 0, 1, 3, 4]
        );
    }
}
