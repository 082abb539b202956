use volta::DeviceError;
use volta::prelude::*;

use crate::{device_error, open};

/// More elements of `u8` than one tensor may have.
fn too_many(gpu: &Gpu) -> usize {
    gpu.info().max_tensor_bytes as usize + 1
}

#[test]
fn a_tensor_larger_than_the_device_allows_is_an_error() {
    let gpu = open();
    let n = too_many(&gpu);
    let x: Tensor<s![Dyn], u8, Wgpu> = Tensor::zeros_on((Dyn(n),), &gpu);
    let error = device_error(x.status());
    let DeviceError::TooLarge {
        dims,
        dtype,
        bytes,
        limit,
        ..
    } = &error
    else {
        panic!("{error}");
    };
    assert_eq!((dims, *dtype), (&vec![n], volta::DtypeKind::U8));
    assert_eq!((*bytes, *limit), (n as u64, n as u64 - 1));
    assert!(error.to_string().contains(&n.to_string()), "{error}");
    // What is computed from it says the same, and other tensors know nothing of it.
    let y = (&x + 1).cast::<f32>();
    assert_eq!(device_error(y.try_to_vec()).to_string(), error.to_string());
    assert_eq!(device_error(y.sum().try_item()), error);
    let z: Tensor<s![2], f32, Wgpu> = Tensor::zeros_on(<s![2]>::SHAPE, &gpu);
    assert_eq!((z + 1.0).to_vec(), [1.0, 1.0]);
    gpu.synchronize().expect("nothing is wrong with the device");
}

#[test]
fn a_result_larger_than_the_device_allows_is_an_error() {
    let gpu = open();
    let one: Tensor<s![*], u8, Wgpu> = Tensor::full_on((One,), 7, &gpu);
    let wide: Tensor<s![Dyn], u8, Wgpu> = one.expand_with((Dyn(too_many(&gpu)),));
    assert!(wide.status().is_ok(), "a view takes no memory");
    let error = device_error((&wide + &wide).status());
    assert!(matches!(error, DeviceError::TooLarge { .. }), "{error}");
}

#[test]
fn the_memory_limit_is_kept() {
    let gpu = Gpu::builder().memory_limit(3 << 20).build().expect("a GPU");
    let mib = || Tensor::<s![262_144], f32, Wgpu>::zeros_on(<s![262_144]>::SHAPE, &gpu);
    let (a, b, c) = (mib(), mib(), mib());
    assert!(a.status().is_ok() && b.status().is_ok() && c.status().is_ok());
    let error = device_error(mib().status());
    assert!(
        matches!(error, DeviceError::OutOfMemory { bytes, in_use, limit, .. }
            if bytes == 1 << 20 && in_use == 3 << 20 && limit == 3 << 20),
        "{error}"
    );
    drop(c);
    assert!(mib().status().is_ok());
    // What is kept for later makes room for another size.
    drop((a, b));
    let x: Tensor<s![700_000], f32, Wgpu> = Tensor::zeros_on(<s![700_000]>::SHAPE, &gpu);
    assert!(x.status().is_ok());
    gpu.set_memory_limit(8 << 20);
    assert!(mib().status().is_ok());
}

#[test]
fn moving_what_does_not_fit_is_an_error_at_once() {
    let gpu = Gpu::builder().memory_limit(1 << 20).build().expect("a GPU");
    let x: Tensor<s![512, 1024]> = Tensor::zeros();
    let error = device_error(x.to(&gpu));
    assert!(matches!(error, DeviceError::OutOfMemory { .. }), "{error}");
    let model: Linear<1024, 1024> = Linear::init(&mut Rng::seed(0));
    assert!(matches!(
        device_error(model.to(&gpu)),
        DeviceError::OutOfMemory { .. }
    ));
}

#[test]
fn a_lost_device_says_so_at_once() {
    let gpu = open();
    let x: Tensor<s![4]> = Tensor::ones();
    let y = x.to(&gpu).expect("moved");
    let pending = &y + 1.0;
    gpu.destroy();
    let lost = |error: DeviceError| assert!(matches!(error, DeviceError::Lost { .. }), "{error}");
    lost(device_error(pending.try_to_vec()));
    lost(device_error(x.to(&gpu)));
    lost(device_error((&y + &y).status()));
    lost(device_error(gpu.synchronize()));
    // Another device of the same adapter is not concerned.
    let gpu = open();
    assert_eq!((x.to(&gpu).expect("moved") + 1.0).to_vec(), [2.0; 4]);
}

#[test]
fn an_index_out_of_range_comes_with_the_next_read() {
    let gpu = open();
    let x: Tensor<s![2, 3]> = Tensor::from_array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
    let x = x.to(&gpu).expect("moved");
    for bad in [3, -1, i64::MAX, 1 << 32] {
        let at: Tensor<s![2], i64> = Tensor::from_array([0, bad]);
        let at = at.to(&gpu).expect("moved");
        let picked = x.pick::<1, _>(&at);
        let error = device_error(picked.try_to_vec());
        let expected = DeviceError::Index {
            op: "gather",
            place: 1,
            index: bad,
            size: 3,
        };
        assert_eq!(error, expected);
        let error = device_error(x.cross_entropy(&at).try_item());
        assert!(
            matches!(
                error,
                DeviceError::Index {
                    op: "cross_entropy",
                    place: 1,
                    size: 3,
                    ..
                }
            ),
            "{error}"
        );
    }
    // It was reported, and the device goes on.
    assert_eq!(x.sum().item(), 21.0);
}

#[test]
fn of_many_readers_one_is_told_of_an_index() {
    let gpu = open();
    let x: Tensor<s![2, 3]> = Tensor::ones();
    let x = x.to(&gpu).expect("moved");
    let at: Tensor<s![2], i64> = Tensor::from_array([0, 3]);
    let at = at.to(&gpu).expect("moved");
    for round in 0..50 {
        let _picked = x.pick::<1, _>(&at);
        let start = std::sync::Barrier::new(4);
        let told = std::thread::scope(|scope| {
            let read = || {
                start.wait();
                x.try_to_vec().is_err()
            };
            let readers = [(); 4].map(|()| scope.spawn(read));
            let told = readers.map(|reader| reader.join().expect("no panic"));
            told.into_iter().filter(|told| *told).count()
        });
        assert_eq!(told, 1, "round {round}");
    }
}

#[test]
fn so_does_an_index_of_a_scatter() {
    let gpu = open();
    // Short runs and long ones, which real GPUs walk in another way.
    for run in [3, 100] {
        let source = Wgpu::full(&gpu, 1.0_f32, &[2, run]);
        let mut index = vec![1; 2 * run];
        index[run + 2] = -7;
        let index = Wgpu::from_vec(&gpu, index, &[2, run]);
        let sums = Wgpu::scatter_add(&[2, 4], 1, &index, &source);
        let error = device_error(Wgpu::read(&sums));
        let expected = DeviceError::Index {
            op: "scatter_add",
            place: run + 2,
            index: -7,
            size: 4,
        };
        assert_eq!(error, expected);
    }
}

#[test]
fn two_devices_do_not_meet_in_one_op() {
    let x: Tensor<s![4]> = Tensor::ones();
    let (a, b) = (x.to(&open()).expect("moved"), x.to(&open()).expect("moved"));
    let panic = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| &a + &b));
    let message = *panic
        .expect_err("no such op")
        .downcast::<String>()
        .expect("a message");
    assert!(message.contains("two devices"), "{message}");
    // Neither is worse for it.
    assert_eq!((&a + &a).to_vec(), (&b + &b).to_vec());
}

#[test]
fn what_the_device_lacks_is_an_error_where_the_tensor_is_made() {
    let gpu = Gpu::builder().baseline().build().expect("a GPU");
    assert!(!gpu.info().f64 && !gpu.info().i64 && gpu.info().subgroups.is_none());
    let unsupported = |error: DeviceError, what: &str| {
        assert!(
            matches!(&error, DeviceError::Unsupported { what: lacks, .. } if lacks.contains(what)),
            "{error}"
        );
    };
    let x: Tensor<s![2], f64> = Tensor::ones();
    unsupported(device_error(x.to(&gpu)), "f64");
    let x: Tensor<s![2], i64> = Tensor::ones();
    unsupported(device_error(x.to(&gpu)), "i64");
    let x: Tensor<s![2]> = Tensor::ones();
    let x = x.to(&gpu).expect("f32 is everywhere");
    unsupported(device_error(x.cast::<f64>().status()), "f64");
    assert_eq!(x.sum().item(), 2.0);
    let x: Tensor<s![2], f16> = Tensor::ones();
    assert_eq!(
        x.to(&gpu).expect("so is f16").sum().item(),
        f16::from_f32(2.0)
    );
}
