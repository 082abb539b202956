//! The expansion of each item in `tests/snapshots`, and the messages of misuse.

use super::*;
use quote::{ToTokens, quote};
use std::path::Path;
use std::{env, fs};

/// Compares with `<name>.expanded.rs`, or writes it if `UPDATE_SNAPSHOTS` is set.
fn snapshot(name: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots");
    let source = fs::read_to_string(folder.join(format!("{name}.rs"))).unwrap();
    let items = syn::parse_file(&source).unwrap().items;
    let expanded = items.iter().map(|item| derive(item.to_token_stream()));
    let file = syn::parse2(expanded.collect()).unwrap();
    let expanded = prettyplease::unparse(&file);
    let path = folder.join(format!("{name}.expanded.rs"));
    if env::var_os("UPDATE_SNAPSHOTS").is_some() {
        fs::write(&path, &expanded).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == expanded,
        "{name} expands to\n{expanded}\nIf that is right, run again with UPDATE_SNAPSHOTS=1."
    );
}

#[test]
fn snapshot_of_a_unit_struct() {
    snapshot("unit");
}

#[test]
fn snapshot_of_a_sequential_struct() {
    snapshot("sequential");
}

#[test]
fn snapshot_of_an_enum() {
    snapshot("enum");
}

#[test]
fn snapshot_of_every_attribute() {
    snapshot("attributes");
}

fn errors(tokens: TokenStream) -> Vec<String> {
    let mut errors = Errors::default();
    read(syn::parse2(tokens.clone()).unwrap(), &mut errors);
    let messages = errors.messages();
    // The stub has to be Rust, whatever the mistake.
    assert!(messages.is_empty() || syn::parse2::<syn::File>(derive(tokens)).is_ok());
    messages
}

/// The one error of a struct with this field.
fn field_error(field: TokenStream) -> String {
    let mut errors =
        errors(quote!(struct Model<B: Backend> { other: Linear<1, 1, f32, B>, #field }));
    assert_eq!(errors.len(), 1, "{errors:?}");
    errors.remove(0)
}

#[test]
fn what_is_right_has_no_error() {
    for item in [
        quote!(
            struct Model<B: Backend> {
                layer: Linear<1, 1, f32, B>,
            }
        ),
        quote!(
            struct Model<B: volta::Backend>(Linear<1, 1, f32, B>);
        ),
        quote!(
            struct Model<B>(Linear<1, 1, f32, B>)
            where
                B: Backend;
        ),
        quote!(
            #[module(backend = B)]
            struct Model<B: Engine>(Linear<1, 1, f32, B>);
        ),
        quote!(
            struct Model<M: Module<B>, B: Backend>(Vec<M>, PhantomData<(M, B)>);
        ),
        quote!(
            struct Model<const N: usize, B: Backend>(Conv<N, B>)
            where
                D<N>: Even;
        ),
        quote!(
            enum Model {
                Relu(Relu),
                Pair(Relu, (Gelu, Relu)),
                None,
            }
        ),
        quote!(
            struct Model(#[module(skip)] &'static str);
        ),
    ] {
        assert_eq!(errors(item.clone()), [""; 0], "{item}");
    }
}

#[test]
fn every_error_is_reported_at_once() {
    let found = errors(quote! {
        #[module(skip, foo, no_init = 3, backend)]
        struct Model<'a, B: Backend, C: Backend> {
            #[module(skip, skip, bar = (1, 2), rename, frozen = 1)]
            a: usize,
            #[module(sequential)]
            b: Tensor<s![2], f32, B>,
        }
    });
    assert_eq!(
        found,
        [
            "`skip` belongs on a field, not on the type",
            "unknown attribute `foo`: a type takes `backend = B`, `crate = path`, `no_init`, \
             `sequential` and `forward = [..] -> [..]`",
            "`no_init` takes no value",
            "`backend` needs a value: `backend = B`",
            "`skip` is given twice",
            "unknown attribute `bar`: a field takes `skip`, `buffer`, `frozen`, `flatten`, \
             `rename = \"..\"` and `init = ..`",
            "`rename` needs a value: `rename = \"weight\"`",
            "`frozen` takes no value",
            "`sequential` belongs on the type, not on a field",
            "a module owns its tensors: it has no lifetime parameters",
            "`B` and `C` are both backends: a module is on one; say which with \
             `#[module(backend = B)]`",
            "a tensor in a module is a `Param` (trained), `#[module(buffer)]` (saved, not \
             trained) or `#[module(skip)]`",
        ]
    );
}

#[test]
fn an_attribute_has_its_own_form() {
    let malformed = errors(quote!(
        #[module]
        #[module = "x"]
        struct Model;
    ));
    assert_eq!(malformed, ["expected `#[module(..)]`"; 2]);
    assert_eq!(
        errors(quote!(
            enum Model {
                #[module(rename = "x")]
                A,
            }
        )),
        [
            "a variant takes no `#[module(..)]`: write it on the enum or on the fields of the variant"
        ]
    );
    assert_eq!(
        errors(quote!(
            #[module(no_init)]
            enum Model {
                A(#[module(init = Relu)] Relu),
            }
        )),
        [
            "an enum has no `Init` anyway: `no_init` is for structs",
            "`init` is for structs: an enum has no `Init`, as nothing says which variant",
        ]
    );
    assert_eq!(
        errors(quote!(
            #[module(no_init)]
            struct Model(#[module(init = Relu)] Relu);
        )),
        ["`init` has no use here: the type says `no_init`"]
    );
    assert_eq!(
        errors(quote!(union Model { a: Relu })),
        ["a union cannot be a module: use a struct or an enum"]
    );
}

#[test]
fn attributes_that_contradict_are_refused() {
    for (attributes, expected) in [
        (
            quote!(skip, buffer),
            "`skip` and `buffer` exclude each other: a skipped field is not saved, a buffer is",
        ),
        (
            quote!(skip, frozen),
            "`skip` and `frozen` exclude each other: a skipped field has no parameters to freeze",
        ),
        (
            quote!(skip, flatten),
            "`skip` and `flatten` exclude each other: a skipped field has no name",
        ),
        (
            quote!(rename = "x", skip),
            "`skip` and `rename` exclude each other: a skipped field has no name",
        ),
        (
            quote!(frozen, buffer, init = x),
            "`buffer` and `frozen` exclude each other: a buffer is never trained",
        ),
        (
            quote!(buffer, flatten, init = x),
            "`buffer` and `flatten` exclude each other: a buffer needs a name",
        ),
        (
            quote!(flatten, rename = "x"),
            "`flatten` and `rename` exclude each other: a flattened field has no name of its own",
        ),
        (
            quote!(flatten, frozen),
            "`flatten` and `frozen` exclude each other: a frozen field needs a name",
        ),
    ] {
        assert_eq!(
            field_error(quote!(#[module(#attributes)] field: Layer)),
            expected
        );
    }
}

#[test]
fn a_field_is_what_a_module_can_hold() {
    let tensor = "a tensor in a module is a `Param` (trained); a buffer is a field of its own";
    for (field, expected) in [
        (quote!(w: Option<Tensor<s![2], f32, B>>), tensor),
        (quote!(w: [volta::Tensor<s![2], f32, B>; 3]), tensor),
        (
            quote!(w: &'static Relu),
            "a module owns its parts: own this one, or mark the field `#[module(skip)]`",
        ),
        (
            quote!(w: usize),
            "`usize` holds no parameters: mark the field `#[module(skip)]`",
        ),
        (
            quote!(w: Option<String>),
            "`String` holds no parameters: mark the field `#[module(skip)]`",
        ),
        (
            quote!(#[module(frozen)] w: PhantomData<B>),
            "a `PhantomData` holds nothing: it needs no attribute",
        ),
        (
            quote!(w: Box<dyn Fn()>),
            "`dyn Fn ()` is not a module: mark the field `#[module(skip)]`",
        ),
        (
            quote!(#[module(skip)] w: Option<Tensor<s![2], f32, B>>),
            "a skipped field is cloned when the model moves to another backend, so its type cannot \
             name `B`: a tensor that moves along is `#[module(buffer)]`",
        ),
        (
            quote!(#[module(buffer)] w: Tensor<s![2], f32, B>),
            "say what the buffer starts from, `#[module(buffer, init = ..)]` (`device` and `rng` \
             are in scope), or put `#[module(no_init)]` on the type",
        ),
    ] {
        assert_eq!(field_error(field), expected);
    }
}

#[test]
fn names_are_segments_and_differ() {
    for (name, expected) in [
        (
            "",
            "a name cannot be empty: `#[module(flatten)]` leaves the segment out",
        ),
        (
            "a.b",
            "`a.b` has a dot, which separates the segments of a name",
        ),
        ("other", "two fields are saved under the name `other`"),
    ] {
        assert_eq!(
            field_error(quote!(#[module(rename = #name)] field: Relu)),
            expected
        );
    }
    assert_eq!(
        errors(quote!(
            enum E {
                A {
                    #[module(rename = "0")]
                    a: Relu,
                },
                B(Relu, #[module(rename = "0")] Relu),
            }
        )),
        ["two fields are saved under the name `0`"]
    );
}

#[test]
fn a_module_is_on_one_backend() {
    assert_eq!(
        errors(quote!(
            struct Model {
                relu: Relu,
                fc: Linear<1, 2>,
            }
        )),
        [
            "`Model` has no backend parameter: add `B: Backend = Cpu` to it, and `B` to the type of `fc`"
        ]
    );
    assert_eq!(
        errors(quote!(
            #[module(backend = C)]
            struct Model<B>(Linear<1, 2, f32, B>);
        )),
        ["`C` is not a type parameter of `Model`"]
    );
    assert_eq!(
        errors(quote! {
            struct Model<M: Module<B> + Clone, B: Backend + Fast>(M, Linear<1, 1, f32, B>)
            where
                Linear<1, 1, f32, B>: Clone;
        }),
        [
            "`M` changes with the backend, so the type can ask only `M: Module<B>` of it: put this \
             bound on the impls that need it",
            "`B` changes with the backend, so the type can ask only `B: Backend` of it: put this \
             bound on the impls that need it",
            "`B` changes with the backend, so the type can ask only `B: Backend` of it: put this \
             bound on the impls that need it",
        ]
    );
}

#[test]
fn forward_has_two_shapes_and_layers() {
    let forward = |value: TokenStream| {
        errors(quote! {
            #[module(#value)]
            struct Model<const H: usize, E: Float, B: Backend>(Linear<H, 1, E, B>);
        })
    };
    assert_eq!(
        forward(quote!(forward = [N, H, {H + 1}, *, a::B,] -> [N, 10usize])),
        [""; 0]
    );
    assert_eq!(
        forward(quote!(sequential)),
        ["`sequential` needs the shapes: `#[module(sequential, forward = [N, 784] -> [N, 10])]`"]
    );
    let form = "`forward` needs a value: `forward = [N, 784] -> [N, 10]`";
    assert_eq!(forward(quote!(forward)), [form]);
    assert_eq!(forward(quote!(forward = [N, 1])), [form]);
    assert_eq!(forward(quote!(sequential, forward = [N][N])), [form]);
    let axis = "an axis is a size (`28`), a name (`N`), a constant (`{H}`), or `*` for an axis \
                that broadcasts";
    assert_eq!(
        forward(quote!(forward = [N, -1, 2.0, 3i8] -> [N, "x", N + 1])),
        [axis; 5]
    );
    assert_eq!(
        forward(quote!(forward = [1, 2, 3, 4, 5, 6, 7] -> [])),
        ["a shape has at most 6 axes, this one has 7"]
    );
    assert_eq!(
        forward(quote!(forward = [N, B] -> [E, M, H])),
        [
            "`B` is not a size: it is a parameter of `Model`",
            "`E` is not a size: it is a parameter of `Model`",
            "`M` is in the output alone: an axis that comes out has a size, or a name from the \
             input",
        ]
    );
    assert_eq!(
        errors(quote!(
            #[module(forward = [N] -> [N])]
            struct Model;
        )),
        ["`forward` calls the layers of `Model` in order, and it has none"]
    );
    assert_eq!(
        errors(quote!(
            #[module(forward = [N] -> [N])]
            enum Model {
                A(Relu),
                B,
            }
        )),
        ["`forward` calls the layers of the variant in order, and `B` has none"]
    );
}
