//! What a model takes.

/// Where a state may differ from the model that takes it.
///
/// ```
/// use volta::io::LoadOptions;
/// use volta::prelude::*;
///
/// let half: Linear<3, 2> = Linear::init(&mut Rng::seed(0));
/// let mut state = half.state_dict();
/// state.remove("bias");
///
/// let mut layer: Linear<3, 2> = Linear::init(&mut Rng::seed(1));
/// assert!(layer.load_state_dict_with(&state, LoadOptions::strict()).is_err());
/// let report = layer.load_state_dict_with(&state, LoadOptions::strict().allow_missing(true))?;
/// assert_eq!(report.missing, ["bias"]);
/// # Ok::<(), volta::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LoadOptions {
    pub(super) missing: bool,
    pub(super) unexpected: bool,
    pub(super) mis_shaped: bool,
    pub(super) cast: bool,
}

impl LoadOptions {
    /// Nowhere: exactly the tensors of the model, of its sizes and element types.
    pub const fn strict() -> Self {
        LoadOptions {
            missing: false,
            unexpected: false,
            mis_shaped: false,
            cast: false,
        }
    }

    /// Tensors may be missing, unexpected and of other sizes: what fits is taken. Nothing need
    /// fit, so look at the report.
    pub const fn partial() -> Self {
        LoadOptions {
            missing: true,
            unexpected: true,
            mis_shaped: true,
            cast: false,
        }
    }

    /// Whether the state may lack tensors of the model, which then keep their values.
    pub const fn allow_missing(mut self, allow: bool) -> Self {
        self.missing = allow;
        self
    }

    /// Whether the state may have tensors that the model has not.
    pub const fn allow_unexpected(mut self, allow: bool) -> Self {
        self.unexpected = allow;
        self
    }

    /// Whether tensors may be of other sizes than the model's, which then keep their values.
    pub const fn allow_mis_shaped(mut self, allow: bool) -> Self {
        self.mis_shaped = allow;
        self
    }

    /// Whether elements of another type are cast to the model's, as PyTorch casts them.
    pub const fn cast(mut self, cast: bool) -> Self {
        self.cast = cast;
        self
    }
}
