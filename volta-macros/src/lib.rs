//! The macros of volta.

mod derive_module;
mod elementwise;
mod errors;
mod literal;
mod shape;
mod spans;

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

/// Makes a function of tensors of a function of numbers, with its gradient.
///
/// ```ignore
/// /// `x + sin(a x)^2 / a` (Ziyin et al., 2020).
/// #[elementwise]
/// pub fn snake(x: Float, #[default(1.0)] a: f64) -> Float {
///     let s = sin(a * x);
///     x + s * s / a
/// }
///
/// let y = snake(&x, 0.7);
/// let y = x.map(Snake { a: 0.7 });
/// ```
///
/// The function computes every element of its result from the elements at the same place of its
/// inputs, which broadcast together, in one pass. Its derivatives are worked out when it is
/// compiled, of any order. Beside the function of tensors there is a type by its name, `Snake`.
///
/// | an argument | |
/// |---|---|
/// | `x: Float` | an input of `f16`, `bf16`, `f32` or `f64` |
/// | `x: Num` | of every number: `u8`, `i32` and `i64`, too |
/// | `x: Int` | of `u8`, `i32` or `i64`; it has no gradient |
/// | `x: Any` | of every element, which is compared alone |
/// | `x: bool` | a condition |
/// | `a: f64` | a parameter, given at run time, without a gradient; `#[default(1.0)]` is its value in `Snake::default()` |
///
/// One to six inputs of one type come first, then up to sixteen parameters. The result is of the
/// inputs' type, a tuple of two to four of it, or `bool`.
///
/// | in the body | |
/// |---|---|
/// | `0.5`, `2`, `PI`, `std::f64::consts::PI` | literals, and constants, whose names are in capitals |
/// | `let s = ..;` | a name, for one value |
/// | `+ - * / %`, `-x` | arithmetic; with `Int` also `& \| ^ << >> !` |
/// | `< <= > >= == !=`, `&& \|\| !` | conditions |
/// | `if c { a } else { b }`, `select(c, a, b)` | a choice: both are computed, and an arm that is not taken gets no gradient |
/// | `exp(x)`, `x.exp()` | `abs exp exp2 expm1 ln log2 log10 log1p sqrt sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh erf erfc floor ceil round trunc pow atan2 hypot max min` |
/// | `gelu(x)`, `leaky_relu(x, 0.1)` | volta's elementwise functions, by their names |
/// | `self::snake(x, 2.0)` | another `#[elementwise]` function, by a path of two words or more |
///
/// | on the function | |
/// |---|---|
/// | `#[derivative(x = ..)]` | the derivative by `x`, in place of the one that is worked out; `y` is the result |
/// | `#[elementwise(compiled)]` | its code is generated where it stands, and not in every crate that uses it |
/// | `#[elementwise(crate = path)]` | where volta is, if not at `::volta` |
///
/// The gradient of `abs` at 0 is 0, that of `max` and `min` at a tie goes to both sides in halves,
/// and that of `pow` is PyTorch's where the base or the exponent is 0.
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

/// The message for a call that no function of the table takes.
#[doc(hidden)]
#[proc_macro]
pub fn refuse_call(input: TokenStream) -> TokenStream {
    elementwise::refuse_call(input.into()).into()
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

/// A span in every method of an `impl` but those that the arguments name, for volta-core alone.
#[doc(hidden)]
#[proc_macro_attribute]
pub fn spans(arguments: TokenStream, item: TokenStream) -> TokenStream {
    spans::expand(arguments.into(), item.into())
        .unwrap_or_else(syn::Error::into_compile_error)
        .into()
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
