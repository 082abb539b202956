use volta::DeviceError;
use volta::gpu::PowerPreference;
use volta::prelude::*;

use crate::{device_error, open};

#[test]
fn a_missing_adapter_is_an_error_that_lists_those_there_are() {
    let there_are = Gpu::adapters();
    let error = device_error(Gpu::builder().adapter("Voodoo 2").build());
    let DeviceError::NoAdapter { wanted, seen } = &error else {
        panic!("{error}");
    };
    assert_eq!(seen.len(), there_are.len());
    assert!(wanted.contains("Voodoo 2"), "{wanted}");
    let text = error.to_string();
    for info in &there_are {
        assert!(text.contains(&info.name), "{text}");
    }
    let error = device_error(Gpu::builder().index(there_are.len()).build());
    assert!(matches!(error, DeviceError::NoAdapter { .. }), "{error}");
}

#[test]
fn adapters_open_by_name_number_and_preference() {
    let all = Gpu::adapters();
    for (number, info) in all.iter().enumerate() {
        let gpu = Gpu::builder().index(number).build().expect("it is there");
        assert_eq!(gpu.info(), info);
        let name = info.name.to_lowercase();
        let gpu = Gpu::builder().adapter(&name[..name.len() - 1]).build();
        assert!(
            gpu.expect("it is there")
                .info()
                .name
                .to_lowercase()
                .contains(&name[..1])
        );
    }
    for power in [PowerPreference::Low, PowerPreference::High] {
        let gpu = Gpu::builder().power_preference(power).build();
        assert!(all.contains(gpu.expect("there is one").info()));
    }
}

#[test]
fn a_device_is_itself_and_its_clones() {
    let (a, b) = (open(), open());
    assert_eq!(a, a.clone());
    assert_ne!(a, b);
    let x: Tensor<s![2]> = Tensor::ones();
    assert_eq!(x.to(&a).expect("moved").device(), a);
}

#[test]
fn compiled_kernels_are_kept_on_disk() {
    let folder = std::env::temp_dir().join(format!("volta-kernels-{}", std::process::id()));
    let opened = || {
        Gpu::builder()
            .pipeline_cache(&folder)
            .build()
            .expect("a GPU")
    };
    let works = |gpu: &Gpu| {
        let x: Tensor<s![3]> = Tensor::from_array([1.0, 2.0, 3.0]);
        assert_eq!((x.to(gpu).expect("moved") * 2.0).to_vec(), [2.0, 4.0, 6.0]);
    };
    let gpu = opened();
    works(&gpu);
    let kept = gpu.info().pipeline_cache;
    drop(gpu);
    if kept {
        let files = || {
            std::fs::read_dir(&folder)
                .expect("a folder")
                .map(|f| f.expect("a file").path())
        };
        assert_eq!(files().count(), 1);
        works(&opened());
        // What is in the file does not keep a device from opening.
        for damaged in [&b""[..], b"volta 1\n", b"volta 1\n12345678 and more"] {
            std::fs::write(files().next().expect("one file"), damaged).expect("written");
            works(&opened());
        }
        std::fs::remove_dir_all(&folder).expect("removed");
    }
}
