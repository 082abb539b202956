"""Writes what PyTorch computes of sequences, for tests/golden_seq.rs to compare with.

Run `python tests/golden/seq.py`; it writes seq.safetensors beside it. The format is that of
generate.py; the parameters of a layer are inputs by PyTorch's names, after `0.`.
"""

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.func import functional_call

from generate import Fixtures

WIDE = {"f64": torch.float64}


def seen(rows, keys):
    """Which keys a row sees: row 1 none."""
    i, j = torch.meshgrid(torch.arange(rows), torch.arange(keys), indexing="ij")
    return ((i * 3 + j * 5) % 4 != 0) & (i != 1)


def padding():
    """Which of 5 keys of 2 sequences are padding."""
    return torch.tensor([[False, False, False, True, True], [False, False, True, False, False]])


def layer(golden, name, module, inputs, function=None, dtypes=WIDE):
    """A layer by its parameters and its inputs; `function` calls it."""
    module.eval()
    function = function or (lambda call, *x: call(*x))
    keys = [key for key, _ in module.named_parameters()]
    named = {f"0.{key}": golden.randn(*p.shape) * 0.5 for key, p in module.named_parameters()}
    named |= {str(k + 1): x for k, x in enumerate(inputs)}

    def run(*values):
        parameters = dict(zip(keys, values))
        call = lambda *x, **options: functional_call(module, parameters, x, options)
        return function(call, *values[len(keys):])

    golden.case(name, named, run, dtypes=dtypes)


def flat(parts):
    out = []
    for part in parts:
        out += flat(part) if isinstance(part, tuple) else [part.flatten()]
    return out


def recurrent(golden):
    call = lambda call, *x: torch.cat(flat(call(*x)))
    x = golden.randn(2, 3, 3)
    h = lambda layers: golden.randn(layers, 2, 4)
    one = dict(batch_first=True)
    two = dict(batch_first=True, num_layers=2, bidirectional=True)
    layer(golden, "lstm", nn.LSTM(3, 4, **one), [x], call)
    layer(golden, "rnn_relu", nn.RNN(3, 4, nonlinearity="relu", **one), [x], call)
    from_state = lambda call, x, h, c: torch.cat(flat(call(x, (h, c))))
    layer(golden, "lstm_2", nn.LSTM(3, 4, **two), [x, h(4), h(4)], from_state)
    layer(golden, "gru_2", nn.GRU(3, 4, **two), [x, h(4)], call)
    layer(golden, "rnn_2", nn.RNN(3, 4, **two), [x, h(4)], call)
    state = lambda: golden.randn(2, 4)
    cell = lambda call, x, h, c: torch.cat(call(x, (h, c)), 1)
    layer(golden, "lstm_cell", nn.LSTMCell(3, 4), [golden.randn(2, 3), state(), state()], cell)
    layer(golden, "gru_cell", nn.GRUCell(3, 4), [golden.randn(2, 3), state()])
    layer(golden, "rnn_cell", nn.RNNCell(3, 4), [golden.randn(2, 3), state()])


def attention(golden):
    q, k, v = golden.randn(2, 3, 4, 6), golden.randn(2, 3, 5, 6), golden.randn(2, 3, 5, 2)
    sdpa = F.scaled_dot_product_attention
    golden.case("sdpa", [q, k, v], sdpa)
    golden.case("sdpa_causal", [q, k, v], lambda *x: sdpa(*x, is_causal=True))
    golden.case("sdpa_scale", [q, k, v], lambda *x: sdpa(*x, scale=0.7))
    golden.case("sdpa_mask", [q, k, v], lambda *x: sdpa(*x, attn_mask=seen(4, 5)))
    golden.case("sdpa_bias", [q, k, v, golden.randn(3, 4, 5)], lambda q, k, v, m: sdpa(q, k, v, attn_mask=m))
    golden.case("sdpa_vector", [q[0, 0], k[0, 0], v[0, 0]], sdpa)


def heads(golden):
    module = lambda: nn.MultiheadAttention(4, 2, batch_first=True)
    x, memory = golden.randn(2, 5, 4), golden.randn(2, 5, 4)
    y = golden.randn(2, 3, 4)
    out = lambda *x, **options: x[0](*x[1:], need_weights=False, **options)[0]
    layer(golden, "heads", module(), [x], lambda call, x: out(call, x, x, x))
    padded = lambda call, y, m: out(call, y, m, m, key_padding_mask=padding())
    layer(golden, "heads_padding", module(), [y, memory], padded)
    masked = lambda call, y, k, v: out(call, y, k, v, attn_mask=~(seen(3, 5) | (torch.arange(3) == 1)[:, None]), key_padding_mask=padding())
    layer(golden, "heads_masks", module(), [y, x, memory], masked)
    added = lambda call, x, m: out(call, x, x, x, attn_mask=m)
    layer(golden, "heads_bias", module(), [x, golden.randn(5, 5)], added)


def transformers(golden):
    options = dict(batch_first=True, dim_feedforward=6, dropout=0.0)
    x, memory = golden.randn(2, 3, 4), golden.randn(2, 5, 4)
    encoder = lambda **more: nn.TransformerEncoderLayer(4, 2, **options, **more)
    decoder = lambda **more: nn.TransformerDecoderLayer(4, 2, **options, **more)
    causal = nn.Transformer.generate_square_subsequent_mask(3, dtype=torch.float64)
    layer(golden, "encoder_first", encoder(norm_first=True, activation="gelu"), [x])
    layer(golden, "decoder_first", decoder(norm_first=True, activation="gelu"), [x, memory])
    norm = lambda: nn.LayerNorm(4)
    stack = nn.TransformerEncoder(encoder(), 2, norm(), enable_nested_tensor=False)
    padded = lambda call, x: call(x, src_key_padding_mask=padding())
    layer(golden, "encoder_stack", stack, [memory], padded)
    stack = nn.TransformerDecoder(decoder(), 2, norm())
    both = lambda call, x, m: call(x, m, tgt_mask=causal, memory_key_padding_mask=padding())
    layer(golden, "decoder_stack", stack, [x, memory], both)


def rotary(golden):
    """RoFormer's formula, with complex numbers: offset 2, theta 100."""

    def angles(x):
        t = torch.arange(2, 2 + x.shape[-2], dtype=torch.float64)
        i = torch.arange(x.shape[-1] // 2, dtype=torch.float64)
        angles = t[:, None] * 100.0 ** (-2 * i / x.shape[-1])
        return torch.polar(torch.ones_like(angles), angles)

    def interleaved(x):
        wide = x.double().unflatten(-1, (-1, 2))
        return torch.view_as_real(torch.view_as_complex(wide.contiguous()) * angles(x)).flatten(-2).to(x.dtype)

    def halves(x):
        a, b = x.double().chunk(2, -1)
        turned = torch.complex(a, b) * angles(x)
        return torch.cat([turned.real, turned.imag], -1).to(x.dtype)

    x = golden.randn(2, 3, 5, 6)
    golden.case("rotary_interleaved", [x], interleaved, dtypes=WIDE)
    golden.case("rotary_halves", [x], halves, dtypes=WIDE)


if __name__ == "__main__":
    golden = Fixtures("seq")
    torch.manual_seed(0)
    for part in recurrent, attention, heads, transformers, rotary:
        part(golden)
    golden.save()
