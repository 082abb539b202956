//! Groups of parameters with settings of their own.

use std::fmt::{self, Debug};
use std::sync::Arc;

use super::not_negative;

/// What is different for a group of parameters: the argument of an optimiser's `group`.
///
/// ```
/// use volta::prelude::*;
///
/// let mut model: Linear<3, 2> = Linear::init(&mut Rng::seed(0));
/// let mut opt = AdamW::new(1e-3)
///     .group(|name| name.ends_with("bias"), |group| group.weight_decay(0.0).lr_scale(2.0));
/// let grads = model.clone();
/// opt.step(&mut model, &grads);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Group {
    lr_scale: f64,
    weight_decay: Option<f64>,
    adamw: bool,
}

impl Group {
    /// What the optimiser's learning rate is multiplied by for the group; 1 unless set. A schedule
    /// then moves all groups together.
    ///
    /// # Panics
    /// If it is negative.
    #[track_caller]
    pub fn lr_scale(mut self, scale: f64) -> Self {
        self.lr_scale = not_negative("Group", "scale of the learning rate", scale);
        self
    }

    /// The weight decay of the group, in place of the optimiser's.
    ///
    /// # Panics
    /// If it is negative.
    #[track_caller]
    pub fn weight_decay(mut self, weight_decay: f64) -> Self {
        self.weight_decay = Some(not_negative("Group", "weight decay", weight_decay));
        self
    }

    /// Moved by AdamW: of [`Muon`](super::Muon).
    pub(super) fn adamw(mut self) -> Self {
        self.adamw = true;
        self
    }

    pub(super) fn is_adamw(&self) -> bool {
        self.adamw
    }

    /// The learning rate and the weight decay of the group, given the optimiser's.
    pub(super) fn settings(&self, lr: f64, weight_decay: f64) -> (f64, f64) {
        (
            lr * self.lr_scale,
            self.weight_decay.unwrap_or(weight_decay),
        )
    }
}

/// The groups of an optimiser, in the order of declaration.
#[derive(Clone, Default)]
pub(super) struct Groups(Vec<(Arc<dyn Fn(&str) -> bool + Send + Sync>, Group)>);

impl Groups {
    pub(super) fn push(
        &mut self,
        which: impl Fn(&str) -> bool + Send + Sync + 'static,
        settings: impl FnOnce(Group) -> Group,
    ) {
        let group = settings(Group {
            lr_scale: 1.0,
            weight_decay: None,
            adamw: false,
        });
        self.0.push((Arc::new(which), group));
    }

    /// The group that a parameter is in: the first that takes its name.
    pub(super) fn of(&self, name: &str) -> Option<Group> {
        let (_, group) = self.0.iter().find(|(which, _)| which(name))?;
        Some(*group)
    }
}

impl Debug for Groups {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let groups = self.0.iter().map(|(_, group)| group);
        f.debug_list().entries(groups).finish()
    }
}
