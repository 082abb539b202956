//! Messages put together while compiling.

const CAPACITY: usize = 256;

/// A short text; what does not fit is cut off.
#[derive(Clone, Copy)]
pub(crate) struct Text {
    bytes: [u8; CAPACITY],
    len: usize,
}

impl Text {
    pub(crate) const fn new() -> Self {
        Text {
            bytes: [0; CAPACITY],
            len: 0,
        }
    }

    pub(crate) const fn as_str(&self) -> &str {
        match std::str::from_utf8(self.bytes.split_at(self.len).0) {
            Ok(text) => text,
            Err(_) => "",
        }
    }

    pub(crate) const fn str(mut self, text: &str) -> Self {
        let text = text.as_bytes();
        let mut i = 0;
        while i < text.len() && self.len < CAPACITY {
            self.bytes[self.len] = text[i];
            self.len += 1;
            i += 1;
        }
        self
    }

    pub(crate) const fn number(mut self, number: usize) -> Self {
        if number >= 10 {
            self = self.number(number / 10);
        }
        if self.len < CAPACITY {
            self.bytes[self.len] = b'0' + (number % 10) as u8;
            self.len += 1;
        }
        self
    }

    /// A shape: `(Batch, 3)`, with `_` for a size that has no name.
    pub(crate) const fn shape(
        mut self,
        sizes: &[Option<usize>],
        names: &[Option<&'static str>],
    ) -> Self {
        self = self.str("(");
        let mut axis = 0;
        while axis < sizes.len() {
            if axis > 0 {
                self = self.str(", ");
            }
            self = match (sizes[axis], names[axis]) {
                (Some(size), _) => self.number(size),
                (None, Some(name)) => self.last_segment(name),
                (None, None) => self.str("_"),
            };
            axis += 1;
        }
        self.str(if sizes.len() == 1 { ",)" } else { ")" })
    }

    /// What follows the last `::`.
    const fn last_segment(mut self, path: &str) -> Self {
        let path = path.as_bytes();
        let mut i = path.len();
        while i > 0 && path[i - 1] != b':' {
            i -= 1;
        }
        while i < path.len() && self.len < CAPACITY {
            self.bytes[self.len] = path[i];
            self.len += 1;
            i += 1;
        }
        self
    }
}
