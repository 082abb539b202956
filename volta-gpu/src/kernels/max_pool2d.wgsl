    // Parameters: elements of the output; sizes of the input and of the output; padding; dilation.
    let i = group * 256u + lane;
    if i >= param(0u) {
        return;
    }
    let height = param(1u);
    let width = param(2u);
    let row = i / param(4u);
    let plane = row / param(3u);
    let oh = row - plane * param(3u);
    let ow = i - row * param(4u);
    let start = plane * height * width;
    var best: NUMBER;
    var best_place = 0xffffffffu;
    for (var kh = 0u; kh < kernel.x; kh++) {
        // What is above or left of the input wraps around, and is beyond it.
        let h = oh * stride.x + kh * param(7u) - param(5u);
        if h >= height {
            continue;
        }
        for (var kw = 0u; kw < kernel.y; kw++) {
            let w = ow * stride.y + kw * param(8u) - param(6u);
            if w >= width {
                continue;
            }
            let place = h * width + w;
            let value = LOAD;
            if best_place == 0xffffffffu || wins(value, best) {
                best = value;
                best_place = place;
            }
        }
    }
    out0_put(i, best);
    out1_put(i, vec2<u32>(best_place, 0u));
