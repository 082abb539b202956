//! The picture that the MNIST example draws.

#[path = "../examples/mnist/plot/mod.rs"]
mod plot;

use std::fs;
use std::path::Path;

use plot::{Digit, EpochPoint};
use volta::data::Mnist;

fn history() -> Vec<EpochPoint> {
    (0..=60)
        .map(|step| {
            let epoch = step as f32 / 10.0;
            let noise = ((step * 7919 % 13) as f32 - 6.0) / 100.0;
            let loss = 2.3 * (-1.6 * epoch).exp() + 0.05;
            let tests = step > 0 && step % 10 == 0;
            EpochPoint {
                step_or_epoch: epoch,
                train_loss: loss * (1.0 + noise),
                train_accuracy: 1.0 - 0.38 * loss * (1.0 + noise),
                test_loss: tests.then_some(loss + 0.03),
                test_accuracy: tests.then_some(0.99 - 0.3 * loss),
            }
        })
        .collect()
}

fn digits() -> Vec<Digit> {
    let mnist = Mnist::open("examples/data/mnist").unwrap();
    (0..60)
        .map(|index| {
            let label = mnist.test.labels()[index];
            let wrong = index % 13 == 5;
            Digit {
                pixels: *mnist.test.image(index),
                label,
                predicted: if wrong { (label + 5) % 10 } else { label },
                probability: if wrong {
                    0.61
                } else {
                    1.0 - index as f32 / 400.0
                },
            }
        })
        .collect()
}

/// The size and the pixels of a picture.
fn decode(path: &Path) -> ((u32, u32), Vec<u8>) {
    let file = std::io::BufReader::new(fs::File::open(path).unwrap());
    let mut reader = png::Decoder::new(file).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let frame = reader.next_frame(&mut pixels).unwrap();
    ((frame.width, frame.height), pixels)
}

fn has(pixels: &[u8], color: [u8; 3]) -> bool {
    pixels.chunks_exact(3).any(|pixel| pixel == color)
}

#[test]
fn a_picture_shows_curves_and_marks_wrong_digits() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("plot");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join("mnist.png");
    plot::write(&path, &history(), &digits()).unwrap();

    let (size, pixels) = decode(&path);
    assert_eq!(size, (1480, 880));
    let (train, test, wrong) = ([76, 120, 168], [245, 133, 24], [204, 37, 41]);
    for color in [train, test, wrong] {
        assert!(has(&pixels, color), "no {color:?}");
    }
    let right: Vec<_> = digits()
        .into_iter()
        .map(|digit| Digit {
            predicted: digit.label,
            ..digit
        })
        .collect();
    plot::write(&path, &history(), &right).unwrap();
    assert!(!has(&decode(&path).1, wrong), "red without a wrong digit");
    plot::write(&path, &history(), &digits()).unwrap();
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 1, "left-overs");
}

#[test]
fn odd_histories_are_drawn() {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("odd.png");
    let mut history = history();
    plot::write(&path, &[], &[]).unwrap();
    plot::write(&path, &history[..1], &digits()[..3]).unwrap();
    history[3].train_loss = f32::NAN;
    history[4].train_loss = f32::INFINITY;
    history[5].step_or_epoch = f32::NAN;
    plot::write(&path, &history, &digits()).unwrap();
}

#[test]
fn a_folder_that_is_missing_is_named() {
    let error = plot::write("no/such/folder/mnist.png", &history(), &[]).unwrap_err();
    assert!(error.to_string().starts_with("no/such/folder/mnist.png: "));
}
