//! What GPUs there are, and what volta can do on them.

use volta::gpu::Info;
use volta::prelude::*;

fn main() -> Result<(), volta::Error> {
    let adapters = Gpu::adapters();
    if adapters.is_empty() {
        println!("no adapter: a driver of Vulkan, Metal or DirectX 12 is needed");
        return Ok(());
    }
    for (number, info) in adapters.iter().enumerate() {
        println!("{number}: {}", info.name);
        print(info);
    }
    let gpu = Gpu::new()?;
    let x: Tensor<s![1000]> = Tensor::ones();
    let sum = x.to(&gpu)?.sum().try_item()?;
    println!(
        "\n`Gpu::new()` opens {}, where 1,000 ones sum to {sum}",
        gpu.info().name
    );
    Ok(())
}

fn print(info: &Info) {
    let yes = |has: bool| if has { "yes" } else { "no" };
    let mib = |bytes: u64| format!("{:.0} MiB", bytes as f64 / (1 << 20) as f64);
    let subgroups = match info.subgroups {
        Some((least, most)) if least == most => format!("of {least}"),
        Some((least, most)) => format!("of {least} to {most}"),
        None => "no".to_owned(),
    };
    for (what, value) in [
        ("interface", info.backend.clone()),
        ("driver", info.driver.clone()),
        ("kind", info.kind.to_string()),
        ("largest tensor", mib(info.max_tensor_bytes)),
        ("workgroup", format!("{} invocations", info.max_workgroup)),
        (
            "workgroup memory",
            format!("{} KiB", info.workgroup_memory >> 10),
        ),
        (
            "tensors in one kernel",
            info.max_tensors_per_kernel.to_string(),
        ),
        ("f64", yes(info.f64).to_owned()),
        ("i64", yes(info.i64).to_owned()),
        ("f16 arithmetic", yes(info.f16).to_owned()),
        ("subgroups", subgroups),
        ("timestamps", yes(info.timestamps).to_owned()),
        ("kernels kept on disk", yes(info.pipeline_cache).to_owned()),
    ] {
        println!("   {what:<22} {value}");
    }
}
