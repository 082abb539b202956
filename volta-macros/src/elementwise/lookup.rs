//! `function! { Alias = relu 1 Num number }`, which the table writes: another name for the type of the
//! function that is called by its name alone, with one argument, in a function of `Num`, where a
//! number is expected. The table knows what there is, so that what is wrong with a call is said here.

use super::expand::{number, partial_name};
use super::function::{Class, Function};
use super::intrinsics::Intrinsic;
use super::names;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{LitInt, Path, Token, bracketed, parenthesized};

/// What is said of a call, and asked of `function!`.
pub(super) fn question(name: &Ident, count: usize, class: Class, tests: bool) -> TokenStream {
    let class = Ident::new(class.name(), Span::mixed_site());
    let (count, kind) = (number(count), kind(tests));
    quote!(#name #count #class #kind)
}

fn kind(tests: bool) -> Ident {
    let name = if tests { "condition" } else { "number" };
    Ident::new(name, Span::mixed_site())
}

/// The macro `function!`, with an arm for every function of one output that is not of `bool`.
pub(super) fn definition(entries: &[&Function], krate: &Path) -> TokenStream {
    let site = Span::mixed_site();
    // By the token of the table: one of this crate would stand for this crate.
    let krate = match krate.is_ident("crate") {
        true => quote!($#krate),
        false => quote!(#krate),
    };
    let callable: Vec<&&Function> = (entries.iter())
        .filter(|entry| entry.count() == 1 && entry.class != Class::Bool)
        .collect();
    let arms = callable.iter().map(|entry| {
        let (name, ty) = (&entry.ident, names::type_of(&entry.ident));
        let (count, kind) = (number(entry.arguments().count()), kind(entry.is_test()));
        let class = match entry.class {
            Class::Num | Class::Any => quote_spanned!(site=> $class:ident),
            class => {
                let class = Ident::new(class.name(), site);
                quote!(#class)
            }
        };
        quote_spanned!(site=> ($alias:ident = #name #count #class #kind) => {
            #[allow(dead_code)]
            type $alias = #krate::ops::elementwise::#ty;
        };)
    });
    let known = callable.iter().map(|entry| {
        let (name, arguments) = (&entry.ident, entry.arguments());
        let class = Ident::new(entry.class.name(), site);
        let kind = kind(entry.is_test());
        quote!(#name(#(#arguments),*) #class #kind)
    });
    quote_spanned! {site=>
        #[doc(hidden)]
        #[macro_export]
        macro_rules! __function {
            #(#arms)*
            ($($call:tt)*) => { #krate::ops::codegen::refuse_call! { [#krate] $($call)*: #(#known),* } };
        }
        #[doc(hidden)]
        pub use __function as function;
    }
}

/// A function of the table.
struct Known {
    name: Ident,
    arguments: Punctuated<Ident, Token![,]>,
    class: Ident,
    kind: Ident,
}

impl Parse for Known {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let arguments;
        Ok(Known {
            name: input.parse()?,
            arguments: {
                parenthesized!(arguments in input);
                Punctuated::parse_terminated(&arguments)?
            },
            class: input.parse()?,
            kind: input.parse()?,
        })
    }
}

/// What is wrong with a call that no arm of `function!` takes.
pub(crate) fn refuse(tokens: TokenStream) -> TokenStream {
    let parse = |input: ParseStream| {
        let krate;
        bracketed!(krate in input);
        let (krate, alias): (Path, Ident) = (krate.parse()?, input.parse()?);
        input.parse::<Token![=]>()?;
        let (name, count): (Ident, LitInt) = (input.parse()?, input.parse()?);
        let (class, kind): (Ident, Ident) = (input.parse()?, input.parse()?);
        input.parse::<Token![:]>()?;
        let known = Punctuated::<Known, Token![,]>::parse_terminated(input)?;
        let message = message(&name, count.base10_digits(), &class, &kind, &known);
        let error = syn::Error::new(name.span(), message).into_compile_error();
        let stand_in = stand_in(&krate, &alias, count.base10_parse()?, &kind);
        Ok(quote!(#error #stand_in))
    };
    parse
        .parse2(tokens)
        .unwrap_or_else(syn::Error::into_compile_error)
}

/// A type that can be called so.
fn stand_in(krate: &Path, alias: &Ident, count: usize, kind: &Ident) -> TokenStream {
    let site = Span::mixed_site();
    let arguments: TokenStream = vec![quote_spanned!(site=> _: T,); count]
        .into_iter()
        .collect();
    let result = match kind == "condition" {
        true => quote_spanned!(site=> T::Mask),
        false => quote_spanned!(site=> T),
    };
    let partials = (0..count).map(|index| partial_name(0, index));
    quote_spanned! {site=>
        #[allow(dead_code)]
        struct #alias;
        #[allow(dead_code)]
        impl #alias {
            fn value<T: #krate::ops::codegen::Ordered>(#arguments) -> #result {
                loop {}
            }
            #(fn #partials<T>(#arguments _: T) -> T {
                loop {}
            })*
        }
    }
}

fn message(
    ident: &Ident,
    count: &str,
    class: &Ident,
    kind: &Ident,
    known: &Punctuated<Known, Token![,]>,
) -> String {
    let name = names::plain(ident);
    let Some(entry) = known.iter().find(|entry| entry.name == name) else {
        let known: Vec<String> = known
            .iter()
            .map(|entry| names::plain(&entry.name))
            .collect();
        let known = known.iter().map(String::as_str);
        let hint = names::did_you_mean(&name, known.chain(Intrinsic::names()));
        let own = format!("ne of your own is called by its path, `self::{name}`");
        return match hint.is_empty() {
            true => format!("`{name}` is no function of volta: o{own}"),
            false => format!("`{name}` is no function of volta{hint} O{own}"),
        };
    };
    let expected = entry.arguments.len();
    if count != expected.to_string() {
        let arguments: Vec<String> = entry.arguments.iter().map(names::plain).collect();
        let plural = if expected == 1 { "" } else { "s" };
        let are = if count == "1" { "is" } else { "are" };
        return format!(
            "`{name}({})` takes {expected} argument{plural}, {count} {are} given",
            arguments.join(", ")
        );
    }
    if entry.kind == *kind {
        return format!(
            "`{name}` needs `{}`, and this function is of `{class}`",
            entry.class
        );
    }
    match entry.kind == "condition" {
        true => format!(
            "expected a number, `{name}` gives a condition: choose with `if {name}(..) {{ .. }} \
             else {{ .. }}`"
        ),
        false => format!(
            "expected a condition, `{name}` gives a number: compare it, as in `{name}(..) > 0.0`"
        ),
    }
}
