//! Threads that make batches ahead of time.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread::{self, JoinHandle};

use super::{Collate, DataError, Dataset, IndexBatches};
use crate::error::Error;
use crate::shape::Dim;

/// Why there is no batch.
pub(super) enum Failure {
    Error(Error),
    /// What to panic with where the batch was asked for.
    Panic(String),
}

/// Reads the items and makes a batch of them, unless nobody wants it any more.
pub(super) fn load<Data, N>(
    data: &Data,
    indices: &[usize],
    stopped: &dyn Fn() -> bool,
) -> Result<<Data::Item as Collate<N>>::Batch, Failure>
where
    Data: Dataset<Item: Collate<N>>,
    N: Dim,
{
    let mut items = Vec::with_capacity(indices.len());
    for &index in indices {
        if stopped() {
            return Err(Failure::Panic("the batch of an epoch that ended".into()));
        }
        let item = caught(|| data.get(index))
            .map_err(|message| Failure::Panic(format!("item {index} of the data set: {message}")))?
            .map_err(|source| {
                let source = Box::new(source);
                Failure::Error(DataError::Item { index, source }.into())
            })?;
        items.push(item);
    }
    let n = N::from_size(indices.len()).expect("a fixed size leaves out what does not fill it");
    caught(|| Collate::collate(items, n))
        .map_err(|message| Failure::Panic(format!("a batch of the items {indices:?}: {message}")))?
        .map_err(Failure::Error)
}

fn caught<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    // The data set is not looked into after a panic but by calls that could have come before.
    catch_unwind(AssertUnwindSafe(work)).map_err(message)
}

fn message(panic: Box<dyn Any + Send>) -> String {
    match panic.downcast::<String>() {
        Ok(message) => *message,
        Err(panic) => match panic.downcast_ref::<&str>() {
            Some(message) => (*message).to_owned(),
            None => "a panic without a message".to_owned(),
        },
    }
}

/// The batches of an epoch dealt out to threads in turn, each with a bounded queue: the order is
/// that of the epoch, however fast each thread is.
pub(super) struct Workers<Batch> {
    queues: Vec<Receiver<Result<Batch, Failure>>>,
    threads: Vec<JoinHandle<()>>,
    stop: Arc<AtomicBool>,
    first: usize,
}

impl<Batch: Send + 'static> Workers<Batch> {
    /// Makes the batches from `first` on.
    pub(super) fn start<Data, N>(
        data: &Arc<Data>,
        batches: &IndexBatches,
        first: usize,
        workers: usize,
        prefetch: usize,
    ) -> Self
    where
        Data: Dataset<Item: Collate<N, Batch = Batch>> + 'static,
        N: Dim,
    {
        let stop = Arc::new(AtomicBool::new(false));
        let mut all = Workers {
            queues: Vec::with_capacity(workers),
            threads: Vec::with_capacity(workers),
            stop,
            first,
        };
        for worker in 0..workers {
            let (sender, receiver) = sync_channel(prefetch);
            let (data, batches) = (Arc::clone(data), batches.clone());
            let stop = Arc::clone(&all.stop);
            let work = move || {
                let stopped = || stop.load(Ordering::Relaxed);
                for indices in batches.iter().skip(first + worker).step_by(workers) {
                    let batch = load(&*data, indices, &stopped);
                    if stopped() || sender.send(batch).is_err() {
                        return;
                    }
                }
            };
            let thread = thread::Builder::new()
                .name(format!("volta-data-{worker}"))
                .spawn(work)
                .unwrap_or_else(|e| panic!("a thread to load data does not start: {e}"));
            all.queues.push(receiver);
            all.threads.push(thread);
        }
        all
    }
}

impl<Batch> Workers<Batch> {
    /// One of the batches, which are asked for in order.
    pub(super) fn batch(&self, batch: usize) -> Result<Batch, Failure> {
        let queue = &self.queues[(batch - self.first) % self.queues.len()];
        queue.recv().unwrap_or_else(|_| {
            let message = format!("the thread that makes batch {batch} ended without it");
            Err(Failure::Panic(message))
        })
    }
}

impl<Batch> Drop for Workers<Batch> {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        // A thread that waits for room in its queue goes on when the queue is gone.
        self.queues.clear();
        for thread in self.threads.drain(..) {
            // It panicked only if dropping an item or the data set did.
            let _ = thread.join();
        }
    }
}
