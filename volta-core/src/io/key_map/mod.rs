//! From the names and layouts of one checkpoint to those of another.

mod pattern;
mod step;
mod trouble;

use std::error;

pub use trouble::KeyMapTrouble;

use super::{HostTensor, StateDict};
use crate::dtype::DtypeKind;
use crate::error::Error;
use step::Step;

/// Steps that make the state of a file the state of a model, one after the other: names, layouts,
/// element types, what is fused and what is not.
///
/// Keys are chosen by patterns: `*` stands for any text within a dotted segment, `**` for any text,
/// `\*` and `\\` for the letters themselves, everything else for itself. Of two wildcards the
/// earlier takes as much as it can. In a new name `$1` is what the first wildcard stood for
/// (`${1}` before a digit), `$$` the letter.
///
/// Every pattern has to match a key, so that a mistyped one is an error and not a step left out;
/// [`optional`](Self::optional) is for files that differ. The order of the tensors and the notes
/// of the state stay. Tensors share their bytes with the state, but for those that a step
/// transposes, casts, merges, or splits along another axis than the first.
///
/// ```
/// use volta::io::{KeyMap, LoadOptions};
/// use volta::prelude::*;
///
/// #[derive(Module)]
/// struct Attention<B: Backend = Cpu> {
///     q: Linear<4, 4, B>,
///     k: Linear<4, 4, B>,
///     v: Linear<4, 4, B>,
/// }
///
/// // The fused projection of another library: `h.attn.c_attn.weight`, `[in, 3 out]`.
/// let fused: Linear<4, 12> = Linear::init(&mut Rng::seed(0));
/// let file = KeyMap::new()
///     .transpose("weight")
///     .add_prefix("h.attn.c_attn")
///     .apply(&fused.state_dict())?;
///
/// let map = KeyMap::new()
///     .transpose("**.c_attn.weight")
///     .split("**.c_attn.*", 0, ["$1.q.$2", "$1.k.$2", "$1.v.$2"])
///     .strip_prefix("h.attn");
/// let mut model: Attention = Init::init(&mut Rng::seed(1));
/// model.load_state_dict(&map.apply(&file)?)?;
/// assert_eq!(model.k.weight[[0, 0]], fused.weight[[4, 0]]);
/// # Ok::<(), volta::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct KeyMap {
    /// Each with whether it may match nothing.
    steps: Vec<(Step, bool)>,
}

impl KeyMap {
    /// No steps: every state stays as it is.
    pub fn new() -> Self {
        KeyMap::default()
    }

    fn step(mut self, step: Step) -> Self {
        self.steps.push((step, false));
        self
    }

    /// The step before may match nothing.
    ///
    /// ```
    /// # use volta::io::{KeyMap, StateDict};
    /// let old = KeyMap::new().rename("**.gamma", "$1.weight");
    /// assert!(old.apply(&StateDict::new()).is_err());
    /// assert!(old.optional().apply(&StateDict::new()).is_ok());
    /// ```
    pub fn optional(mut self) -> Self {
        if let Some((_, optional)) = self.steps.last_mut() {
            *optional = true;
        }
        self
    }

    /// Gives the keys that match a pattern another name: `rename("**.gamma", "$1.weight")`.
    pub fn rename(self, pattern: impl Into<String>, to: impl Into<String>) -> Self {
        let (pattern, to) = (pattern.into(), to.into());
        self.step(Step::Rename { pattern, to })
    }

    /// Gives the tensors that match a pattern a second name, beside the first.
    pub fn copy(self, pattern: impl Into<String>, to: impl Into<String>) -> Self {
        let (pattern, to) = (pattern.into(), to.into());
        self.step(Step::Copy { pattern, to })
    }

    /// Leaves out the keys that match a pattern and are copies: each equals the tensor of the name
    /// that it makes, bit for bit. A key whose new name matches, too, stays.
    ///
    /// Two names of one tensor are one parameter here, used twice (see
    /// [`Embedding::unembed`](crate::nn::Embedding::unembed)). A file that has both may have two
    /// different tensors; then this is an error, and nothing is lost.
    ///
    /// ```
    /// # use volta::io::KeyMap;
    /// # use volta::prelude::*;
    /// let words: Embedding<7, 2> = Embedding::init(&mut Rng::seed(0));
    /// let file = KeyMap::new().copy("weight", "lm_head.weight").apply(&words.state_dict())?;
    /// let map = KeyMap::new().tied("lm_head.weight", "weight");
    /// assert_eq!(map.apply(&file)?, words.state_dict());
    /// # Ok::<(), volta::Error>(())
    /// ```
    pub fn tied(self, pattern: impl Into<String>, to: impl Into<String>) -> Self {
        let (pattern, to) = (pattern.into(), to.into());
        self.step(Step::Tied { pattern, to })
    }

    /// Puts segments before every key: `add_prefix("encoder")` makes `encoder.fc.weight` of
    /// `fc.weight`. A dot at the end of a prefix may be there, here and below.
    pub fn add_prefix(self, prefix: impl Into<String>) -> Self {
        self.step(Step::AddPrefix(prefix.into()))
    }

    /// Takes the segments in front away from the keys that begin with them: `strip_prefix("bert")`
    /// makes `fc.weight` of `bert.fc.weight`, and leaves `head.weight` and `bertha.weight`.
    pub fn strip_prefix(self, prefix: impl Into<String>) -> Self {
        self.step(Step::StripPrefix(prefix.into()))
    }

    /// Puts segments in the place of those that keys begin with: `replace_prefix("h", "blocks")`
    /// makes `blocks.0.weight` of `h.0.weight`.
    pub fn replace_prefix(self, prefix: impl Into<String>, by: impl Into<String>) -> Self {
        let (prefix, by) = (prefix.into(), by.into());
        self.step(Step::ReplacePrefix { prefix, by })
    }

    /// Swaps the last two axes: a weight `[in, out]` becomes PyTorch's and volta's `[out, in]`.
    pub fn transpose(self, pattern: impl Into<String>) -> Self {
        let (pattern, axes) = (pattern.into(), None);
        self.step(Step::Permute { pattern, axes })
    }

    /// Axis `i` of the new tensor is axis `axes[i]` of the old one: `permute(p, [3, 2, 0, 1])`
    /// makes `[out, in, height, width]` of TensorFlow's kernel `[height, width, in, out]`.
    pub fn permute(self, pattern: impl Into<String>, axes: impl Into<Vec<usize>>) -> Self {
        let (pattern, axes) = (pattern.into(), Some(axes.into()));
        self.step(Step::Permute { pattern, axes })
    }

    /// Keeps the keys that match one of these patterns.
    pub fn select<P: Into<String>>(self, patterns: impl IntoIterator<Item = P>) -> Self {
        self.step(Step::Select(collect(patterns)))
    }

    /// Leaves out the keys that match one of these patterns.
    pub fn exclude<P: Into<String>>(self, patterns: impl IntoIterator<Item = P>) -> Self {
        self.step(Step::Exclude(collect(patterns)))
    }

    /// Casts the elements, as [`HostTensor::cast`] does.
    pub fn cast(self, pattern: impl Into<String>, to: DtypeKind) -> Self {
        let pattern = pattern.into();
        self.step(Step::Cast { pattern, to })
    }

    /// Splits tensors along an axis into equal parts of these names.
    pub fn split<P: Into<String>>(
        self,
        pattern: impl Into<String>,
        axis: usize,
        parts: impl IntoIterator<Item = P>,
    ) -> Self {
        let (pattern, parts, sizes) = (pattern.into(), collect(parts), None);
        self.step(Step::Split {
            pattern,
            axis,
            parts,
            sizes,
        })
    }

    /// Splits tensors along an axis into parts of these names and sizes, which make up the axis:
    /// `split_sizes("**.qkv", 0, [("$1.q", 2048), ("$1.k", 512), ("$1.v", 512)])`.
    pub fn split_sizes<P: Into<String>>(
        self,
        pattern: impl Into<String>,
        axis: usize,
        parts: impl IntoIterator<Item = (P, usize)>,
    ) -> Self {
        let pattern = pattern.into();
        let parts = parts.into_iter().map(|(part, size)| (part.into(), size));
        let (parts, sizes): (Vec<String>, _) = parts.unzip();
        let sizes = Some(sizes);
        self.step(Step::Split {
            pattern,
            axis,
            parts,
            sizes,
        })
    }

    /// Joins tensors along an axis: `merge(["**.q.*", "**.k.*", "**.v.*"], 0, "$1.qkv.$2")`.
    ///
    /// What matches one of the patterns is that part of the tensor whose name it makes; each has
    /// all of its parts.
    pub fn merge<P: Into<String>>(
        self,
        parts: impl IntoIterator<Item = P>,
        axis: usize,
        to: impl Into<String>,
    ) -> Self {
        let (parts, to) = (collect(parts), to.into());
        self.step(Step::Merge { parts, axis, to })
    }

    /// Whatever else there is to do: the new name and tensor for each, or `None` to leave it out.
    ///
    /// ```
    /// # use volta::io::KeyMap;
    /// # use volta::prelude::*;
    /// let map = KeyMap::new().map(|key, x| match x.dims() {
    ///     [1, n] => Ok(Some((key.to_owned(), x.reshape(&[*n]).ok_or("no vector")?))),
    ///     _ => Ok(Some((key.to_lowercase(), x.clone()))),
    /// });
    /// let layer: Linear<3, 1> = Linear::init(&mut Rng::seed(0));
    /// assert_eq!(map.apply(&layer.state_dict())?.get("weight").unwrap().dims(), [3]);
    /// # Ok::<(), volta::Error>(())
    /// ```
    pub fn map<F>(self, f: F) -> Self
    where
        F: Fn(
                &str,
                &HostTensor,
            )
                -> Result<Option<(String, HostTensor)>, Box<dyn error::Error + Send + Sync>>
            + Send
            + Sync
            + 'static,
    {
        self.step(Step::function(f))
    }

    /// The state after all steps.
    ///
    /// # Errors
    /// [`Error::KeyMap`] with the step and the trouble: two keys that would be one, a pattern that
    /// matches nothing or is none, an axis that is not there, parts that do not go together.
    pub fn apply(&self, state: &StateDict) -> Result<StateDict, Error> {
        let entries = state.iter().map(|(key, x)| (key.to_owned(), x.clone()));
        let mut entries = entries.collect();
        for (place, (step, optional)) in self.steps.iter().enumerate() {
            let applied = step.apply(entries, *optional);
            entries = applied.map_err(|trouble| Error::KeyMap {
                step: place + 1,
                what: step.to_string(),
                trouble: Box::new(trouble),
            })?;
        }
        let mut mapped = StateDict::new();
        for (key, tensor) in entries {
            mapped.insert(key, tensor);
        }
        *mapped.metadata_mut() = state.metadata().clone();
        Ok(mapped)
    }
}

fn collect<P: Into<String>>(patterns: impl IntoIterator<Item = P>) -> Vec<String> {
    patterns.into_iter().map(Into::into).collect()
}
