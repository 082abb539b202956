//! The models of the cases, with the weights that PyTorch and candle get too.

use peer_harness::fill;
use volta::io::{HostTensor, StateDict};
use volta::prelude::*;

#[path = "../../../src/models.rs"]
mod models;

pub use models::{LeNet, Mlp, Xor};

pub type Encoder<B = Cpu> = TransformerEncoderLayer<128, 4, 512, B>;

/// A weight and its bias, between +-1/sqrt(inputs of an output).
fn pair(state: &mut StateDict, prefix: &str, weight: &[usize], seed: u64) {
    let fan_in: usize = weight[1..].iter().product();
    for (name, dims, seed) in [("weight", weight, seed), ("bias", &weight[..1], seed + 1)] {
        state.insert(format!("{prefix}.{name}"), host(dims, &[seed], fan_in));
    }
}

fn host(dims: &[usize], seeds: &[u64], fan_in: usize) -> HostTensor {
    let n = dims.iter().product::<usize>() / seeds.len();
    let scale = 1.0 / (fan_in as f64).sqrt() as f32;
    let numbers = seeds.iter().flat_map(|&seed| fill(n, seed));
    let bytes = numbers.flat_map(|x| (x * scale).to_le_bytes()).collect();
    HostTensor::new(volta::DtypeKind::F32, dims.to_vec(), bytes).unwrap()
}

/// A model of weights and biases, filled with one seed after the other.
pub fn filled<M: Module<Cpu> + Init<Cpu>>() -> M {
    let mut model = M::init(&mut Rng::seed(0));
    let mut state = StateDict::new();
    let weights = model.state_dict();
    let weights = weights.iter().filter(|(key, _)| key.ends_with(".weight"));
    for (place, (key, weight)) in weights.enumerate() {
        let prefix = key.strip_suffix(".weight").unwrap();
        pair(&mut state, prefix, weight.dims(), 101 + 2 * place as u64);
    }
    model.load_state_dict(&state).unwrap();
    model
}

pub fn encoder() -> Encoder {
    let init: Encoder = Init::init(&mut Rng::seed(0));
    let mut model = init.with_dropout(0.0).with_norm_first();
    let mut state = model.state_dict();
    let projections = host(&[384, 128], &[101, 103, 105], 128);
    state.insert("self_attn.in_proj_weight", projections);
    state.insert("self_attn.in_proj_bias", host(&[384], &[102, 104, 106], 128));
    pair(&mut state, "self_attn.out_proj", &[128, 128], 107);
    pair(&mut state, "linear1", &[512, 128], 109);
    pair(&mut state, "linear2", &[128, 512], 111);
    model.load_state_dict(&state).unwrap();
    model
}
