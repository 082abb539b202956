//! The zip archive around a pickle and its tensors.

use std::io::{self, Cursor, Read};

use zip::{CompressionMethod, ZipArchive};

use super::PytorchTrouble as Trouble;
use super::budget::Budget;
use crate::io::bytes::Bytes;

pub(super) struct Archive<'a> {
    whole: &'a Bytes,
    zip: ZipArchive<Cursor<&'a [u8]>>,
    /// The folder that all entries are in: `archive/`.
    folder: String,
}

impl<'a> Archive<'a> {
    pub(super) fn open(whole: &'a Bytes) -> Result<Self, Trouble> {
        let damaged = |error: zip::result::ZipError| Trouble::Zip(error.to_string());
        let mut zip = ZipArchive::new(Cursor::new(&**whole)).map_err(damaged)?;
        if zip.has_duplicate_names() {
            return Err(Trouble::TwoEntries);
        }
        if zip.has_overlapping_entries().map_err(damaged)? {
            return Err(Trouble::Overlap);
        }
        let is_in = |name: &[u8], file: &[u8]| {
            let folder = name.strip_suffix(file);
            folder.is_some_and(|folder| folder.is_empty() || folder.ends_with(b"/"))
        };
        if zip
            .file_names_raw()
            .any(|name| is_in(name, b"constants.pkl"))
        {
            return Err(Trouble::TorchScript);
        }
        let pickle = zip.file_names_raw().find(|name| is_in(name, b"data.pkl"));
        let folder = pickle.and_then(|name| str::from_utf8(name).ok()?.strip_suffix("data.pkl"));
        let Some(folder) = folder.map(str::to_owned) else {
            let names = zip.file_names_raw().take(8);
            let names = names.map(|name| String::from_utf8_lossy(name).into_owned());
            return Err(Trouble::NoPickle(names.collect()));
        };
        Ok(Archive { whole, zip, folder })
    }

    /// The bytes of an entry, if there is one: those of the file, unless they are compressed.
    pub(super) fn entry(
        &mut self,
        name: &str,
        budget: &mut Budget,
    ) -> Result<Option<Bytes>, Trouble> {
        let full = format!("{}{name}", self.folder);
        let Some(place) = self.zip.index_for_name_raw(full.as_bytes()) else {
            return Ok(None);
        };
        let damaged = |message: &dyn std::fmt::Display| Trouble::Entry {
            name: name.to_owned(),
            message: message.to_string(),
        };
        // Without sums, which PyTorch can be told to leave out, they are all 0.
        let raw = self.zip.by_index_raw(place).map_err(|e| damaged(&e))?;
        let (without_sum, method) = (raw.crc32() == 0, raw.compression());
        let (len, packed, start) = (raw.size(), raw.compressed_size(), raw.data_start());
        if raw.encrypted() {
            return Err(damaged(&"it is encrypted"));
        }
        drop(raw);
        if method == CompressionMethod::Stored && !(without_sum && len > 0) {
            let mut entry = self.zip.by_index(place).map_err(|e| damaged(&e))?;
            io::copy(&mut entry, &mut io::sink()).map_err(|e| damaged(&e))?;
        }
        if method == CompressionMethod::Stored {
            let start = start.and_then(|start| usize::try_from(start).ok());
            let end = start.and_then(|start| start.checked_add(usize::try_from(packed).ok()?));
            return match (start, end) {
                (Some(start), Some(end)) if end <= self.whole.len() && len == packed => {
                    Ok(Some(self.whole.slice(start..end)))
                }
                _ => Err(damaged(&"its length is not that of its data")),
            };
        }
        // How much it is, and whether its sum is right; only then is there memory for it.
        let entry = self.zip.by_index(place).map_err(|e| damaged(&e))?;
        let most = budget.left().saturating_add(1);
        let len = io::copy(&mut entry.take(most), &mut io::sink()).map_err(|e| damaged(&e))?;
        let len = usize::try_from(len).unwrap_or(usize::MAX);
        budget.take(len, &format!("compressed entry `{name}`"))?;
        let mut entry = self.zip.by_index(place).map_err(|e| damaged(&e))?;
        let mut bytes = vec![0; len];
        entry.read_exact(&mut bytes).map_err(|e| damaged(&e))?;
        Ok(Some(Bytes::new(bytes)))
    }
}
