"""Writes what PyTorch computes of scans, orders and indices, for tests/golden_index.rs.

Run `python tests/golden/index.py`. Last written with Python 3.11, torch 2.15.0 (CPU) and
safetensors 0.8.0. The layout of the file is that of generate.py; `<case>/places` are indices.
"""

import torch
import torch.nn.functional as F

from generate import NAN, Fixtures


def turned(out):
    x = out.randn(2, 3, 4)
    for name, axes in {"0": (0,), "last": (-1,), "0_last": (0, -1)}.items():
        out.case(f"flip/{name}", [x], lambda x: x.flip(axes))
    for name, (shift, axis) in {"1": (1, 1), "back": (-3, 2), "around": (5, 0)}.items():
        out.case(f"roll/{name}", [x], lambda x: x.roll(shift, axis))


def scans(out):
    x = out.randn(2, 3, 4)
    nan = x.clone()
    nan[0, 1, 2] = NAN
    zeros = x.clone()
    zeros[0, :, 1], zeros[1, 1:, 2] = 0, 0
    tied = out.randn(2, 3, 4).sign() * 2
    tied[1, 2, 2] = NAN
    for axis in range(3):
        out.case(f"cumsum/{axis}", [x], lambda x: x.cumsum(axis))
        out.case(f"cumprod/{axis}", [x], lambda x: x.cumprod(axis))
        out.case(f"cumprod/zeros_{axis}", [zeros], lambda x: x.cumprod(axis))
        for name, function in {"cummax": torch.cummax, "cummin": torch.cummin}.items():
            for kind, value in {"": x, "tied_": tied}.items():
                out.case(f"{name}/{kind}{axis}", [value], lambda x: function(x, axis).values)
                out.put(f"{name}/{kind}{axis}/places", function(value.float(), axis).indices)
    out.case("cumsum/nan", [nan], lambda x: x.cumsum(1))
    out.case("cumsum/transposed", [x], lambda x: x.mT.cumsum(1))
    # In f32 PyTorch sums in f64, and sums that cancel differ by more than the tolerance.
    out.case("cumsum/long", [out.randn(1100)], lambda x: x.cumsum(0), dtypes={"f64": torch.float64})
    out.case("cumsum/empty", [out.randn(0, 3)], lambda x: x.cumsum(0))
    out.case("cumprod/one", [out.randn(3, 1)], lambda x: x.cumprod(1))


def orders(out):
    x = out.randn(2, 5, 3)
    nan = x.clone()
    nan[0, 1, 2], nan[1, 3, 0], nan[1, 4, 0] = NAN, NAN, NAN
    tied = out.randn(2, 5, 3).sign()
    for axis in range(3):
        for kind, value in {"": x, "nan_": nan, "tied_": tied}.items():
            if axis == 0 and kind:
                continue
            for name, descending in {"sort": False, "sort_descending": True}.items():
                sort = lambda x: torch.sort(x, dim=axis, descending=descending, stable=True)
                out.case(f"{name}/{kind}{axis}", [value], lambda x: sort(x).values)
                out.put(f"{name}/{kind}{axis}/places", sort(value.float()).indices)
    one = x.clone()
    one[0, 1, 2], one[1, 3, 0] = NAN, NAN  # PyTorch says nothing of the order of equal ones.
    for name, largest in {"topk": True, "topk_smallest": False}.items():
        for kind, value in {"": x, "nan_": one}.items():
            out.case(f"{name}/{kind}", [value], lambda x: x.topk(2, 1, largest).values)
        out.put(f"{name}/places", x.float().topk(2, 1, largest).indices)
    out.case("kthvalue", [x], lambda x: x.kthvalue(4, 1).values)
    out.put("kthvalue/places", x.float().kthvalue(4, 1).indices)
    for kind, value in {"": x, "nan_": nan}.items():
        for axis in (1, 2):
            out.case(f"median/{kind}{axis}", [value], lambda x: x.median(axis).values)
    out.put("median/places", x.float().median(1).indices)
    out.case("sort/long", [out.randn(100)], lambda x: x.sort().values)


def indices(out):
    x = out.randn(3, 4, 2)
    along = {
        0: torch.tensor([2, 0, 2, 1, 1]).view(5, 1, 1).expand(5, 4, 2),
        1: torch.randint(0, 4, (3, 5, 2), generator=out.rng),
        2: torch.randint(0, 2, (3, 4, 3), generator=out.rng),
    }
    for axis, index in along.items():
        out.case(f"gather/{axis}", [x], lambda x, i: x.take_along_dim(i, axis), index)
        source = out.randn(*index.shape)
        add = lambda x, s, i: x.scatter_add(axis, i, s)
        out.case(f"scatter_add/{axis}", [x, source], add, index)
    # No place twice: PyTorch's gradient is not right there.
    order = torch.stack([torch.randperm(4, generator=out.rng)[:3] for _ in range(6)])
    order = order.view(3, 2, 3).mT
    put = lambda x, s, i: x.scatter(1, i, s)
    out.case("scatter", [x, out.randn(3, 3, 2)], put, order)
    rows = torch.tensor([2, 0, 2, 1, 2])
    for axis, index in {0: rows, 1: rows, 2: rows % 2}.items():
        out.case(f"index_select/{axis}", [x], lambda x, i: x.index_select(axis, i), index)
        sizes = list(x.shape)
        sizes[axis] = 5
        add = lambda x, s, i: x.index_add(axis, i, s)
        out.case(f"index_add/{axis}", [x, out.randn(*sizes)], add, index)
    mask = torch.tensor([[True, False], [False, False], [True, True], [False, True]])
    fill = lambda x, i: x.masked_fill(i != 0, -3.5)
    out.case("masked_fill", [x], fill, mask.long())
    classes = torch.tensor([[2, 0, 1], [1, 1, 3]])
    out.put("one_hot/0", classes)
    out.put("one_hot/y", F.one_hot(classes, 4))


if __name__ == "__main__":
    torch.set_num_threads(1)
    out = Fixtures("index")
    for write in (turned, scans, orders, indices):
        write(out)
    out.save()
