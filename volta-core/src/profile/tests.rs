use super::run;
use crate::prelude::*;

type Wide = Tensor<s![100, 50]>;

#[test]
fn ops_are_noted_with_their_names_times_and_bytes() {
    // Ones would be one element in memory, which an op would repeat in memory of its own.
    let x: Wide = Tensor::from_vec(vec![1.0; 5000]).expect("as many");
    let w: Tensor<s![50, 20]> = Tensor::from_vec(vec![1.0; 1000]).expect("as many");
    let (y, profile) = run(|| x.tanh().matmul(&w));
    assert_eq!(y.dims(), [100, 20]);
    let names: Vec<String> = profile.events().iter().map(|event| event.name()).collect();
    assert_eq!(names, ["tanh", "matmul"]);
    let bytes: Vec<u64> = profile.events().iter().map(|event| event.bytes()).collect();
    assert_eq!(bytes, [100 * 50 * 4, 100 * 20 * 4]);
    let [tanh, matmul] = profile.events() else {
        unreachable!("two ops")
    };
    assert!(tanh.time() > std::time::Duration::ZERO);
    assert!(matmul.start() >= tanh.start() + tanh.time());
    assert!(profile.time() >= matmul.start() + matmul.time());
    assert_eq!(x.exp().numel(), 5000, "an op outside of a run");
    let ((), empty) = run(|| ());
    assert!(empty.events().is_empty());
}

#[test]
fn gradients_and_steps_have_names_of_their_own() {
    let mut x: Wide = Tensor::ones();
    let (grads, profile) = run(|| {
        let grads = grad(&x, |x| x.sigmoid().sum());
        x.relu_();
        grads
    });
    assert_eq!(grads.dims(), [100, 50]);
    let ops = profile.ops();
    for name in ["sigmoid", "sigmoid_vjp", "reduce", "relu_"] {
        let op = ops.iter().find(|op| op.name == name);
        assert_eq!(op.map(|op| op.calls), Some(1), "{name} in\n{profile}");
    }
    assert!(ops.windows(2).all(|pair| pair[0].time >= pair[1].time));
}

#[test]
fn runs_are_nested() {
    let x: Wide = Tensor::ones();
    let ((inner, _), outer) = run(|| {
        let y = x.exp();
        let (z, inner) = run(|| y.ln());
        (inner, z.sqrt())
    });
    let names = |profile: &super::Profile| -> Vec<String> {
        profile.events().iter().map(|event| event.name()).collect()
    };
    assert_eq!(names(&inner), ["ln"]);
    assert_eq!(names(&outer), ["exp", "ln", "sqrt"]);
    assert!(inner.events()[0].start() <= inner.time());
}

#[test]
fn a_panic_ends_a_run() {
    let x: Wide = Tensor::ones();
    let result = std::panic::catch_unwind(|| run(|| -> () { panic!("in a run") }));
    assert!(result.is_err());
    let (_, profile) = run(|| x.exp());
    assert_eq!(profile.events().len(), 1);
    assert_eq!(profile.events()[0].depth(), 0);
}

#[test]
fn the_table_and_the_trace_have_every_op() {
    let x: Wide = Tensor::ones();
    let (_, profile) = run(|| (x.exp().ln(), x.exp()));
    let table = profile.to_string();
    let first: Vec<&str> = table
        .lines()
        .filter_map(|line| line.split("  ").next())
        .collect();
    assert_eq!(first.len(), 4, "{table}");
    let twice = |line: &str| line.split_whitespace().take(2).eq(["exp", "2"]);
    assert!(table.lines().any(twice), "{table}");
    let path = std::env::temp_dir().join(format!("volta-trace-{}.json", std::process::id()));
    profile.write_chrome_trace(&path).expect("written");
    let text = std::fs::read_to_string(&path).expect("there");
    std::fs::remove_file(&path).expect("removed");
    assert_eq!(text.matches("\"ph\":\"X\"").count(), 3);
    assert_eq!(text.matches("{\"name\":\"exp\"").count(), 2);
    assert!(text.starts_with("{\"displayTimeUnit\"") && text.ends_with("]}\n"));
    let nowhere = profile.write_chrome_trace(path.join("missing"));
    assert!(nowhere.is_err_and(|error| error.to_string().contains("missing")));
}
