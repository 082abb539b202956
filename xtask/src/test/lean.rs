//! Without the feature `gpu`, nothing of a GPU is built; and every feature builds without the others.

use super::gate::{command, finish, output};

/// The start of the names of crates that only the feature brings.
const OF_GPU: [&str; 3] = ["wgpu", "naga", "volta-gpu"];

/// Features of volta, none first.
const ALONE: [&str; 7] = [
    "",
    "data",
    "images",
    "npz",
    "profile",
    "pytorch",
    "safetensors",
];

pub(crate) fn check() -> Result<(), String> {
    for feature in ALONE {
        let check = "check --quiet --package volta --lib --no-default-features --features";
        let mut arguments: Vec<_> = check.split(' ').collect();
        arguments.push(feature);
        finish(&mut command(&arguments))?;
    }
    // Other gates test with the GPU where they can.
    let tests = "check --quiet --package volta --tests --examples";
    finish(&mut command(&tests.split(' ').collect::<Vec<_>>()))?;
    only_what_it_needs()
}

fn only_what_it_needs() -> Result<(), String> {
    let arguments = "tree --package volta --edges normal --target all --prefix none";
    let arguments: Vec<_> = arguments.split(' ').collect();
    let tree = output(&mut command(&arguments))?;
    if !tree.lines().any(|line| line.starts_with("volta-core ")) {
        return Err(format!("`cargo {}` prints no tree", arguments.join(" ")));
    }
    let unwanted = unwanted(&tree);
    if unwanted.is_empty() {
        return Ok(());
    }
    Err(format!(
        "without the feature `gpu`, volta depends on {}",
        unwanted.join(", ")
    ))
}

/// The crates of a tree that should not be in it.
fn unwanted(tree: &str) -> Vec<&str> {
    let mut found: Vec<_> = tree
        .lines()
        .filter(|line| OF_GPU.iter().any(|start| line.starts_with(start)))
        .filter_map(|line| line.split(' ').next())
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crates_of_the_gpu_are_found_in_a_tree() {
        let tree = "volta v0.1.0 (/volta)\nvolta-core v0.1.0 (/volta/volta-core)\nhalf v2.7.0";
        assert_eq!(unwanted(tree), Vec::<&str>::new());
        let tree = "volta v0.1.0\nwgpu v30.0.1\nwgpu-core v30.0.1\nnaga v30.0.1\nnaga v30.0.1 (*)";
        assert_eq!(unwanted(tree), ["naga", "wgpu", "wgpu-core"]);
    }
}
