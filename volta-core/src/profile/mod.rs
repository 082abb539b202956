//! What ops on the CPU cost: [`run`] measures those that a closure runs. Behind the feature `profile`;
//! without it no op is measured.
//!
//! ```
//! use volta::prelude::*;
//!
//! let model: Linear<64, 10> = Linear::init(&mut Rng::seed(0));
//! let x: Tensor<s![32, 64]> = Tensor::ones();
//! let (loss, profile) = volta::profile::run(|| {
//!     grad(&model, |m| m.forward(&x.lift()).tanh().sum())
//! });
//! println!("{profile}");
//! let names: Vec<String> = profile.ops().into_iter().map(|op| op.name).collect();
//! assert!(names.contains(&"linear".to_owned()) && names.contains(&"tanh_vjp".to_owned()));
//! # drop(loss);
//! ```

mod record;
mod table;
mod trace;

use std::fmt::{self, Display};
use std::path::Path;
use std::time::Duration;

pub(crate) use record::Span;
pub use record::run;

use crate::error::Error;

/// The ops that a closure ran, in the order in which they began.
#[derive(Clone, Debug)]
pub struct Profile {
    events: Vec<Event>,
    time: Duration,
}

/// One call of an op.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    op: Op,
    start: Duration,
    time: Duration,
    bytes: u64,
    depth: usize,
}

/// An op: a method of [`Backend`](crate::Backend), and which elementwise function it ran, if any.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Op {
    method: &'static str,
    function: Option<&'static str>,
}

impl Display for Op {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.method, self.function) {
            (method, None) => f.write_str(method),
            ("map_vjp", Some(function)) => write!(f, "{function}_vjp"),
            ("map_in_place", Some(function)) => write!(f, "{function}_"),
            (_, Some(function)) => f.write_str(function),
        }
    }
}

impl Event {
    /// Its name: that of the method of [`Backend`](crate::Backend), such as `matmul`; of an elementwise
    /// op that of the function: `tanh`, for its derivative `tanh_vjp`, in place `tanh_`.
    pub fn name(&self) -> String {
        self.op.to_string()
    }

    /// When it began, from the beginning of the profile.
    pub fn start(&self) -> Duration {
        self.start
    }

    /// How long it took, with the ops that it ran.
    pub fn time(&self) -> Duration {
        self.time
    }

    /// Bytes of the tensors that it made, and of what it needed meanwhile.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// How many ops it ran in.
    pub fn depth(&self) -> usize {
        self.depth
    }
}

/// All calls of one op.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct OpCost {
    /// Its name, as [`Event::name`] has it.
    pub name: String,
    /// How often it was called.
    pub calls: u64,
    /// How long it took, without the ops that it ran.
    pub time: Duration,
    /// Bytes of the tensors that it made, and of what it needed meanwhile, without those of the ops
    /// that it ran.
    pub bytes: u64,
}

impl Profile {
    /// Every call, in the order in which they began.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// How long the closure took: its ops, and what was between them.
    pub fn time(&self) -> Duration {
        self.time
    }

    /// What each op cost, the longest first.
    pub fn ops(&self) -> Vec<OpCost> {
        table::costs(self)
    }

    /// Writes the calls as a trace in Chrome's format, which `chrome://tracing` and Perfetto show: all
    /// of the file, or nothing.
    ///
    /// ```
    /// # use volta::prelude::*;
    /// # let path = std::env::temp_dir().join(format!("trace-{}.json", std::process::id()));
    /// let x: Tensor<s![1000]> = Tensor::ones();
    /// let (_, profile) = volta::profile::run(|| x.exp().sum());
    /// profile.write_chrome_trace(&path)?;
    /// # std::fs::remove_file(&path).unwrap();
    /// # Ok::<(), volta::Error>(())
    /// ```
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn write_chrome_trace(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        trace::write(self, path.as_ref())
    }
}

/// A table of what each op cost, the longest first.
impl Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        table::write(self, f)
    }
}

#[cfg(test)]
mod tests;
