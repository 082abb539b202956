    // Parameters: elements of the input; sizes of the input and of the output; padding; dilation.
    let i = group * 256u + lane;
    if i >= param(0u) {
        return;
    }
    let row = i / param(2u);
    let plane = row / param(1u);
    let at = vec2<u32>(row - plane * param(1u), i - row * param(2u));
    let padded = at + vec2<u32>(param(5u), param(6u));
    let dilation = vec2<u32>(param(7u), param(8u));
    let span = (kernel - vec2<u32>(1u)) * dilation + vec2<u32>(1u);
    let first = first_window(padded, span);
    let last = min(padded / stride + vec2<u32>(1u), vec2<u32>(param(3u), param(4u)));
    var total: NUMBER;
    for (var oh = first.x; oh < last.x; oh++) {
        for (var ow = first.y; ow < last.y; ow++) {
            let window = (plane * param(3u) + oh) * param(4u) + ow;
            let winner = in1_at(window);
            let entry = vec2<u32>(winner / kernel.y, winner % kernel.y);
            if all(vec2<u32>(oh, ow) * stride + entry * dilation == padded) {
                total += LOAD;
            }
        }
    }
    out0_put(i, total);
