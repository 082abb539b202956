// Keeps the first index that was not below `size`: `param(0)` is the number of the op, from 1 on.
fn trap(place: u32, index: vec2<u32>, size: u32) {
    if atomicCompareExchangeWeak(&trapped[0], 0u, param(0u)).exchanged {
        atomicStore(&trapped[1], place);
        atomicStore(&trapped[2], index.x);
        atomicStore(&trapped[3], index.y);
        atomicStore(&trapped[4], size);
    }
}
