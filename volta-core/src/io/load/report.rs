//! What a model took.

use std::fmt::{self, Display};

use crate::dtype::DtypeKind;
use crate::io::FileDtype;

/// What a model took from a state, and what not. Shown, it is the numbers, and then the names of
/// what was not taken.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use = "it says what was not loaded"]
#[non_exhaustive]
pub struct LoadReport {
    /// The tensors that were taken, in the order of the model.
    pub loaded: Vec<String>,
    /// Those that the state has not, which kept their values.
    pub missing: Vec<String>,
    /// Those that the model has not, in the order of the state.
    pub unexpected: Vec<String>,
    /// Those that the state has in another shape, which kept their values.
    pub mis_shaped: Vec<MisShaped>,
    /// Those of `loaded` whose elements were cast.
    pub cast: Vec<CastTensor>,
}

/// A tensor that a state has in another shape than the model.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct MisShaped {
    /// Its name.
    pub key: String,
    /// The model's sizes.
    pub wanted: Vec<usize>,
    /// The state's.
    pub found: Vec<usize>,
}

/// A tensor whose elements were cast.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CastTensor {
    /// Its name.
    pub key: String,
    /// The element type of the state.
    pub from: FileDtype,
    /// The model's.
    pub to: DtypeKind,
}

impl LoadReport {
    /// Whether the model and the state have the same tensors, of the same sizes.
    pub fn is_complete(&self) -> bool {
        self.missing.is_empty() && self.unexpected.is_empty() && self.mis_shaped.is_empty()
    }
}

impl Display for LoadReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tensors = if self.loaded.len() == 1 { "" } else { "s" };
        write!(f, "{} tensor{tensors} loaded", self.loaded.len())?;
        // Of each pair of types there are as many as the model has tensors: the number is enough.
        let mut casts: Vec<(FileDtype, DtypeKind, usize)> = Vec::new();
        for CastTensor { from, to, .. } in &self.cast {
            match casts.iter_mut().find(|(a, b, _)| (a, b) == (from, to)) {
                Some((_, _, n)) => *n += 1,
                None => casts.push((*from, *to, 1)),
            }
        }
        for (from, to, n) in casts {
            write!(f, ", {n} cast from {from} to {to}")?;
        }
        for (n, what) in [
            (self.missing.len(), "missing"),
            (self.unexpected.len(), "unexpected"),
            (self.mis_shaped.len(), "of another shape"),
        ] {
            if n > 0 {
                write!(f, ", {n} {what}")?;
            }
        }
        (self.missing.iter()).try_for_each(|key| write!(f, "\n  missing: {key}"))?;
        (self.unexpected.iter()).try_for_each(|key| write!(f, "\n  unexpected: {key}"))?;
        self.mis_shaped
            .iter()
            .try_for_each(|MisShaped { key, wanted, found }| {
                write!(
                    f,
                    "\n  {key}: the model has shape {wanted:?}, the state has {found:?}"
                )
            })
    }
}
