//! Models: trees of tensors with names.

use super::path::Path;
use super::running::Running;
use crate::backend::{Backend, Device};
use crate::dtype::{Dtype, Float};
use crate::error::Error;
use crate::io::{LoadOptions, LoadReport, StateDict, load};
use crate::random::Rng;
use crate::shape::Shape;
use crate::tape::Taped;
use crate::tensor::Tensor;

/// Reads every tensor of a model.
pub trait Visitor<B: Backend> {
    /// A parameter; `trainable` unless it was frozen (see also [`Path::frozen`]).
    fn parameter<S: Shape, E: Float>(
        &mut self,
        path: &Path,
        trainable: bool,
        tensor: &Tensor<S, E, B>,
    );
    /// A tensor that is saved and not trained.
    fn buffer<S: Shape, E: Dtype>(&mut self, path: &Path, tensor: &Tensor<S, E, B>);
    /// The stream of random numbers that a layer draws from: what a checkpoint keeps of it.
    fn random(&mut self, _path: &Path, _stream: &Rng) {}
}

/// Changes the tensors of a model in place.
pub trait VisitorMut<B: Backend> {
    /// A parameter, and whether it is trained.
    fn parameter<S: Shape, E: Float>(
        &mut self,
        path: &Path,
        trainable: &mut bool,
        tensor: &mut Tensor<S, E, B>,
    );
    /// A tensor that is saved and not trained.
    fn buffer<S: Shape, E: Dtype>(&mut self, path: &Path, tensor: &mut Tensor<S, E, B>);
    /// The mode of a layer that does one thing in training and another in use.
    fn mode(&mut self, _training: &mut bool) {}
    /// The stream of random numbers that a layer draws from.
    fn random(&mut self, _path: &Path, _stream: &mut Rng) {}
}

/// Makes a model of the same structure on another backend.
pub trait Mapper<B: Backend, B2: Backend> {
    /// Why it may fail.
    type Error;
    /// A parameter there.
    fn parameter<S: Shape, E: Float>(
        &mut self,
        path: &Path,
        trainable: bool,
        tensor: &Tensor<S, E, B>,
    ) -> Result<Tensor<S, E, B2>, Self::Error>;
    /// A buffer there.
    fn buffer<S: Shape, E: Dtype>(
        &mut self,
        path: &Path,
        tensor: &Tensor<S, E, B>,
    ) -> Result<Tensor<S, E, B2>, Self::Error>;
    /// A buffer that a call changes: one of its own there, unless the two models share what they
    /// keep, as a model and its traced copy do.
    ///
    /// # Errors
    /// As [`buffer`](Self::buffer).
    fn running<S: Shape, E: Dtype>(
        &mut self,
        path: &Path,
        running: &Running<S, E, B>,
    ) -> Result<Running<S, E, B2>, Self::Error> {
        let tensor = self.buffer(path, &running.get())?;
        Ok(Running::new(&tensor))
    }
}

/// A model on backend `B`: a tree of tensors with names. Usually derived.
///
/// ```
/// use volta::prelude::*;
///
/// #[derive(Module)]
/// struct Mlp<const H: usize, B: Backend = Cpu> {
///     fc1: Linear<784, H, B>,
///     fc2: Linear<H, 10, B>,
/// }
///
/// impl<const H: usize, B: Backend> Mlp<H, B> {
///     fn forward<N: Dim>(&self, x: &Tensor<s![N, 784], f32, B>) -> Tensor<s![N, 10], f32, B> {
///         self.fc2.forward(&self.fc1.forward(x).relu())
///     }
/// }
///
/// let model = Mlp::<128>::init(&mut Rng::seed(0));
/// assert_eq!(model.num_parameters(), 101_770);
/// assert_eq!(model.state_dict().keys().next(), Some("fc1.weight"));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a module on `{B}`",
    note = "a module is derived, `#[derive(Module)]`, and a layer in one names its backend: `Linear<784, 10, B>`",
    note = "a field that is no module says `#[module(skip)]`"
)]
pub trait Module<B: Backend>: Sized {
    /// The same model on another backend.
    type On<B2: Backend>: Module<B2>;

    /// The number of scalars in its parameters, frozen or not.
    ///
    /// Of a `Vec`, an `Option`, an enum or a run-time shape it is known only at run time; to name
    /// this constant then is a compile error, and [`num_parameters`](Self::num_parameters) counts.
    const PARAMETERS: usize;

    /// Visits every tensor, in the order of declaration.
    fn visit<V: Visitor<B>>(&self, path: &mut Path, visitor: &mut V);

    /// Visits every tensor, to change it.
    fn visit_mut<V: VisitorMut<B>>(&mut self, path: &mut Path, visitor: &mut V);

    /// The same model with every tensor mapped.
    ///
    /// # Errors
    /// The mapper's.
    fn map<B2: Backend, M: Mapper<B, B2>>(
        &self,
        path: &mut Path,
        mapper: &mut M,
    ) -> Result<Self::On<B2>, M::Error>;

    /// `Self::On<B>` is `Self`; this says so to generic code.
    fn same(on: Self::On<B>) -> Self;

    /// The number of scalars in its parameters, frozen or not.
    fn num_parameters(&self) -> usize {
        struct Count(usize);
        impl<B: Backend> Visitor<B> for Count {
            fn parameter<S: Shape, E: Float>(&mut self, _: &Path, _: bool, x: &Tensor<S, E, B>) {
                self.0 += x.numel();
            }
            fn buffer<S: Shape, E: Dtype>(&mut self, _: &Path, _: &Tensor<S, E, B>) {}
        }
        let mut count = Count(0);
        self.visit(&mut Path::new(), &mut count);
        count.0
    }

    /// Its parameters and buffers by name.
    ///
    /// # Panics
    /// If the device cannot be read, or two tensors have one name; [`StateDict::of`] says so
    /// without a panic.
    fn state_dict(&self) -> StateDict {
        StateDict::of(self).unwrap_or_else(|e| panic!("state_dict: {e}"))
    }

    /// Takes parameters and buffers by name. The state has exactly the tensors of the model, of
    /// the same sizes and element types.
    ///
    /// # Errors
    /// [`Error::State`] lists everything that is missing, unexpected or different;
    /// [`Error::Device`] if the device has no room. The model is left as it was.
    fn load_state_dict(&mut self, state: &StateDict) -> Result<(), Error> {
        load(self, state, LoadOptions::strict()).map(drop)
    }

    /// Takes parameters and buffers by name, and says what was taken. What may be missing,
    /// unexpected, of other sizes or of another element type is in the options.
    ///
    /// ```
    /// use volta::io::LoadOptions;
    /// use volta::prelude::*;
    ///
    /// #[derive(Module)]
    /// struct Classifier<const N: usize, B: Backend = Cpu> {
    ///     body: Linear<8, 4, B>,
    ///     head: Linear<4, N, B>,
    /// }
    ///
    /// let trained: Classifier<1000> = Init::init(&mut Rng::seed(0));
    /// let mut model: Classifier<3> = Init::init(&mut Rng::seed(1));
    /// let options = LoadOptions::strict().allow_mis_shaped(true);
    /// let report = model.load_state_dict_with(&trained.state_dict(), options)?;
    /// assert_eq!(report.loaded, ["body.weight", "body.bias"]);
    /// assert_eq!(
    ///     report.to_string(),
    ///     "2 tensors loaded, 2 of another shape\n  \
    ///      head.weight: the model has shape [3, 4], the state has [1000, 4]\n  \
    ///      head.bias: the model has shape [3], the state has [1000]",
    /// );
    /// # Ok::<(), volta::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::State`] lists everything that is not allowed; [`Error::Device`] if the device has
    /// no room. The model is left as it was.
    fn load_state_dict_with(
        &mut self,
        state: &StateDict,
        options: LoadOptions,
    ) -> Result<LoadReport, Error> {
        load(self, state, options)
    }

    /// Writes its parameters and buffers into a safetensors file, as
    /// [`io::safetensors::save`](crate::io::safetensors::save) does: all of it, or nothing.
    ///
    /// ```
    /// # use volta::prelude::*;
    /// # let folder = std::env::temp_dir();
    /// let path = folder.join(format!("layer-{}.safetensors", std::process::id()));
    /// let layer: Linear<3, 2> = Linear::init(&mut Rng::seed(0));
    /// layer.save_safetensors(&path)?;
    ///
    /// let mut other: Linear<3, 2> = Linear::init(&mut Rng::seed(1));
    /// other.load_safetensors(&path)?;
    /// assert_eq!(other.weight.to_vec(), layer.weight.to_vec());
    /// # std::fs::remove_file(&path).unwrap();
    /// # Ok::<(), volta::Error>(())
    /// ```
    ///
    /// # Errors
    /// If the device cannot be read, two tensors have one name, or the file cannot be written.
    #[cfg(feature = "safetensors")]
    fn save_safetensors(&self, path: impl AsRef<std::path::Path>) -> Result<(), Error> {
        crate::io::safetensors::save(path, &StateDict::of(self)?)
    }

    /// Writes its parameters and buffers into a safetensors file together with notes, which have no
    /// effect on loading. `("format", "pt")` is what Hugging Face's `transformers` asks of a file.
    ///
    /// ```
    /// # use volta::{io::safetensors, prelude::*};
    /// # let path = std::env::temp_dir().join(format!("notes-{}.safetensors", std::process::id()));
    /// let layer: Linear<3, 2> = Linear::init(&mut Rng::seed(0));
    /// layer.save_safetensors_with(&path, [("format", "pt"), ("epoch", "7")])?;
    /// assert_eq!(safetensors::load(&path)?.metadata()["epoch"], "7");
    /// # std::fs::remove_file(&path).unwrap();
    /// # Ok::<(), volta::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`save_safetensors`](Self::save_safetensors).
    #[cfg(feature = "safetensors")]
    fn save_safetensors_with<K: Into<String>, V: Into<String>>(
        &self,
        path: impl AsRef<std::path::Path>,
        notes: impl IntoIterator<Item = (K, V)>,
    ) -> Result<(), Error> {
        let mut state = StateDict::of(self)?;
        let notes = notes
            .into_iter()
            .map(|(key, note)| (key.into(), note.into()));
        state.metadata_mut().extend(notes);
        crate::io::safetensors::save(path, &state)
    }

    /// Takes its parameters and buffers from a safetensors file, or from several by their index
    /// (`model.safetensors.index.json`), which have exactly the tensors of the model, of the same
    /// sizes and element types.
    ///
    /// # Errors
    /// If the file cannot be read or is damaged; [`Error::State`] names the file and lists
    /// everything that is missing, unexpected or different. The model is left as it was.
    #[cfg(feature = "safetensors")]
    fn load_safetensors(&mut self, path: impl AsRef<std::path::Path>) -> Result<(), Error> {
        (self.load_safetensors_with(path, LoadOptions::strict())).map(drop)
    }

    /// Takes its parameters and buffers from a safetensors file, as far as the options allow, and
    /// says what was taken: see [`load_state_dict_with`](Self::load_state_dict_with).
    ///
    /// # Errors
    /// As [`load_safetensors`](Self::load_safetensors), for what the options do not allow.
    #[cfg(feature = "safetensors")]
    fn load_safetensors_with(
        &mut self,
        path: impl AsRef<std::path::Path>,
        options: LoadOptions,
    ) -> Result<LoadReport, Error> {
        let path = path.as_ref();
        let state = crate::io::safetensors::load(path)?;
        load(self, &state, options).map_err(|error| error.read_from(path))
    }

    /// The same model on another device.
    ///
    /// # Errors
    /// If a tensor cannot be read, or the other device has no room for it.
    fn to<Dv: Device>(&self, device: &Dv) -> Result<Self::On<Dv::Backend>, Error> {
        struct Move<D>(D);
        impl<B: Backend, B2: Backend> Mapper<B, B2> for Move<B2::Device> {
            type Error = Error;
            fn parameter<S: Shape, E: Float>(
                &mut self,
                _: &Path,
                _: bool,
                x: &Tensor<S, E, B>,
            ) -> Result<Tensor<S, E, B2>, Error> {
                Tensor::from_vec_on(x.shape(), x.try_to_vec()?, &self.0)
            }
            fn buffer<S: Shape, E: Dtype>(
                &mut self,
                _: &Path,
                x: &Tensor<S, E, B>,
            ) -> Result<Tensor<S, E, B2>, Error> {
                Tensor::from_vec_on(x.shape(), x.try_to_vec()?, &self.0)
            }
        }
        self.map(&mut Path::new(), &mut Move(device.device()))
    }

    /// The same model as a constant on a tape: to differentiate by an input that is traced, or by
    /// another model.
    ///
    /// ```
    /// use volta::prelude::*;
    ///
    /// let model: Linear<3, 1> = Linear::init(&mut Rng::seed(0));
    /// let x: Tensor<s![2, 3]> = Tensor::ones();
    /// let by_input = grad(&x, |x| model.lift().forward(x).sum());
    /// assert_eq!(by_input.index_axis::<0>(0).to_vec(), model.weight.to_vec());
    /// ```
    fn lift(&self) -> Self::On<Taped<B>> {
        struct Lift;
        impl<B: Backend> Mapper<B, Taped<B>> for Lift {
            type Error = std::convert::Infallible;
            fn parameter<S: Shape, E: Float>(
                &mut self,
                _: &Path,
                _: bool,
                x: &Tensor<S, E, B>,
            ) -> Result<Tensor<S, E, Taped<B>>, Self::Error> {
                Ok(x.lift())
            }
            fn buffer<S: Shape, E: Dtype>(
                &mut self,
                _: &Path,
                x: &Tensor<S, E, B>,
            ) -> Result<Tensor<S, E, Taped<B>>, Self::Error> {
                Ok(x.lift())
            }
            fn running<S: Shape, E: Dtype>(
                &mut self,
                _: &Path,
                x: &Running<S, E, B>,
            ) -> Result<Running<S, E, Taped<B>>, Self::Error> {
                Ok(x.share())
            }
        }
        let Ok(lifted) = self.map(&mut Path::new(), &mut Lift);
        lifted
    }

    /// Layers behave as in training: dropout drops, a batch is normalised by its own statistics.
    fn train(&mut self) {
        self.visit_mut(&mut Path::new(), &mut Mode(true));
    }

    /// Layers behave as in use: dropout passes everything, a batch is normalised by the running
    /// statistics.
    fn eval(&mut self) {
        self.visit_mut(&mut Path::new(), &mut Mode(false));
    }

    /// No parameter is trained from now on: gradients by them are not computed, and optimisers
    /// leave them.
    fn freeze(&mut self) {
        self.visit_mut(&mut Path::new(), &mut Trainable(false));
    }

    /// Every parameter is trained from now on, but those frozen by declaration.
    fn unfreeze(&mut self) {
        self.visit_mut(&mut Path::new(), &mut Trainable(true));
    }
}

struct Mode(bool);
impl<B: Backend> VisitorMut<B> for Mode {
    fn parameter<S: Shape, E: Float>(&mut self, _: &Path, _: &mut bool, _: &mut Tensor<S, E, B>) {}
    fn buffer<S: Shape, E: Dtype>(&mut self, _: &Path, _: &mut Tensor<S, E, B>) {}
    fn mode(&mut self, training: &mut bool) {
        *training = self.0;
    }
}

struct Trainable(bool);
impl<B: Backend> VisitorMut<B> for Trainable {
    fn parameter<S: Shape, E: Float>(
        &mut self,
        _: &Path,
        trainable: &mut bool,
        _: &mut Tensor<S, E, B>,
    ) {
        *trainable = self.0;
    }
    fn buffer<S: Shape, E: Dtype>(&mut self, _: &Path, _: &mut Tensor<S, E, B>) {}
}

/// The model again, with what it keeps in places of its own.
pub(crate) fn copy<M: Module<B>, B: Backend>(model: &M) -> M {
    struct Copy;
    impl<B: Backend> Mapper<B, B> for Copy {
        type Error = std::convert::Infallible;
        fn parameter<S: Shape, E: Float>(
            &mut self,
            _: &Path,
            _: bool,
            x: &Tensor<S, E, B>,
        ) -> Result<Tensor<S, E, B>, Self::Error> {
            Ok(x.clone())
        }
        fn buffer<S: Shape, E: Dtype>(
            &mut self,
            _: &Path,
            x: &Tensor<S, E, B>,
        ) -> Result<Tensor<S, E, B>, Self::Error> {
            Ok(x.clone())
        }
    }
    let Ok(copy) = model.map(&mut Path::new(), &mut Copy);
    M::same(copy)
}

/// A module that can be made from random numbers alone.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be initialised from its type alone",
    note = "say how, `#[module(init = ..)]` on the field, or `#[module(no_init)]` on the type"
)]
pub trait Init<B: Backend>: Module<B> {
    /// A model with fresh parameters, drawn in the order of declaration: one seed gives one model.
    fn init_on(device: &B::Device, rng: &mut Rng) -> Self;

    /// [`init_on`](Self::init_on) the only device of a backend.
    fn init(rng: &mut Rng) -> Self
    where
        B::Device: Default,
    {
        Self::init_on(&B::Device::default(), rng)
    }
}

/// A layer as a function of one input.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not take an input of type `{X}`",
    label = "this layer does not fit its input"
)]
pub trait Forward<X> {
    /// What it gives.
    type Output;
    /// Applies the layer.
    fn forward(&self, x: &X) -> Self::Output;
}
