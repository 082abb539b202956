//! The messages of misuse.

use super::super::{attribute, fuse, refuse_call, table};
use proc_macro2::{TokenStream, TokenTree};
use quote::quote;

/// The messages of the errors in an expansion.
fn messages(expansion: TokenStream) -> Vec<String> {
    let mut messages = Vec::new();
    let mut is_error = false;
    for tree in expansion {
        match tree {
            TokenTree::Ident(ident) => is_error = ident == "compile_error",
            TokenTree::Group(group) if is_error => {
                let message: syn::LitStr = syn::parse2(group.stream()).unwrap();
                messages.push(message.value());
                is_error = false;
            }
            TokenTree::Group(group) => messages.extend(self::messages(group.stream())),
            _ => {}
        }
    }
    messages
}

/// The messages for a function.
fn of(source: &str) -> Vec<String> {
    let expansion = attribute(quote!(), source.parse().unwrap());
    // What stands in for it has to be Rust, whatever the mistake.
    assert!(syn::parse2::<syn::File>(expansion.clone()).is_ok());
    messages(expansion)
}

/// The messages for the body of a function of `x`.
fn in_body(body: &str) -> Vec<String> {
    of(&format!("fn f(x: Float) -> Float {{ {body} }}"))
}

fn in_fuse(closure: &str) -> Vec<String> {
    let closure: TokenStream = closure.parse().unwrap();
    let expansion = fuse(quote!([::volta] #closure));
    assert!(syn::parse2::<syn::Expr>(expansion.clone()).is_ok());
    messages(expansion)
}

fn in_table(entries: &str) -> Vec<String> {
    let expansion = table(entries.parse().unwrap());
    assert!(syn::parse2::<syn::File>(expansion.clone()).is_ok());
    messages(expansion)
}

/// Each source has one message.
fn assert_each(messages: impl Fn(&str) -> Vec<String>, cases: &[(&str, &str)]) {
    for (source, message) in cases {
        assert_eq!(messages(source), [*message], "{source}");
    }
}

#[test]
fn every_error_is_reported_at_once() {
    assert_eq!(
        in_body(
            "let a; let (b, c) = x; let mut d = x; let e: f32 = x;
             for i in 0..3 {}
             x + 1.0;
             x[0] + foo(&x) + x.powi(2) + vec![x] + \"a\" + 1.0f32"
        ),
        [
            "a `let` has a value: `let a = ..;`",
            "a `let` here binds one name: write one for each",
            "nothing is assigned here: leave out `mut`, and use `let` again for another value",
            "no type here: every number is of the type of the inputs",
            "no loops here: every element is computed by the same operations",
            "this has no effect: name the value with `let`, or leave it out",
            "no indexing here: a function sees one element of each input",
            "no references here: numbers are used as they are",
            "no method `powi` here, only intrinsics such as `x.exp()`: it is called `pow` here",
            "no macros here: a call is of a function",
            "a literal here is a number",
            "a literal here is without suffix: `1.0`",
        ]
    );
}

#[test]
fn a_body_is_an_expression_of_numbers() {
    assert_each(
        in_body,
        &[
            (
                "match x { _ => x }",
                "no `match` here: write `if .. { .. } else { .. }`",
            ),
            (
                "let f = |a| a; f + x",
                "no closures here: write a function, and call it",
            ),
            (
                "x as f32",
                "no `as` here: every number is already of the type of the inputs",
            ),
            ("*x", "no references here: numbers are used as they are"),
            (
                "x.y",
                "no fields here: a parameter is an argument, `slope: f64`",
            ),
            ("unsafe { x }", "nothing here is `unsafe`"),
            (
                "return x;",
                "no `return` here: the last expression is the result, also of an `if .. { .. } else { .. }`",
            ),
            (
                "x = 1.0; x",
                "nothing is assigned here: use `let` again for another value",
            ),
            (
                "x += 1.0; x",
                "nothing is assigned here: use `let` again for another value",
            ),
            (
                "if x < 0.0 { return 0.0; } x",
                "no `return` here: the last expression is the result, also of an `if .. { .. } else { .. }`",
            ),
            (
                "let (a, b) = (x, x); a + b(x)",
                "a `let` here binds one name: write one for each",
            ),
            ("x + 1.0;", "the result has no `;` after it: leave it out"),
            ("", "expected an expression, the result, before the `}`"),
            ("fn g() {} x", "no items here: put this one outside"),
            (
                "let a = (x, x); a",
                "a tuple is the result of the whole function alone",
            ),
            (
                "[x; 2]",
                "not known here: a function is made of literals, constants, `let`, arithmetic, \
                 comparisons, `if .. else ..` and calls",
            ),
            ("y + x", "`y` is no argument and no `let` of this function"),
            (
                "let scale = 2.0 * x; scael * scale",
                "`scael` is no argument and no `let` of this function: did you mean `scale`?",
            ),
            (
                "foo::bar",
                "a path is a constant, whose name is in capitals: `std::f64::consts::PI`",
            ),
            (
                "x & x",
                "`&` is for functions of `Int`; conditions are joined by `&&`",
            ),
            ("x ^ x", "`^` is for functions of `Int`"),
            (
                "99999999999999999999 * x",
                "`99999999999999999999` is too large to be exact: whole literals go up to 2^53",
            ),
            (
                "9007199254740993 * x",
                "`9007199254740993` is too large to be exact: whole literals go up to 2^53",
            ),
            ("1e999 * x", "`1e999` is too large for an `f64`"),
            ("2_u8 * x", "a literal here is without suffix: `2`"),
            (
                "let w = 2.0 * x; x",
                "`w` is not used: leave it out, or call it `_w`",
            ),
        ],
    );
    assert_eq!(in_body("let _w = 2.0 * x; x"), [""; 0]);
    assert_eq!(
        in_body("if !self::is_near(x, 1.0) && (is_nan(x)) { x } else { 0.0 }"),
        [""; 0]
    );
}

#[test]
fn numbers_and_conditions_differ() {
    assert_each(
        in_body,
        &[
            (
                "if x { x } else { 1.0 }",
                "expected a condition, this is a number: compare it, as in `x > 0.0`",
            ),
            (
                "!x",
                "expected a condition, this is a number: compare it, as in `x > 0.0`",
            ),
            (
                "(x < 0.0) + x",
                "expected a number, this is a condition: choose with `if .. { .. } else { .. }`",
            ),
            (
                "if (x < 0.0) == (x < 1.0) { x } else { 1.0 }",
                "a condition is not compared: conditions are joined by `&&`, `||` and `!`",
            ),
            (
                "if x < 0.0 { x }",
                "this `if` has no `else`: every element has a value",
            ),
            (
                "if let a = x { x } else { x }",
                "no `if let` here: a condition is a comparison",
            ),
            (
                "if true { x } else { -x }",
                "a condition here is a comparison: `x > 0.0`",
            ),
            (
                "if x < 0.0 { x } else { x < 1.0 }",
                "one arm is a number and the other a condition: both are numbers, or both conditions",
            ),
            (
                "x < 1.0",
                "the result is a number by the signature, this is a condition: write `-> bool`, or choose with `if .. { .. } else { .. }`",
            ),
            (
                "(x, x)",
                "the signature has one result, this is a tuple of 2 results",
            ),
        ],
    );
    assert_eq!(
        of("fn f(x: Float) -> bool { x }"),
        ["the result is a condition by the signature, `bool`: this is a number"]
    );
}

#[test]
fn a_call_is_of_a_function() {
    assert_each(
        in_body,
        &[
            ("exp(x, x)", "`exp` takes 1 argument, 2 are given"),
            ("x.pow()", "`pow` takes 2 arguments, 1 is given"),
            (
                "select(x)",
                "`select` takes a condition and two values, 1 is given",
            ),
            (
                "x.tan_h()",
                "no method `tan_h` here, only intrinsics such as `x.exp()`: did you mean `tanh`, `atanh` or `tan`?",
            ),
            ("powf(x, 2.0)", "`powf` is called `pow` here"),
            ("f(x)", "`f` calls itself: a function has no recursion"),
            (
                "self::f(x)",
                "`f` calls itself: a function has no recursion",
            ),
            ("x(x)", "`x` is a number here, no function"),
            ("(|a| a)(x)", "a call is of a function, by its name"),
            ("Mish(x)", "a call is of a function, by its name: `relu(x)`"),
            (
                "acts::Snake(x)",
                "a call is of a function, by its name: `self::snake(x)`",
            ),
            (
                "relu::<f32>(x)",
                "no generics here: a function is of every type",
            ),
            (
                "x.exp::<f32>()",
                "no generics here: a function is of every type",
            ),
        ],
    );
}

#[test]
fn a_signature_says_what_the_function_is_of() {
    let types = "an input is `Float`, `Num`, `Int`, `Any` or `bool`; a run-time parameter is `f64`";
    assert_each(
        of,
        &[
            (
                "fn f(x: f32) -> Float { x }",
                "write `Float`: the function is of every float type; `f64` is a run-time parameter",
            ),
            (
                "fn f(x: i64) -> Float { x }",
                "write `Int`: the function is of every integer type; `f64` is a run-time parameter",
            ),
            (
                "fn f(x: &Float) -> Float { x }",
                &format!("no references here: {types}"),
            ),
            (
                "fn f(x: Tensor<S, f32>) -> Float { x }",
                "a function is written for one element: write `Float`, and it takes tensors of every shape",
            ),
            (
                "fn f(x: &[f32]) -> Float { x }",
                "a function is written for one element: write `Float`, and it takes tensors of every shape",
            ),
            (
                "fn f(x: Foo) -> Float { x }",
                &format!("unknown type `Foo`: {types}"),
            ),
            ("fn f(x: (Float, Float)) -> Float { x }", types),
            (
                "fn f(a: f64) -> Float { a }",
                "an elementwise function has an input: `x: Float`; an `f64` is a parameter",
            ),
            (
                "fn f() -> Float { 1.0 }",
                "an elementwise function has an input: `x: Float`",
            ),
            (
                "fn f(x: Float) { x }",
                "the function has a result: `-> Float`",
            ),
            (
                "fn f(a: f64, x: Float) -> Float { x * a }",
                "inputs come first: put this one before the parameters",
            ),
            (
                "fn f(x: Float, y: Num) -> Float { x + y }",
                "the inputs are of one type: the first one is `Float`, this one `Num`",
            ),
            (
                "fn f(x: Float, x: Float) -> Float { x }",
                "`x` is given twice",
            ),
            (
                "fn f(mut x: Float) -> Float { x }",
                "an argument is not assigned: leave out `mut`",
            ),
            (
                "fn f((a, b): Float) -> Float { a }",
                "an argument is a name",
            ),
            (
                "fn f(self, x: Float) -> Float { x }",
                "an elementwise function has no `self`",
            ),
            (
                "fn f(x: Float, w: Float) -> Float { x }",
                "`w` is not used: leave it out, or call it `_w`",
            ),
            (
                "fn f(a: Float, b: Float, c: Float, d: Float, e: Float, g: Float, h: Float) -> Float { a }",
                "a function has at most 6 inputs, this one has 7",
            ),
            (
                "fn f(x: Float) -> (Float, Float, Float, Float, Float) { x }",
                "a function has at most 4 outputs, this one has 5",
            ),
            (
                "fn f(x: Float) -> (Float,) { x }",
                "a single result is no tuple: write `-> Float`",
            ),
            (
                "fn f(x: Float) -> Num { x }",
                "the result is of the inputs' type, `Float`, or a tuple of it, or `bool`",
            ),
            (
                "fn f(x: Float) -> (Float, bool) { x }",
                "the result is of the inputs' type, `Float`, or a tuple of it, or `bool`",
            ),
            (
                "fn f(x: Float) -> (Float, Float) { x }",
                "the signature has a tuple of 2 results, this is one result",
            ),
            (
                "fn f(x: Any) -> Any { x }",
                "a function of `Any` tests its inputs: it returns `bool`",
            ),
            (
                "fn f(x: bool, k: f64) -> bool { x }",
                "a function of `bool` has no parameters: they are numbers",
            ),
            (
                "const fn f(x: Float) -> Float { x }",
                "an elementwise function is not `const`",
            ),
            (
                "unsafe fn f(x: Float) -> Float { x }",
                "an elementwise function is not `unsafe`",
            ),
            (
                "async fn f(x: Float) -> Float { x }",
                "an elementwise function is not `async`",
            ),
            (
                "extern \"C\" fn f(x: Float) -> Float { x }",
                "an elementwise function is not `extern`",
            ),
            (
                "fn f<T: Float>(x: T) -> T { x }",
                "no generics here: `Float` and `Num` already stand for every type, as in `x: Num`",
            ),
            (
                "fn f(x: Float) -> Float where T: Copy { x }",
                "no `where` here: `Float` and `Num` already stand for every type",
            ),
            ("struct F;", "`#[elementwise]` is for a function of scalars"),
        ],
    );
    let parameters: String = (0..17).map(|k| format!(", p{k}: f64")).collect();
    assert_eq!(
        of(&format!("fn f(x: Float{parameters}) -> Float {{ x }}")),
        ["a function has at most 16 parameters, this one has 17"]
    );
}

#[test]
fn a_function_does_what_its_elements_can() {
    assert_each(
        of,
        &[
            (
                "fn f(x: Num) -> Num { 0.5 * x }",
                "`0.5` is no integer, and a function of `Num` is of integers, too: one of `Float` is not",
            ),
            (
                "fn f(x: Num) -> Num { exp(x) }",
                "`exp` needs `Float`, and this function is of `Num`",
            ),
            (
                "fn f(x: Int) -> Int { sqrt(x) }",
                "`sqrt` needs `Float`, and this function is of `Int`",
            ),
            (
                "fn f(x: Any) -> bool { x + x == x }",
                "a function of `Any` only tests its inputs: it has no arithmetic",
            ),
            (
                "fn f(x: Any) -> bool { x < 0.0 }",
                "no literals in a function of `Any`: it only tests its inputs",
            ),
            (
                "fn f(x: Any) -> bool { x < PI }",
                "no constants in a function of `Any`: it only tests its inputs",
            ),
            (
                "fn f(x: Any) -> bool { abs(x) == x }",
                "`abs` needs `Num`, and this function is of `Any`",
            ),
            (
                "fn f(x: Any) -> bool { relu(x) == x }",
                "a function of `Any` only tests its inputs: it calls none",
            ),
            (
                "fn f(x: Any, y: Any) -> bool { (if x < y { x } else { y }) == x }",
                "a function of `Any` only tests its inputs: it chooses between conditions alone",
            ),
            (
                "fn f(x: bool, y: bool) -> bool { x < y }",
                "a `bool` is compared by `==` and `!=` alone",
            ),
        ],
    );
    assert_eq!(
        of("fn f(x: bool, y: bool) -> bool { x != y && !(x || y) }"),
        [""; 0]
    );
    assert_eq!(
        of("fn f(x: Int, y: Int) -> Int { !(x << 2) ^ (y & 3) % 5 }"),
        [""; 0]
    );
}

#[test]
fn attributes_have_their_forms() {
    let form = "expected the derivative by an argument: `#[derivative(x = y * (1.0 - y))]`";
    assert_each(
        of,
        &[
            ("#[derivative] fn f(x: Float) -> Float { x }", form),
            ("#[derivative()] fn f(x: Float) -> Float { x }", form),
            ("#[derivative(x)] fn f(x: Float) -> Float { x }", form),
            (
                "#[derivative(x = 1.0, x = 2.0)] fn f(x: Float) -> Float { x }",
                "the derivative by `x` is given twice",
            ),
            (
                "#[derivative(slop = 1.0)] fn f(x: Float, slope: f64) -> Float { x * slope }",
                "`slop` is no argument of `f`: did you mean `slope`?",
            ),
            (
                "#[derivative(x = z)] fn f(x: Float) -> Float { x }",
                "`z` is no argument and no `let` of this function",
            ),
            (
                "#[derivative(x = x < y)] fn f(x: Float) -> Float { x }",
                "expected a number, this is a condition: choose with `if .. { .. } else { .. }`",
            ),
            (
                "#[derivative(x = 1.0)] fn f(x: Float) -> (Float, Float) { (x, x) }",
                "a function of several outputs takes no `derivative`: it would not say of which output",
            ),
            (
                "#[derivative(x = 1.0)] fn f(x: Int) -> Int { x }",
                "a function of `Int` has no derivative",
            ),
            (
                "#[derivative(x = 1.0)] fn f(x: Float) -> bool { x < 0.0 }",
                "a function that returns `bool` has no derivative",
            ),
            (
                "#[derivative(y = 1.0)] fn f(y: Float) -> Float { y }",
                "beside `derivative`, no argument is called `y`: it is the result there",
            ),
            (
                "#[domain(3)] fn f(x: Float) -> Float { x }",
                "expected a range: `#[domain(0.2..4.0)]`",
            ),
            (
                "#[domain(0.2..)] fn f(x: Float) -> Float { x }",
                "expected a range: `#[domain(0.2..4.0)]`",
            ),
            (
                "#[default(3)] fn f(x: Float) -> Float { x }",
                "`default` belongs on a parameter: `#[default(0.01)] slope: f64`",
            ),
            (
                "fn f(#[default(3)] x: Float) -> Float { x }",
                "an input has no default: a parameter, `f64`, has",
            ),
            (
                "fn f(x: Float, #[default(\"a\")] a: f64) -> Float { x * a }",
                "expected a number or a constant: `#[default(0.01)]`",
            ),
            (
                "fn f(x: Float, #[foo] a: f64) -> Float { x * a }",
                "an argument takes `#[default(..)]` alone",
            ),
        ],
    );
    let expansion = attribute(
        quote!(crait = volta),
        quote!(
            fn f(x: Float) -> Float {
                x
            }
        ),
    );
    assert_eq!(
        messages(expansion),
        ["expected nothing here, or where volta is, `crate = path`, or `compiled`"]
    );
    assert_eq!(
        of("fn f(x: Float, #[default(-3)] a: f64) -> Float { x * a }"),
        [""; 0]
    );
}

#[test]
fn a_fused_closure_names_tensors() {
    assert_each(
        in_fuse,
        &[
            ("x + 1.0", "expected a closure: `fuse!(|x, w| relu(x * w))`"),
            (
                "|| 1.0",
                "a tensor is named between the bars: `fuse!(|x, w| relu(x * w))`",
            ),
            ("move |x| x", "nothing moves into it: leave out `move`"),
            (
                "|x| -> f32 { x }",
                "no type here: it follows from the tensors",
            ),
            (
                "|x, self.w| x * self.w",
                "a variable is named between the bars: `let w = &self.w;` before `fuse!`",
            ),
            (
                "|x, mask| if mask { x } else { 0.0 }",
                "expected a condition, this is a number: compare it, as in `x > 0.0`; a mask is for `Tensor::select`",
            ),
            (
                "|(a, b)| a",
                "expected the name of a tensor in scope, `x`, or `&mut x` for one that is written to",
            ),
            ("|x, x| x", "`x` is given twice"),
            (
                "|a, b, c, d, e, f, g| a",
                "`fuse!` takes at most 6 tensors, these are 7",
            ),
            ("|x, w| x", "`w` is not used: leave it out"),
            (
                "|x| { let a = x; }",
                "the closure ends in an expression, its result",
            ),
            ("|x| x.lr", "`x` is a number here: it has no fields"),
            (
                "|x| x * rates().lr",
                "a captured scalar is a name or a field: `lr`, `self.lr`",
            ),
            (
                "|x| { let a = x; a = 2.0; a }",
                "`a` is a `let`: use `let` again for another value",
            ),
            (
                "|x| { x = 2.0; x }",
                "`x` is read alone: write `&mut x` between the bars to assign it",
            ),
            (
                "|x| { lr = 2.0; x }",
                "`lr` is not assigned here: `&mut lr` between the bars is, for a tensor",
            ),
            (
                "|&mut x| { x.a = 2.0; x }",
                "a tensor is assigned: `&mut x` between the bars, and `x = ..;`",
            ),
            ("|&mut x| x", "`x` is `&mut`, and never assigned: `x = ..;`"),
            (
                "|&mut x| { if x < 0.0 { x = 1.0; 2.0 } else { x } }",
                "an assignment stands by itself at the top of the closure",
            ),
            (
                "|&mut x| { x += 1.0; x < 2.0 }",
                "beside tensors that are written to, a result is a number",
            ),
            (
                "|x| (x, x, x, x, x)",
                "a function has at most 4 outputs, this one has 5",
            ),
            (
                "|x| x.powi(2)",
                "no method `powi` here, only intrinsics such as `x.exp()`: it is called `pow` here",
            ),
        ],
    );
}

#[test]
fn a_fused_closure_takes_some_numbers() {
    let sum: String = (0..17).map(|k| format!("+ n{k}")).collect();
    assert_eq!(
        in_fuse(&format!("|x| x {sum}")),
        ["a function takes at most 16 numbers from the scope, these are 17"]
    );
}

#[test]
fn a_table_knows_its_functions() {
    assert_each(
        in_table,
        &[
            (
                "fn f(x: Float, slope: f64) -> Float { x * slope }",
                "the tests need a value: `#[default(0.01)] slope: f64`",
            ),
            (
                "fn f(x: Float) -> Float { x } fn f(x: Float) -> Float { x }",
                "`f` is given twice",
            ),
            (
                "#[inline] fn f(x: Float) -> Float { x }",
                "an entry takes docs, `cfg`, `derivative`, `domain`, `operator` and `method`",
            ),
            (
                "#[method] fn f(x: Float) -> Float { x }",
                "expected names: `#[method(log)]`",
            ),
            (
                "#[operator(x)] fn f(x: Float) -> Float { x }",
                "`operator` takes no value",
            ),
            (
                "fn relu(x: Num) -> Num { x } fn f(x: Float) -> Float { relo(x) }",
                "`relo` is no intrinsic and no entry of this table: did you mean `relu`?",
            ),
            (
                "fn tahn(x: Float) -> Float;",
                "`tahn` has no body, and is no intrinsic: did you mean `tan`, `atan` or `tanh`?",
            ),
            (
                "fn pow(x: Float) -> Float;",
                "the intrinsic `pow` has 2 inputs and no parameters",
            ),
            (
                "fn g(x: Float) -> Float { x } fn f(x: Num) -> Num { g(x) }",
                "`g` needs `Float`, and this function is of `Num`",
            ),
            (
                "fn g(x: Float) -> (Float, Float) { (x, x) } fn f(x: Float) -> Float { g(x) }",
                "`g` has several outputs",
            ),
            (
                "fn g(x: Float) -> Float { x } fn f(x: Float) -> Float { g(x, x) }",
                "`g` takes 1 argument, 2 are given",
            ),
        ],
    );
    assert_eq!(
        in_table("fn f(x: Float) -> Float { g(x) } fn g(x: Float) -> Float { f(x) }"),
        [
            "this call of `g` comes back to itself",
            "this call of `f` comes back to itself",
        ]
    );
}

#[test]
fn a_call_without_a_path_is_of_the_table() {
    let call = |call: &str| {
        let known = "relu(x) Num number, relu6(x) Num number, sigmoid(x) Float number, \
                     leaky_relu(x, slope) Float number, is_nan(x) Float condition";
        let expansion = refuse_call(
            format!("[::volta] Alias = {call}: {known}")
                .parse()
                .unwrap(),
        );
        assert!(syn::parse2::<syn::File>(expansion.clone()).is_ok());
        messages(expansion)
    };
    assert_each(
        call,
        &[
            (
                "relu7 1 Float number",
                "`relu7` is no function of volta: did you mean `relu` or `relu6`? One of your own is called by its path, `self::relu7`",
            ),
            (
                "swoosh 1 Float number",
                "`swoosh` is no function of volta: one of your own is called by its path, `self::swoosh`",
            ),
            (
                "leaky_relu 1 Float number",
                "`leaky_relu(x, slope)` takes 2 arguments, 1 is given",
            ),
            (
                "relu 2 Float number",
                "`relu(x)` takes 1 argument, 2 are given",
            ),
            (
                "sigmoid 1 Num number",
                "`sigmoid` needs `Float`, and this function is of `Num`",
            ),
            (
                "relu 1 Num condition",
                "expected a condition, `relu` gives a number: compare it, as in `relu(..) > 0.0`",
            ),
            (
                "is_nan 1 Float number",
                "expected a number, `is_nan` gives a condition: choose with `if is_nan(..) { .. } else { .. }`",
            ),
        ],
    );
}
