//! What the targets have in common.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use volta::io::HostTensor;
use volta::{Error, StateDict};

/// A folder of this process.
pub fn folder() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let name = format!("volta-fuzz-{}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        fs::create_dir_all(&folder).expect("the folder for temporary files takes one");
        folder
    })
}

/// A file of these bytes, for readers that take no bytes.
pub fn file(name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder().join(name);
    fs::write(&path, bytes).expect("the folder of the process takes a file");
    path
}

/// An error names the file; tensors have as many bytes as their sizes say.
pub fn check(path: &Path, read: Result<StateDict, Error>) {
    match read {
        Ok(state) => state.iter().for_each(|(_, tensor)| check_tensor(tensor)),
        Err(error) => check_error(path, &error),
    }
}

pub fn check_tensor(tensor: &HostTensor) {
    let elements: usize = tensor.dims().iter().product();
    assert_eq!(tensor.bytes().len() * 8, elements * tensor.dtype().bits());
    let _ = tensor.cast_to_vec::<f32>();
}

pub fn check_error(path: &Path, error: &Error) {
    let (path, message) = (path.display().to_string(), error.to_string());
    assert!(message.starts_with(&path), "{message}");
}
