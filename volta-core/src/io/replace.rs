//! Files that are replaced whole.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU64, Ordering};

/// Writes a file beside `path`, and gives it that name when it is on the disk.
#[cfg(feature = "data")]
pub(crate) fn replace(
    path: &Path,
    write: impl FnOnce(&mut BufWriter<&File>) -> io::Result<()>,
) -> io::Result<()> {
    write_beside(path, write)?.take_name()
}

/// Writes a file beside `path`, onto the disk; [`Written::take_name`] gives it that name.
pub(crate) fn write_beside(
    path: &Path,
    write: impl FnOnce(&mut BufWriter<&File>) -> io::Result<()>,
) -> io::Result<Written> {
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    let (file, temporary) = Temporary::create(folder)?;
    let mut buffered = BufWriter::new(&file);
    write(&mut buffered)?;
    buffered.flush()?;
    drop(buffered);
    file.sync_all()?;
    let path = path.to_owned();
    Ok(Written { temporary, path })
}

/// A file that is complete and has not its name yet: it goes if it never gets it. It is closed, for
/// Windows renames no open file.
pub(crate) struct Written {
    temporary: Temporary,
    path: PathBuf,
}

impl Written {
    pub(crate) fn take_name(self) -> io::Result<()> {
        fs::rename(&self.temporary.0, &self.path)
    }
}

/// A file that is removed unless it was renamed.
struct Temporary(PathBuf);

impl Temporary {
    fn create(folder: &Path) -> io::Result<(File, Self)> {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        loop {
            let count = COUNT.fetch_add(1, Ordering::Relaxed);
            let path = folder.join(format!(".volta-{}-{count}.tmp", process::id()));
            match OpenOptions::new().write(true).create_new(true).open(&path) {
                Ok(file) => return Ok((file, Temporary(path))),
                // Left by a process of the same number that was killed.
                Err(e) if e.kind() == ErrorKind::AlreadyExists => {}
                Err(e) => return Err(e),
            }
        }
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        // There is none if it got its name; an error would hide the one that matters.
        let _ = fs::remove_file(&self.0);
    }
}
