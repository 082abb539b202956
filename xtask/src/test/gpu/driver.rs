//! Which Vulkan driver the tests have, found without Vulkan: from the manifests that the loader
//! reads, and the device nodes that drivers of hardware open.

use std::fs;
use std::path::{Path, PathBuf};

/// What the tests run on.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Driver {
    /// What the loader chooses by itself: hardware, or what the user named.
    Own,
    /// Mesa's lavapipe alone, by its manifest: no other driver has a device to open.
    Software(PathBuf),
    /// None.
    Missing,
}

/// Where to look.
#[derive(Debug, Default)]
pub(super) struct Search {
    /// The user named the drivers, or the system has them without manifests.
    pub(super) own: bool,
    /// Folders of manifests.
    pub(super) manifests: Vec<PathBuf>,
    /// The folder of device nodes.
    pub(super) devices: PathBuf,
}

impl Search {
    /// As the loader searches ("Driver Discovery on Linux" in its documentation). Metal and
    /// DirectX 12 are parts of macOS and of Windows; the latter has a software device as well.
    pub(super) fn of_system() -> Self {
        let set = |name| std::env::var_os(name).filter(|value| !value.is_empty());
        let home = set("HOME").map(PathBuf::from);
        let of_user = |name, default| {
            let folder = set(name).map(PathBuf::from);
            folder.or_else(|| Some(home.as_ref()?.join(default)))
        };
        let of_all = |name, default: &str| {
            let folders = set(name).unwrap_or_else(|| default.into());
            std::env::split_paths(&folders).collect::<Vec<_>>()
        };
        let mut folders = Vec::new();
        folders.extend(of_user("XDG_CONFIG_HOME", ".config"));
        folders.extend(of_all("XDG_CONFIG_DIRS", "/etc/xdg"));
        folders.push("/etc".into());
        folders.extend(of_user("XDG_DATA_HOME", ".local/share"));
        folders.extend(of_all("XDG_DATA_DIRS", "/usr/local/share:/usr/share"));
        Search {
            own: !cfg!(target_os = "linux")
                || set("VK_DRIVER_FILES").is_some()
                || set("VK_ICD_FILENAMES").is_some(),
            manifests: folders.iter().map(|f| f.join("vulkan/icd.d")).collect(),
            devices: "/dev".into(),
        }
    }
}

/// Where there is a device node, the loader is left its choice: if no driver makes anything of the
/// node, as in a virtual machine, it still finds lavapipe.
pub(super) fn find(search: &Search) -> Driver {
    if search.own {
        return Driver::Own;
    }
    let manifests = || search.manifests.iter().flat_map(|folder| files(folder));
    if has_device(&search.devices) && manifests().any(|path| is_manifest(&path)) {
        return Driver::Own;
    }
    manifests()
        .find(|path| is_lavapipe(path))
        .map_or(Driver::Missing, Driver::Software)
}

/// In the order of their names; of a folder that is not there, none.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    files.sort();
    files
}

fn is_manifest(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "json")
}

/// Distributions put the architecture into the name: another one's library does not load.
fn is_lavapipe(path: &Path) -> bool {
    let architecture = match std::env::consts::ARCH {
        "x86" => "i686",
        other => other,
    };
    let named = format!("lvp_icd.{architecture}.json");
    path.file_name()
        .is_some_and(|name| name == "lvp_icd.json" || name == named.as_str())
}

/// The nodes of Linux's own drivers, of NVIDIA's, and of WSL.
fn has_device(devices: &Path) -> bool {
    let begins = |folder: &Path, start: &str| {
        files(folder).iter().any(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            name.strip_prefix(start)
                .is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()))
        })
    };
    begins(&devices.join("dri"), "renderD")
        || begins(devices, "nvidia")
        || devices.join("dxg").exists()
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

    use super::*;

    /// A folder of its own with these files, removed in the end.
    struct Machine(PathBuf);

    impl Machine {
        fn with(files: &[&str]) -> (Self, Search) {
            static COUNT: AtomicUsize = AtomicUsize::new(0);
            let (process, count) = (std::process::id(), COUNT.fetch_add(1, Relaxed));
            let root = std::env::temp_dir().join(format!("volta-driver-{process}-{count}"));
            fs::create_dir_all(&root).unwrap();
            for file in files {
                let file = root.join(file);
                fs::create_dir_all(file.parent().unwrap()).unwrap();
                fs::write(file, "").unwrap();
            }
            let search = Search {
                own: false,
                manifests: vec![root.join("etc"), root.join("usr")],
                devices: root.join("dev"),
            };
            (Machine(root), search)
        }
    }

    impl Drop for Machine {
        fn drop(&mut self) {
            fs::remove_dir_all(&self.0).unwrap();
        }
    }

    #[test]
    fn of_nothing_there_is_no_driver() {
        let (_machine, search) = Machine::with(&[]);
        assert_eq!(find(&search), Driver::Missing);
        let files = ["dev/nvidia0", "usr/README", "usr/lvp_icd.sparc.json"];
        let (_machine, mut search) = Machine::with(&files);
        search.devices = search.devices.join("dri");
        assert_eq!(find(&search), Driver::Missing);
    }

    #[test]
    fn without_a_device_lavapipe_is_named() {
        let files = ["usr/intel_icd.x86_64.json", "usr/lvp_icd.json", "dev/null"];
        let (machine, search) = Machine::with(&files);
        let manifest = machine.0.join("usr/lvp_icd.json");
        assert_eq!(find(&search), Driver::Software(manifest));
        let (_machine, search) = Machine::with(&files[..1]);
        assert_eq!(find(&search), Driver::Missing);
    }

    #[test]
    fn with_a_device_the_loader_chooses() {
        for node in ["dev/dri/renderD128", "dev/nvidia0", "dev/dxg"] {
            let files = [node, "etc/a_driver.json"];
            let (_machine, search) = Machine::with(&files);
            assert_eq!(find(&search), Driver::Own, "{node}");
            let (_machine, search) = Machine::with(&files[..1]);
            assert_eq!(find(&search), Driver::Missing, "{node}");
        }
        let files = ["dev/nvidiactl", "dev/dri/card0", "etc/lvp_icd.json"];
        let (_machine, search) = Machine::with(&files);
        assert!(matches!(find(&search), Driver::Software(_)));
    }

    #[test]
    fn what_the_user_named_is_taken() {
        let search = Search {
            own: true,
            ..Search::default()
        };
        assert_eq!(find(&search), Driver::Own);
    }
}
