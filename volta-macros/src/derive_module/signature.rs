//! The shapes of `forward = [N, 1, 28, 28] -> [N, 10]`.

use crate::errors::Errors;
use proc_macro2::{Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::ParseStream;
use syn::spanned::Spanned;
use syn::{Ident, LitInt, Path, Token, bracketed, token};

/// The largest rank of a shape.
pub(crate) const MAX_RANK: usize = 6;

/// The shapes that go in and come out.
pub(super) struct Signature {
    pub(super) input: ShapePattern,
    pub(super) output: ShapePattern,
}

pub(super) struct ShapePattern {
    pub(super) span: Span,
    pub(super) axes: Vec<Axis>,
}

pub(super) enum Axis {
    /// `28`
    Literal(LitInt),
    /// `*`
    One(Span),
    /// `N`: a parameter of the type, or a new one.
    Name(Ident),
    /// `{ H }`
    Const(TokenStream),
    /// `sizes::Batch`
    Type(Path),
}

impl Signature {
    /// Reads the two shapes. `Ok(None)`: they could not be read, and `errors` says why.
    pub(super) fn parse(input: ParseStream, errors: &mut Errors) -> syn::Result<Option<Self>> {
        let from = ShapePattern::parse(input, errors)?;
        input.parse::<Token![->]>()?;
        let to = ShapePattern::parse(input, errors)?;
        Ok(from
            .zip(to)
            .map(|(input, output)| Signature { input, output }))
    }
}

impl ShapePattern {
    fn parse(input: ParseStream, errors: &mut Errors) -> syn::Result<Option<Self>> {
        let content;
        let bracket = bracketed!(content in input);
        let mut axes = Vec::new();
        let mut whole = true;
        while !content.is_empty() {
            match Axis::parse(&content) {
                Ok(axis) => axes.push(axis),
                Err(error) => {
                    errors.push(error);
                    whole = false;
                    while !content.is_empty() && !content.peek(Token![,]) {
                        content.parse::<TokenTree>()?;
                    }
                }
            }
            content.parse::<Option<Token![,]>>()?;
        }
        let span = bracket.span.join();
        if axes.len() > MAX_RANK {
            errors.at(
                span,
                format!(
                    "a shape has at most {MAX_RANK} axes, this one has {}",
                    axes.len()
                ),
            );
            whole = false;
        }
        Ok(whole.then_some(ShapePattern { span, axes }))
    }
}

impl Axis {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let start = input.span();
        let wrong = |span| {
            syn::Error::new(
                span,
                "an axis is a size (`28`), a name (`N`), a constant (`{H}`), or `*` for an axis \
                 that broadcasts",
            )
        };
        let axis = if input.peek(Token![*]) {
            Axis::One(input.parse::<Token![*]>()?.span)
        } else if input.peek(token::Brace) {
            let content;
            syn::braced!(content in input);
            Axis::Const(content.parse()?)
        } else if input.peek(Token![-]) {
            return Err(wrong(start));
        } else if input.peek(syn::Lit) {
            let literal: LitInt = input.parse().map_err(|_| wrong(start))?;
            if !matches!(literal.suffix(), "" | "usize") {
                return Err(wrong(literal.span()));
            }
            Axis::Literal(literal)
        } else {
            let path = Path::parse_mod_style(input).map_err(|_| wrong(start))?;
            match path.get_ident() {
                Some(ident) => Axis::Name(ident.clone()),
                None => Axis::Type(path),
            }
        };
        if input.is_empty() || input.peek(Token![,]) {
            Ok(axis)
        } else {
            Err(wrong(input.span()))
        }
    }

    /// Whether this is the name.
    pub(super) fn is(&self, name: &Ident) -> bool {
        matches!(self, Axis::Name(ident) if ident == name)
    }

    pub(super) fn span(&self) -> Span {
        match self {
            Axis::Literal(literal) => literal.span(),
            Axis::One(span) => *span,
            Axis::Name(ident) => ident.span(),
            Axis::Const(tokens) => tokens.span(),
            Axis::Type(path) => path.span(),
        }
    }
}

impl std::fmt::Display for ShapePattern {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[")?;
        for (i, axis) in self.axes.iter().enumerate() {
            let comma = if i == 0 { "" } else { ", " };
            match axis {
                Axis::Literal(literal) => write!(f, "{comma}{literal}")?,
                Axis::One(_) => write!(f, "{comma}*")?,
                Axis::Name(ident) => write!(f, "{comma}{ident}")?,
                Axis::Const(tokens) => write!(f, "{comma}{{{tokens}}}")?,
                Axis::Type(path) => {
                    let path = path.to_token_stream().to_string().replace(' ', "");
                    write!(f, "{comma}{path}")?;
                }
            }
        }
        f.write_str("]")
    }
}
