//! Installs a software driver where that needs nobody's answer.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use super::in_path;
use crate::test::gate::finish;

const PACKAGES: [&str; 2] = ["mesa-vulkan-drivers", "libvulkan1"];

/// Installs Mesa's drivers with apt, as root or by a `sudo` that asks for nothing; elsewhere says
/// what to install.
pub(super) fn run(searched: &[PathBuf]) -> Result<(), String> {
    let path = std::env::var_os("PATH");
    let has = |name| in_path(name, path.as_deref());
    let sudo = || has("sudo") && quiet(&["sudo", "-n", "true"]).is_some();
    let Some(start) = start(has("apt-get"), is_root(), sudo) else {
        return Err(missing(searched));
    };
    println!(
        "\n==> no Vulkan driver: installing {}",
        PACKAGES.join(" and ")
    );
    let install = [&["install", "-y"], &PACKAGES[..]].concat();
    // The lists of packages may be missing, as in a container, or too old.
    let known = quiet(&["apt-cache", "show", PACKAGES[0]]).is_some();
    if known && apt(start, &install).is_ok() {
        return Ok(());
    }
    apt(start, &["update"])
        .and_then(|()| apt(start, &install))
        .map_err(|trouble| format!("{trouble}\n{}", missing(searched)))
}

/// What stands before `apt-get`; `None` where it cannot be run.
fn start(apt: bool, root: bool, sudo: impl FnOnce() -> bool) -> Option<&'static [&'static str]> {
    match (apt, root) {
        (false, _) => None,
        (true, true) => Some(&[]),
        (true, false) => sudo().then_some(&["sudo", "-n"]),
    }
}

fn apt(start: &[&str], arguments: &[&str]) -> Result<(), String> {
    let noninteractive = &["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"][..];
    let words = [start, noninteractive, arguments].concat();
    println!("{}", words.join(" "));
    let mut command = Command::new(words[0]);
    finish(command.args(&words[1..]).stdin(Stdio::null()))
}

fn is_root() -> bool {
    quiet(&["id", "-u"]).is_some_and(|uid| uid.trim() == "0")
}

/// What a command prints, if it succeeds.
fn quiet(words: &[&str]) -> Option<String> {
    let output = Command::new(words[0])
        .args(&words[1..])
        .stdin(Stdio::null())
        .output()
        .ok()?;
    (output.status.success()).then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// What to do where nothing can be installed.
pub(super) fn missing(searched: &[PathBuf]) -> String {
    let searched: Vec<_> = searched
        .iter()
        .map(|folder| format!("\n  {}", folder.display()))
        .collect();
    format!(
        "the gate `gpu` needs a Vulkan driver, and none that can run here is in{}\n\
         A software driver will do:\n  \
         Debian, Ubuntu: apt-get install {}\n  \
         Fedora:         dnf install mesa-vulkan-drivers vulkan-loader\n  \
         Arch:           pacman -S vulkan-swrast vulkan-icd-loader\n\
         `cargo xtask test --no-gpu` leaves the gate out",
        searched.concat(),
        PACKAGES.join(" "),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn apt_runs_as_root_or_by_a_sudo_that_does_not_ask() {
        let never = || unreachable!("sudo is not needed");
        assert_eq!(start(false, true, never), None);
        assert_eq!(start(true, true, never), Some(&[][..]));
        assert_eq!(start(true, false, || true), Some(&["sudo", "-n"][..]));
        assert_eq!(start(true, false, || false), None);
    }

    #[test]
    fn what_is_missing_is_said_for_every_distribution() {
        let message = missing(&["/etc/vulkan/icd.d".into()]);
        for part in [
            "/etc/vulkan/icd.d",
            "apt-get install mesa-vulkan-drivers libvulkan1",
            "dnf install",
            "pacman -S",
            "--no-gpu",
        ] {
            assert!(message.contains(part), "{message}");
        }
    }
}
