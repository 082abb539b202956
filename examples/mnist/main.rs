//! Trains a LeNet on the digits that come with the repository, saves it, loads it again and draws
//! what it learnt.

mod options;
mod plot;

use std::error::Error;
use std::process::ExitCode;

use indicatif::{ProgressBar, ProgressStyle};
use volta::data::{Mnist, Split};
use volta::prelude::*;

use options::Options;
use plot::{Digit, EpochPoint};

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

/// Loss and accuracy of the digits seen so far.
#[derive(Clone, Copy, Default)]
struct Tally {
    loss: f32,
    right: f32,
    seen: f32,
}

impl Tally {
    fn add<N: Dim>(&mut self, loss: f32, logits: &Tensor<s![N, 10]>, labels: &Tensor<s![N], i64>) {
        let n = labels.numel() as f32;
        self.loss += loss * n;
        self.right += logits
            .argmax_axis::<1>()
            .eq(labels)
            .cast::<f32>()
            .sum()
            .item();
        self.seen += n;
    }

    fn loss(&self) -> f32 {
        self.loss / self.seen
    }

    fn accuracy(&self) -> f32 {
        self.right / self.seen
    }
}

fn evaluate(model: &LeNet, split: &Split) -> Tally {
    let indices: Vec<usize> = (0..split.len()).collect();
    let mut tally = Tally::default();
    for chunk in indices.chunks(300) {
        let (images, labels) = batch(split, chunk);
        let logits = model.forward(&images);
        tally.add(logits.cross_entropy(&labels).item(), &logits, &labels);
    }
    tally
}

fn train(model: &mut LeNet, data: &Mnist, options: &Options) -> Vec<EpochPoint> {
    let mut rng = Rng::seed(options.seed).fork();
    let mut optimiser = Adam::new(options.lr);
    let mut history = Vec::new();
    let mut order: Vec<usize> = (0..data.train.len()).collect();
    let steps = order.len().div_ceil(options.batch);
    let style = ProgressStyle::with_template("{prefix} {wide_bar} {pos:>3}/{len} {msg}")
        .expect("a fixed template");
    for epoch in 0..options.epochs {
        let bar = ProgressBar::new(steps as u64).with_style(style.clone());
        bar.set_prefix(format!("epoch {:>2}/{}", epoch + 1, options.epochs));
        rng.shuffle(&mut order);
        let (mut whole, mut recent) = (Tally::default(), Tally::default());
        let mut test: Option<Tally> = None;
        for (step, indices) in order.chunks(options.batch).enumerate() {
            let done = epoch as f32 + step as f32 / steps as f32;
            optimiser.set_lr(options.lr * f64::from(1.0 - done / options.epochs as f32));
            let (images, labels) = batch(&data.train, indices);
            let ((loss, logits), grads) = value_and_grad_aux(&*model, |m| {
                let logits = m.forward(&images.lift());
                (logits.cross_entropy(&labels), logits.detach())
            });
            optimiser.step(model, &grads);
            whole.add(loss.item(), &logits, &labels);
            recent.add(loss.item(), &logits, &labels);
            let (loss, accuracy) = (whole.loss(), whole.accuracy());
            bar.set_message(format!("loss {loss:.4}  accuracy {accuracy:.4}"));
            bar.inc(1);
            if step + 1 == steps {
                test = Some(evaluate(model, &data.test));
            }
            if step % 50 == 49 || test.is_some() {
                history.push(EpochPoint {
                    step_or_epoch: epoch as f32 + (step + 1) as f32 / steps as f32,
                    train_loss: recent.loss(),
                    train_accuracy: recent.accuracy(),
                    test_loss: test.map(|t| t.loss()),
                    test_accuracy: test.map(|t| t.accuracy()),
                });
                recent = Tally::default();
            }
        }
        bar.finish_and_clear();
        let test = test.expect("an epoch has steps");
        println!(
            "epoch {:>2}  loss {:.4}  accuracy {:.4}  test loss {:.4}  test accuracy {:.4}",
            epoch + 1,
            whole.loss(),
            whole.accuracy(),
            test.loss(),
            test.accuracy()
        );
    }
    history
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
    let data = Mnist::open(&options.data)?;
    let mut model = LeNet::init(&mut Rng::seed(options.seed));
    println!(
        "{} parameters, {} digits to train on, {} to test on",
        model.num_parameters(),
        data.train.len(),
        data.test.len()
    );
    let history = train(&mut model, &data, &options);

    model.save_safetensors("mnist.safetensors")?;
    let mut loaded = LeNet::init(&mut Rng::seed(options.seed + 1));
    loaded.load_safetensors("mnist.safetensors")?;
    plot::write("mnist.png", &history, &answers(&loaded, &data.test))?;
    println!("saved and loaded mnist.safetensors, drew mnist.png");
    println!(
        "test accuracy {:.4}",
        evaluate(&loaded, &data.test).accuracy()
    );
    Ok(())
}
