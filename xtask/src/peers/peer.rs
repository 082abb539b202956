//! The libraries that are compared.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::root;
use crate::test::gate::{command, finish};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Peer {
    PyTorch,
    Volta,
    Candle,
    Burn,
    Dfdx,
    TrainStation,
    VoltaSeed,
    /// What the machine can do at most.
    Limits,
}

impl Peer {
    /// In the order of their turns.
    pub(crate) const ALL: [Peer; 8] = [
        Peer::PyTorch,
        Peer::Volta,
        Peer::Candle,
        Peer::Burn,
        Peer::Dfdx,
        Peer::TrainStation,
        Peer::VoltaSeed,
        Peer::Limits,
    ];

    /// The name on the command line, and that of the folder in `benches/peers`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Peer::PyTorch => "pytorch",
            Peer::Volta => "volta",
            Peer::Candle => "candle",
            Peer::Burn => "burn",
            Peer::Dfdx => "dfdx",
            Peer::TrainStation => "train-station",
            Peer::VoltaSeed => "volta-seed",
            Peer::Limits => "limits",
        }
    }

    pub(crate) fn named(name: &str) -> Result<Self, String> {
        let found = Peer::ALL.into_iter().find(|peer| peer.name() == name);
        found.ok_or_else(|| {
            let names = Peer::ALL.map(|peer| format!("`{}`", peer.name()));
            format!(
                "there is no peer `{name}`; the peers are {}",
                names.join(", ")
            )
        })
    }

    /// The folder of its package; PyTorch is a script.
    pub(crate) fn folder(self) -> PathBuf {
        root().join("benches/peers").join(self.name())
    }

    /// Where its programs are built.
    pub(crate) fn target(self) -> PathBuf {
        root().join("target/peers").join(self.name())
    }

    /// Of burn, one of its backends on the CPU.
    pub(crate) fn features(self) -> &'static [&'static str] {
        match self {
            Peer::Burn => &["--no-default-features", "--features", "flex"],
            _ => &[],
        }
    }

    pub(crate) fn cargo(self, arguments: &[&str]) -> Command {
        let mut command = command(arguments);
        command
            .current_dir(self.folder())
            .env("CARGO_TARGET_DIR", self.target());
        command
    }

    pub(crate) fn build(self) -> Result<(), String> {
        if self == Peer::PyTorch {
            return Ok(());
        }
        println!("==> building {}", self.name());
        finish(
            self.cargo(&["build", "--quiet", "--release", "--bins"])
                .args(self.features()),
        )
    }

    /// The program, for this number of threads.
    pub(super) fn program(self, python: Option<&Path>, threads: usize) -> Command {
        let mut command = match (self, python) {
            (Peer::PyTorch, Some(python)) => {
                let mut command = Command::new(python);
                command.arg(root().join("benches/peers/torch_peer.py"));
                command
            }
            _ => Command::new(self.target().join(format!("release/peer-{}", self.name()))),
        };
        for variable in [
            "PEER_THREADS",
            "RAYON_NUM_THREADS",
            "CANDLE_NUM_THREADS",
            "OMP_NUM_THREADS",
            "MKL_NUM_THREADS",
            "MATMUL_NUM_THREADS",
        ] {
            command.env(variable, threads.to_string());
        }
        command.env("BURN_BACKEND", "flex");
        command
    }
}
