//! The text of a kernel around its body: operands, parameters and the place of an invocation.

use std::fmt::Write;

use crate::format::Format;

/// Invocations of a workgroup, where a kernel does not choose.
pub(crate) const WORKGROUP: u32 = 256;

/// A kernel in WGSL.
///
/// The body sees `group` and `lane`, the numbers of the workgroup and of the invocation in it, the
/// parameters as `param(k)`, and the operands: `in0_at(i)` is element `i` of the first input,
/// `out0_put(i, v)` writes one of the first output, if it is of a word or more; `in0` and `out0`
/// are the arrays.
#[derive(Clone, Debug, Default)]
pub(crate) struct Source {
    pub(crate) inputs: Vec<Format>,
    pub(crate) outputs: Vec<Format>,
    /// Words of parameters.
    pub(crate) params: usize,
    /// Invocations of a workgroup; 0 for [`WORKGROUP`].
    pub(crate) workgroup: u32,
    /// Whether the body sees `sub`, the number of the invocation in its subgroup, and `subgroup`,
    /// which has it as `lane`, the `number` and `size` of the subgroup, and the `count` of them.
    pub(crate) subgroups: bool,
    /// Whether `trap(place, index, size)` is called.
    pub(crate) traps: bool,
    /// Functions and shared memory.
    pub(crate) declarations: String,
    /// What one invocation does.
    pub(crate) body: String,
}

/// Words of a row of parameters.
pub(crate) const ROW: usize = 4;

impl Source {
    /// Rows of parameters: there is at least one.
    pub(crate) fn rows(&self) -> usize {
        self.params.div_ceil(ROW).max(1)
    }

    /// Buffers that are bound besides the parameters.
    pub(crate) fn buffers(&self) -> usize {
        self.inputs.len() + self.outputs.len() + usize::from(self.traps)
    }

    /// The whole text.
    pub(crate) fn text(&self) -> String {
        let mut text = format!(
            "@group(0) @binding(0) var<uniform> params: array<vec4<u32>, {}>;\n\
             fn param(k: u32) -> u32 {{ return params[k >> 2u][k & 3u]; }}\n",
            self.rows()
        );
        let mut libraries: Vec<&str> = Vec::new();
        let inputs = self.inputs.iter().enumerate();
        for (k, format) in inputs {
            self.operand(&mut text, k + 1, &format!("in{k}"), "read", *format);
        }
        for (k, format) in self.outputs.iter().enumerate() {
            let name = format!("out{k}");
            let binding = self.inputs.len() + k + 1;
            self.operand(&mut text, binding, &name, "read_write", *format);
            if format.per_word() == 1 {
                let of = format.computed();
                let _ = writeln!(
                    text,
                    "fn {name}_put(i: u32, value: {of}) {{ {name}[i] = value; }}"
                );
            }
            let library = format.library();
            if !libraries.contains(&library) {
                libraries.push(library);
            }
        }
        if self.traps {
            let binding = self.inputs.len() + self.outputs.len() + 1;
            let _ = write!(
                text,
                "@group(0) @binding({binding}) var<storage, read_write> trapped: array<atomic<u32>, 5>;\n{}",
                include_str!("kernels/trap.wgsl")
            );
        }
        let workgroup = match self.workgroup {
            0 => WORKGROUP,
            given => given,
        };
        let subgroup = match self.subgroups {
            true => {
                "    @builtin(subgroup_invocation_id) sub: u32,\n    \
                 @builtin(subgroup_id) subgroup_number: u32,\n    \
                 @builtin(subgroup_size) subgroup_size: u32,\n    \
                 @builtin(num_subgroups) subgroups: u32,\n"
            }
            false => "",
        };
        let set = match self.subgroups {
            true => {
                text += "struct Subgroup { lane: u32, number: u32, size: u32, count: u32 }\n\
                         var<private> subgroup: Subgroup;\n";
                "    subgroup = Subgroup(sub, subgroup_number, subgroup_size, subgroups);\n"
            }
            false => "",
        };
        text.extend(libraries);
        let _ = write!(
            text,
            "{}\n@compute @workgroup_size({workgroup})\nfn main(\n\
             \x20   @builtin(workgroup_id) place: vec3<u32>,\n\
             \x20   @builtin(num_workgroups) places: vec3<u32>,\n\
             \x20   @builtin(local_invocation_index) lane: u32,\n{subgroup}) {{\n\
             \x20   let group = place.y * places.x + place.x;\n{set}{}\n}}\n",
            self.declarations, self.body
        );
        text
    }

    fn operand(&self, text: &mut String, binding: usize, name: &str, access: &str, format: Format) {
        let _ = writeln!(
            text,
            "@group(0) @binding({binding}) var<storage, {access}> {name}: array<{}>;\n\
             fn {name}_at(i: u32) -> {} {{ return {}; }}",
            format.stored(),
            format.computed(),
            format.load(name, "i"),
        );
    }
}
