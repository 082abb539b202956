//! Files that are taken for those of `torch.save`.

use super::PytorchTrouble as Trouble;

/// The start of PyTorch's format of before 1.6: a pickle of protocol 2 of the number
/// 0x1950a86a20f9469cfc6c.
const LEGACY: &[u8] = b"\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19";

/// Where a tar archive has its magic.
const TAR: (usize, &[u8]) = (257, b"ustar");

/// What a file is that does not start as a zip archive; nothing for one that does.
pub(super) fn refuse(bytes: &[u8]) -> Result<(), Trouble> {
    if bytes.starts_with(b"PK\x03\x04") {
        return Ok(());
    }
    let is_safetensors = bytes.split_first_chunk().is_some_and(|(length, rest)| {
        u64::from_le_bytes(*length) <= rest.len() as u64 && rest.starts_with(b"{")
    });
    let is_tar = bytes
        .get(TAR.0..)
        .is_some_and(|rest| rest.starts_with(TAR.1));
    Err(match bytes {
        _ if is_safetensors => Trouble::Safetensors,
        _ if is_tar => Trouble::Tar,
        [0x80, 0..=5, rest @ ..] if rest.starts_with(LEGACY) => Trouble::Legacy,
        [0x80, 2..=5, ..] => Trouble::BarePickle,
        _ => Trouble::NoZip(bytes[..bytes.len().min(4)].to_vec()),
    })
}
