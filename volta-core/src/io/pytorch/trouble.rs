//! What can be wrong in a file of PyTorch.

use super::{GROWTH, MAX_DEPTH, MAX_PICKLE, MAX_RANK};
use crate::io::FileDtype;

/// What is wrong in a file of PyTorch.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PytorchTrouble {
    /// The file does not start as a zip archive does.
    #[error("no PyTorch file: it starts with the bytes {0:02x?}, not with 50 4b 03 04, as a zip")]
    NoZip(Vec<u8>),
    /// The file is a safetensors file.
    #[error("it is a safetensors file: `volta::io::safetensors::load` reads it")]
    Safetensors,
    /// The file is in the format of PyTorch before 1.6.
    #[error(
        "it is in PyTorch's format of before 1.6, which is no zip; `torch.save(torch.load(p), q)` \
         converts it in Python"
    )]
    Legacy,
    /// The file is a tar archive: the first format of PyTorch.
    #[error(
        "it is a tar archive, PyTorch's format of before 0.1.10; `torch.save(torch.load(p), q)` \
         converts it in Python"
    )]
    Tar,
    /// The file is a pickle alone.
    #[error(
        "it is a pickle without tensors, as `pickle.dump` writes; `torch.save` in Python writes \
         what is read here"
    )]
    BarePickle,
    /// The file is a program in TorchScript.
    #[error(
        "it is a TorchScript archive, a program; `torch.save(torch.jit.load(p).state_dict(), q)` \
         writes its tensors in Python"
    )]
    TorchScript,
    /// The archive has no `data.pkl`.
    #[error("a zip archive, but none of PyTorch's: it has no `data.pkl`, but {0:?}")]
    NoPickle(Vec<String>),
    /// The zip archive is damaged.
    #[error("its zip archive is damaged: {0}")]
    Zip(String),
    /// Entries of the archive share bytes.
    #[error("its zip archive is damaged: entries overlap")]
    Overlap,
    /// Two entries of the archive have one name.
    #[error("its zip archive is damaged: two entries have one name")]
    TwoEntries,
    /// An entry of the archive does not read.
    #[error("its entry `{name}` is damaged: {message}")]
    Entry {
        /// The entry.
        name: String,
        /// What the reader says.
        message: String,
    },
    /// The entry `byteorder` says neither `little` nor `big`.
    #[error("its entry `byteorder` says {0:?}, not \"little\" or \"big\"")]
    ByteOrder(String),
    /// Reading would take more memory than [`GROWTH`] times the file's size.
    #[error(
        "its {what} would take more than {limit} bytes, {GROWTH} times the size of the file and a \
         MiB"
    )]
    Growth {
        /// What takes the memory.
        what: String,
        /// The most that it may take.
        limit: u64,
    },
    /// The pickle is longer than [`MAX_PICKLE`].
    #[error("its pickle is {0} bytes long, and {MAX_PICKLE} are the most")]
    PickleTooLong(usize),
    /// The pickle calls, or has, something that tensors are not made of. It was not called.
    #[error(
        "data.pkl, byte {at}: loading it in Python would execute `{name}`, which is nothing that \
         tensors, numbers and texts are made of; nothing was executed. If you trust the file, \
         `torch.save(model.state_dict(), q)` in Python writes one without it"
    )]
    Global {
        /// Where in the pickle.
        at: usize,
        /// What would be called.
        name: String,
    },
    /// The pickle has an opcode that `torch.save` does not write.
    #[error("data.pkl, byte {at}: the opcode {opcode:02x} is none that `torch.save` writes")]
    Opcode {
        /// Where in the pickle.
        at: usize,
        /// The opcode.
        opcode: u8,
    },
    /// The pickle is damaged.
    #[error("data.pkl, byte {at}: {what}")]
    Pickle {
        /// Where in the pickle.
        at: usize,
        /// What is wrong there.
        what: &'static str,
    },
    /// What is in the file is nested too deeply.
    #[error("`{0}` is nested in more than {MAX_DEPTH} dicts and lists")]
    Deep(String),
    /// A dict or list holds itself.
    #[error("`{0}` holds itself")]
    Cycle(String),
    /// A tensor is in a set, or is the key of a dict.
    #[error("`{0}` has a tensor where it gets no name: in a set, or as the key of a dict")]
    Unnamed(String),
    /// Two tensors have one name.
    #[error("two of its values have the name `{0}`")]
    Duplicate(String),
    /// There is no dict of the name asked for.
    #[error("it has no dict `{key}`, but {keys:?}")]
    NoKey {
        /// The name asked for.
        key: String,
        /// The names that there are, without those inside.
        keys: Vec<String>,
    },
    /// A tensor is damaged, or of what volta has not.
    #[error("tensor `{key}`: {trouble}")]
    OfTensor {
        /// The tensor.
        key: String,
        /// The trouble.
        trouble: Box<TensorTrouble>,
    },
}

/// What is wrong with a tensor in a file of PyTorch.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TensorTrouble {
    /// The elements are of a type that volta has not.
    #[error("volta has no element type for `torch.{0}`")]
    Dtype(String),
    /// The archive has no entry for the elements.
    #[error("its elements should be in the entry `{0}`, and there is none")]
    NoStorage(String),
    /// The entry of the elements has another length than the pickle says.
    #[error("the entry `{name}` should have {declared} bytes, and has {found}")]
    StorageSize {
        /// The entry.
        name: String,
        /// The bytes that the pickle declares.
        declared: u64,
        /// The bytes of the entry.
        found: u64,
    },
    /// The sizes are not whole numbers, or the strides not as many.
    #[error("its sizes and strides are not as many whole numbers, 0 or more")]
    Sizes,
    /// There are too many axes.
    #[error("it has {0} axes, and {MAX_RANK} are the most")]
    Rank(usize),
    /// The sizes are more than memory can hold.
    #[error("the shape {dims:?} of {dtype} is more than memory can hold")]
    Overflow {
        /// The sizes.
        dims: Vec<usize>,
        /// The element type.
        dtype: FileDtype,
    },
    /// The tensor reaches beyond its elements.
    #[error(
        "the shape {dims:?} with strides {strides:?} from element {offset} on reaches beyond its \
         {bytes} bytes of {dtype}"
    )]
    Bounds {
        /// The sizes.
        dims: Vec<usize>,
        /// The elements from one index to the next, by axis.
        strides: Vec<usize>,
        /// The first element.
        offset: usize,
        /// The element type.
        dtype: FileDtype,
        /// The bytes that there are.
        bytes: usize,
    },
    /// The elements are to be conjugated or negated first.
    #[error(
        "it is a view that PyTorch {0} when it reads it; `torch.save(x.resolve_conj()\
         .resolve_neg(), q)` in Python writes the elements themselves"
    )]
    Lazy(&'static str),
}
