//! The command line.

use std::path::PathBuf;

use lexopt::prelude::*;

const HELP: &str = "\
Trains a LeNet on MNIST digits; writes mnist.safetensors and mnist.png here.

    cargo run --release --example mnist -- [OPTIONS]

    --epochs N    times over the training digits [10]
    --batch N     digits a step [32]
    --lr X        learning rate at the start; it falls to 0 in a line [0.002]
    --seed N      one seed gives one result [0]
    --data DIR    a folder with MNIST's four IDX files, gzipped or not
                  [the 10,000 digits of the repository]
    --checkpoints DIR  saves the run there after each epoch, and goes on from
                  what is saved there; with the same options, it ends as one
                  that never stopped [none]
    --device D    cpu, or gpu with `cargo run --release --features gpu ..` [cpu]
    --short       one epoch, as a check that it works
    --help        this text
";

/// Where the model is trained.
#[derive(Debug)]
pub(crate) enum On {
    Cpu,
    #[cfg(feature = "gpu")]
    Gpu,
}

impl On {
    fn parse(name: &str) -> Result<On, lexopt::Error> {
        match name {
            "cpu" => Ok(On::Cpu),
            #[cfg(feature = "gpu")]
            "gpu" => Ok(On::Gpu),
            #[cfg(not(feature = "gpu"))]
            "gpu" => Err("--device gpu needs `--features gpu` before the two dashes".into()),
            other => Err(format!("--device is cpu or gpu, not {other}").into()),
        }
    }
}

#[derive(Debug)]
pub(crate) struct Options {
    pub(crate) epochs: usize,
    pub(crate) batch: usize,
    pub(crate) lr: f64,
    pub(crate) seed: u64,
    pub(crate) data: PathBuf,
    pub(crate) checkpoints: Option<PathBuf>,
    pub(crate) device: On,
}

impl Options {
    /// The options given, or nothing if it was only to show the help.
    pub(crate) fn parse() -> Result<Option<Self>, lexopt::Error> {
        let digits = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data/mnist");
        let mut options = Options {
            epochs: 10,
            batch: 32,
            lr: 0.002,
            seed: 0,
            data: digits.into(),
            checkpoints: None,
            device: On::Cpu,
        };
        let mut arguments = lexopt::Parser::from_env();
        while let Some(argument) = arguments.next()? {
            match argument {
                Long("epochs") => options.epochs = arguments.value()?.parse()?,
                Long("batch") => options.batch = arguments.value()?.parse()?,
                Long("lr") => options.lr = arguments.value()?.parse()?,
                Long("seed") => options.seed = arguments.value()?.parse()?,
                Long("device") => options.device = On::parse(&arguments.value()?.string()?)?,
                Long("checkpoints") => options.checkpoints = Some(arguments.value()?.into()),
                Long("data") => options.data = arguments.value()?.into(),
                Long("short") => options.epochs = 1,
                Short('h') | Long("help") => {
                    print!("{HELP}");
                    return Ok(None);
                }
                _ => return Err(argument.unexpected()),
            }
        }
        if options.epochs == 0 || options.batch == 0 {
            return Err("--epochs and --batch are at least 1".into());
        }
        if !(options.lr > 0.0 && options.lr.is_finite()) {
            return Err("--lr is a number above 0".into());
        }
        Ok(Some(options))
    }
}
