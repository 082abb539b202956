//! What the library has, by its sources: a method or a layer without a row is found here.

use std::collections::BTreeSet;
use std::path::Path;

use syn::{Item, UseTree};

/// Methods that are no ops: what they give is no tensor, or no function of one.
const NO_OPS: [&str; 42] = [
    "__operand",
    "__operand_mut",
    "arange",
    "arange_with",
    "as_mut_slice",
    "as_slice",
    "device",
    "dims",
    "eye",
    "from_array",
    "from_prim",
    "from_scalar",
    "from_slice",
    "from_slice_with",
    "from_vec",
    "from_vec_with",
    "full",
    "full_with",
    "get",
    "get_mut",
    "into_prim",
    "item",
    "linspace",
    "numel",
    "ones",
    "ones_with",
    "prim",
    "rand",
    "rand_on",
    "rand_with",
    "randn",
    "randn_on",
    "randn_with",
    "shape",
    "status",
    "to",
    "to_vec",
    "try_item",
    "try_to_vec",
    "zeros",
    "zeros_on",
    "zeros_with",
];

/// What `nn` has beside layers.
const NO_LAYERS: [&str; 24] = [
    "Bias",
    "BiasKind",
    "Bidirectional",
    "Direction",
    "Forward",
    "GivesBack",
    "Init",
    "LstmState",
    "Mapper",
    "Module",
    "NoBias",
    "Nonlinearity",
    "Param",
    "Path",
    "RecurrentLayers",
    "RecurrentWeights",
    "RotaryPairs",
    "Running",
    "Training",
    "TransformerActivation",
    "Unidirectional",
    "Visitor",
    "VisitorMut",
    "WithBias",
];

/// What `loss` has beside losses.
const NO_LOSSES: [&str; 9] = [
    "BatchMean",
    "ClassTargets",
    "ClassWeights",
    "Each",
    "Mean",
    "PosWeight",
    "Reduction",
    "Sum",
    "TargetsOf",
];

pub(crate) fn troubles(rows: &[&str]) -> Vec<String> {
    let core = Path::new(env!("CARGO_MANIFEST_DIR")).join("volta-core/src");
    let mut troubles = Vec::new();
    let mut once = BTreeSet::new();
    for row in rows.iter().filter(|row| !once.insert(**row)) {
        troubles.push(format!("`{row}` has two rows"));
    }
    let mut names = BTreeSet::new();
    for folder in ["tensor", "loss"] {
        walk(&core.join(folder), &mut |path, file| {
            for item in &file.items {
                if let Err(trouble) = methods(item, &mut names) {
                    let path = path.strip_prefix(&core).unwrap_or(path);
                    troubles.push(format!("{}: {trouble}", path.display()));
                }
            }
        });
    }
    assert!(names.len() > 200, "{} methods", names.len());
    for name in NO_OPS {
        if !names.remove(name) {
            troubles.push(format!("`{name}` is said to be no op, and there is none"));
        }
    }
    for (list, exceptions) in [("nn", &NO_LAYERS[..]), ("loss", &NO_LOSSES)] {
        exported(
            &parse(&core.join(list).join("mod.rs")),
            exceptions,
            &mut names,
        );
    }
    let rows: BTreeSet<&str> = (rows.iter())
        .map(|row| {
            row.split(|c: char| !c.is_alphanumeric() && c != '_')
                .next()
                .unwrap_or(row)
        })
        .collect();
    // With a `Result` it is the op that panics without.
    let is_fallible = |name: &str| {
        name.strip_prefix("try_")
            .is_some_and(|op| names.contains(op))
    };
    for name in &names {
        if !rows.contains(name.as_str()) && !is_fallible(name) {
            troubles.push(format!("`{name}` has no row in tests/coverage"));
        }
    }
    troubles
}

fn parse(path: &Path) -> syn::File {
    let source =
        std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    syn::parse_file(&source).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn walk(folder: &Path, f: &mut impl FnMut(&Path, &syn::File)) {
    let entries = std::fs::read_dir(folder).expect("the sources are there");
    let mut paths: Vec<_> = entries
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            walk(&path, f);
        } else if path.extension().is_some_and(|end| end == "rs") {
            f(&path, &parse(&path));
        }
    }
}

/// The public methods of tensors that an item has.
fn methods(item: &Item, names: &mut BTreeSet<String>) -> Result<(), String> {
    match item {
        Item::Impl(block) if block.trait_.is_none() => {
            if let syn::Type::Path(of) = &*block.self_ty
                && of
                    .path
                    .segments
                    .last()
                    .is_some_and(|last| last.ident == "Tensor")
            {
                for item in &block.items {
                    if let syn::ImplItem::Fn(f) = item
                        && matches!(f.vis, syn::Visibility::Public(_))
                    {
                        names.insert(f.sig.ident.to_string());
                    }
                }
            }
            Ok(())
        }
        Item::Macro(call) => expanded(call, names),
        _ => Ok(()),
    }
}

/// The macros whose calls make methods, and how their names stand in them.
fn expanded(call: &syn::ItemMacro, names: &mut BTreeSet<String>) -> Result<(), String> {
    let text = call.mac.tokens.to_string();
    if let Some(name) = &call.ident {
        let makes = text.contains("pub fn $") && text.contains("Tensor <");
        let known = [
            "reductions",
            "operators",
            "compare",
            "losses_of_pairs",
            "functions",
        ];
        return match makes && !known.iter().any(|known| name == known) {
            true => Err(format!(
                "names.rs does not know the methods that `{name}!` makes"
            )),
            false => Ok(()),
        };
    }
    let Some(name) = call.mac.path.segments.last() else {
        return Ok(());
    };
    match name.ident.to_string().as_str() {
        // `"text": [sum sum_axis sum_keep sum_axes sum_axes_keep]`
        "reductions" => {
            for token in call.mac.tokens.clone() {
                if let proc_macro2::TokenTree::Group(group) = token {
                    let words = words(group.stream());
                    if words.len() == 5 && words.iter().all(|word| is_method(word)) {
                        names.extend(words);
                    }
                }
            }
        }
        // `add_ Add "text" "+="`, `eq eq_scalar Eq "=="`, `mse_loss mse_loss_as(target) MseLoss`
        "operators" | "compare" | "losses_of_pairs" => {
            names.extend(
                words(call.mac.tokens.clone())
                    .into_iter()
                    .filter(|word| is_method(word)),
            );
        }
        _ => {}
    }
    Ok(())
}

fn words(tokens: proc_macro2::TokenStream) -> Vec<String> {
    (tokens.into_iter())
        .filter_map(|token| match token {
            proc_macro2::TokenTree::Ident(word) => Some(word.to_string()),
            _ => None,
        })
        .collect()
}

fn is_method(word: &str) -> bool {
    word.starts_with(|c: char| c.is_lowercase())
}

/// What a module exports but for the exceptions and the functions of the elementwise table, which
/// have rows of their own.
fn exported(file: &syn::File, exceptions: &[&str], names: &mut BTreeSet<String>) {
    fn leaves(tree: &UseTree, names: &mut Vec<String>) {
        match tree {
            UseTree::Path(path) => leaves(&path.tree, names),
            UseTree::Group(group) => group.items.iter().for_each(|tree| leaves(tree, names)),
            UseTree::Name(name) => names.push(name.ident.to_string()),
            UseTree::Rename(_) | UseTree::Glob(_) => panic!("a list of names is expected"),
        }
    }
    for item in &file.items {
        if let Item::Use(list) = item
            && matches!(list.vis, syn::Visibility::Public(_))
            && !matches!(&list.tree, UseTree::Path(path) if path.ident == "crate")
            && !list
                .attrs
                .iter()
                .any(|attribute| attribute.path().is_ident("doc"))
        {
            let mut found = Vec::new();
            leaves(&list.tree, &mut found);
            names.extend(
                found
                    .into_iter()
                    .filter(|name| !exceptions.contains(&name.as_str())),
            );
        }
    }
}
