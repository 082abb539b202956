//! From text to numbers.

use std::error::Error;
use std::path::Path;

use tokenizers::{PaddingParams, Tokenizer, TruncationParams};
use volta::prelude::*;

use crate::model::{Batch, Time, Tokens};

/// The most tokens of a sentence; what is behind them is left out.
const LONGEST: usize = 256;

/// The tokens of sentences, by their numbers in the vocabulary of a file, and which are no padding.
pub(crate) fn encode(
    vocabulary: &Path,
    sentences: &[&str],
) -> Result<(Tokens<i64>, Tokens<bool>), Box<dyn Error>> {
    let trouble = |error| format!("{}: {error}", vocabulary.display());
    let mut tokenizer = Tokenizer::from_file(vocabulary).map_err(trouble)?;
    let truncation = TruncationParams {
        max_length: LONGEST,
        ..Default::default()
    };
    tokenizer
        .with_padding(Some(PaddingParams::default()))
        .with_truncation(Some(truncation))
        .map_err(trouble)?;
    let encoded = tokenizer.encode_batch(sentences.to_vec(), true);
    let encoded = encoded.map_err(trouble)?;
    let longest = encoded.first().map_or(0, |first| first.len());
    let shape = (Batch(sentences.len()), Time(longest));
    let tokens = encoded.iter().flat_map(|it| it.get_ids());
    let mask = encoded.iter().flat_map(|it| it.get_attention_mask());
    Ok((
        Tensor::from_vec_with(shape, tokens.map(|&it| it.into()).collect())?,
        Tensor::from_vec_with(shape, mask.map(|&it| it != 0).collect())?,
    ))
}
