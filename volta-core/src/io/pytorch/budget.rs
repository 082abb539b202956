//! The memory that a file may take.

use super::{GROWTH, PytorchTrouble as Trouble};

/// What is left of the memory that a file may take beside its own bytes.
pub(super) struct Budget {
    left: u64,
    limit: u64,
}

impl Budget {
    pub(super) fn of_file(len: usize) -> Self {
        let limit = (len as u64).saturating_mul(GROWTH).saturating_add(1 << 20);
        let left = limit;
        Budget { left, limit }
    }

    pub(super) fn left(&self) -> u64 {
        self.left
    }

    pub(super) fn take(&mut self, bytes: usize, what: &str) -> Result<(), Trouble> {
        let left = self.left.checked_sub(bytes as u64);
        self.left = left.ok_or_else(|| self.exceeded(what))?;
        Ok(())
    }

    pub(super) fn exceeded(&self, what: &str) -> Trouble {
        let (what, limit) = (what.to_owned(), self.limit);
        Trouble::Growth { what, limit }
    }
}
