// The first window that reaches position `at` of padded input: `span` positions wide, one every
// `stride` positions.
fn first_window(at: vec2<u32>, span: vec2<u32>) -> vec2<u32> {
    let beyond = max(at, span - vec2<u32>(1u)) - (span - vec2<u32>(1u));
    return (beyond + stride - vec2<u32>(1u)) / stride;
}
