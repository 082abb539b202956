//! The gate `gpu`: what is run there, and in which environment.

mod driver;
mod install;

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::process::Command;

use super::gate::{Run, TEST, finish};
use crate::root;
use driver::{Driver, Search};

/// What the gate runs, if another has not.
const TESTS: [&str; 3] = [
    "--lib --test gpu --test coverage --test golden --test golden_convs --test golden_index \
     --test golden_norms --test golden_seq --test golden_shapes",
    "--test conformance -- gpu::",
    "--doc OnAGpu",
];

/// What it runs once more with the kernels that the device would not choose: those that share
/// workgroup memory on a software driver, those that do not on hardware. These are the groups in
/// which the choice is made.
const OTHER_KERNELS: &str = "--test conformance -- \
     attention::gpu conv::gpu conv_transpose::gpu convs::gpu index::gpu matmul::gpu norm::gpu \
     pool::gpu reduce::gpu scan::gpu softmax::gpu sort::gpu statistics::gpu structural::gpu";

/// Sees to it that there is a driver, before other gates take their time.
pub(crate) fn prepare() -> Result<(), String> {
    let search = Search::of_system();
    if driver::find(&search) != Driver::Missing {
        return Ok(());
    }
    install::run(&search.manifests)?;
    match driver::find(&search) {
        Driver::Missing => Err(install::missing(&search.manifests)),
        _ => Ok(()),
    }
}

pub(crate) fn run(run: &Run) -> Result<(), String> {
    if !run.has(TEST) {
        for tests in TESTS {
            finish(&mut self::tests(run, tests)?)?;
        }
    }
    let other = match driver::find(&Search::of_system()) {
        Driver::Software(_) => "tiled",
        _ => "direct",
    };
    finish(tests(run, OTHER_KERNELS)?.env("VOLTA_GPU_KERNELS", other))
}

fn tests(run: &Run, arguments: &str) -> Result<Command, String> {
    run.tests(&arguments.split(' ').collect::<Vec<_>>())
}

/// What a software driver needs of the environment, as far as the user has not said otherwise. A
/// driver of hardware does as well with it.
pub(super) fn variables() -> Result<Vec<(&'static str, OsString)>, String> {
    if !cfg!(target_os = "linux") {
        return Ok(Vec::new());
    }
    let target = std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into());
    let target = root().join(target);
    let mut variables = vec![
        // Without threads of its own: the tests are many small dispatches.
        ("LP_NUM_THREADS", "0".into()),
        ("MESA_SHADER_CACHE_DIR", made(target.join("mesa-cache"))?),
        ("XDG_RUNTIME_DIR", made(target.join("xdg-runtime"))?),
    ];
    if let Driver::Software(manifest) = driver::find(&Search::of_system()) {
        variables.push(("VK_ICD_FILENAMES", manifest.into()));
    }
    variables.retain(|(name, _)| std::env::var_os(name).is_none_or(|value| value.is_empty()));
    Ok(variables)
}

/// A folder, made if it is not there.
fn made(folder: PathBuf) -> Result<OsString, String> {
    std::fs::create_dir_all(&folder)
        .map_err(|trouble| format!("{}: {trouble}", folder.display()))?;
    Ok(folder.into())
}

/// Whether a program of this name is in a folder of `path`.
fn in_path(name: &str, path: Option<&OsStr>) -> bool {
    let there = |folder: PathBuf| folder.join(name).is_file();
    path.is_some_and(|path| std::env::split_paths(path).any(there))
}
