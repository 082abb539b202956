//! Folders of images.

use std::fs;
use std::marker::PhantomData;
use std::path::{Path, PathBuf};

use image::imageops::FilterType;
use image::{ColorType, DynamicImage, ImageReader, Limits};

use super::{DataError, Dataset};
use crate::cpu::Cpu;
use crate::error::Error;
use crate::shape::{D, Dyn, Shape, StaticShape};
use crate::tensor::Tensor;

/// Images in one folder for each class, PNG or JPEG (`torchvision.datasets.ImageFolder`). The
/// classes are numbered in the order of their names; an image is read when its item is asked for.
///
/// An item is a tensor `[channels, height, width]` of numbers from 0 to 1, and its class. A shape
/// `S` of 1, 3 or 4 channels says whether that is grey, RGB or RGBA, and images are converted to
/// it: grey is `0.299 R + 0.587 G + 0.114 B`, and transparency is dropped, not blended. Sizes that `S` fixes have to be those of the files,
/// unless the images are [resized](Self::resized).
///
/// ```no_run
/// use volta::data::{DataLoader, ImageFolder};
/// use volta::prelude::*;
///
/// let photos = ImageFolder::<s![3, 64, 64]>::open("photos")?.resized();
/// for batch in DataLoader::new(photos, Dyn(32)).shuffle(0).epoch(0) {
///     let (images, classes): (Tensor<s![Dyn, 3, 64, 64]>, Tensor<s![Dyn], i64>) = batch?;
/// }
/// # Ok::<(), volta::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct ImageFolder<S = (D<3>, Dyn, Dyn)> {
    classes: Vec<String>,
    files: Vec<(PathBuf, usize)>,
    /// Height and width.
    resized: Option<[usize; 2]>,
    shape: PhantomData<S>,
}

/// The endings of files that are taken for images.
const ENDINGS: [&str; 3] = ["jpeg", "jpg", "png"];

impl<S: Shape> ImageFolder<S> {
    /// The images in the folders that `root` holds, at any depth. Other files are passed over.
    ///
    /// # Errors
    /// If a folder cannot be read, if there is none, or if one has no image.
    pub fn open(root: impl AsRef<Path>) -> Result<Self, Error> {
        const {
            assert!(
                S::RANK == 3,
                "the shape of an image is [channels, height, width]"
            );
            if let Some(channels) = S::STATIC[0] {
                assert!(
                    matches!(channels, 1 | 3 | 4),
                    "an image has 1, 3 or 4 channels: grey, RGB or RGBA"
                );
            }
        };
        let root = root.as_ref();
        let mut classes = Vec::new();
        let mut files = Vec::new();
        for path in sorted(root)? {
            let Some(name) = path.file_name().filter(|_| path.is_dir()) else {
                continue;
            };
            let before = files.len();
            collect(&path, classes.len(), &mut files)?;
            if files.len() == before {
                return Err(DataError::NoImages { folder: path }.into());
            }
            classes.push(name.to_string_lossy().into_owned());
        }
        if classes.is_empty() {
            let folder = root.to_owned();
            return Err(DataError::NoImages { folder }.into());
        }
        Ok(ImageFolder {
            classes,
            files,
            resized: None,
            shape: PhantomData,
        })
    }

    /// With every image scaled to the size of `S`, bilinearly, whatever its proportions.
    pub fn resized(mut self) -> Self
    where
        S: StaticShape,
    {
        let dims = S::SHAPE.dims();
        self.resized = Some([dims.as_ref()[1], dims.as_ref()[2]]);
        self
    }

    /// The names of the classes.
    pub fn classes(&self) -> &[String] {
        &self.classes
    }

    /// The file and the class of every item.
    pub fn files(&self) -> &[(PathBuf, usize)] {
        &self.files
    }

    /// An image file as a tensor, resized as those of the folder are.
    ///
    /// # Errors
    /// If the file cannot be read or is damaged, or has another size than `S`.
    fn read(&self, path: &Path) -> Result<Tensor<S, f32, Cpu>, Error> {
        let mut image = decode(path)?;
        if let Some([height, width]) = self.resized {
            let size = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
            image = image.resize_exact(size(width), size(height), FilterType::Triangle);
        }
        let (width, height) = (image.width() as usize, image.height() as usize);
        let channels = S::STATIC[0].unwrap_or_else(|| match image.color() {
            ColorType::L8 | ColorType::L16 => 1,
            color if color.has_alpha() => 4,
            _ => 3,
        });
        let found = [channels, height, width];
        let Some(shape) = S::from_dims(&found) else {
            return Err(DataError::ImageSize {
                path: path.to_owned(),
                wanted: S::STATIC.to_vec(),
                found,
            }
            .into());
        };
        let pixels = match channels {
            1 => grey(image),
            4 => image.into_rgba32f().into_raw(),
            _ => image.into_rgb32f().into_raw(),
        };
        let plane = height * width;
        let data = (0..channels)
            .flat_map(|channel| (0..plane).map(move |at| (channel, at)))
            .map(|(channel, at)| pixels[at * channels + channel])
            .collect();
        Tensor::from_vec_with(shape, data)
    }
}

impl<S: Shape> Dataset for ImageFolder<S> {
    type Item = (Tensor<S, f32, Cpu>, i64);

    fn len(&self) -> usize {
        self.files.len()
    }

    fn get(&self, index: usize) -> Result<Self::Item, Error> {
        let (path, class) = &self.files[index];
        Ok((self.read(path)?, *class as i64))
    }
}

/// The luma of ITU-R 601-2, as PIL has it.
fn grey(image: DynamicImage) -> Vec<f32> {
    if !image.color().has_color() {
        return image.to_luma32f().into_raw();
    }
    let pixels = image.into_rgb32f().into_raw();
    let luma = |&[r, g, b]: &[f32; 3]| 0.299 * r + 0.587 * g + 0.114 * b;
    pixels.as_chunks().0.iter().map(luma).collect()
}

fn decode(path: &Path) -> Result<DynamicImage, Error> {
    let io = |source| Error::io(path, source);
    let mut reader = ImageReader::open(path)
        .map_err(io)?
        .with_guessed_format()
        .map_err(io)?;
    reader.limits(Limits::default());
    reader.decode().map_err(|source| {
        DataError::Image {
            path: path.to_owned(),
            trouble: source.to_string(),
        }
        .into()
    })
}

/// What a folder holds, in the order of names.
fn sorted(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let io = |source| Error::io(folder, source);
    let mut paths = fs::read_dir(folder)
        .map_err(io)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<Vec<_>, _>>()
        .map_err(io)?;
    paths.sort();
    Ok(paths)
}

fn collect(folder: &Path, class: usize, files: &mut Vec<(PathBuf, usize)>) -> Result<(), Error> {
    for path in sorted(folder)? {
        if path.is_dir() {
            collect(&path, class, files)?;
            continue;
        }
        let ending = path
            .extension()
            .map(|ending| ending.to_string_lossy().to_lowercase());
        if ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str())) {
            files.push((path, class));
        }
    }
    Ok(())
}
