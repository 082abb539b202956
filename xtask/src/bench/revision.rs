//! The files of a commit.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::root;
use crate::test::gate::{finish, output};

/// A commit whose files lie in a folder of their own.
pub(super) struct Revision {
    pub(super) files: PathBuf,
}

impl Revision {
    /// The commit that `name` means, with its files in a folder of `folder`: those of the last run,
    /// if it was the same commit, so that cargo finds them unchanged.
    pub(super) fn checked_out(name: &str, folder: &Path) -> Result<Self, String> {
        let commit = commit(root(), name)?;
        let files = folder.join(&commit);
        if !files.exists() {
            check_out(root(), &commit, &files)?;
        }
        Ok(Revision { files })
    }
}

fn git(repository: &Path, arguments: &[&str]) -> Command {
    let mut git = Command::new("git");
    git.args(arguments).current_dir(repository);
    git
}

fn commit(repository: &Path, name: &str) -> Result<String, String> {
    let revision = format!("{name}^{{commit}}");
    let arguments = [
        "rev-parse",
        "--verify",
        "--quiet",
        "--end-of-options",
        &revision,
    ];
    let commit = output(&mut git(repository, &arguments))
        .map_err(|trouble| format!("`--against {name}`: there is no such commit ({trouble})"))?;
    Ok(commit.trim().to_owned())
}

/// Puts the files of a commit into a folder, by a worktree that git forgets at once.
fn check_out(repository: &Path, commit: &str, files: &Path) -> Result<(), String> {
    let partial = files.with_extension("partial");
    // What a run left that was stopped.
    forget(repository, &partial)?;
    if partial.exists() {
        fs::remove_dir_all(&partial).map_err(|e| format!("{}: {e}", partial.display()))?;
    }
    let mut add = git(repository, &["worktree", "add", "--quiet", "--detach"]);
    let added = finish(add.arg(&partial).arg(commit));
    let forgotten = forget(repository, &partial);
    added.and(forgotten)?;
    fs::rename(&partial, files).map_err(|e| format!("{}: {e}", files.display()))
}

/// Without its file `.git`, a worktree is a folder like any other.
fn forget(repository: &Path, worktree: &Path) -> Result<(), String> {
    let link = worktree.join(".git");
    if link.exists() {
        fs::remove_file(&link).map_err(|e| format!("{}: {e}", link.display()))?;
    }
    finish(&mut git(repository, &["worktree", "prune"]))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A repository of two commits, whose file says which.
    fn repository(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("volta-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let run = |arguments: &[&str]| finish(&mut git(&folder, arguments)).unwrap();
        run(&["init", "--quiet", "."]);
        for number in ["first", "second"] {
            fs::write(folder.join("which"), number).unwrap();
            run(&["add", "which"]);
            let identity = ["-c", "user.name=x", "-c", "user.email=x@example.com"];
            let commit = ["commit", "--quiet", "--no-gpg-sign", "-m", number];
            run(&[&identity[..], &commit[..]].concat());
        }
        folder
    }

    fn worktrees(repository: &Path) -> usize {
        let list = output(&mut git(repository, &["worktree", "list"])).unwrap();
        list.lines().count()
    }

    #[test]
    fn the_files_are_those_of_the_commit_and_git_forgets_them() {
        let repository = repository("checked-out");
        let files = repository.join("target/there");
        let first = commit(&repository, "HEAD~1").unwrap();
        // As a run leaves it that was stopped while it checked out.
        let partial = files.with_extension("partial");
        let mut add = git(&repository, &["worktree", "add", "--quiet", "--detach"]);
        finish(add.arg(&partial).arg("HEAD")).unwrap();
        assert_eq!(worktrees(&repository), 2);
        check_out(&repository, &first, &files).unwrap();
        assert_eq!(fs::read_to_string(files.join("which")).unwrap(), "first");
        assert_eq!((worktrees(&repository), partial.exists()), (1, false));
        fs::remove_dir_all(repository).unwrap();
    }

    #[test]
    fn what_fails_leaves_no_worktree() {
        let repository = repository("fails");
        let trouble = commit(&repository, "nowhere").unwrap_err();
        assert!(trouble.contains("`--against nowhere`"), "{trouble}");
        assert!(check_out(&repository, "nowhere", &repository.join("there")).is_err());
        assert_eq!(worktrees(&repository), 1);
        fs::remove_dir_all(repository).unwrap();
    }
}
