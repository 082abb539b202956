//! The macros of volta.

mod derive_module;
mod elementwise;
mod errors;
mod literal;
mod shape;

use proc_macro::TokenStream;

/// Derives `Module` (and, for a struct, `Init`) for a struct or an enum, whatever its form.
///
/// The backend is the type parameter bounded by `Backend`. A type without one is a module on
/// every backend if it holds no tensors, or only parameters that are modules (`Residual<M>`).
///
/// A field is a module by default. A parameter is named by the fields that lead to it, as in
/// PyTorch: `layers.0.fc1.weight`; the variant of an enum adds nothing.
///
/// | on a field | |
/// |---|---|
/// | `#[module(skip)]` | not a module: cloned when the model moves, `Default` in `init` |
/// | `#[module(buffer, init = ..)]` | a tensor that is saved and not trained |
/// | `#[module(frozen)]` | its parameters are never trained |
/// | `#[module(rename = "..")]` | another name |
/// | `#[module(flatten)]` | no segment of its own in the names |
/// | `#[module(init = ..)]` | what it starts from; `device` and `rng` are in scope |
///
/// | on the type | |
/// |---|---|
/// | `#[module(forward = [N, 784] -> [N, 10])]` | writes `forward`, which calls the fields in order. A name that is no parameter of the type is any size; `*` is an axis that broadcasts; `{H}` is a constant. The dtype is the parameter bounded by `Float`, or `f32` |
/// | `#[module(sequential)]` | says beside `forward` that the fields are a chain; may be left out |
/// | `#[module(no_init)]` | no `Init` |
/// | `#[module(backend = B)]` | names the backend, where the bound does not |
/// | `#[module(crate = path)]` | where volta is, if not at `::volta` |
///
/// `PARAMETERS` counts every parameter, frozen or not. `On<B2>` has to hold on every backend, so
/// the type can ask nothing of `B` but `Backend`, and nothing of a parameter `M` that is a module
/// but `Module<B>`; other bounds go on the impls that need them.
#[proc_macro_derive(Module, attributes(module))]
pub fn derive_module(input: TokenStream) -> TokenStream {
    derive_module::derive(input.into()).into()
}

/// Makes an op of a function of scalars.
#[proc_macro_attribute]
pub fn elementwise(arguments: TokenStream, item: TokenStream) -> TokenStream {
    elementwise::attribute(arguments.into(), item.into()).into()
}

/// The table of elementwise functions, for volta-core alone.
#[doc(hidden)]
#[proc_macro]
pub fn elementwise_table(input: TokenStream) -> TokenStream {
    elementwise::table(input.into()).into()
}

/// The work of `fuse!(..)`.
#[doc(hidden)]
#[proc_macro]
pub fn fuse(input: TokenStream) -> TokenStream {
    elementwise::fuse(input.into()).into()
}

/// The work of `tensor![..]`.
#[doc(hidden)]
#[proc_macro]
pub fn tensor_literal(input: TokenStream) -> TokenStream {
    literal::expand(input.into()).into()
}

/// The table of sizes, for volta-core alone.
#[doc(hidden)]
#[proc_macro]
pub fn size_table(_: TokenStream) -> TokenStream {
    shape::table::expand().into()
}

/// The work of `s![..]`.
#[doc(hidden)]
#[proc_macro]
pub fn shape(input: TokenStream) -> TokenStream {
    shape::list::shape(input.into())
        .unwrap_or_else(syn::Error::into_compile_error)
        .into()
}

/// The work of `axes![..]`.
#[doc(hidden)]
#[proc_macro]
pub fn axis_list(input: TokenStream) -> TokenStream {
    shape::list::axes(input.into())
        .unwrap_or_else(syn::Error::into_compile_error)
        .into()
}
