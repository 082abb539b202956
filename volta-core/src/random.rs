//! Random numbers by counter: Philox 4x32-10 (Salmon et al., "Parallel random numbers: as easy as
//! 1, 2, 3", 2011). A number depends on the seed and its place in the stream alone, so that threads
//! and devices agree on it.

use std::fmt;
use std::num::ParseIntError;
use std::str::FromStr;

use crate::dtype::{DtypeKind, Float};

/// A stream of random numbers. One seed gives one stream.
///
/// ```
/// use volta::prelude::*;
///
/// let a: Tensor<s![2, 3]> = Tensor::randn(&mut Rng::seed(7));
/// let b: Tensor<s![2, 3]> = Tensor::randn(&mut Rng::seed(7));
/// assert_eq!(a.to_vec(), b.to_vec());
/// ```
///
/// Its text says where it stands, so that a run which is resumed draws on:
///
/// ```
/// # use volta::prelude::*;
/// let mut rng = Rng::seed(7);
/// rng.below(10);
/// let mut resumed: Rng = rng.to_string().parse()?;
/// assert_eq!(resumed.below(1 << 40), rng.below(1 << 40));
/// # Ok::<(), std::num::ParseIntError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rng {
    key: [u32; 2],
    counter: u64,
    stream: u64,
}

/// Where blocks of four words start in a stream: what a device needs to draw what [`Rng`] draws.
///
/// Block `i` is Philox 4x32-10 of `key` and of the counter `[c, c >> 32, s, s >> 32]`, low words
/// first, where `c` is `counter + i` and `s` is `stream`. Its words make four numbers, each of the
/// upper 24 bits of one; for `f64` two, each of the upper 53 bits of two words, the first of them
/// the high one. Divided by 2 to the number of bits they are in `[0, 1)`. [`Rng::normal`] makes
/// pairs of them normal by the formula of Box and Muller, in `f64`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Blocks {
    /// Of the seed.
    pub key: [u32; 2],
    /// The number of the first block.
    pub counter: u64,
    /// Of the fork.
    pub stream: u64,
}

impl Blocks {
    /// The words of block `i`.
    pub fn words(&self, i: u64) -> [u32; 4] {
        let counter = self.counter + i;
        let counter = [
            counter as u32,
            (counter >> 32) as u32,
            self.stream as u32,
            (self.stream >> 32) as u32,
        ];
        philox(counter, self.key)
    }
}

/// Ten rounds of Philox 4x32.
fn philox(mut counter: [u32; 4], mut key: [u32; 2]) -> [u32; 4] {
    const MULTIPLIERS: [u32; 2] = [0xD251_1F53, 0xCD9E_8D57];
    const WEYL: [u32; 2] = [0x9E37_79B9, 0xBB67_AE85];
    for _ in 0..10 {
        let product = |i: usize| u64::from(MULTIPLIERS[i]) * u64::from(counter[2 * i]);
        let (p0, p1) = (product(0), product(1));
        counter = [
            (p1 >> 32) as u32 ^ counter[1] ^ key[0],
            p1 as u32,
            (p0 >> 32) as u32 ^ counter[3] ^ key[1],
            p0 as u32,
        ];
        key = [key[0].wrapping_add(WEYL[0]), key[1].wrapping_add(WEYL[1])];
    }
    counter
}

impl Rng {
    /// The stream of this seed, from its start.
    pub fn seed(seed: u64) -> Self {
        Rng {
            key: [seed as u32, (seed >> 32) as u32],
            counter: 0,
            stream: 0,
        }
    }

    /// Another stream of the same seed, independent of this one and of other forks.
    pub fn fork(&mut self) -> Rng {
        let words = self.block();
        let stream = u64::from(words[0]) << 32 | u64::from(words[1]);
        Rng {
            key: [words[2] ^ self.key[0], words[3] ^ self.key[1]],
            counter: 0,
            stream,
        }
    }

    /// Passes over the next blocks and says where they are: someone else draws them.
    pub fn advance(&mut self, blocks: u64) -> Blocks {
        let passed = Blocks {
            key: self.key,
            counter: self.counter,
            stream: self.stream,
        };
        self.counter += blocks;
        passed
    }

    /// The next four words.
    fn block(&mut self) -> [u32; 4] {
        self.advance(1).words(0)
    }

    /// A whole number below `bound`, each as likely as the others.
    ///
    /// # Panics
    /// If `bound` is 0.
    pub fn below(&mut self, bound: u64) -> u64 {
        assert!(bound > 0, "no whole number is below 0");
        // Lemire's method: the high half of a product, drawn again where that would be uneven.
        loop {
            let words = self.block();
            let word = u64::from(words[0]) << 32 | u64::from(words[1]);
            let product = u128::from(word) * u128::from(bound);
            if product as u64 >= bound.wrapping_neg() % bound {
                return (product >> 64) as u64;
            }
        }
    }

    /// Puts the elements in a random order (Fisher and Yates).
    ///
    /// ```
    /// # use volta::prelude::*;
    /// let mut order: Vec<usize> = (0..5).collect();
    /// Rng::seed(1).shuffle(&mut order);
    /// order.sort();
    /// assert_eq!(order, [0, 1, 2, 3, 4]);
    /// ```
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            let other = self.below(last as u64 + 1) as usize;
            items.swap(last, other);
        }
    }

    /// `n` numbers in `[0, 1)`.
    pub fn uniform<E: Float>(&mut self, n: usize) -> Vec<E> {
        self.draw(n, |u, v| [u, v])
    }

    /// `n` numbers of mean 0 and variance 1 (Box and Muller).
    pub fn normal<E: Float>(&mut self, n: usize) -> Vec<E> {
        self.draw(n, |u, v| {
            let radius = (-2.0 * (1.0 - u).ln()).sqrt();
            let (sin, cos) = (std::f64::consts::TAU * v).sin_cos();
            [radius * cos, radius * sin]
        })
    }

    /// Pairs of numbers made of pairs of uniform ones: 24 bits of one word for the narrower types,
    /// 53 of two for `f64`.
    fn draw<E: Float>(&mut self, n: usize, pair: impl Fn(f64, f64) -> [f64; 2]) -> Vec<E> {
        let in_block = if E::KIND == DtypeKind::F64 { 2 } else { 4 };
        let count = n.div_ceil(in_block) as u64;
        let blocks = self.advance(count);
        let mut out = Vec::with_capacity(n + 4);
        for block in 0..count {
            let words = blocks.words(block);
            let numbers = if E::KIND == DtypeKind::F64 {
                let wide = |i: usize| {
                    let word = u64::from(words[i]) << 32 | u64::from(words[i + 1]);
                    (word >> 11) as f64 / (1_u64 << 53) as f64
                };
                pair(wide(0), wide(2)).to_vec()
            } else {
                let narrow = |i: usize| f64::from(words[i] >> 8) / f64::from(1 << 24);
                [pair(narrow(0), narrow(1)), pair(narrow(2), narrow(3))].concat()
            };
            out.extend(numbers.into_iter().map(E::from_f64));
        }
        out.truncate(n);
        out
    }
}

impl fmt::Display for Rng {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [low, high] = self.key.map(u64::from);
        let (key, counter, stream) = (high << 32 | low, self.counter, self.stream);
        write!(f, "{key:016x}:{counter:016x}:{stream:016x}")
    }
}

impl FromStr for Rng {
    type Err = ParseIntError;

    fn from_str(text: &str) -> Result<Self, ParseIntError> {
        let mut words = text.splitn(3, ':');
        let mut word = || u64::from_str_radix(words.next().unwrap_or_default(), 16);
        let (key, counter, stream) = (word()?, word()?, word()?);
        Ok(Rng {
            key: [key as u32, (key >> 32) as u32],
            counter,
            stream,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The known answers of the authors' Random123 (`kat_vectors`).
    #[test]
    fn philox_gives_the_known_answers() {
        assert_eq!(
            philox([0; 4], [0; 2]),
            [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]
        );
        assert_eq!(
            philox([u32::MAX; 4], [u32::MAX; 2]),
            [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]
        );
        assert_eq!(
            philox(
                [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344],
                [0xa409_3822, 0x299f_31d0]
            ),
            [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
        );
    }

    #[test]
    fn moments_are_right() {
        let n = 100_000;
        let moments = |x: &[f64]| {
            let mean = x.iter().sum::<f64>() / n as f64;
            (
                mean,
                x.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n as f64,
            )
        };
        let (mean, variance) = moments(&Rng::seed(3).uniform::<f64>(n));
        assert!((mean - 0.5).abs() < 4e-3 && (variance - 1.0 / 12.0).abs() < 2e-3);
        let normal: Vec<f64> = Rng::seed(4)
            .normal::<f32>(n)
            .into_iter()
            .map(f64::from)
            .collect();
        let (mean, variance) = moments(&normal);
        assert!(
            mean.abs() < 1.5e-2 && (variance - 1.0).abs() < 2e-2,
            "{mean} {variance}"
        );
    }

    /// What a device does: the next blocks from where they start, in any order.
    #[test]
    fn blocks_hold_what_is_drawn() {
        let n = 4 * 5 - 3;
        let mut rng = Rng::seed(7).fork();
        rng.counter = u64::from(u32::MAX) - 1;
        let mut other = rng.clone();

        let drawn = rng.uniform::<f32>(n);
        let blocks = other.advance(5);
        assert_eq!(rng, other);
        for i in (0..n).rev() {
            let word = blocks.words(i as u64 / 4)[i % 4];
            assert_eq!((word >> 8) as f32 / (1 << 24) as f32, drawn[i]);
        }

        let drawn = rng.uniform::<f64>(3);
        let blocks = other.advance(2);
        assert_eq!(rng, other);
        for (i, drawn) in drawn.into_iter().enumerate() {
            let words = &blocks.words(i as u64 / 2)[i % 2 * 2..];
            let word = u64::from(words[0]) << 32 | u64::from(words[1]);
            assert_eq!((word >> 11) as f64 / (1_u64 << 53) as f64, drawn);
        }
    }

    #[test]
    fn a_text_is_a_place_in_a_stream() {
        let mut rng = Rng::seed(0x0123_4567_89ab_cdef).fork();
        rng.advance(u64::MAX - 1);
        let text = rng.to_string();
        assert_eq!(text.parse(), Ok(rng));
        for wrong in ["", "1:2", "1:2:3:4", "1:2:g", &format!("{text}0")] {
            assert!(wrong.parse::<Rng>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn forks_and_seeds_differ() {
        let mut a = Rng::seed(1);
        let (b, c) = (a.fork().uniform::<f32>(8), a.fork().uniform::<f32>(8));
        assert_ne!(b, c);
        assert_ne!(b, Rng::seed(1).uniform::<f32>(8));
        assert_ne!(
            Rng::seed(1).uniform::<f32>(8),
            Rng::seed(2).uniform::<f32>(8)
        );
    }
}
