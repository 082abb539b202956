//! Nested dicts and lists as tensors and notes with dotted names.

use std::collections::btree_map::Entry;
use std::fmt::Write;

use super::tensor::Tensors;
use super::text::{Texts, place};
use super::value::{Node, Tree, Value};
use super::{MAX_DEPTH, PytorchTrouble as Trouble};
use crate::io::StateDict;

/// What a name, a tensor or a note takes beside its text, about.
const NAME: usize = 8;
const TENSOR: usize = 256;
const NOTE: usize = 128;

struct Flatten<'t, 'a> {
    tree: &'t Tree<'a>,
    tensors: Tensors<'a>,
    /// What the names asked for start with.
    prefix: Option<String>,
    /// Whether there is such a name.
    found: bool,
    state: StateDict,
    /// The name of what is being read.
    path: String,
    /// Whether each node is being read.
    open: Vec<bool>,
    depth: usize,
    /// Of lists and tuples, whether their items have names of their own, once it is known.
    named: Vec<Option<bool>>,
}

/// What is at `key`, a dotted name, or everything.
pub(super) fn flatten<'a>(
    tree: &Tree<'a>,
    tensors: Tensors<'a>,
    key: Option<&str>,
) -> Result<StateDict, Trouble> {
    let mut flatten = Flatten {
        tree,
        tensors,
        prefix: key.map(|key| format!("{key}.")),
        found: false,
        state: StateDict::new(),
        path: String::new(),
        open: vec![false; tree.nodes.len()],
        depth: 0,
        named: vec![None; tree.nodes.len()],
    };
    flatten.value(tree.root)?;
    match key {
        Some(key) if !flatten.found => Err(Trouble::NoKey {
            key: key.to_owned(),
            keys: flatten.top_keys()?,
        }),
        _ => Ok(flatten.state),
    }
}

impl Flatten<'_, '_> {
    fn value(&mut self, value: Value) -> Result<(), Trouble> {
        if !self.is_asked_for() {
            return Ok(());
        }
        self.tensors.budget.take(NAME + self.path.len(), "names")?;
        let tree = self.tree;
        match tree.node(value) {
            Some(node @ (Node::Tensor(_) | Node::Storage(_))) => self.tensor(node),
            Some(Node::Dict(pairs)) => self.inside(value, |this| {
                pairs.iter().try_for_each(|(key, value)| {
                    let name = this.text(*key, false)?;
                    this.child(&name, *value)
                })
            }),
            Some(Node::List(items) | Node::Tuple(items)) if self.has_names(value)? => {
                self.inside(value, |this| {
                    let mut items = items.iter().enumerate();
                    items.try_for_each(|(i, item)| this.child(&i.to_string(), *item))
                })
            }
            _ => self.note(value),
        }
    }

    /// Whether the name starts as asked for, or what does may be inside.
    fn is_asked_for(&self) -> bool {
        self.prefix.as_ref().is_none_or(|prefix| {
            let inside = prefix.strip_prefix(&self.path);
            self.depth == 0
                || self.path.starts_with(prefix)
                || inside.is_some_and(|rest| rest.starts_with('.'))
        })
    }

    fn inside(
        &mut self,
        value: Value,
        read: impl FnOnce(&mut Self) -> Result<(), Trouble>,
    ) -> Result<(), Trouble> {
        let place = place(value);
        if std::mem::replace(&mut self.open[place], true) {
            return Err(Trouble::Cycle(self.path.clone()));
        }
        self.deeper()?;
        let inside = self
            .prefix
            .as_ref()
            .and_then(|p| p.strip_prefix(&self.path));
        // The outermost has no name.
        self.found |= inside == Some(".") && self.depth > 1;
        read(self)?;
        self.depth -= 1;
        self.open[place] = false;
        Ok(())
    }

    fn deeper(&mut self) -> Result<(), Trouble> {
        self.depth += 1;
        match self.depth > MAX_DEPTH {
            true => Err(Trouble::Deep(self.path.clone())),
            false => Ok(()),
        }
    }

    fn child(&mut self, name: &str, value: Value) -> Result<(), Trouble> {
        let len = self.path.len();
        if self.depth > 1 {
            self.path.push('.');
        }
        self.path.push_str(name);
        self.value(value)?;
        self.path.truncate(len);
        Ok(())
    }

    /// Whether the items of a list or tuple get names of their own: if a dict or tensor is among
    /// them. The others are one note.
    fn has_names(&mut self, value: Value) -> Result<bool, Trouble> {
        let place = place(value);
        if let Some(known) = self.named[place] {
            return Ok(known);
        }
        // For a list that holds itself, which is found when it is read.
        self.named[place] = Some(false);
        let tree = self.tree;
        let (Some(Node::List(items)) | Some(Node::Tuple(items))) = tree.node(value) else {
            return Ok(false);
        };
        self.deeper()?;
        let mut named = false;
        for item in items {
            named |= match tree.node(*item) {
                Some(Node::Dict(_) | Node::Tensor(_) | Node::Storage(_)) => true,
                Some(Node::List(_) | Node::Tuple(_)) => self.has_names(*item)?,
                _ => false,
            };
        }
        self.depth -= 1;
        self.named[place] = Some(named);
        Ok(named)
    }

    /// The name without what was asked for; `None` for another.
    fn name(&mut self) -> Option<String> {
        let name = match &self.prefix {
            Some(prefix) => self.path.strip_prefix(prefix)?,
            None => &self.path,
        };
        self.found = true;
        Some(name.to_owned())
    }

    fn tensor(&mut self, node: &Node) -> Result<(), Trouble> {
        let Some(name) = self.name() else {
            return Ok(());
        };
        let taken = TENSOR + 2 * name.len();
        self.tensors.budget.take(taken, "tensors")?;
        if let Some(tensor) = self.tensors.get(self.tree, node, &self.path)?
            && self.state.insert(name, tensor).is_some()
        {
            return Err(Trouble::Duplicate(self.path.clone()));
        }
        Ok(())
    }

    fn note(&mut self, value: Value) -> Result<(), Trouble> {
        let Some(name) = self.name() else {
            return Ok(());
        };
        self.tensors.budget.take(NOTE + name.len(), "notes")?;
        let note = self.text(value, false)?;
        match self.state.metadata_mut().entry(name) {
            Entry::Vacant(entry) => drop(entry.insert(note)),
            Entry::Occupied(_) => return Err(Trouble::Duplicate(self.path.clone())),
        }
        Ok(())
    }

    fn text(&mut self, value: Value, quoted: bool) -> Result<String, Trouble> {
        Texts {
            tree: self.tree,
            budget: &mut self.tensors.budget,
            open: &mut self.open,
            path: &self.path,
            depth: self.depth,
        }
        .of(value, quoted)
    }

    /// The names of the outermost dict, or the first of them.
    fn top_keys(&mut self) -> Result<Vec<String>, Trouble> {
        const MOST: usize = 32;
        let tree = self.tree;
        let Some(Node::Dict(pairs)) = tree.node(tree.root) else {
            return Ok(Vec::new());
        };
        let mut keys = Vec::new();
        for (key, _) in pairs.iter().take(MOST) {
            let key: String = self.text(*key, false)?.chars().take(80).collect();
            keys.push(key);
        }
        if let Some(more) = pairs.len().checked_sub(MOST + 1) {
            let mut last = String::new();
            write!(last, "and {} more", more + 1).expect("a string takes all");
            keys.push(last);
        }
        Ok(keys)
    }
}
