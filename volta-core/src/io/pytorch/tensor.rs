//! The elements of a tensor.

use std::collections::HashMap;

use super::archive::Archive;
use super::budget::Budget;
use super::value::{Node, Storage, Tensor, Tree, Value};
use super::{MAX_RANK, PytorchTrouble as Trouble, TensorTrouble};
use crate::io::bytes::Bytes;
use crate::io::{FileDtype, HostTensor, strided};

/// The tensors of an archive. Those that share elements there share bytes.
pub(super) struct Tensors<'a> {
    pub(super) archive: Archive<'a>,
    pub(super) budget: Budget,
    big_endian: bool,
    storages: HashMap<&'a [u8], Bytes>,
}

/// Where elements are.
struct View {
    dtype: FileDtype,
    dims: Vec<usize>,
    strides: Vec<usize>,
    offset: usize,
}

impl<'a> Tensors<'a> {
    pub(super) fn of(mut archive: Archive<'a>, mut budget: Budget) -> Result<Self, Trouble> {
        // Before PyTorch 2.1 there was none, and all was little-endian.
        let order = archive.entry("byteorder", &mut budget)?;
        let big_endian = match order.as_deref() {
            None | Some(b"little") => false,
            Some(b"big") => true,
            Some(other) => {
                let start = &other[..other.len().min(16)];
                let order = String::from_utf8_lossy(start).into_owned();
                return Err(Trouble::ByteOrder(order));
            }
        };
        Ok(Tensors {
            archive,
            budget,
            big_endian,
            storages: HashMap::new(),
        })
    }

    /// A tensor, or a storage as a tensor of one axis; `None` for what is neither.
    pub(super) fn get(
        &mut self,
        tree: &Tree<'a>,
        node: &Node,
        key: &str,
    ) -> Result<Option<HostTensor>, Trouble> {
        let read = match node {
            Node::Tensor(tensor) => self.tensor(tree, tensor),
            Node::Storage(storage) => self.vector(tree, storage),
            _ => return Ok(None),
        };
        read.map(Some).map_err(|stop| match stop {
            Stop::Trouble(trouble) => trouble,
            Stop::Tensor(trouble) => Trouble::OfTensor {
                key: key.to_owned(),
                trouble: Box::new(trouble),
            },
        })
    }

    fn tensor(&mut self, tree: &Tree<'a>, tensor: &Tensor) -> Result<HostTensor, Stop> {
        if let Some(attributes) = tensor.attributes {
            let is = |name: &str| is_set(tree, attributes, name);
            for (name, lazy) in [("conj", "conjugates"), ("neg", "negates")] {
                if is(name) {
                    return Err(TensorTrouble::Lazy(lazy).into());
                }
            }
        }
        let dtype = match tensor.dtype {
            Some(name) => dtype(name.text(tree.stream), FileDtype::of_torch)?,
            None => storage_dtype(tree, &tensor.storage)?,
        };
        let dims = sizes(tree, tensor.dims)?;
        let strides = sizes(tree, tensor.strides)?;
        let offset = usize::try_from(tensor.offset);
        let (Ok(offset), true) = (offset, strides.len() == dims.len()) else {
            return Err(TensorTrouble::Sizes.into());
        };
        let bytes = self.storage(tree, &tensor.storage)?;
        let view = View {
            dtype,
            dims,
            strides,
            offset,
        };
        self.view(&bytes, view)
    }

    fn vector(&mut self, tree: &Tree<'a>, storage: &Storage) -> Result<HostTensor, Stop> {
        let dtype = storage_dtype(tree, storage)?;
        let bytes = self.storage(tree, storage)?;
        let view = View {
            dtype,
            dims: vec![bytes.len() / dtype.bits().div_ceil(8)],
            strides: vec![1],
            offset: 0,
        };
        self.view(&bytes, view)
    }

    /// The elements in memory, as many as the pickle says.
    fn storage(&mut self, tree: &Tree<'a>, storage: &Storage) -> Result<Bytes, Stop> {
        let name = || format!("data/{}", storage.key.text(tree.stream));
        let key = storage.key.of(tree.stream);
        let bytes = match self.storages.get(key) {
            Some(bytes) => bytes.clone(),
            None => {
                let bytes = self.archive.entry(&name(), &mut self.budget)?;
                let bytes = bytes.ok_or_else(|| TensorTrouble::NoStorage(name()))?;
                self.storages.insert(key, bytes.clone());
                bytes
            }
        };
        let size = storage_dtype(tree, storage)?.bits().div_ceil(8) as u64;
        let declared = u64::try_from(storage.elements).ok();
        let declared = declared.and_then(|elements| elements.checked_mul(size));
        let (declared, found) = (declared.unwrap_or(u64::MAX), bytes.len() as u64);
        match declared == found {
            true => Ok(bytes),
            false => Err(TensorTrouble::StorageSize {
                name: name(),
                declared,
                found,
            }
            .into()),
        }
    }

    fn view(&mut self, bytes: &Bytes, view: View) -> Result<HostTensor, Stop> {
        let View {
            dtype,
            mut dims,
            strides,
            offset,
        } = view;
        // An element of PyTorch's is a byte at least: one of them holds two of four bits.
        let size = dtype.bits().div_ceil(8);
        let elements = dims.iter().try_fold(1_usize, |n, &dim| n.checked_mul(dim));
        let Some(elements) = elements.filter(|n| n.checked_mul(size).is_some()) else {
            return Err(TensorTrouble::Overflow { dims, dtype }.into());
        };
        let end = end(&dims, &strides, offset, elements).and_then(|end| end.checked_mul(size));
        if end.is_none_or(|end| end > bytes.len()) {
            return Err(TensorTrouble::Bounds {
                dims,
                strides,
                offset,
                dtype,
                bytes: bytes.len(),
            }
            .into());
        }
        let swapped = self.big_endian && dtype.word() > 1;
        let bytes = if elements == 0 {
            bytes.slice(0..0)
        } else if in_order(&dims, &strides) && !swapped {
            bytes.slice(offset * size..(offset + elements) * size)
        } else {
            let what = "tensors that repeat or reorder elements";
            self.budget.take(elements * size, what)?;
            // Along an axis of one element nothing is that far.
            let apart =
                |(&dim, &stride): (&usize, &usize)| if dim == 1 { 0 } else { stride * size };
            let apart: Vec<usize> = dims.iter().zip(&strides).map(apart).collect();
            let mut copy = strided::gather(&bytes[offset * size..], size, &dims, &apart);
            if swapped {
                copy.chunks_exact_mut(dtype.word())
                    .for_each(<[u8]>::reverse);
            }
            Bytes::new(copy)
        };
        if dtype.bits() < 8 {
            let packed = 8 / dtype.bits();
            match dims.last_mut() {
                // Not above the bytes that there are, unless another axis is empty.
                Some(last) => *last = last.saturating_mul(packed),
                None => dims.push(packed),
            }
        }
        match HostTensor::of_bytes(dtype, dims.clone(), bytes) {
            Some(tensor) => Ok(tensor),
            None => Err(TensorTrouble::Overflow { dims, dtype }.into()),
        }
    }
}

enum Stop {
    Trouble(Trouble),
    Tensor(TensorTrouble),
}

impl From<Trouble> for Stop {
    fn from(trouble: Trouble) -> Self {
        Stop::Trouble(trouble)
    }
}

impl From<TensorTrouble> for Stop {
    fn from(trouble: TensorTrouble) -> Self {
        Stop::Tensor(trouble)
    }
}

fn dtype(name: &str, of: fn(&str) -> Option<FileDtype>) -> Result<FileDtype, TensorTrouble> {
    of(name).ok_or_else(|| TensorTrouble::Dtype(name.to_owned()))
}

fn storage_dtype(tree: &Tree<'_>, storage: &Storage) -> Result<FileDtype, TensorTrouble> {
    match storage.class.text(tree.stream) {
        "UntypedStorage" => Ok(FileDtype::U8),
        name => dtype(name, FileDtype::of_torch_storage),
    }
}

/// Whether a dict of attributes has this one.
fn is_set(tree: &Tree<'_>, attributes: Value, name: &str) -> bool {
    let Some(Node::Dict(attributes)) = tree.node(attributes) else {
        return false;
    };
    attributes.iter().any(|(key, value)| {
        matches!(key, Value::Text(key) if key.text(tree.stream) == name)
            && !matches!(value, Value::None | Value::Bool(false))
    })
}

fn sizes(tree: &Tree<'_>, value: Value) -> Result<Vec<usize>, TensorTrouble> {
    let items = tree.tuple(value).ok_or(TensorTrouble::Sizes)?;
    if items.len() > MAX_RANK {
        return Err(TensorTrouble::Rank(items.len()));
    }
    let size = |item: &Value| match item {
        Value::Int(size) => usize::try_from(*size).map_err(|_| TensorTrouble::Sizes),
        _ => Err(TensorTrouble::Sizes),
    };
    items.iter().map(size).collect()
}

/// Where the elements end; the start of none is anywhere.
fn end(dims: &[usize], strides: &[usize], offset: usize, elements: usize) -> Option<usize> {
    if elements == 0 {
        return Some(0);
    }
    let mut end = offset.checked_add(1)?;
    for (dim, stride) in dims.iter().zip(strides) {
        end = end.checked_add((dim - 1).checked_mul(*stride)?)?;
    }
    Some(end)
}

/// Whether the elements follow one another.
fn in_order(dims: &[usize], strides: &[usize]) -> bool {
    let mut step = 1;
    let mut axes = dims.iter().zip(strides).rev();
    axes.all(|(dim, stride)| {
        let fits = *dim == 1 || *stride == step;
        step *= dim;
        fits
    })
}
