//! Whatever a file says, no reader takes more memory than some times its size, and every error names
//! it: cut off anywhere, with any bit flipped, and changed at random. One test, as the counters are
//! the process's.

use std::alloc::{GlobalAlloc, Layout, System};
use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use volta::Error;
use volta::data::{Csv, Idx, npy, npz};
use volta::io::{pytorch, safetensors};
use volta::prelude::*;

struct Counting;

static IN_USE: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

// SAFETY: the allocations are the system's; what is added only counts them.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let in_use = IN_USE.fetch_add(layout.size(), Relaxed) + layout.size();
        PEAK.fetch_max(in_use, Relaxed);
        // SAFETY: the layout is the caller's.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        IN_USE.fetch_sub(layout.size(), Relaxed);
        // SAFETY: the memory was given by `alloc` for this layout.
        unsafe { System.dealloc(memory, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// The most bytes that `read` has at one time.
fn peak(read: impl FnOnce()) -> usize {
    let before = IN_USE.load(Relaxed);
    PEAK.store(before, Relaxed);
    read();
    PEAK.load(Relaxed) - before
}

type Read = fn(&[u8], &Path) -> Result<(), Error>;

/// A reader, how many times the size of a file it may take, and bytes beside.
struct Reader {
    name: &'static str,
    read: Read,
    times: usize,
    beside: usize,
    files: Vec<Vec<u8>>,
}

fn root(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn files(names: &[&str]) -> Vec<Vec<u8>> {
    names
        .iter()
        .map(|name| fs::read(root(name)).unwrap())
        .collect()
}

fn csv(bytes: &[u8], path: &Path) -> Result<(), Error> {
    let table = Csv::options().parse(bytes, path)?;
    table.tensor::<f64>().map(drop)
}

fn idx(bytes: &[u8], path: &Path) -> Result<(), Error> {
    Idx::<u8>::from_reader(bytes, path).map(drop)
}

fn npy(bytes: &[u8], path: &Path) -> Result<(), Error> {
    npy::from_reader(bytes, path).map(drop)
}

fn npz(bytes: &[u8], path: &Path) -> Result<(), Error> {
    npz::from_reader(Cursor::new(bytes), path).map(drop)
}

fn pytorch(bytes: &[u8], path: &Path) -> Result<(), Error> {
    pytorch::from_bytes(bytes.to_vec(), path).map(drop)
}

fn safetensors(bytes: &[u8], path: &Path) -> Result<(), Error> {
    fs::write(path, bytes).unwrap();
    safetensors::load(path).map(drop)
}

/// A file of a pickle without sums in its archive.
fn of_pickle(opcodes: &[u8]) -> Vec<u8> {
    let pickle = [b"\x80\x04", opcodes, b"."].concat();
    let len = (pickle.len() as u32).to_le_bytes();
    let common = [
        b"\x14\0\0\0\0\0\0\0\0\0\0\0\0\0",
        &len[..],
        &len,
        b"\x0a\0\0\0",
    ]
    .concat();
    let start = (40 + pickle.len() as u32).to_le_bytes();
    [
        b"PK\x03\x04",
        &common[..],
        b"a/data.pkl",
        &pickle,
        b"PK\x01\x02\x14\0",
        &common,
        &[0; 14],
        b"a/data.pkl",
        b"PK\x05\x06\0\0\0\0\x01\0\x01\0\x38\0\0\0",
        &start,
        &[0; 2],
    ]
    .concat()
}

/// Of a hundred thousand opcodes or so each: what makes the most of a byte.
fn pickles() -> Vec<Vec<u8>> {
    const N: usize = 100_000;
    let chain = |parts: &[&[u8]]| of_pickle(&parts.concat());
    vec![
        chain(&[&b"N".repeat(N), b"0N"]),
        chain(&[&b"(".repeat(N)]),
        chain(&[&b"]".repeat(N)]),
        chain(&[&b")".repeat(N)]),
        chain(&[&b"}".repeat(N)]),
        chain(&[b"N", &b"\x94".repeat(N)]),
        chain(&[&b"]\x94".repeat(N)]),
        chain(&[b"N", &b"\x85".repeat(N)]),
        chain(&[&b"]Na".repeat(N)]),
        chain(&[&b"}NNs".repeat(N)]),
        chain(&[b"](", &b"N".repeat(N), b"e"]),
        // The stack is large, and each tuple is not.
        chain(&[&b"N".repeat(N), &b"0".repeat(N), &b"(t0".repeat(N), b"N"]),
        chain(&[b"](", &b"}".repeat(N), b"e"]),
        chain(&[b"}(", &b"K\x01".repeat(N), b"u"]),
        chain(&[b"}(", &b"K\x01}".repeat(N), b"u"]),
    ]
}

fn readers() -> Vec<Reader> {
    let own = |name: &str| format!("volta-core/tests/data/{name}");
    let numpy: Vec<String> = ["f4.npy", "fortran.npy", "version_2.npy", "empty.npy"]
        .map(own)
        .to_vec();
    let numpy: Vec<&str> = numpy.iter().map(String::as_str).collect();
    let layer: Linear<3, 2> = Linear::init(&mut Rng::seed(0));
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("reader_memory.safetensors");
    layer.save_safetensors(&path).unwrap();
    let mut idx_file = vec![0, 0, 8, 2, 0, 0, 0, 3, 0, 0, 0, 2];
    idx_file.extend([1; 6]);
    let torch: Vec<String> = [
        "linear",
        "checkpoint",
        "views",
        "deflated",
        "bomb",
        "repeated",
        "laughs",
        "deep",
        "protocol5",
    ]
    .map(|name| format!("tests/pytorch/{name}.pt"))
    .to_vec();
    let torch: Vec<&str> = torch.iter().map(String::as_str).collect();
    let reader = |name, read: Read, times, beside, files| Reader {
        name,
        read,
        times,
        beside,
        files,
    };
    vec![
        reader("csv", csv, 40, 2_000, files(&[&own("python.csv")])),
        reader("idx", idx, 4, 2_000, vec![idx_file]),
        reader("npy", npy, 4, 2_000, files(&numpy)),
        reader(
            "npz",
            npz,
            40,
            100_000,
            files(&[&own("stored.npz"), &own("deflated.npz")]),
        ),
        reader("pytorch", pytorch, 32, 1_300_000, files(&torch)),
        reader("pickle", pytorch, 100, 1_300_000, pickles()),
        reader(
            "safetensors",
            safetensors,
            40,
            2_000,
            vec![fs::read(&path).unwrap()],
        ),
    ]
}

/// Files like this one: cut off anywhere, with each bit flipped, and changed at random.
fn changed(whole: &[u8], rng: &mut Rng, mut each: impl FnMut(&[u8])) {
    each(whole);
    // What has a special size is changed at random alone.
    if whole.len() < 1_890 {
        (0..whole.len()).for_each(|len| each(&whole[..len]));
        for bit in 0..8 * whole.len() {
            let mut bytes = whole.to_vec();
            bytes[bit / 8] ^= 1 << (bit % 8);
            each(&bytes);
        }
    }
    for _ in 0..2_000_000 / (whole.len() + 1_000) {
        let mut bytes = whole.to_vec();
        for _ in 0..=rng.below(3) {
            let place = rng.below(bytes.len() as u64) as usize;
            match rng.below(4) {
                0 => bytes[place] = rng.below(256) as u8,
                1 => bytes[place] = 0xff,
                2 => bytes[place] ^= 1 << rng.below(8),
                _ => bytes.truncate(place.max(1)),
            }
        }
        each(&bytes);
    }
}

#[test]
fn no_reader_takes_more_than_some_times_the_file() {
    let mut rng = Rng::seed(3);
    let readers = readers();
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("reader_memory");
    let start = path.display().to_string();
    for Reader {
        name,
        read,
        times,
        beside,
        files,
    } in &readers
    {
        let (mut most, mut refused) = ((0, 0, 0), 0);
        for whole in files {
            changed(whole, &mut rng, |bytes| {
                let mut error = None;
                let took = peak(|| error = read(bytes, &path).err());
                if let Some(error) = error {
                    assert!(error.to_string().starts_with(&start), "{error}");
                    refused += 1;
                }
                let len = bytes.len();
                let limit = times * len + beside;
                assert!(
                    took <= limit,
                    "{name}: {took} bytes for a file of {len}, and {limit} are the most"
                );
                most = most.max((took / (len + 1_000), took, len));
            });
        }
        assert!(refused > 100, "{name}: {refused}");
        let (_, took, len) = most;
        println!("{name}: {took} bytes for one of {len}; {refused} refused");
    }
    fs::remove_file(&path).unwrap();
}
