use volta::prelude::*;

use crate::{LeNet, Mlp, open};

#[test]
fn a_model_goes_there_and_comes_back() {
    let gpu = open();
    let model = LeNet::init(&mut Rng::seed(3));
    let there: LeNet<Wgpu> = model.to(&gpu).expect("moved");
    let back: LeNet = there.to(&Cpu).expect("moved");
    assert_eq!(model.state_dict(), back.state_dict());
    assert_eq!(model.state_dict(), there.state_dict());
    let x: Tensor<s![2, 1, 28, 28]> = Tensor::randn(&mut Rng::seed(4));
    let (near, far) = (
        model.forward(&x),
        there.forward(&x.to(&gpu).expect("moved")),
    );
    for (near, far) in near.to_vec().iter().zip(far.to_vec()) {
        assert!((near - far).abs() < 1e-5, "{near} {far}");
    }
}

#[test]
fn a_model_is_born_there_as_here() {
    let gpu = open();
    let there: LeNet<Wgpu> = LeNet::init_on(&gpu, &mut Rng::seed(5));
    assert_eq!(gpu.transfers().uploads, 0);
    let here: LeNet = LeNet::init(&mut Rng::seed(5));
    let (there, here) = (there.state_dict(), here.state_dict());
    for ((name, there), (_, here)) in there.iter().zip(here.iter()) {
        let numbers = |x: &volta::io::HostTensor| x.to_vec::<f32>().expect("f32");
        for (there, here) in numbers(there).iter().zip(numbers(here)) {
            assert!((there - here).abs() <= 1e-7, "{name}: {there} {here}");
        }
    }
}

#[cfg(feature = "safetensors")]
#[test]
fn a_model_is_saved_and_loaded_there() {
    let gpu = open();
    let path = std::env::temp_dir().join(format!("volta-gpu-{}.safetensors", std::process::id()));
    let model = LeNet::init(&mut Rng::seed(6)).to(&gpu).expect("moved");
    model.save_safetensors(&path).expect("saved");
    let mut other = LeNet::init(&mut Rng::seed(7)).to(&gpu).expect("moved");
    other.load_safetensors(&path).expect("loaded");
    assert_eq!(other.state_dict(), model.state_dict());
    std::fs::remove_file(&path).expect("removed");
}

#[test]
fn one_seed_gives_one_training() {
    let train = || {
        let gpu = open();
        let mut rng = Rng::seed(8);
        let mut model = Mlp::init(&mut rng).to(&gpu).expect("moved");
        let x: Tensor<s![16, 64], f32, Wgpu> = Tensor::randn_on(Default::default(), &mut rng, &gpu);
        let y: Tensor<s![16], i64> = Tensor::from_vec((0..16).map(|i| i % 10).collect()).unwrap();
        let y = y.to(&gpu).expect("moved");
        let mut opt = Sgd::new(0.1).momentum(0.9);
        let losses: Vec<f32> = (0..20)
            .map(|_| {
                let (loss, grads) =
                    value_and_grad(&model, |m| m.forward(&x.lift()).cross_entropy(&y));
                opt.step(&mut model, &grads);
                loss.item()
            })
            .collect();
        (losses, model.state_dict())
    };
    assert_eq!(train(), train());
}
