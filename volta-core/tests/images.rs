//! Folders of images: good ones, damaged ones, and sizes that differ.

#![cfg(feature = "images")]

use std::fs;
use std::path::{Path, PathBuf};

use image::{DynamicImage, GrayImage, ImageFormat, Luma, Rgb, RgbImage, Rgba, RgbaImage};
use volta::Error;
use volta::data::{DataError, DataLoader, Dataset, ImageFolder};
use volta::prelude::*;

/// A folder that goes when the test ends.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("volta-images-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    fn put(&self, file: &str, image: impl Into<DynamicImage>) {
        let path = self.0.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let format = ImageFormat::from_path(&path).unwrap();
        image.into().save_with_format(&path, format).unwrap();
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn red_and_blue() -> RgbImage {
    RgbImage::from_fn(3, 2, |x, y| {
        if y == 0 {
            Rgb([255, 0, 0])
        } else {
            Rgb([0, 0, 51 * x as u8])
        }
    })
}

fn error<T>(result: Result<T, Error>) -> Error {
    match result {
        Ok(_) => panic!("read"),
        Err(error) => error,
    }
}

#[test]
fn classes_are_folders() {
    let folder = Folder::new("classes");
    folder.put("dogs/2.png", red_and_blue());
    folder.put("cats/deep/1.PNG", red_and_blue());
    folder.put("cats/0.png", red_and_blue());
    fs::write(folder.0.join("cats/notes.txt"), "no image").unwrap();
    fs::write(folder.0.join("readme.md"), "no class").unwrap();
    let data = <ImageFolder>::open(&folder.0).unwrap();
    assert_eq!(data.classes(), ["cats", "dogs"]);
    assert_eq!(data.len(), 3);
    let names: Vec<_> = (data.files().iter())
        .map(|(path, class)| (path.strip_prefix(&folder.0).unwrap().to_owned(), *class))
        .collect();
    let wanted = [("cats/0.png", 0), ("cats/deep/1.PNG", 0), ("dogs/2.png", 1)];
    assert_eq!(
        names,
        wanted.map(|(path, class)| (PathBuf::from(path), class))
    );

    let (image, class) = data.get(2).unwrap();
    assert_eq!((image.dims(), class), (&[3, 2, 3][..], 1));
    let red = [1.0, 1.0, 1.0, 0.0, 0.0, 0.0];
    let blue = [0.0, 0.0, 0.0, 0.0, 0.2, 0.4];
    assert_eq!(image.to_vec(), [red, [0.0; 6], blue].concat());
}

#[test]
fn the_shape_says_the_channels() {
    let folder = Folder::new("channels");
    folder.put("a/0.png", red_and_blue());
    folder.put("a/1.png", GrayImage::from_pixel(3, 2, Luma([102])));
    folder.put("a/2.png", RgbaImage::from_pixel(3, 2, Rgba([255, 0, 0, 0])));
    let grey = ImageFolder::<s![1, 2, 3]>::open(&folder.0).unwrap();
    let first = grey.get(0).unwrap().0.to_vec();
    assert!(
        (first[0] - 0.299).abs() < 1e-6 && (first[5] - 0.114 * 0.4).abs() < 1e-6,
        "{first:?}"
    );
    assert_eq!(grey.get(1).unwrap().0.to_vec(), [0.4; 6]);
    let rgba = ImageFolder::<s![4, 2, 3]>::open(&folder.0).unwrap();
    assert_eq!(rgba.get(2).unwrap().0.to_vec()[18..], [0.0; 6]);
    assert_eq!(rgba.get(0).unwrap().0.to_vec()[18..], [1.0; 6]);
    let rgb = ImageFolder::<s![3, 2, 3]>::open(&folder.0).unwrap();
    assert_eq!(rgb.get(2).unwrap().0.to_vec()[..6], [1.0; 6]);
    let any = ImageFolder::<s![Dyn, Dyn, Dyn]>::open(&folder.0).unwrap();
    let channels = (0..3).map(|at| any.get(at).unwrap().0.dims()[0]);
    assert_eq!(channels.collect::<Vec<_>>(), [3, 1, 4]);
}

#[test]
fn sizes_are_checked_or_made() {
    let folder = Folder::new("sizes");
    folder.put("a/0.png", red_and_blue());
    folder.put("b/1.jpg", RgbImage::from_pixel(8, 8, Rgb([0, 128, 255])));
    let data = ImageFolder::<s![3, 2, 3]>::open(&folder.0).unwrap();
    assert!(data.get(0).is_ok());
    let error = error(data.get(1));
    assert!(matches!(error, Error::Data(DataError::ImageSize { .. })));
    assert!(
        error.to_string().ends_with(
            "b/1.jpg: an image of [3, 8, 8] where [channels, height, width] should be [3, 2, 3]; \
             `resized` scales images, a shape of `Dyn` takes any"
        ),
        "{error}"
    );
    let data = ImageFolder::<s![3, 4, 4]>::open(&folder.0)
        .unwrap()
        .resized();
    let loader = DataLoader::new(data, Dyn(2));
    let (images, classes) = loader.epoch(0).next().unwrap().unwrap();
    assert_eq!(
        (images.dims(), classes.to_vec()),
        (&[2, 3, 4, 4][..], vec![0, 1])
    );
    for (channel, wanted) in [0.0, 128.0 / 255.0, 1.0].into_iter().enumerate() {
        assert!((images[[1, channel, 2, 2]] - wanted).abs() < 0.02);
    }
}

#[test]
fn a_damaged_image_is_an_error() {
    let folder = Folder::new("damaged");
    folder.put("a/0.png", red_and_blue());
    let good = fs::read(folder.0.join("a/0.png")).unwrap();
    let data = ImageFolder::<s![3, Dyn, Dyn]>::open(&folder.0).unwrap();
    let path = folder.0.join("a/0.png");
    for length in 0..good.len() - 12 {
        fs::write(&path, &good[..length]).unwrap();
        let error = error(data.get(0));
        assert!(error.to_string().contains("a/0.png: "), "{error}");
    }
    // A header that promises more than there is memory.
    let mut huge = good.clone();
    huge[16..24].copy_from_slice(&[0x7f, 0xff, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff]);
    fs::write(&path, &huge).unwrap();
    assert!(matches!(
        error(data.get(0)),
        Error::Data(DataError::Image { .. })
    ));
    fs::remove_file(&path).unwrap();
    assert!(matches!(error(data.get(0)), Error::Io { .. }));
}

#[test]
fn a_folder_without_images_is_an_error() {
    let folder = Folder::new("empty");
    let text = |path: &Path| error(<ImageFolder>::open(path)).to_string();
    assert!(
        text(&folder.0)
            .ends_with(": no images (.png, .jpg, .jpeg) in it, or in folders of classes")
    );
    folder.put("a/0.png", red_and_blue());
    fs::create_dir(folder.0.join("b")).unwrap();
    assert!(text(&folder.0).contains("/b: no images"));
    assert!(matches!(
        error(<ImageFolder>::open(folder.0.join("none"))),
        Error::Io { .. }
    ));
}
