//! What can be known from counts of symbols and of pairs.

use crate::text::SYMBOLS;

/// How often each symbol comes, and how often after each.
pub(crate) struct Counts {
    symbols: [f64; SYMBOLS],
    pairs: Vec<[f64; SYMBOLS]>,
    total: f64,
}

impl Counts {
    pub(crate) fn of(text: &[i64]) -> Self {
        let mut counts = Counts {
            symbols: [0.0; SYMBOLS],
            pairs: vec![[0.0; SYMBOLS]; SYMBOLS],
            total: text.len() as f64,
        };
        for symbol in text {
            counts.symbols[*symbol as usize] += 1.0;
        }
        for pair in text.windows(2) {
            counts.pairs[pair[0] as usize][pair[1] as usize] += 1.0;
        }
        counts
    }

    /// The chance of a symbol, as if each had been seen once more.
    fn chance(&self, symbol: usize) -> f64 {
        (self.symbols[symbol] + 1.0) / (self.total + SYMBOLS as f64)
    }

    /// The chance of a symbol after another, as if one more pair had been seen, of any symbol.
    fn chance_after(&self, last: usize, symbol: usize) -> f64 {
        let after: f64 = self.pairs[last].iter().sum();
        (self.pairs[last][symbol] + self.chance(symbol)) / (after + 1.0)
    }

    /// The cross entropy of the symbols of a text by their frequency, in nats.
    pub(crate) fn unigram(&self, text: &[i64]) -> f32 {
        mean(text, |_, symbol| -self.chance(symbol).ln())
    }

    /// The same by the symbol before each.
    pub(crate) fn bigram(&self, text: &[i64]) -> f32 {
        mean(text, |last, symbol| -self.chance_after(last, symbol).ln())
    }
}

/// The mean over the pairs of a text.
fn mean(text: &[i64], of: impl Fn(usize, usize) -> f64) -> f32 {
    let pairs = text.windows(2);
    let sum: f64 = pairs
        .map(|pair| of(pair[0] as usize, pair[1] as usize))
        .sum();
    (sum / (text.len() - 1) as f64) as f32
}
