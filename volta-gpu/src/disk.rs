//! Compiled kernels on disk, for the next run.

use std::fs;
use std::hash::{DefaultHasher, Hasher};
use std::io;
use std::path::{Path, PathBuf};

/// The file of one adapter.
#[derive(Debug)]
pub(crate) struct DiskCache {
    path: PathBuf,
}

/// What a file starts with; then comes a hash of the rest, which is the driver's.
const MAGIC: &[u8; 8] = b"volta 1\n";

impl DiskCache {
    /// In the user's folder for caches, if there is one.
    pub(crate) fn default_for(info: &wgpu::AdapterInfo) -> Option<DiskCache> {
        let set = |name| std::env::var_os(name).filter(|value| !value.is_empty());
        let folder = set("XDG_CACHE_HOME")
            .or_else(|| set("LOCALAPPDATA"))
            .map(PathBuf::from)
            .or_else(|| Some(PathBuf::from(set("HOME")?).join(".cache")))?;
        DiskCache::within(&folder.join("volta"), info)
    }

    pub(crate) fn within(folder: &Path, info: &wgpu::AdapterInfo) -> Option<DiskCache> {
        let name = wgpu::util::pipeline_cache_key(info)?;
        Some(DiskCache {
            path: folder.join(name),
        })
    }

    /// What was kept; nothing of a file that is damaged.
    pub(crate) fn read(&self, device: &wgpu::Device) -> wgpu::PipelineCache {
        let file = fs::read(&self.path).ok();
        let data = file.as_deref().and_then(unpack);
        // SAFETY: the data are what a driver gave to `write`, by their hash; the driver refuses
        // those of another version or device, and then starts with an empty cache.
        unsafe {
            device.create_pipeline_cache(&wgpu::PipelineCacheDescriptor {
                label: Some("volta"),
                data,
                fallback: true,
            })
        }
    }

    /// Keeps the kernels that the driver compiled: all of them, or what was there.
    pub(crate) fn write(&self, cache: &wgpu::PipelineCache) -> io::Result<()> {
        let Some(data) = cache.get_data() else {
            return Ok(());
        };
        let folder = self.path.parent().expect("a file in a folder");
        fs::create_dir_all(folder)?;
        let name = format!("{}.{}", self.path.display(), std::process::id());
        let temporary = PathBuf::from(name);
        fs::write(&temporary, pack(&data))?;
        fs::rename(&temporary, &self.path).inspect_err(|_| {
            let _ = fs::remove_file(&temporary);
        })
    }
}

fn hash(data: &[u8]) -> [u8; 8] {
    let mut hasher = DefaultHasher::new();
    hasher.write(data);
    hasher.finish().to_le_bytes()
}

fn pack(data: &[u8]) -> Vec<u8> {
    [&MAGIC[..], &hash(data), data].concat()
}

fn unpack(file: &[u8]) -> Option<&[u8]> {
    let (expected, data) = file.strip_prefix(MAGIC)?.split_first_chunk::<8>()?;
    (*expected == hash(data)).then_some(data)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_damaged_file_holds_nothing() {
        let file = pack(b"kernels");
        assert_eq!(unpack(&file), Some(&b"kernels"[..]));
        for len in 0..file.len() {
            assert_eq!(unpack(&file[..len]), None, "{len} bytes");
        }
        for at in 0..file.len() {
            let mut damaged = file.clone();
            damaged[at] ^= 1;
            assert_eq!(unpack(&damaged), None, "byte {at}");
        }
    }
}
