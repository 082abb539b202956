//! What a device is and has.

use std::fmt;

/// What an adapter is and what volta uses of it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Info {
    /// Its name: `"NVIDIA H200"`.
    pub name: String,
    /// The interface that it is reached by: `"vulkan"`, `"metal"`, `"dx12"`.
    pub backend: String,
    /// The driver and its version.
    pub driver: String,
    /// What kind of device it is.
    pub kind: Kind,
    /// Whether it computes in `f64`; tensors of `f64` need that.
    pub f64: bool,
    /// Whether it computes in `i64`; tensors of `i64` need that, class numbers and indices too.
    pub i64: bool,
    /// Whether it has `f16` arithmetic. Tensors of `f16` and `bf16` do not need it: kernels compute
    /// them in `f32`.
    pub f16: bool,
    /// The sizes of its subgroups, the smallest and the largest, if kernels can use them.
    pub subgroups: Option<(u32, u32)>,
    /// Whether kernels can be timed on it.
    pub timestamps: bool,
    /// Whether compiled kernels are kept on disk.
    pub pipeline_cache: bool,
    /// Bytes of the largest tensor.
    pub max_tensor_bytes: u64,
    /// Bytes that the invocations of a workgroup share.
    pub workgroup_memory: u32,
    /// The most invocations of a workgroup.
    pub max_workgroup: u32,
    /// The most tensors in one kernel.
    pub max_tensors_per_kernel: u32,
}

/// Kinds of devices, the fastest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A graphics card of its own.
    Discrete,
    /// A part of the processor's chip.
    Integrated,
    /// A card that a virtual machine sees.
    Virtual,
    /// It does not say.
    Other,
    /// The processor itself, by a software driver.
    Software,
}

impl Kind {
    pub(crate) fn of(kind: wgpu::DeviceType) -> Kind {
        match kind {
            wgpu::DeviceType::DiscreteGpu => Kind::Discrete,
            wgpu::DeviceType::IntegratedGpu => Kind::Integrated,
            wgpu::DeviceType::VirtualGpu => Kind::Virtual,
            wgpu::DeviceType::Other => Kind::Other,
            wgpu::DeviceType::Cpu => Kind::Software,
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Kind::Discrete => "discrete",
            Kind::Integrated => "integrated",
            Kind::Virtual => "virtual",
            Kind::Other => "other",
            Kind::Software => "software",
        })
    }
}

/// Features that are used where they are.
pub(crate) const WANTED: wgpu::Features = wgpu::Features::SHADER_F64
    .union(wgpu::Features::SHADER_INT64)
    .union(wgpu::Features::SHADER_F16)
    .union(wgpu::Features::SUBGROUP)
    .union(wgpu::Features::TIMESTAMP_QUERY)
    .union(wgpu::Features::PIPELINE_CACHE);

impl Info {
    pub(crate) fn of(adapter: &wgpu::Adapter) -> Info {
        Info::with(adapter, adapter.features())
    }

    /// Of an adapter that is used with these features alone.
    pub(crate) fn with(adapter: &wgpu::Adapter, has: wgpu::Features) -> Info {
        let (info, limits) = (adapter.get_info(), adapter.limits());
        let driver = [&info.driver, &info.driver_info];
        let driver = driver.map(|part| part.trim()).join(" ");
        Info {
            backend: info.backend.to_str().to_owned(),
            driver: driver.trim().to_owned(),
            kind: Kind::of(info.device_type),
            // Functions of `f64` take its bits apart.
            f64: has.contains(wgpu::Features::SHADER_F64.union(wgpu::Features::SHADER_INT64)),
            i64: has.contains(wgpu::Features::SHADER_INT64),
            f16: has.contains(wgpu::Features::SHADER_F16),
            subgroups: has
                .contains(wgpu::Features::SUBGROUP)
                .then_some((info.subgroup_min_size, info.subgroup_max_size)),
            timestamps: has.contains(wgpu::Features::TIMESTAMP_QUERY),
            pipeline_cache: has.contains(wgpu::Features::PIPELINE_CACHE),
            max_tensor_bytes: limits
                .max_buffer_size
                .min(limits.max_storage_buffer_binding_size)
                / 4
                * 4,
            workgroup_memory: limits.max_compute_workgroup_storage_size,
            max_workgroup: limits.max_compute_invocations_per_workgroup,
            max_tensors_per_kernel: limits.max_storage_buffers_per_shader_stage,
            name: info.name,
        }
    }

    /// In one line, for lists.
    pub(crate) fn line(&self) -> String {
        format!("{} ({}, {})", self.name, self.backend, self.kind)
    }
}

#[cfg(test)]
impl Info {
    /// A device that has nothing.
    pub(crate) fn nameless() -> Info {
        Info {
            name: String::new(),
            backend: String::new(),
            driver: String::new(),
            kind: Kind::Other,
            f64: false,
            i64: false,
            f16: false,
            subgroups: None,
            timestamps: false,
            pipeline_cache: false,
            max_tensor_bytes: 0,
            workgroup_memory: 0,
            max_workgroup: 0,
            max_tensors_per_kernel: 0,
        }
    }
}
