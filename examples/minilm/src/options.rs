//! The command line.

use lexopt::prelude::*;

const HELP: &str = "\
Compares sentences by all-MiniLM-L6-v2, and what comes out with PyTorch's.

    cargo run --release -p minilm -- [OPTIONS]

    --device D       cpu, or gpu with `cargo run --release -p minilm --features gpu ..` [cpu]
    --benchmark N    the least of N times of 32 sentences of 64 tokens, in milliseconds
    --help           this text
";

/// Where the model runs.
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
    pub(crate) device: On,
    /// How often to take the time, if that was asked for.
    pub(crate) benchmark: Option<usize>,
}

impl Options {
    /// The options given, or nothing if it was only to show the help.
    pub(crate) fn parse() -> Result<Option<Self>, lexopt::Error> {
        let mut options = Options {
            device: On::Cpu,
            benchmark: None,
        };
        let mut arguments = lexopt::Parser::from_env();
        while let Some(argument) = arguments.next()? {
            match argument {
                Long("device") => options.device = On::parse(&arguments.value()?.string()?)?,
                Long("benchmark") => options.benchmark = Some(arguments.value()?.parse()?),
                Short('h') | Long("help") => {
                    print!("{HELP}");
                    return Ok(None);
                }
                _ => return Err(argument.unexpected()),
            }
        }
        Ok(Some(options))
    }
}
