    // Parameters: elements of the output; sizes of the input and of the output; padding; dilation.
    let word = group * 256u + lane;
    let height = param(1u);
    let width = param(2u);
    let dilation = vec2<u32>(param(7u), param(8u));
    var packed = 0u;
    for (var k = 0u; k < PER_WORD; k++) {
        let i = word * PER_WORD + k;
        if i >= param(0u) {
            break;
        }
        let row = i / param(4u);
        let plane = row / param(3u);
        let oh = row - plane * param(3u);
        let ow = i - row * param(4u);
        let start = plane * height * width;
        var best: NUMBER;
        var winner = 0xffffffffu;
        for (var kh = 0u; kh < kernel.x; kh++) {
            // What is above or left of the input wraps around, and is beyond it.
            let h = oh * stride.x + kh * dilation.x - param(5u);
            if h >= height {
                continue;
            }
            for (var kw = 0u; kw < kernel.y; kw++) {
                let w = ow * stride.y + kw * dilation.y - param(6u);
                if w >= width {
                    continue;
                }
                let value = LOAD;
                if winner == 0xffffffffu || wins(value, best) {
                    best = value;
                    winner = kh * kernel.y + kw;
                }
            }
        }
        out0_put(i, best);
        packed |= winner << (8u * k);
    }
    if word * PER_WORD < param(0u) {
        out1[word] = packed;
    }
