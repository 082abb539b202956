//! The MNIST digits: 28x28 grey pixels and a label from 0 to 9.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::{DataError, Dataset, Idx};
use crate::error::Error;

/// The digits to train on and those to test with.
///
/// ```no_run
/// # fn main() -> Result<(), volta::Error> {
/// use volta::data::Mnist;
///
/// let digits = Mnist::open("examples/data/mnist")?;
/// println!("{} to train on, {} to test with", digits.train.len(), digits.test.len());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Mnist {
    /// The digits to train on.
    pub train: Split,
    /// The digits to test with.
    pub test: Split,
}

/// Digits with their labels. As a data set, an item is one channel of 28x28 pixels, from 0 black to
/// 1 white, and a label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    images: Vec<u8>,
    labels: Vec<u8>,
}

impl Mnist {
    /// The number of classes.
    pub const CLASSES: u8 = 10;
    /// The height and the width of a digit.
    pub const SIDE: usize = 28;
    /// The number of pixels of a digit.
    pub const PIXELS: usize = Self::SIDE * Self::SIDE;

    /// Reads a folder with the four files under any of their usual names: `train-images-idx3-ubyte`
    /// or `train-images.idx3-ubyte`, with or without `.gz`; the test files may also be called
    /// `t10k-..`, as in the full set.
    ///
    /// # Errors
    ///
    /// A file is missing or damaged, an image is not 28x28, a label is above 9, or images and
    /// labels are not as many.
    pub fn open(folder: impl AsRef<Path>) -> Result<Self, Error> {
        let folder = folder.as_ref();
        Ok(Self {
            train: Split::open(folder, &["train"])?,
            test: Split::open(folder, &["test", "t10k"])?,
        })
    }
}

impl Split {
    fn open(folder: &Path, prefixes: &[&str]) -> Result<Self, Error> {
        let images_path = find(folder, prefixes, "images", 3)?;
        let labels_path = find(folder, prefixes, "labels", 1)?;

        let images = Idx::<u8>::read(&images_path)?;
        let &[count, Mnist::SIDE, Mnist::SIDE] = images.dims() else {
            return Err(DataError::Sizes {
                path: images_path,
                expected: "[n, 28, 28]",
                found: images.dims().to_vec(),
            }
            .into());
        };
        let labels = Idx::<u8>::read(&labels_path)?;
        let &[labelled] = labels.dims() else {
            return Err(DataError::Sizes {
                path: labels_path,
                expected: "[n]",
                found: labels.dims().to_vec(),
            }
            .into());
        };
        if count != labelled {
            return Err(DataError::Counts {
                images_path,
                images: count,
                labels_path,
                labels: labelled,
            }
            .into());
        }
        let classes = Mnist::CLASSES;
        if let Some(index) = labels.data().iter().position(|label| *label >= classes) {
            return Err(DataError::Label {
                path: labels_path,
                index,
                label: labels.data()[index],
                classes,
            }
            .into());
        }
        Ok(Self {
            images: images.into_data(),
            labels: labels.into_data(),
        })
    }

    /// The number of digits.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there are no digits.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// The pixels of all digits, one after the other: `[len, 28, 28]`, 0 black to 255 white.
    pub fn images(&self) -> &[u8] {
        &self.images
    }

    /// The labels, each from 0 to 9.
    pub fn labels(&self) -> &[u8] {
        &self.labels
    }

    /// The pixels of one digit, row by row.
    ///
    /// # Panics
    ///
    /// If there are no more than `index` digits.
    pub fn image(&self, index: usize) -> &[u8; Mnist::PIXELS] {
        let (images, _) = self.images.as_chunks();
        &images[index]
    }
}

impl Dataset for Split {
    type Item = ([[[f32; Mnist::SIDE]; Mnist::SIDE]; 1], i64);

    fn len(&self) -> usize {
        self.labels.len()
    }

    fn get(&self, index: usize) -> Result<Self::Item, Error> {
        let (rows, _) = self.image(index).as_chunks::<{ Mnist::SIDE }>();
        let pixels = std::array::from_fn(|row| rows[row].map(|pixel| f32::from(pixel) / 255.0));
        Ok(([pixels], i64::from(self.labels[index])))
    }
}

fn find(folder: &Path, prefixes: &[&str], what: &str, rank: u8) -> Result<PathBuf, Error> {
    // A folder that is not there is a plainer message than four names that are not in it.
    let listing = fs::metadata(folder).map_err(|source| Error::io(folder, source))?;
    if !listing.is_dir() {
        return Err(Error::io(folder, io::ErrorKind::NotADirectory.into()));
    }
    let mut names = Vec::new();
    for prefix in prefixes {
        for mark in ['-', '.'] {
            for ending in ["", ".gz"] {
                let name = format!("{prefix}-{what}{mark}idx{rank}-ubyte{ending}");
                let path = folder.join(&name);
                if path.is_file() {
                    return Ok(path);
                }
                names.push(name);
            }
        }
    }
    let folder = folder.to_owned();
    Err(DataError::Missing { folder, names }.into())
}
