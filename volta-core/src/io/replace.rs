//! Files that are replaced whole.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU64, Ordering};

/// Writes a file beside `path`, and gives it that name when it is on the disk; the name is there,
/// too, when this returns.
#[cfg(any(feature = "data", feature = "profile", test))]
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
    let (file, temporary) = Temporary::create(folder_of(path))?;
    let mut buffered = BufWriter::new(&file);
    write(&mut buffered)?;
    buffered.flush()?;
    drop(buffered);
    file.sync_all()?;
    Ok(Written {
        // Locked until it has its name; but Windows renames no open file.
        _locked: (!cfg!(windows)).then_some(file),
        temporary,
        path: path.to_owned(),
    })
}

/// A file that is complete and has not its name yet: it goes if it never gets it.
pub(crate) struct Written {
    _locked: Option<File>,
    temporary: Temporary,
    path: PathBuf,
}

impl Written {
    /// Gives it its name, which is on the disk when this returns.
    pub(crate) fn take_name(self) -> io::Result<()> {
        fs::rename(&self.temporary.0, &self.path)?;
        sync_folder(folder_of(&self.path))
    }
}

/// The folder that a path is in.
fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    }
}

/// Waits until the names in a folder are on the disk. Windows has no such order, and needs none.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) {
        match File::open(folder)?.sync_all() {
            // Some network file systems refuse it for folders.
            Err(e) if matches!(e.kind(), ErrorKind::InvalidInput | ErrorKind::Unsupported) => {}
            other => return other,
        }
    }
    Ok(())
}

/// Makes a folder, and those that it is in.
#[cfg(feature = "safetensors")]
pub(crate) fn create_folder(folder: &Path) -> io::Result<()> {
    let missing = |folder: &&Path| *folder != Path::new("") && !folder.exists();
    let missing: Vec<&Path> = folder.ancestors().take_while(missing).collect();
    fs::create_dir_all(folder)?;
    (missing.iter()).try_for_each(|folder| sync_folder(folder_of(folder)))
}

/// Removes what processes that were killed left of files that they were writing into a folder.
/// That of a process which still writes is locked, and stays.
#[cfg(feature = "safetensors")]
pub(crate) fn remove_leftovers(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if !entry.file_name().to_str().is_some_and(is_temporary) {
            continue;
        }
        let file = match OpenOptions::new().write(true).open(entry.path()) {
            Ok(file) => file,
            // It has got its name meanwhile, or belongs to another user.
            Err(e) if matches!(e.kind(), ErrorKind::NotFound | ErrorKind::PermissionDenied) => {
                continue;
            }
            Err(e) => return Err(e),
        };
        // Where files cannot be locked nobody knows whether it is in use.
        if file.try_lock().is_ok() {
            remove_if_there(&entry.path())?;
        }
    }
    Ok(())
}

/// Removes a file; that there is none is as well.
#[cfg(feature = "safetensors")]
pub(crate) fn remove_if_there(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(e) if e.kind() == ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

const PREFIX: &str = ".volta-";
const SUFFIX: &str = ".tmp";

/// Whether a file of this name is a [`Temporary`]: `.volta-PROCESS-NUMBER.tmp`.
#[cfg(feature = "safetensors")]
fn is_temporary(name: &str) -> bool {
    let number = |digits: &str| digits.bytes().all(|b| b.is_ascii_digit()) && !digits.is_empty();
    (name.strip_prefix(PREFIX))
        .and_then(|rest| rest.strip_suffix(SUFFIX)?.split_once('-'))
        .is_some_and(|(process, count)| number(process) && number(count))
}

/// A file that is removed unless it was renamed.
struct Temporary(PathBuf);

impl Temporary {
    /// A new file, locked as long as it is open.
    fn create(folder: &Path) -> io::Result<(File, Self)> {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        loop {
            let count = COUNT.fetch_add(1, Ordering::Relaxed);
            let name = format!("{PREFIX}{}-{count}{SUFFIX}", process::id());
            let path = folder.join(name);
            match OpenOptions::new().write(true).create_new(true).open(&path) {
                Ok(file) => {
                    // Where files cannot be locked, no leftovers are removed.
                    let _ = file.lock();
                    let temporary = Temporary(path);
                    // Unless it was taken for one that was left, before it was locked.
                    if temporary.0.exists() {
                        return Ok((file, temporary));
                    }
                }
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

#[cfg(all(test, feature = "safetensors"))]
mod tests {
    use super::*;

    #[test]
    fn leftovers_go_and_what_is_in_use_or_foreign_stays() {
        let folder = std::env::temp_dir().join(format!("volta-leftovers-{}", process::id()));
        fs::create_dir_all(&folder).unwrap();
        let foreign = [
            ".volta-1-.tmp",
            ".volta-1-2.tmp.bak",
            ".volta-x-2.tmp",
            "volta-1-2.tmp",
            ".other.tmp",
        ];
        for name in foreign.iter().chain(&[".volta-1-2.tmp", ".volta-1-3.tmp"]) {
            fs::write(folder.join(name), "x").unwrap();
        }
        let (_locked, busy) = Temporary::create(&folder).unwrap();
        remove_leftovers(&folder).unwrap();
        assert!(busy.0.exists());
        assert!(foreign.iter().all(|name| folder.join(name).exists()));
        assert!(!folder.join(".volta-1-2.tmp").exists());
        assert!(!folder.join(".volta-1-3.tmp").exists());

        let path = busy.0.clone();
        drop(busy);
        assert!(!path.exists());
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn a_writer_that_fails_leaves_the_old_file() {
        let path = std::env::temp_dir().join(format!("volta-replace-{}", process::id()));
        replace(&path, |file| file.write_all(b"old")).unwrap();
        let full = || io::Error::from(ErrorKind::StorageFull);
        let error = replace(&path, |file| {
            file.write_all(&[0; 100_000])?;
            Err(full())
        });
        assert_eq!(error.unwrap_err().kind(), ErrorKind::StorageFull);
        assert_eq!(fs::read(&path).unwrap(), b"old");
        fs::remove_file(&path).unwrap();
    }
}
