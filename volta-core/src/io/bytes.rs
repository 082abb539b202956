//! Bytes that tensors share.

use std::fmt::{self, Debug};
use std::ops::{Deref, Range};
use std::sync::Arc;

/// A part of some bytes in memory, or of a file that is mapped into it. A clone shares them.
#[derive(Clone)]
pub(crate) struct Bytes {
    whole: Arc<dyn AsRef<[u8]> + Send + Sync>,
    part: Range<usize>,
}

impl Bytes {
    pub(crate) fn new(whole: impl AsRef<[u8]> + Send + Sync + 'static) -> Self {
        let part = 0..whole.as_ref().len();
        Bytes {
            whole: Arc::new(whole),
            part,
        }
    }

    /// A part of these; panics beyond their end.
    #[cfg_attr(not(feature = "safetensors"), allow(dead_code))]
    pub(crate) fn slice(&self, part: Range<usize>) -> Self {
        assert!(part.start <= part.end && part.end <= self.part.len());
        Bytes {
            whole: Arc::clone(&self.whole),
            part: self.part.start + part.start..self.part.start + part.end,
        }
    }
}

impl Deref for Bytes {
    type Target = [u8];
    fn deref(&self) -> &[u8] {
        &(*self.whole).as_ref()[self.part.clone()]
    }
}

impl Debug for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.part.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_parts_share_the_whole() {
        let whole = Bytes::new(vec![0, 1, 2, 3, 4, 5]);
        let part = whole.slice(1..5);
        assert_eq!(&*part.slice(1..3), [2, 3]);
        assert_eq!(part[1..].as_ptr(), whole[2..].as_ptr());
    }

    #[test]
    #[should_panic]
    fn a_part_ends_where_the_whole_does() {
        Bytes::new(vec![0; 4]).slice(1..3).slice(0..3);
    }
}
