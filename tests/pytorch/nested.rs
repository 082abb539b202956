//! Whatever is nested in whatever is found under its name, and every view has its elements.

use std::collections::BTreeMap;

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;

use super::assemble::{Pickle, file};
use super::parse;

#[derive(Clone, Debug)]
enum Tree {
    None,
    Bool(bool),
    Int(i64),
    Text(String),
    /// Of a storage of the bytes 0 to 255.
    View(View),
    Dict(BTreeMap<String, Tree>),
    List(Vec<Tree>),
}

#[derive(Clone, Debug)]
struct View {
    axes: Vec<(i64, i64)>,
    offset: i64,
}

impl Tree {
    fn pickle(&self) -> Pickle {
        match self {
            Tree::None => Pickle::of(b"N"),
            Tree::Bool(true) => Pickle::of(b"\x88"),
            Tree::Bool(false) => Pickle::of(b"\x89"),
            Tree::Int(int) => Pickle::int(*int),
            Tree::Text(text) => Pickle::text(text),
            Tree::View(view) => {
                let (dims, strides): (Vec<_>, Vec<_>) = view.axes.iter().copied().unzip();
                let storage = Pickle::storage("ByteStorage", "0", 256);
                Pickle::tensor(storage, view.offset, &dims, &strides)
            }
            Tree::Dict(dict) => {
                let pairs = dict.iter().map(|(k, v)| (Pickle::text(k), v.pickle()));
                Pickle::dict(&pairs.collect::<Vec<_>>())
            }
            Tree::List(items) => Pickle::list(&items.iter().map(Tree::pickle).collect::<Vec<_>>()),
        }
    }

    fn has_names(&self) -> bool {
        match self {
            Tree::View(_) | Tree::Dict(_) => true,
            Tree::List(items) => items.iter().any(Tree::has_names),
            _ => false,
        }
    }

    fn text(&self) -> String {
        match self {
            Tree::None => "None".to_owned(),
            Tree::Bool(true) => "True".to_owned(),
            Tree::Bool(false) => "False".to_owned(),
            Tree::Int(int) => int.to_string(),
            Tree::Text(text) => format!("{text:?}"),
            Tree::List(items) => {
                let items: Vec<String> = items.iter().map(Tree::text).collect();
                format!("[{}]", items.join(", "))
            }
            Tree::View(_) | Tree::Dict(_) => unreachable!("they have names"),
        }
    }

    fn flatten(&self, name: &str, found: &mut Found) {
        let inside = |key: &str| match name {
            "" => key.to_owned(),
            _ => format!("{name}.{key}"),
        };
        match self {
            Tree::View(view) => {
                let dims = view.axes.iter().map(|(dim, _)| *dim as usize).collect();
                found.tensors.insert(name.to_owned(), (dims, view.bytes()));
            }
            Tree::Dict(dict) => dict.iter().for_each(|(k, v)| v.flatten(&inside(k), found)),
            Tree::List(items) if self.has_names() => {
                let items = items.iter().enumerate();
                items.for_each(|(i, item)| item.flatten(&inside(&i.to_string()), found));
            }
            Tree::Text(text) => drop(found.notes.insert(name.to_owned(), text.clone())),
            _ => drop(found.notes.insert(name.to_owned(), self.text())),
        }
    }
}

impl View {
    fn bytes(&self) -> Vec<u8> {
        let places = self.axes.iter().fold(vec![self.offset], |places, axis| {
            let along = |place: i64| (0..axis.0).map(move |i| place + i * axis.1);
            places.into_iter().flat_map(along).collect()
        });
        places.into_iter().map(|place| place as u8).collect()
    }
}

#[derive(Debug, Default, PartialEq)]
struct Found {
    tensors: BTreeMap<String, (Vec<usize>, Vec<u8>)>,
    notes: BTreeMap<String, String>,
}

fn tree() -> impl Strategy<Value = Tree> {
    let view = (vec((0..4_i64, 0..20_i64), 0..5), 0..16_i64)
        .prop_map(|(axes, offset)| Tree::View(View { axes, offset }));
    let leaf = prop_oneof![
        Just(Tree::None),
        any::<bool>().prop_map(Tree::Bool),
        any::<i64>().prop_map(Tree::Int),
        ".{0,6}".prop_map(Tree::Text),
        view,
    ];
    leaf.prop_recursive(5, 40, 5, |inner| {
        prop_oneof![
            btree_map("[a-z]{1,3}", inner.clone(), 0..5).prop_map(Tree::Dict),
            vec(inner, 0..5).prop_map(Tree::List),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_nested_has_dotted_names(tree in btree_map("[a-z]{1,3}", tree(), 0..5)) {
        let tree = Tree::Dict(tree);
        let storage: Vec<u8> = (0..=255).collect();
        let state = parse(&file(&tree.pickle(), &[&storage])).unwrap();
        let mut expected = Found::default();
        tree.flatten("", &mut expected);
        let tensors = state.iter().map(|(key, tensor)| {
            (key.to_owned(), (tensor.dims().to_vec(), tensor.bytes().to_vec()))
        });
        let found = Found { tensors: tensors.collect(), notes: state.metadata().clone() };
        prop_assert_eq!(found, expected);
    }
}
