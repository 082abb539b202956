"""Writes what PyTorch computes, for tests/golden_shapes.rs to compare with: statistics, and ops
that give a tensor another shape. See generate.py.
"""

import torch
import torch.nn.functional as F

from generate import INF, NAN, Fixtures

FORMS = {"all": None, "axis_1": (1,), "axis_last": (-1,), "axes_0_last": (0, -1)}


def statistics(out):
    x = out.randn(2, 3, 4)
    equal = out.randn(2, 3, 4)
    equal[1] = 3.0
    zeros = out.randn(2, 3, 4)
    zeros[0, 1], zeros[1, :, 2] = 0.0, 0.0

    def cases(name, function, value):
        for form, axes in FORMS.items():
            dim = tuple(range(3)) if axes is None else axes
            out.case(f"{name}/{form}", [value], lambda x: function(x, dim, False))
        out.case(f"{name}/keep_1", [value], lambda x: function(x, (1,), True))
        out.case(f"{name}/transposed", [value], lambda x: function(x.mT, (1,), True))

    cases("var", lambda x, dim, keep: x.var(dim, keepdim=keep), x)
    cases("var_population", lambda x, dim, keep: x.var(dim, correction=0, keepdim=keep), x)
    cases("std", lambda x, dim, keep: x.std(dim, keepdim=keep), equal)
    cases("std_population", lambda x, dim, keep: x.std(dim, correction=0, keepdim=keep), equal)
    # A count has no gradient; volta's is 0.
    orders = {"0": 0.0, "half": 0.5, "1": 1.0, "2": 2.0, "3": 3.0, "inf": INF, "minus_inf": -INF}
    for name, p in orders.items():
        norm = lambda x, dim, keep: torch.linalg.vector_norm(x, p, dim, keep)
        graph = (lambda x, dim, keep: norm(x, dim, keep) + 0 * x.sum()) if p == 0.0 else norm
        cases(f"norm_{name}", graph, zeros)
    cases("logsumexp", lambda x, dim, keep: torch.logsumexp(x, dim, keep), x)
    special = torch.tensor(
        [[1000.0, 999.0], [-1000.0, -999.0], [-INF, 2.0], [3.0, -INF], [-INF, -INF], [INF, 1.0], [NAN, 0.0]]
    )
    out.put("logsumexp/special/0", special)
    out.put("logsumexp/special/y", torch.logsumexp(special, 1))


def shapes(out):
    x = out.randn(3, 4)
    batch = out.randn(2, 3, 4)
    for name, offset in {"0": 0, "2": 2, "minus_1": -1}.items():
        out.case(f"diagonal_{name}", [batch], lambda x: x.diagonal(offset, -2, -1))
        out.case(f"diag_embed_{name}", [x], lambda x: torch.diag_embed(x, offset))
        out.case(f"tril_{name}", [batch], lambda x: x.tril(offset))
        out.case(f"triu_{name}", [batch], lambda x: x.mT.triu(offset))
    out.case("trace", [x], torch.trace)
    out.case("repeat", [x], lambda x: x.repeat(1, 3))
    out.case("tile", [x], lambda x: x.tile(2, 3))
    out.case("repeat_interleave", [x], lambda x: x.repeat_interleave(2, 0))
    out.case("pad_constant", [batch], lambda x: F.pad(x, (1, 2), value=1.5))
    out.case("pad_reflect", [batch], lambda x: F.pad(x, (2, 3), "reflect"))
    out.case("pad_replicate", [batch], lambda x: F.pad(x, (2, 3), "replicate"))
    out.case("pad_circular", [batch], lambda x: F.pad(x, (4, 3), "circular"))
    out.case("pad_reflect_transposed", [batch], lambda x: F.pad(x.mT, (2, 1), "reflect"))
    out.case("split", [x], lambda x: torch.mul(*x.split([1, 3], 1)))
    out.case("chunk", [x], lambda x: torch.mul(*x.chunk(2, 1)))
    out.case("unbind", [x], lambda x: x.unbind(0)[0] * x.unbind(0)[2])
    for size, step in ((2, 1), (3, 1), (2, 2), (2, 3), (3, 2)):
        out.case(f"unfold_{size}_{step}", [batch], lambda x: x.unfold(2, size, step))
    out.case("unfold_first", [batch], lambda x: x.mT.unfold(1, 3, 1))
    out.case("unfold_twice", [batch], lambda x: x.unfold(1, 2, 1).unfold(2, 3, 1))
    images = out.randn(2, 8, 2, 3)
    out.case("pixel_shuffle", [images], lambda x: F.pixel_shuffle(x, 2))
    out.case("pixel_unshuffle", [images.reshape(2, 2, 4, 6)], lambda x: F.pixel_unshuffle(x, 2))
    out.case("dot", [out.randn(5), out.randn(5)], torch.dot)
    out.case("outer", [out.randn(3), out.randn(4)], torch.outer)


if __name__ == "__main__":
    out = Fixtures("shapes")
    statistics(out)
    shapes(out)
    out.save()
