//! What a device refuses.

use crate::dtype::DtypeKind;

/// What can go wrong on a device that is not the CPU. The names of devices are those of their
/// drivers.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum DeviceError {
    /// No adapter is what was asked for.
    #[error("no adapter: {wanted} was asked for, and {}", adapters(seen))]
    NoAdapter {
        /// What was asked for: "a discrete GPU".
        wanted: String,
        /// The adapters that there are.
        seen: Vec<String>,
    },
    /// The device lacks what an element type or an op needs.
    #[error("{device} has no {what}: take another element type, or the CPU (`.to(&Cpu)`)")]
    Unsupported {
        /// The device.
        device: String,
        /// What it lacks: "f64 arithmetic".
        what: String,
    },
    /// One tensor is larger than the device allows.
    #[error(
        "a tensor of {dtype} of shape {dims:?} takes {}, and {device} allows {} for one: \
         split it, or take a narrower element type",
        size(*bytes), size(*limit)
    )]
    TooLarge {
        /// The device.
        device: String,
        /// The sizes of the tensor.
        dims: Vec<usize>,
        /// Its element type.
        dtype: DtypeKind,
        /// The bytes that it takes.
        bytes: u64,
        /// The most that one tensor may take.
        limit: u64,
    },
    /// The memory limit is reached, or the device has no more.
    #[error(
        "{device} is out of memory: {} were asked for, {} are in use, and the limit is {}: \
         drop tensors, or take smaller batches",
        size(*bytes), size(*in_use), size(*limit)
    )]
    OutOfMemory {
        /// The device.
        device: String,
        /// The bytes asked for.
        bytes: u64,
        /// The bytes in use.
        in_use: u64,
        /// The most that may be in use.
        limit: u64,
    },
    /// The device was lost: nothing made on it can be read any more.
    #[error(
        "{device} was lost ({reason}): what was on it is gone; open it anew, and start from what \
         was saved"
    )]
    Lost {
        /// The device.
        device: String,
        /// Why, in the words of the driver.
        reason: String,
    },
    /// An index is out of range: an op found it on the device, and the next read reports it, or
    /// `Tensor::try_gather` and its like looked before.
    #[error("{op}: index {place} is {index}, and there are {size}, from 0 on")]
    Index {
        /// The op.
        op: &'static str,
        /// The place of the index among the indices, in row-major order.
        place: usize,
        /// The index.
        index: i64,
        /// The size that it should be below.
        size: usize,
    },
    /// The driver refused a command: what is on the device cannot be trusted any more.
    #[error("{device} refused a command, and what is on it is not to be trusted: {message}")]
    Failed {
        /// The device.
        device: String,
        /// The words of the driver.
        message: String,
    },
}

fn adapters(seen: &[String]) -> String {
    if seen.is_empty() {
        return "there is none: a driver of Vulkan, Metal or DirectX 12 is needed; on Debian and \
                Ubuntu `mesa-vulkan-drivers` has one that needs no GPU"
            .to_owned();
    }
    format!("there is only:\n  {}", seen.join("\n  "))
}

/// Bytes, in a larger unit too where there are many.
fn size(bytes: u64) -> String {
    const UNITS: [&str; 6] = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
    if bytes < 1024 {
        return format!("{bytes} bytes");
    }
    let power = bytes.ilog2() / 10;
    let value = bytes as f64 / (1_u64 << (10 * power)) as f64;
    format!("{bytes} bytes ({value:.1} {})", UNITS[power as usize - 1])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;

    fn gpu() -> String {
        "llvmpipe".to_owned()
    }

    #[test]
    fn no_adapter_says_what_there_is_or_what_to_install() {
        let wanted = "a discrete GPU".to_owned();
        let error = DeviceError::NoAdapter {
            wanted: wanted.clone(),
            seen: vec!["llvmpipe (Vulkan)".to_owned(), "iris (Vulkan)".to_owned()],
        };
        assert_eq!(
            error.to_string(),
            "no adapter: a discrete GPU was asked for, and there is only:\n  \
             llvmpipe (Vulkan)\n  iris (Vulkan)"
        );
        let seen = Vec::new();
        assert_eq!(
            DeviceError::NoAdapter { wanted, seen }.to_string(),
            "no adapter: a discrete GPU was asked for, and there is none: a driver of Vulkan, \
             Metal or DirectX 12 is needed; on Debian and Ubuntu `mesa-vulkan-drivers` has one \
             that needs no GPU"
        );
    }

    #[test]
    fn what_does_not_fit_is_said_in_bytes() {
        let error = DeviceError::TooLarge {
            device: gpu(),
            dims: vec![1 << 15, 1 << 15],
            dtype: DtypeKind::F32,
            bytes: 1 << 32,
            limit: (1 << 31) - 1,
        };
        assert_eq!(
            error.to_string(),
            "a tensor of f32 of shape [32768, 32768] takes 4294967296 bytes (4.0 GiB), and \
             llvmpipe allows 2147483647 bytes (2.0 GiB) for one: split it, or take a narrower \
             element type"
        );
        let error = DeviceError::OutOfMemory {
            device: gpu(),
            bytes: 1536,
            in_use: 1000,
            limit: 2 << 20,
        };
        assert_eq!(
            error.to_string(),
            "llvmpipe is out of memory: 1536 bytes (1.5 KiB) were asked for, 1000 bytes are in \
             use, and the limit is 2097152 bytes (2.0 MiB): drop tensors, or take smaller batches"
        );
    }

    #[test]
    fn units_reach_from_bytes_to_the_largest_number() {
        let written = [0, 1023, 1024, u64::MAX].map(size);
        assert_eq!(
            written,
            [
                "0 bytes",
                "1023 bytes",
                "1024 bytes (1.0 KiB)",
                "18446744073709551615 bytes (16.0 EiB)",
            ]
        );
    }

    #[test]
    fn an_error_of_a_device_is_an_error_in_the_same_words() {
        let cases = [
            (
                DeviceError::Unsupported {
                    device: gpu(),
                    what: "f64 arithmetic".to_owned(),
                },
                "llvmpipe has no f64 arithmetic: take another element type, or the CPU \
                 (`.to(&Cpu)`)",
            ),
            (
                DeviceError::Lost {
                    device: gpu(),
                    reason: "unplugged".to_owned(),
                },
                "llvmpipe was lost (unplugged): what was on it is gone; open it anew, and start \
                 from what was saved",
            ),
            (
                DeviceError::Index {
                    op: "cross_entropy",
                    place: 3,
                    index: 12,
                    size: 10,
                },
                "cross_entropy: index 3 is 12, and there are 10, from 0 on",
            ),
            (
                DeviceError::Failed {
                    device: gpu(),
                    message: "no such bind group".to_owned(),
                },
                "llvmpipe refused a command, and what is on it is not to be trusted: no such bind group",
            ),
        ];
        for (error, message) in cases {
            assert_eq!(Error::from(error).to_string(), message);
        }
    }
}
