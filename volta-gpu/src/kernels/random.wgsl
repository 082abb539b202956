    // Parameters: numbers; key; counter of the first block; stream.
    let block = group * 256u + lane;
    let i = block * IN_BLOCKu;
    if i >= param(0u) {
        return;
    }
    let low = param(3u) + block;
    let high = param(4u) + select(0u, 1u, low < block);
    let counter = vec4<u32>(low, high, param(5u), param(6u));
    let words = philox(counter, vec2<u32>(param(1u), param(2u)));
