//! Loop nests: how a kernel finds an element of each operand from its number.

use volta_core::layout::Layout;

/// Operands of equal sizes: axes of size 1 are dropped, and neighbouring axes merged where every
/// operand allows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Nest {
    /// Sizes, the innermost last.
    pub(crate) dims: Vec<u32>,
    /// Each operand's strides; below 0 in two's complement.
    pub(crate) strides: Vec<Vec<u32>>,
    pub(crate) offsets: Vec<u32>,
}

impl Nest {
    pub(crate) fn new(dims: &[usize], layouts: &[&Layout]) -> Nest {
        let mut merged: Vec<(usize, Vec<isize>)> = Vec::with_capacity(dims.len());
        for (axis, &size) in dims.iter().enumerate() {
            if size == 1 {
                continue;
            }
            let strides: Vec<isize> = layouts.iter().map(|l| l.strides()[axis]).collect();
            match merged.last_mut() {
                Some((last, before))
                    if (before.iter().zip(&strides))
                        .all(|(before, stride)| *before == stride * size as isize) =>
                {
                    *last *= size;
                    *before = strides;
                }
                _ => merged.push((size, strides)),
            }
        }
        Nest {
            dims: merged.iter().map(|(size, _)| *size as u32).collect(),
            strides: (0..layouts.len())
                .map(|k| merged.iter().map(|(_, s)| s[k] as u32).collect())
                .collect(),
            offsets: layouts.iter().map(|l| l.offset() as u32).collect(),
        }
    }

    /// Whether element `i` of every operand is `i` after its first.
    pub(crate) fn is_flat(&self) -> bool {
        self.dims.is_empty() || self.dims.len() == 1 && self.strides.iter().all(|s| s[0] == 1)
    }

    /// Axes of the kernels that take this nest, of which there are few; 0 for flat ones.
    pub(crate) fn class(&self) -> usize {
        match self.dims.len() {
            _ if self.is_flat() => 0,
            0..=2 => 2,
            3..=4 => 4,
            _ => 8,
        }
    }

    /// The words of parameters that [`source`] reads.
    pub(crate) fn params(&self, class: usize, words: &mut Vec<u32>) {
        words.extend(&self.offsets);
        if class == 0 {
            return;
        }
        let missing = class - self.dims.len();
        words.extend(std::iter::repeat_n(1, missing).chain(self.dims.iter().copied()));
        for strides in &self.strides {
            words.extend(std::iter::repeat_n(0, missing).chain(strides.iter().copied()));
        }
    }
}

/// How many words [`Nest::params`] gives.
pub(crate) fn params(class: usize, operands: usize) -> usize {
    match class {
        0 => operands,
        axes => operands + axes + operands * axes,
    }
}

/// Statements that give `{name}0`, `{name}1`, ..: where element `number` of each operand lies. The
/// parameters begin at `first`.
pub(crate) fn source(
    class: usize,
    operands: usize,
    first: usize,
    number: &str,
    name: &str,
) -> String {
    let mut text = String::new();
    let offset = |k: usize| format!("param({}u)", first + k);
    if class == 0 {
        for k in 0..operands {
            text += &format!("let {name}{k} = {} + {number};\n", offset(k));
        }
        return text;
    }
    let size = |axis: usize| format!("param({}u)", first + operands + axis);
    let stride = |k: usize, axis: usize| {
        let at = first + operands + class + k * class + axis;
        format!("param({at}u)")
    };
    text += &format!("var {name}_rest = {number};\n");
    for axis in (0..class).rev() {
        if axis == 0 {
            text += &format!("let {name}_at0 = {name}_rest;\n");
        } else {
            text += &format!(
                "let {name}_over{axis} = {name}_rest / {0};\n\
                 let {name}_at{axis} = {name}_rest - {name}_over{axis} * {0};\n\
                 {name}_rest = {name}_over{axis};\n",
                size(axis)
            );
        }
    }
    for k in 0..operands {
        let steps: Vec<String> = (0..class)
            .map(|axis| format!("{name}_at{axis} * {}", stride(k, axis)))
            .collect();
        text += &format!("let {name}{k} = {} + {};\n", offset(k), steps.join(" + "));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nest_merges_what_every_operand_allows() {
        let a = Layout::contiguous(&[4, 5, 6]);
        let b = Layout::contiguous(&[5, 6]).expand(&[4, 5, 6]);
        let nest = Nest::new(&[4, 5, 6], &[&a, &b]);
        assert_eq!(nest.dims, [4, 30]);
        assert_eq!(nest.strides, [vec![30, 1], vec![0, 1]]);
        assert_eq!(nest.class(), 2);
        let nest = Nest::new(&[4, 5, 6], &[&a, &a]);
        assert!(nest.is_flat());
        let t = a.permute(&[2, 0, 1]);
        let nest = Nest::new(&[6, 4, 5], &[&t]);
        assert_eq!((nest.dims.len(), nest.class()), (2, 2));
    }

    #[test]
    fn there_are_as_many_parameters_as_the_source_reads() {
        let a = Layout::contiguous(&[4, 5, 6]).permute(&[0, 2, 1]);
        let b = Layout::contiguous(&[4, 6, 5]);
        let nest = Nest::new(&[4, 6, 5], &[&a, &b]);
        let mut words = Vec::new();
        nest.params(nest.class(), &mut words);
        assert_eq!(words.len(), params(nest.class(), 2));
        let text = source(nest.class(), 2, 3, "i", "p");
        let last = format!("param({}u)", 3 + words.len() - 1);
        let beyond = format!("param({}u)", 3 + words.len());
        assert!(text.contains(&last) && !text.contains(&beyond), "{text}");
    }
}
