"""Writes convs.safetensors and resampling.safetensors, for tests/golden_convs.rs to compare with.

Run `python tests/golden/convs.py`; see generate.py.
"""

import torch
import torch.nn.functional as F

from generate import INF, NAN, Fixtures


def convolutions(out):
    conv1 = {
        "plain": ((2, 3, 9), (4, 3, 3), {}),
        "all": ((2, 4, 14), (6, 2, 3), dict(stride=2, padding=2, dilation=3, groups=2)),
        "depthwise": ((1, 3, 8), (6, 1, 4), dict(padding=1, groups=3)),
        "rest": ((1, 2, 10), (2, 2, 3), dict(stride=4)),
    }
    for name, (x, w, options) in conv1.items():
        out.case(f"conv1d/{name}", [out.randn(*x), out.randn(*w)], lambda x, w: F.conv1d(x, w, **options))
    conv2 = {
        "grouped": ((2, 4, 5, 6), (6, 2, 3, 2), dict(groups=2)),
        "depthwise": ((2, 3, 6, 5), (3, 1, 3, 3), dict(padding=1, groups=3)),
        "multiplied": ((1, 2, 7, 6), (6, 1, 2, 3), dict(stride=(2, 1), groups=2)),
        "all": ((1, 4, 7, 8), (4, 2, 2, 3), dict(stride=(3, 2), padding=(1, 2), dilation=(2, 1), groups=2)),
    }
    for name, (x, w, options) in conv2.items():
        out.case(f"conv2d/{name}", [out.randn(*x), out.randn(*w)], lambda x, w: F.conv2d(x, w, **options))
    conv3 = {
        "plain": ((1, 2, 4, 5, 4), (3, 2, 2, 3, 2), {}),
        "flat": ((2, 1, 3, 4, 4), (2, 1, 1, 3, 3), dict(padding=(0, 1, 1))),
        "strided": ((1, 2, 6, 5, 5), (2, 2, 3, 2, 2), dict(stride=(2, 2, 1), padding=(1, 0, 1))),
        "grouped": ((1, 4, 4, 3, 3), (4, 2, 2, 2, 2), dict(groups=2)),
        "all": (
            (1, 2, 7, 5, 6),
            (2, 1, 2, 3, 2),
            dict(stride=(2, 1, 3), padding=(1, 2, 0), dilation=(3, 1, 2), groups=2),
        ),
        "far_strided": ((1, 1, 8, 3, 3), (1, 1, 2, 2, 2), dict(stride=(3, 1, 1))),
    }
    for name, (x, w, options) in conv3.items():
        out.case(f"conv3d/{name}", [out.randn(*x), out.randn(*w)], lambda x, w: F.conv3d(x, w, **options))


def transposed(out):
    one = {
        "plain": ((2, 3, 5), (3, 4, 3), {}),
        "strided": ((2, 2, 4), (2, 3, 4), dict(stride=2, padding=1)),
        "longer": ((1, 3, 4), (3, 2, 3), dict(stride=3, padding=1, output_padding=2)),
        "all": ((1, 4, 5), (4, 3, 3), dict(stride=2, padding=2, output_padding=1, dilation=2, groups=2)),
    }
    for name, (x, w, options) in one.items():
        case = lambda x, w: F.conv_transpose1d(x, w, **options)
        out.case(f"conv_transpose1d/{name}", [out.randn(*x), out.randn(*w)], case)
    two = {
        "plain": ((2, 3, 4, 3), (3, 2, 2, 3), {}),
        "doubled": ((1, 2, 3, 4), (2, 3, 4, 4), dict(stride=2, padding=1)),
        "longer": ((2, 2, 3, 2), (2, 3, 3, 3), dict(stride=2, padding=1, output_padding=1)),
        "longer_high": ((1, 2, 3, 4), (2, 2, 3, 2), dict(stride=(3, 2), padding=(1, 0), output_padding=(2, 0))),
        "dilated": ((1, 2, 4, 3), (2, 3, 3, 2), dict(padding=(2, 1), dilation=(2, 3))),
        "dilated_longer": ((1, 2, 3, 3), (2, 2, 2, 2), dict(output_padding=2, dilation=3)),
        "grouped": ((1, 4, 3, 4), (4, 3, 2, 3), dict(stride=(2, 1), groups=2)),
        "depthwise": ((1, 3, 3, 3), (3, 1, 3, 3), dict(stride=2, groups=3)),
    }
    for name, (x, w, options) in two.items():
        case = lambda x, w: F.conv_transpose2d(x, w, **options)
        out.case(f"conv_transpose2d/{name}", [out.randn(*x), out.randn(*w)], case)


def pools(out):
    x, long = out.randn(1, 2, 7, 6), out.randn(1, 2, 11)
    negative = -1.0 - long.abs()
    for name, window in {"halves": (2, 2, 0), "padded": (3, 2, 1), "overlapping": (3, 1, 0)}.items():
        out.case(f"max_pool1d/{name}", [negative], lambda x: F.max_pool1d(x, *window))
        for kind, counts in {"": True, "_inside": False}.items():
            out.case(f"avg_pool1d{kind}/{name}", [long], lambda x: F.avg_pool1d(x, *window, False, counts))
    windows = {
        "halves": ((2, 2), (2, 2), (0, 0)),
        "overlapping": ((3, 3), (1, 1), (0, 0)),
        "padded": ((3, 3), (2, 2), (1, 1)),
        "uneven": ((2, 4), (1, 3), (1, 2)),
        "far_strided": ((2, 2), (4, 3), (0, 1)),
        "whole": ((7, 6), (7, 6), (0, 0)),
    }
    for name, window in windows.items():
        for kind, counts in {"": True, "_inside": False}.items():
            out.case(f"avg_pool2d{kind}/{name}", [x], lambda x: F.avg_pool2d(x, *window, False, counts))
    special = out.randn(1, 1, 5, 4)
    special[0, 0, 1, 1], special[0, 0, 4, 3] = NAN, INF
    out.case("avg_pool2d/special", [special], lambda x: F.avg_pool2d(x, 2, 1))
    for size in [(1, 1), (7, 3), (3, 2), (4, 5), (9, 8)]:
        name = "adaptive_avg_pool2d/{}x{}".format(*size)
        out.case(name, [x], lambda x: F.adaptive_avg_pool2d(x, size))
    out.case("adaptive_avg_pool2d/special", [special], lambda x: F.adaptive_avg_pool2d(x, (3, 3)))
    for size in [1, 4, 11, 13, 18]:
        out.case(f"adaptive_avg_pool1d/{size}", [long], lambda x: F.adaptive_avg_pool1d(x, size))


def resizing(out):
    x = out.randn(1, 2, 3, 4)
    for factors in [(2, 2), (3, 1), (1, 4)]:
        kind = "{}x{}".format(*factors)
        out.case(f"nearest/{kind}", [x], lambda x: F.interpolate(x, scale_factor=factors, mode="nearest"))
        for name, corners in {"": False, "_corners": True}.items():
            resize = lambda x: F.interpolate(x, scale_factor=factors, mode="bilinear", align_corners=corners)
            out.case(f"bilinear{name}/{kind}", [x], resize)
    for size in [(5, 7), (2, 3), (1, 1), (6, 2), (3, 4)]:
        kind = "to_{}x{}".format(*size)
        out.case(f"nearest/{kind}", [x], lambda x: F.interpolate(x, size=size, mode="nearest"))
        for name, corners in {"": False, "_corners": True}.items():
            resize = lambda x: F.interpolate(x, size=size, mode="bilinear", align_corners=corners)
            out.case(f"bilinear{name}/{kind}", [x], resize)


if __name__ == "__main__":
    torch.manual_seed(0)
    out = Fixtures("convs")
    convolutions(out)
    transposed(out)
    out.save()
    out = Fixtures("resampling")
    pools(out)
    resizing(out)
    out.save()
