//! Where in a model one stands.

use std::cell::Cell;
use std::fmt::{self, Write};
use std::mem;

#[derive(Clone, Copy, Debug)]
enum Segment {
    Name(&'static str),
    Index(usize),
    Numbered(&'static str, usize, &'static str),
}

thread_local! {
    /// What the last path on this thread was made of: every step of a training loop walks over the
    /// model, and the next walk need not allocate.
    static SPARE: Cell<Vec<(Segment, bool)>> = const { Cell::new(Vec::new()) };
}

/// The way from a model to one of its tensors; its [`name`](Path::name) is PyTorch's:
/// `layers.0.fc1.weight`.
#[derive(Clone, Debug, Default)]
pub struct Path {
    segments: Vec<(Segment, bool)>,
    frozen: usize,
}

impl Path {
    /// The model itself.
    pub fn new() -> Self {
        Path {
            // On a thread that ends there is none.
            segments: SPARE.try_with(Cell::take).unwrap_or_default(),
            frozen: 0,
        }
    }

    fn push(&mut self, segment: Segment, frozen: bool) {
        self.segments.push((segment, frozen));
        self.frozen += usize::from(frozen);
    }

    /// Into a field.
    pub fn enter(&mut self, name: &'static str) {
        self.push(Segment::Name(name), false);
    }

    /// Into a field none of whose parameters is trained.
    pub fn enter_frozen(&mut self, name: &'static str) {
        self.push(Segment::Name(name), true);
    }

    /// Into an element of a list.
    pub fn enter_index(&mut self, index: usize) {
        self.push(Segment::Index(index), false);
    }

    /// Into a field of several that differ in a number in their names: `weight_ih_l0_reverse` is
    /// `weight_ih_l`, 0 and `_reverse`.
    pub fn enter_numbered(&mut self, before: &'static str, number: usize, after: &'static str) {
        self.push(Segment::Numbered(before, number, after), false);
    }

    /// Back out.
    ///
    /// # Panics
    /// If nothing was entered.
    pub fn leave(&mut self) {
        let (_, frozen) = self.segments.pop().expect("left more often than entered");
        self.frozen -= usize::from(frozen);
    }

    /// Whether a field on the way is frozen by its declaration.
    pub fn frozen(&self) -> bool {
        self.frozen > 0
    }

    /// The segments with dots between them. A field whose segment is empty has no place in it.
    pub fn name(&self) -> String {
        let mut name = String::new();
        self.write(&mut name).expect("a string takes all");
        name
    }

    /// Whether its [`name`](Self::name) is this one, which it finds out without making it.
    pub fn is(&self, name: &str) -> bool {
        let mut rest = Rest(name);
        self.write(&mut rest).is_ok() && rest.0.is_empty()
    }

    fn write(&self, to: &mut impl Write) -> fmt::Result {
        let mut first = true;
        for (segment, _) in &self.segments {
            if matches!(segment, Segment::Name("")) {
                continue;
            }
            if !first {
                to.write_char('.')?;
            }
            first = false;
            match segment {
                Segment::Name(field) => to.write_str(field)?,
                Segment::Index(index) => write!(to, "{index}")?,
                Segment::Numbered(before, number, after) => {
                    write!(to, "{before}{number}{after}")?;
                }
            }
        }
        Ok(())
    }
}

impl Drop for Path {
    fn drop(&mut self) {
        let mut segments = mem::take(&mut self.segments);
        if segments.capacity() > 0 {
            segments.clear();
            let _ = SPARE.try_with(|spare| spare.set(segments));
        }
    }
}

/// What is left of a text, of which only what it begins with can be written.
struct Rest<'a>(&'a str);

impl Write for Rest<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0 = self.0.strip_prefix(text).ok_or(fmt::Error)?;
        Ok(())
    }
}
