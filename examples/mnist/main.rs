//! Trains a LeNet on the digits that come with the repository, saves it, loads it again and draws
//! what it learnt.

mod options;
mod plot;
mod run;

use std::error::Error;
use std::process::ExitCode;

use indicatif::{ProgressBar, ProgressStyle};
use volta::data::{Mnist, Split};
use volta::io::checkpoint::Checkpoints;
use volta::prelude::*;
use volta::schedule::Mode;

use options::{On, Options};
use plot::{Digit, EpochPoint};
use run::Run;

dims! {
    /// The digits of one step; the last step of an epoch has fewer.
    Batch
}

#[derive(Module)]
#[module(forward = [N, 1, 28, 28] -> [N, 10])]
struct LeNet<B: Backend = Cpu> {
    conv1: Conv2d<1, 6, Window<5, 1, 2>, B>,
    relu1: Relu,
    pool1: MaxPool2d<Window<2, 2>>,
    conv2: Conv2d<6, 16, Window<5>, B>,
    relu2: Relu,
    pool2: MaxPool2d<Window<2, 2>>,
    flatten: Flatten,
    fc1: Linear<400, 120, B>,
    relu3: Relu,
    fc2: Linear<120, 84, B>,
    relu4: Relu,
    fc3: Linear<84, 10, B>,
}

/// Images and labels of the digits with these numbers.
fn batch(
    split: &Split,
    indices: &[usize],
) -> (Tensor<s![Batch, 1, 28, 28]>, Tensor<s![Batch], i64>) {
    // Mean and standard deviation of MNIST's pixels.
    let scale = |pixel: &u8| (f32::from(*pixel) / 255.0 - 0.1307) / 0.3081;
    let pixels = indices
        .iter()
        .flat_map(|&i| split.image(i))
        .map(scale)
        .collect();
    let labels = indices
        .iter()
        .map(|&i| i64::from(split.labels()[i]))
        .collect();
    let n = Batch(indices.len());
    let images = Tensor::from_vec_with((n, D, D, D), pixels).expect("784 pixels an image");
    (
        images,
        Tensor::from_vec_with((n,), labels).expect("a label an image"),
    )
}

/// Loss and accuracy of the digits seen so far: sums that stay on the device, so that it need not
/// wait for the program after every step.
struct Tally<B: Backend> {
    loss: Tensor<s![], f32, B>,
    right: Tensor<s![], f32, B>,
    seen: f32,
}

impl<B: Backend> Tally<B> {
    fn on(device: &impl Device<Backend = B>) -> Self {
        Tally {
            loss: Tensor::zeros_on((), device),
            right: Tensor::zeros_on((), device),
            seen: 0.0,
        }
    }

    fn add<N: Dim>(
        &mut self,
        loss: &Tensor<s![], f32, B>,
        logits: &Tensor<s![N, 10], f32, B>,
        labels: &Tensor<s![N], i64, B>,
    ) {
        let n = labels.numel() as f32;
        self.loss = &self.loss + loss * n;
        self.right = &self.right + logits.argmax_axis::<1>().eq(labels).cast::<f32>().sum();
        self.seen += n;
    }

    fn read(&self) -> Result<Score, volta::Error> {
        Ok(Score {
            loss: self.loss.try_item()? / self.seen,
            accuracy: self.right.try_item()? / self.seen,
        })
    }
}

#[derive(Clone, Copy)]
struct Score {
    loss: f32,
    accuracy: f32,
}

fn evaluate<Dv: Device>(
    model: &LeNet<Dv::Backend>,
    split: &Split,
    device: &Dv,
) -> Result<Score, volta::Error> {
    let indices: Vec<usize> = (0..split.len()).collect();
    let mut tally = Tally::on(device);
    for chunk in indices.chunks(300) {
        let (images, labels) = batch(split, chunk);
        let (images, labels) = (images.to(device)?, labels.to(device)?);
        let logits = model.forward(&images);
        tally.add(&logits.cross_entropy(&labels), &logits, &labels);
    }
    tally.read()
}

fn train<Dv: Device>(
    run: &mut Run<Dv::Backend>,
    data: &Mnist,
    options: &Options,
    device: &Dv,
) -> Result<(), volta::Error> {
    let mut checkpoints = None;
    if let Some(folder) = &options.checkpoints {
        let opened = Checkpoints::open(folder)?.keep_last(2);
        if let Some(saved) = opened.latest()? {
            saved.load(run)?;
            println!("goes on after epoch {} of {}", run.epochs, folder.display());
        }
        checkpoints = Some(opened.keep_best("accuracy", Mode::Max));
    }
    let steps = run.order.len().div_ceil(options.batch);
    let style = ProgressStyle::with_template("{prefix} {wide_bar} {pos:>3}/{len} {msg}")
        .expect("a fixed template");
    for epoch in run.epochs..options.epochs {
        let bar = ProgressBar::new(steps as u64).with_style(style.clone());
        bar.set_prefix(format!("epoch {:>2}/{}", epoch + 1, options.epochs));
        run.rng.shuffle(&mut run.order);
        let (mut whole, mut recent) = (Tally::on(device), Tally::on(device));
        for (step, indices) in run.order.chunks(options.batch).enumerate() {
            let done = epoch as f32 + step as f32 / steps as f32;
            run.optimiser
                .set_lr(options.lr * f64::from(1.0 - done / options.epochs as f32));
            let (images, labels) = batch(&data.train, indices);
            let (images, labels) = (images.to(device)?, labels.to(device)?);
            let ((loss, logits), grads) = value_and_grad_aux(&run.model, |m| {
                let logits = m.forward(&images.lift());
                (logits.cross_entropy(&labels), logits.detach())
            });
            run.optimiser.step(&mut run.model, &grads);
            whole.add(&loss, &logits, &labels);
            recent.add(&loss, &logits, &labels);
            bar.inc(1);
            let last = step + 1 == steps;
            if step % 50 == 49 || last {
                let (so_far, score) = (whole.read()?, recent.read()?);
                bar.set_message(format!(
                    "loss {:.4}  accuracy {:.4}",
                    so_far.loss, so_far.accuracy
                ));
                let test = match last {
                    true => Some(evaluate(&run.model, &data.test, device)?),
                    false => None,
                };
                run.history.push(EpochPoint {
                    step_or_epoch: epoch as f32 + (step + 1) as f32 / steps as f32,
                    train_loss: score.loss,
                    train_accuracy: score.accuracy,
                    test_loss: test.map(|test| test.loss),
                    test_accuracy: test.map(|test| test.accuracy),
                });
                if let Some(test) = test {
                    bar.finish_and_clear();
                    println!(
                        "epoch {:>2}  loss {:.4}  accuracy {:.4}  test loss {:.4}  test accuracy {:.4}",
                        epoch + 1,
                        so_far.loss,
                        so_far.accuracy,
                        test.loss,
                        test.accuracy
                    );
                }
                recent = Tally::on(device);
            }
        }
        run.epochs = epoch + 1;
        if let Some(checkpoints) = &mut checkpoints {
            let accuracy = run.test_accuracy().map_or(f64::NAN, f64::from);
            checkpoints.save(run.epochs as u64, &[("accuracy", accuracy)], run)?;
        }
    }
    Ok(())
}

/// Test digits with the model's answers.
fn answers(model: &LeNet, split: &Split) -> Vec<Digit> {
    let indices: Vec<usize> = (0..split.len()).collect();
    let (images, _) = batch(split, &indices);
    let probabilities = model.forward(&images).softmax::<1>();
    let (best, guesses) = (
        probabilities.max_axis::<1>(),
        probabilities.argmax_axis::<1>(),
    );
    indices
        .iter()
        .map(|&i| Digit {
            pixels: *split.image(i),
            label: split.labels()[i],
            predicted: guesses[[i]] as u8,
            probability: best[[i]],
        })
        .collect()
}

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
    match options.device {
        On::Cpu => run_on(&Cpu, &options),
        #[cfg(feature = "gpu")]
        On::Gpu => {
            let gpu = Gpu::new()?;
            println!("on {}", gpu.info().name);
            run_on(&gpu, &options)
        }
    }
}

fn run_on<Dv: Device>(device: &Dv, options: &Options) -> Result<(), Box<dyn Error>> {
    let data = Mnist::open(&options.data)?;
    let model = LeNet::init(&mut Rng::seed(options.seed));
    println!(
        "{} parameters, {} digits to train on, {} to test on",
        model.num_parameters(),
        data.train.len(),
        data.test.len()
    );
    let mut run = Run::new(model.to(device)?, data.train.len(), options);
    train(&mut run, &data, options, device)?;

    run.model.save_safetensors("mnist.safetensors")?;
    let mut loaded = LeNet::init(&mut Rng::seed(options.seed + 1));
    loaded.load_safetensors("mnist.safetensors")?;
    plot::write("mnist.png", &run.history, &answers(&loaded, &data.test))?;
    println!("saved and loaded mnist.safetensors, drew mnist.png");
    let score = evaluate(&loaded, &data.test, &Cpu)?;
    println!("test accuracy {:.4}", score.accuracy);
    // On a GPU the last digits of a sum differ.
    let before = run.test_accuracy();
    if before.is_none_or(|before| (before - score.accuracy).abs() > 0.002) {
        return Err("the loaded model answers otherwise than the trained one".into());
    }
    Ok(())
}
