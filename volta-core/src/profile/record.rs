//! Noting ops as they run.

use std::cell::RefCell;
use std::time::Instant;

use super::{Event, Op, Profile};
use crate::cpu::bytes_handed_out;

thread_local! {
    static RECORDER: RefCell<Recorder> = const {
        RefCell::new(Recorder {
            runs: Vec::new(),
            events: Vec::new(),
            depth: 0,
        })
    };
}

/// What a thread notes.
struct Recorder {
    /// The calls of [`run`] that go on: when each began, how many events there were, and how deep.
    runs: Vec<(Instant, usize, usize)>,
    /// `start` is from the beginning of the outermost.
    events: Vec<Event>,
    /// How many ops go on.
    depth: usize,
}

/// Runs `f`, and measures the ops that it runs on the CPU on this thread. Calls may be nested.
///
/// An op that other ops make up appears as those.
pub fn run<T>(f: impl FnOnce() -> T) -> (T, Profile) {
    RECORDER.with_borrow_mut(|recorder| {
        let now = (Instant::now(), recorder.events.len(), recorder.depth);
        recorder.runs.push(now);
    });
    let run = Run;
    let value = f();
    let profile = RECORDER.with_borrow(Recorder::last);
    drop(run);
    (value, profile)
}

/// One call of [`run`]; it ends when this is dropped, if by a panic.
struct Run;

impl Drop for Run {
    fn drop(&mut self) {
        RECORDER.with_borrow_mut(|recorder| {
            recorder.runs.pop();
            if recorder.runs.is_empty() {
                recorder.events.clear();
            }
        });
    }
}

impl Recorder {
    /// What the innermost call of [`run`] noted.
    fn last(&self) -> Profile {
        let &(begin, first, depth) = self.runs.last().expect("a run goes on");
        let time = begin.elapsed();
        let before = begin - self.runs[0].0;
        let events = self.events[first..].iter().map(|event| Event {
            start: event.start - before,
            depth: event.depth - depth,
            ..*event
        });
        Profile {
            events: events.collect(),
            time,
        }
    }
}

/// An op that goes on; it ends when this is dropped.
pub(crate) struct Span {
    /// Which event, when it began, and the bytes that the thread had handed out; none if nobody
    /// measures.
    open: Option<(usize, Instant, u64)>,
}

impl Span {
    /// An op begins: a method of the backend, and the elementwise function that it runs, if any.
    pub(crate) fn enter(method: &'static str, function: Option<&'static str>) -> Self {
        let open = RECORDER.with_borrow_mut(|recorder| {
            let &(begin, ..) = recorder.runs.first()?;
            let now = Instant::now();
            recorder.events.push(Event {
                op: Op { method, function },
                start: now - begin,
                time: Default::default(),
                bytes: 0,
                depth: recorder.depth,
            });
            recorder.depth += 1;
            Some((recorder.events.len() - 1, now, bytes_handed_out()))
        });
        Span { open }
    }
}

impl Drop for Span {
    fn drop(&mut self) {
        let Some((at, begin, bytes)) = self.open else {
            return;
        };
        RECORDER.with_borrow_mut(|recorder| {
            recorder.depth -= 1;
            // There is none if the run ended, by a panic, before the op.
            if let Some(event) = recorder.events.get_mut(at) {
                event.time = begin.elapsed();
                event.bytes = bytes_handed_out() - bytes;
            }
        });
    }
}
