//! What every optimiser offers.

/// The methods that all optimisers have alike, but for `step`: the compiler shows where that is
/// defined when the gradients are of another model.
macro_rules! optimiser {
    ($Optimiser:ident $name:literal $decay:literal) => {
        impl<B: crate::backend::Backend> $Optimiser<B> {
            /// The learning rate.
            pub fn lr(&self) -> f64 {
                self.settings.lr
            }

            /// Another learning rate from now on.
            ///
            /// # Panics
            /// If it is negative.
            #[track_caller]
            pub fn set_lr(&mut self, lr: f64) {
                self.settings.lr = crate::optim::not_negative($name, "learning rate", lr);
            }

            #[doc = $decay]
            ///
            /// # Panics
            /// If it is negative.
            #[track_caller]
            pub fn weight_decay(mut self, weight_decay: f64) -> Self {
                self.settings.weight_decay =
                    crate::optim::not_negative($name, "weight decay", weight_decay);
                self
            }

            /// Settings of their own for the parameters whose names `which` takes. A parameter is in
            /// the first group that takes it.
            ///
            /// # Panics
            /// If a setting is negative.
            pub fn group(
                mut self,
                which: impl Fn(&str) -> bool + Send + Sync + 'static,
                settings: impl FnOnce(crate::optim::Group) -> crate::optim::Group,
            ) -> Self {
                self.slots.group(which, settings);
                self
            }

            /// What it keeps for each parameter, to resume a run: `fc1.weight.step`, and tensors by
            /// PyTorch's names. Empty before the first step. Settings and groups are not in it.
            ///
            /// # Panics
            /// If the device cannot be read, or two parameters have one name;
            /// [`try_state_dict`](Self::try_state_dict) says so without a panic.
            pub fn state_dict(&self) -> crate::StateDict {
                (self.try_state_dict()).unwrap_or_else(|e| panic!("state_dict: {e}"))
            }

            /// What it keeps for each parameter, to resume a run.
            ///
            /// # Errors
            /// If the device cannot be read, or with
            /// [`StateProblem::Duplicate`](crate::StateProblem::Duplicate) for every name that two
            /// tensors have.
            pub fn try_state_dict(&self) -> Result<crate::StateDict, crate::Error> {
                self.slots.save(&self.settings)
            }

            /// Takes what an optimiser of the same settings kept for `model`, which it goes on to
            /// train bit for bit.
            ///
            /// # Errors
            /// [`Error::State`](crate::Error::State) lists everything that is missing, unexpected
            /// or different; [`Error::Device`](crate::Error::Device) if the device has no room. The
            /// optimiser is left as it was.
            pub fn load_state_dict<M: crate::nn::Module<B>>(
                &mut self,
                model: &M,
                state: &crate::StateDict,
            ) -> Result<(), crate::Error> {
                self.slots.load(&self.settings, model, state)
            }
        }

        crate::optim::saved::optimizer_state!([B: crate::backend::Backend] $Optimiser<B>);
    };
}
pub(super) use optimiser;

/// The settings of a rule for a group of parameters.
macro_rules! in_group {
    () => {
        fn in_group(mut self, group: &crate::optim::Group) -> Self {
            (self.lr, self.weight_decay) = group.settings(self.lr, self.weight_decay);
            self
        }
    };
}
pub(super) use in_group;
