//! Invocations of a workgroup that share an output: what each of them has is combined by halves,
//! within subgroups where the device has them, and in workgroup memory.

use crate::context::Context;
use crate::source::WORKGROUP;

/// The most subgroups of a workgroup: no device has smaller ones than of four.
const SUBGROUPS: u32 = WORKGROUP / 4;

/// Whether such a team combines within subgroups first. Only whole workgroups do: which invocations
/// a subgroup has, devices decide.
pub(crate) fn has_subgroups(context: &Context, of: &str, members: u32) -> bool {
    let moves = matches!(of, "f32" | "i32" | "u32");
    context.info.subgroups.is_some() && moves && members == WORKGROUP
}

/// The function `{name}(lane, held, value)`: the values of the first `held` invocations of each
/// team, of which there are `members`, combined by `fold`, which says how `a` and `b` are. All
/// invocations of the workgroup call it.
pub(crate) fn combine(subgroups: bool, name: &str, of: &str, members: u32, fold: &str) -> String {
    if subgroups {
        return include_str!("kernels/team_subgroups.wgsl")
            .replace("NAME", name)
            .replace("NUMBER", of)
            .replace("SUBGROUPS", &SUBGROUPS.to_string())
            .replace("FOLD", fold);
    }
    let half = members / 2;
    format!(
        "var<workgroup> {name}_values: array<{of}, {WORKGROUP}>;\n\
         fn {name}(lane: u32, held: u32, value: {of}) -> {of} {{\n\
         \x20   let member = lane % {members}u;\n\
         \x20   workgroupBarrier();\n\
         \x20   {name}_values[lane] = value;\n\
         \x20   for (var width = {half}u; width > 0u; width = width / 2u) {{\n\
         \x20       workgroupBarrier();\n\
         \x20       if member < width && member + width < held {{\n\
         \x20           let a = {name}_values[lane];\n\
         \x20           let b = {name}_values[lane + width];\n\
         \x20           {name}_values[lane] = {fold};\n\
         \x20       }}\n\
         \x20   }}\n\
         \x20   workgroupBarrier();\n\
         \x20   return {name}_values[lane - member];\n}}\n"
    )
}

/// Statements that give the number `i` of the output of an invocation, its number `member` in the
/// team, and whether there is such an output, of which there are `param(0u)`: `is_here`.
pub(crate) fn place(members: u32) -> String {
    let teams = WORKGROUP / members;
    format!(
        "let i = group * {teams}u + lane / {members}u;\nlet member = lane % {members}u;\n\
         let is_here = i < param(0u);\n"
    )
}

/// The number of workgroups for so many outputs.
pub(crate) fn groups(outputs: usize, members: u32) -> u64 {
    (outputs as u64).div_ceil(u64::from(WORKGROUP / members.max(1)))
}
