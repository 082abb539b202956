//! Names, and what a misspelt one may have meant.

use proc_macro2::{Ident, Span};

/// The name without `r#`.
pub(super) fn plain(ident: &Ident) -> String {
    let name = ident.to_string();
    name.strip_prefix("r#").unwrap_or(&name).to_owned()
}

/// The type of the function `name`: `leaky_relu` is `LeakyRelu`.
pub(super) fn camel_case(name: &str) -> String {
    name.split('_')
        .flat_map(|word| {
            let mut letters = word.chars();
            let first = letters.next().map(|first| first.to_ascii_uppercase());
            first.into_iter().chain(letters)
        })
        .collect()
}

/// The type of a function, underlined where the function is named.
pub(super) fn type_of(ident: &Ident) -> Ident {
    let name = camel_case(&plain(ident));
    syn::parse_str::<Ident>(&name).map_or_else(
        |_| Ident::new(&format!("{name}_"), ident.span()),
        |_| Ident::new(&name, ident.span()),
    )
}

/// The type of a function that is called, underlined at the call: rustc proposes nothing there, for
/// what it would propose is a type, not a function.
pub(super) fn called_type(ident: &Ident, name: &str) -> Ident {
    let span = ident.span().resolved_at(Span::mixed_site());
    Ident::new(&camel_case(name), span)
}

/// Whether the name is one of a constant: `PI`.
pub(super) fn is_constant(name: &str) -> bool {
    name.contains(|c: char| c.is_uppercase()) && !name.contains(|c: char| c.is_lowercase())
}

/// `: did you mean ..?`, or nothing.
pub(super) fn did_you_mean<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> String {
    let mut near: Vec<(usize, &str)> = known
        .map(|known| (distance(name, known), known))
        .filter(|(distance, known)| {
            *distance <= (1 + name.len() / 4).min(name.len() - 1)
                || (name.len() > 2 && known.len() > 2 && known.starts_with(name))
                || (known.len() > 2 && name.starts_with(known))
        })
        .collect();
    near.sort();
    near.dedup();
    near.truncate(3);
    let near: Vec<String> = near.iter().map(|(_, known)| format!("`{known}`")).collect();
    match near.split_last() {
        None => String::new(),
        Some((one, [])) => format!(": did you mean {one}?"),
        Some((last, rest)) => format!(": did you mean {} or {last}?", rest.join(", ")),
    }
}

/// How many letters differ (Levenshtein, 1966).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, letter) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, other) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(letter != *other);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}
