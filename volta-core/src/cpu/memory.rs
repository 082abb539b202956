//! A caching allocator. Fresh memory of a large tensor costs a page fault every 4 KiB, more than
//! most ops on it; a block that a tensor gave back costs nothing.
//!
//! Each thread keeps the blocks that it allocated, by size class. A block that is dropped on another
//! thread goes back to its owner through a mailbox, so that memory does not wander.

mod huge;
mod poison;

use std::alloc::{Layout, alloc, dealloc};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

/// Alignment of every block: a cache line, and the widest vector register.
pub(super) const ALIGN: usize = 64;
/// Bytes at the start of every block for who has it, before those that were asked for. The classes
/// are of what was asked for: sizes that are powers of two lose nothing.
pub(super) const HEADER: usize = 3 * ALIGN;

/// Bytes that all threads together keep for later, unless [`set_memory_limit`] says otherwise.
const DEFAULT_LIMIT: usize = 1 << 30;

/// Bytes that a thread may count as kept though it has handed them out: most are back soon, and the
/// count, which all threads write, need not change.
const MOST_SPARE: u64 = 1 << 20;

static LIMIT: AtomicUsize = AtomicUsize::new(DEFAULT_LIMIT);
/// Bytes that are kept for later, and those that threads have to spare.
static CACHED: AtomicUsize = AtomicUsize::new(0);
/// How often [`trim_memory`] was called: a thread that sees another number gives back its blocks.
static TRIMS: AtomicU64 = AtomicU64::new(0);
static OWNERS: AtomicU64 = AtomicU64::new(1);
static REGISTRY: RwLock<Option<HashMap<u64, Arc<Shared>>>> = RwLock::new(None);
/// What threads counted that are no more.
static RETIRED: Counters = Counters::new();

/// What the CPU's memory went through since the program began.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct MemoryStats {
    /// Blocks handed out.
    pub allocations: u64,
    /// Those of them that had been used before.
    pub reused: u64,
    /// Bytes in use by tensors.
    pub in_use: u64,
    /// Bytes kept for later.
    pub cached: u64,
}

/// Counters that one thread writes and all may read.
struct Counters {
    allocations: AtomicU64,
    reused: AtomicU64,
    /// Wraps below 0 on a thread that frees more than it allocates; the sum over all does not.
    in_use: AtomicU64,
}

impl Counters {
    const fn new() -> Self {
        Counters {
            allocations: AtomicU64::new(0),
            reused: AtomicU64::new(0),
            in_use: AtomicU64::new(0),
        }
    }

    fn add_to(&self, stats: &mut MemoryStats) {
        stats.allocations = stats
            .allocations
            .wrapping_add(self.allocations.load(Relaxed));
        stats.reused = stats.reused.wrapping_add(self.reused.load(Relaxed));
        stats.in_use = stats.in_use.wrapping_add(self.in_use.load(Relaxed));
    }
}

/// Adds to a counter that no other thread writes.
fn bump(counter: &AtomicU64, by: u64) {
    counter.store(counter.load(Relaxed).wrapping_add(by), Relaxed);
}

/// What other threads see of a thread's cache.
struct Shared {
    counters: Counters,
    /// Blocks dropped elsewhere, with their classes.
    mailbox: Mutex<Vec<(usize, Block)>>,
    /// How many there are, to look without locking.
    mail: AtomicUsize,
    /// Bytes in [`CACHED`] that are not kept.
    spare: AtomicU64,
}

/// Memory that nobody uses.
struct Block(NonNull<u8>);

// SAFETY: a block is owned by whoever holds it; it points to memory that no other thread uses.
unsafe impl Send for Block {}

/// Sixteen classes up to 1 KiB, then eight for each doubling: at most an eighth is lost.
const SMALL: usize = 1024;
const STEPS: usize = 8;

fn class_of(bytes: usize) -> usize {
    if bytes <= SMALL {
        return bytes.max(1).div_ceil(ALIGN) - 1;
    }
    let doubling = (bytes - 1).ilog2() as usize;
    let step = (1 << doubling) / STEPS;
    let within = (bytes - (1 << doubling)).div_ceil(step) - 1;
    SMALL / ALIGN + (doubling - SMALL.ilog2() as usize) * STEPS + within
}

fn class_bytes(class: usize) -> usize {
    let Some(above) = class.checked_sub(SMALL / ALIGN) else {
        return (class + 1) * ALIGN;
    };
    let start = SMALL << (above / STEPS);
    start + (above % STEPS + 1) * (start / STEPS)
}

fn class_layout(class: usize) -> Layout {
    let bytes = HEADER + class_bytes(class);
    let align = huge::alignment(bytes).unwrap_or(ALIGN);
    Layout::from_size_align(bytes, align).expect("a tensor of more bytes than there are")
}

/// # Panics
/// If the system has no more: a size that only the running program has is no reason to end it.
fn from_system(class: usize) -> Block {
    let layout = class_layout(class);
    // SAFETY: the layout's size is above 0.
    let start = unsafe { alloc(layout) };
    let refused = || panic!("a tensor of {} bytes: out of memory", class_bytes(class));
    let start = NonNull::new(start).unwrap_or_else(refused);
    if layout.align() == huge::PAGE {
        huge::ask(start, layout.size());
    }
    Block(start)
}

fn to_system(class: usize, block: Block) {
    let whole = class_layout(class).size();
    poison::lend(block.0, whole, whole);
    // SAFETY: a block comes from `from_system` with the same class, and nobody uses it.
    unsafe { dealloc(block.0.as_ptr(), class_layout(class)) };
}

/// The blocks that a thread keeps.
struct Cache {
    owner: u64,
    bins: Vec<Vec<Block>>,
    shared: Arc<Shared>,
    trims: u64,
}

#[cfg(feature = "profile")]
thread_local! {
    static HANDED_OUT: Cell<u64> = const { Cell::new(0) };
}

/// The bytes that ops asked for on this thread since it began, which a profile tells apart by op.
#[cfg(feature = "profile")]
pub(crate) fn bytes_handed_out() -> u64 {
    HANDED_OUT.get()
}

thread_local! {
    static CACHE: RefCell<Cache> = RefCell::new(Cache::new());
    static BYPASS: Cell<bool> = const { Cell::new(false) };
}

impl Cache {
    fn new() -> Self {
        let owner = OWNERS.fetch_add(1, Relaxed);
        let shared = Arc::new(Shared {
            counters: Counters::new(),
            mailbox: Mutex::new(Vec::new()),
            mail: AtomicUsize::new(0),
            spare: AtomicU64::new(0),
        });
        let mut registry = REGISTRY.write().unwrap_or_else(PoisonError::into_inner);
        registry
            .get_or_insert_default()
            .insert(owner, shared.clone());
        Cache {
            owner,
            bins: Vec::new(),
            shared,
            trims: TRIMS.load(Relaxed),
        }
    }

    fn take(&mut self, class: usize) -> Option<Block> {
        if self.trims != TRIMS.load(Relaxed) {
            self.trim();
        }
        if self.bins.get(class).is_none_or(Vec::is_empty) && self.shared.mail.load(Relaxed) > 0 {
            self.read_mail();
        }
        let block = self.bins.get_mut(class)?.pop()?;
        let size = class_bytes(class);
        if self.shared.spare.load(Relaxed) + size as u64 <= MOST_SPARE {
            bump(&self.shared.spare, size as u64);
        } else {
            CACHED.fetch_sub(size, Relaxed);
        }
        Some(block)
    }

    /// Whether there is room to keep so many bytes; if so, they are counted.
    fn reserve(&mut self, size: usize) -> bool {
        let spare = self.shared.spare.load(Relaxed);
        if spare >= size as u64 && CACHED.load(Relaxed) <= LIMIT.load(Relaxed) {
            self.shared.spare.store(spare - size as u64, Relaxed);
            return true;
        }
        reserve(size)
    }

    /// Keeps a block that is counted in [`CACHED`].
    fn put(&mut self, class: usize, block: Block) {
        if self.bins.len() <= class {
            self.bins.resize_with(class + 1, Vec::new);
        }
        self.bins[class].push(block);
    }

    fn read_mail(&mut self) {
        let mail = {
            let mut mailbox = self
                .shared
                .mailbox
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            self.shared.mail.store(0, Relaxed);
            std::mem::take(&mut *mailbox)
        };
        for (class, block) in mail {
            self.put(class, block);
        }
    }

    fn trim(&mut self) {
        self.trims = TRIMS.load(Relaxed);
        self.read_mail();
        for (class, bin) in self.bins.iter_mut().enumerate() {
            for block in bin.drain(..) {
                CACHED.fetch_sub(class_bytes(class), Relaxed);
                to_system(class, block);
            }
        }
        CACHED.fetch_sub(self.shared.spare.swap(0, Relaxed) as usize, Relaxed);
    }
}

impl Drop for Cache {
    fn drop(&mut self) {
        // Out of the registry first: no mail comes after that.
        let mut registry = REGISTRY.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(registry) = registry.as_mut() {
            registry.remove(&self.owner);
        }
        // Under the lock: who adds the counters up finds these in one of the two places.
        let mut counted = MemoryStats::default();
        self.shared.counters.add_to(&mut counted);
        RETIRED.allocations.fetch_add(counted.allocations, Relaxed);
        RETIRED.reused.fetch_add(counted.reused, Relaxed);
        RETIRED.in_use.fetch_add(counted.in_use, Relaxed);
        drop(registry);
        self.trim();
    }
}

/// Whether there is room to keep so many bytes; if so, they are counted.
fn reserve(bytes: usize) -> bool {
    let limit = LIMIT.load(Relaxed);
    let room = |cached: usize| cached.checked_add(bytes).filter(|&sum| sum <= limit);
    CACHED.fetch_update(Relaxed, Relaxed, room).is_ok()
}

/// A block of `bytes` bytes after a [`HEADER`], at an address divisible by [`ALIGN`], and whose thread
/// it is.
///
/// # Panics
/// If the system has no more.
pub(super) fn allocate(bytes: usize) -> (NonNull<u8>, u64) {
    #[cfg(feature = "profile")]
    HANDED_OUT.set(HANDED_OUT.get() + bytes as u64);
    let class = class_of(bytes);
    let size = class_bytes(class) as u64;
    let cached = CACHE.try_with(|cache| {
        let mut cache = cache.borrow_mut();
        let kept = if BYPASS.get() {
            None
        } else {
            cache.take(class)
        };
        let reused = u64::from(kept.is_some());
        let block = kept.unwrap_or_else(|| from_system(class));
        let counters = &cache.shared.counters;
        bump(&counters.allocations, 1);
        bump(&counters.in_use, size);
        bump(&counters.reused, reused);
        let owner = if BYPASS.get() { 0 } else { cache.owner };
        (block.0, owner)
    });
    let (start, owner) = cached.unwrap_or_else(|_| {
        // The thread is at its end and keeps nothing any more.
        let block = from_system(class);
        RETIRED.allocations.fetch_add(1, Relaxed);
        RETIRED.in_use.fetch_add(size, Relaxed);
        (block.0, 0)
    });
    poison::lend(start, HEADER + bytes, HEADER + size as usize);
    (start, owner)
}

/// Takes back what [`allocate`] gave.
///
/// # Safety
/// `start` and `owner` come from `allocate(bytes)`, and nobody uses the memory.
pub(super) unsafe fn release(start: NonNull<u8>, bytes: usize, owner: u64) {
    let class = class_of(bytes);
    let size = class_bytes(class);
    poison::keep(start, HEADER + size);
    let mut block = Some(Block(start));
    let kept = CACHE.try_with(|cache| {
        let mut cache = cache.borrow_mut();
        bump(&cache.shared.counters.in_use, (size as u64).wrapping_neg());
        if cache.owner == owner && cache.reserve(size) {
            cache.put(class, block.take().expect("not kept yet"));
        }
        cache.owner == owner
    });
    if kept.is_err() {
        RETIRED.in_use.fetch_sub(size as u64, Relaxed);
    }
    let Some(block) = block else { return };
    if owner == 0 || kept == Ok(true) {
        return to_system(class, block);
    }
    // The lock is held until the block is in the mailbox: an owner that ends waits for it.
    let registry = REGISTRY.read().unwrap_or_else(PoisonError::into_inner);
    match registry.as_ref().and_then(|registry| registry.get(&owner)) {
        Some(shared) if reserve(size) => {
            let mut mailbox = shared
                .mailbox
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            mailbox.push((class, block));
            shared.mail.store(mailbox.len(), Relaxed);
        }
        _ => to_system(class, block),
    }
}

/// What the CPU's memory went through, over all threads.
///
/// ```
/// use volta::cpu::memory_stats;
/// use volta::prelude::*;
///
/// let before = memory_stats();
/// let x: Tensor<s![1000]> = Tensor::zeros();
/// let y = &x + 1.0;
/// assert!(memory_stats().allocations > before.allocations);
/// # drop(y);
/// ```
pub fn memory_stats() -> MemoryStats {
    let mut stats = MemoryStats::default();
    let registry = REGISTRY.read().unwrap_or_else(PoisonError::into_inner);
    let mut spare = 0;
    for shared in registry.iter().flat_map(HashMap::values) {
        shared.counters.add_to(&mut stats);
        spare += shared.spare.load(Relaxed);
    }
    RETIRED.add_to(&mut stats);
    stats.cached = (CACHED.load(Relaxed) as u64).saturating_sub(spare);
    stats
}

/// Gives the memory that is kept for later back to the system: this thread's at once, another's
/// when it next allocates.
pub fn trim_memory() {
    TRIMS.fetch_add(1, Relaxed);
    // A thread at its end has trimmed already.
    let _ = CACHE.try_with(|cache| cache.borrow_mut().trim());
}

/// The most bytes that all threads together keep for later; 1 GiB to start with. What is kept
/// already stays until it is used or [trimmed](trim_memory).
pub fn set_memory_limit(bytes: usize) {
    LIMIT.store(bytes, Relaxed);
}

/// Runs `f` with every tensor of this thread allocated by the system and given back to it.
///
/// ```
/// use volta::cpu::without_memory_cache;
/// use volta::prelude::*;
///
/// let sum = without_memory_cache(|| Tensor::<s![1000]>::ones().sum().item());
/// assert_eq!(sum, 1000.0);
/// ```
pub fn without_memory_cache<T>(f: impl FnOnce() -> T) -> T {
    struct Restore(bool);
    impl Drop for Restore {
        fn drop(&mut self) {
            BYPASS.set(self.0);
        }
    }
    let _restore = Restore(BYPASS.replace(true));
    f()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_hold_their_sizes_and_lose_little() {
        let mut last = 0;
        for bytes in (1..200_000).chain([1 << 30, (1 << 30) + 1, 40_000_000, 3 << 40]) {
            let class = class_of(bytes);
            let size = class_bytes(class);
            assert!(
                size >= bytes && size.is_multiple_of(ALIGN),
                "{bytes} in {size}"
            );
            assert!(
                size <= bytes.next_multiple_of(ALIGN) + bytes / 8,
                "{bytes} in {size}"
            );
            assert!(class >= last || bytes == 40_000_000, "{bytes}");
            last = class;
            assert_eq!(class_of(size), class);
        }
    }

    #[test]
    fn a_block_comes_back_to_its_thread() {
        // A size that no other test uses.
        let bytes = 777_777;
        let (first, owner) = allocate(bytes);
        // SAFETY: just allocated, and not used.
        unsafe { release(first, bytes, owner) };
        let (second, owner) = allocate(bytes);
        assert_eq!(first, second);
        let sent = Block(second);
        std::thread::spawn(move || {
            let block = sent;
            // SAFETY: allocated above, and not used.
            unsafe { release(block.0, bytes, owner) };
            let (other, owner) = allocate(bytes);
            assert_ne!(other, block.0, "a thread took what another one owns");
            // SAFETY: just allocated, and not used.
            unsafe { release(other, bytes, owner) };
        })
        .join()
        .expect("the thread ends well");
        let (third, owner) = allocate(bytes);
        assert_eq!(first, third);
        // SAFETY: just allocated, and not used.
        unsafe { release(third, bytes, owner) };
    }

    #[test]
    fn threads_pass_blocks_around_without_mixing_them_up() {
        use std::sync::mpsc::channel;
        const THREADS: usize = 4;
        let (senders, receivers): (Vec<_>, Vec<_>) = (0..THREADS)
            .map(|_| channel::<(Block, usize, u64, u8)>())
            .unzip();
        let check = |(block, bytes, owner, mark): (Block, usize, u64, u8)| {
            // SAFETY: the block has `bytes` bytes after its header, all written by its maker, and is
            // ours now.
            unsafe {
                let memory = std::slice::from_raw_parts(block.0.as_ptr(), HEADER + bytes);
                assert!(memory.iter().all(|&byte| byte == mark));
                release(block.0, bytes, owner);
            }
        };
        std::thread::scope(|scope| {
            for (me, receiver) in receivers.into_iter().enumerate() {
                let senders = senders.clone();
                scope.spawn(move || {
                    for i in 0..2000_usize {
                        let bytes = 1 + (i * 7919 + me * 104_729) % 5000;
                        let (start, owner) = allocate(bytes);
                        let mark = (i * THREADS + me) as u8;
                        // SAFETY: just allocated for `bytes` bytes after a header.
                        unsafe { start.as_ptr().write_bytes(mark, HEADER + bytes) };
                        let to = (i + me) % THREADS;
                        // A thread that has ended takes nothing; then it is dropped here.
                        if let Err(back) = senders[to].send((Block(start), bytes, owner, mark)) {
                            check(back.0);
                        }
                        if i % 3 == 0 {
                            receiver.try_iter().for_each(check);
                        }
                    }
                    drop(senders);
                    receiver.try_iter().for_each(check);
                });
            }
            drop(senders);
        });
    }
}
