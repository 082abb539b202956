//! Kernels that were compiled, by key.

use std::any::TypeId;
use std::collections::HashMap;
use std::sync::Arc;

use volta_core::error::DeviceError;

use crate::context::{Context, Layouts, lock};
use crate::source::Source;

/// What tells one kernel from the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    pub(crate) name: &'static str,
    /// The elementwise function in it.
    pub(crate) op: Option<TypeId>,
    /// What else its text depends on.
    pub(crate) variant: [u32; 6],
}

impl Key {
    pub(crate) fn new<const N: usize>(name: &'static str, variant: [u32; N]) -> Key {
        let mut all = [0; 6];
        all[..N].copy_from_slice(&variant);
        Key {
            name,
            op: None,
            variant: all,
        }
    }
}

pub(crate) struct Pipeline {
    /// The op that it belongs to.
    pub(crate) name: &'static str,
    pub(crate) pipeline: wgpu::ComputePipeline,
    pub(crate) layout: wgpu::BindGroupLayout,
    /// Bytes of its parameters.
    pub(crate) params: u64,
    pub(crate) traps: bool,
}

pub(crate) struct Pipelines {
    compiled: HashMap<Key, Arc<Pipeline>>,
    layouts: Layouts,
    /// The driver's own, which is kept on disk.
    cache: Option<wgpu::PipelineCache>,
}

impl Pipelines {
    pub(crate) fn new(cache: Option<wgpu::PipelineCache>) -> Self {
        Pipelines {
            compiled: HashMap::new(),
            layouts: HashMap::new(),
            cache,
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.compiled.len()
    }

    pub(crate) fn cache(&self) -> Option<wgpu::PipelineCache> {
        self.cache.clone()
    }

    pub(crate) fn get(&self, key: &Key) -> Option<Arc<Pipeline>> {
        self.compiled.get(key).cloned()
    }

    /// Another thread may have been faster; its pipeline stays.
    pub(crate) fn insert(&mut self, key: Key, pipeline: Pipeline) -> Arc<Pipeline> {
        let entry = self.compiled.entry(key);
        entry.or_insert_with(|| Arc::new(pipeline)).clone()
    }

    fn layout(
        &mut self,
        device: &wgpu::Device,
        inputs: usize,
        written: usize,
    ) -> wgpu::BindGroupLayout {
        let entry = |binding: usize, ty| wgpu::BindGroupLayoutEntry {
            binding: binding as u32,
            visibility: wgpu::ShaderStages::COMPUTE,
            ty: wgpu::BindingType::Buffer {
                ty,
                has_dynamic_offset: binding == 0,
                min_binding_size: None,
            },
            count: None,
        };
        let create = || {
            let storage = (1..=inputs + written).map(|binding| {
                let read_only = binding <= inputs;
                entry(binding, wgpu::BufferBindingType::Storage { read_only })
            });
            let params = entry(0, wgpu::BufferBindingType::Uniform);
            let entries: Vec<_> = std::iter::once(params).chain(storage).collect();
            device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor {
                label: None,
                entries: &entries,
            })
        };
        let layouts = self.layouts.entry((inputs, written));
        layouts.or_insert_with(create).clone()
    }

    pub(crate) fn compile(
        context: &Context,
        key: &Key,
        source: &Source,
    ) -> Result<Pipeline, DeviceError> {
        let device = &context.device;
        let most = context.limits.max_storage_buffers_per_shader_stage;
        if source.buffers() > most as usize {
            return Err(DeviceError::Unsupported {
                device: context.info.name.clone(),
                what: format!(
                    "`{}` with {} tensors in one kernel; it takes {most}",
                    key.name,
                    source.buffers()
                ),
            });
        }
        let text = source.text();
        if std::env::var_os("VOLTA_PRINT_WGSL").is_some() {
            eprintln!("// {key:?}\n{text}");
        }
        let written = source.outputs.len() + usize::from(source.traps);
        let (layout, cache) = {
            let mut pipelines = lock(&context.pipelines);
            let layout = pipelines.layout(device, source.inputs.len(), written);
            (layout, pipelines.cache.clone())
        };
        let validation = device.push_error_scope(wgpu::ErrorFilter::Validation);
        let internal = device.push_error_scope(wgpu::ErrorFilter::Internal);
        let descriptor = wgpu::ShaderModuleDescriptor {
            label: Some(key.name),
            source: wgpu::ShaderSource::Wgsl(text.as_str().into()),
        };
        let checks = wgpu::ShaderRuntimeChecks {
            force_loop_bounding: false,
            ..wgpu::ShaderRuntimeChecks::checked()
        };
        // SAFETY: every loop of a kernel counts to a bound, so that none is infinite; the other
        // checks stay on.
        let module = unsafe { device.create_shader_module_trusted(descriptor, checks) };
        let pipeline_layout = device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
            label: None,
            bind_group_layouts: &[Some(&layout)],
            immediate_size: 0,
        });
        let pipeline = device.create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
            label: Some(key.name),
            layout: Some(&pipeline_layout),
            module: &module,
            entry_point: Some("main"),
            compilation_options: wgpu::PipelineCompilationOptions {
                zero_initialize_workgroup_memory: false,
                ..Default::default()
            },
            cache: cache.as_ref(),
        });
        let errors = [internal, validation].map(|scope| pollster::block_on(scope.pop()));
        if let Some(error) = errors.into_iter().flatten().next() {
            return Err(DeviceError::Failed {
                device: context.info.name.clone(),
                message: format!("the kernel `{}` does not compile: {error}", key.name),
            });
        }
        Ok(Pipeline {
            name: key.name,
            pipeline,
            layout,
            params: 16 * source.rows() as u64,
            traps: source.traps,
        })
    }
}
