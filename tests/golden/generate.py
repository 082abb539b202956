"""Writes what PyTorch computes, for tests/golden.rs to compare with.

Run `python tests/golden/generate.py`; it needs torch and safetensors and writes the .safetensors
files beside it. Last written with Python 3.11, torch 2.15.0 (CPU) and safetensors 0.8.0.

A case is a function of some inputs. `<case>/<input>` is an input and `<case>/g` the gradient that
comes in, both in f32; `<case>/<dtype>/y` is the value in f32 or f64, and `<case>/<dtype>/d.<input>`
the gradient that goes out.
"""

import re
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import save_file

HERE = Path(__file__).parent
INF, NAN = float("inf"), float("nan")
DTYPES = {"f32": torch.float32, "f64": torch.float64}


class Fixtures:
    """The cases of one file. Every file draws from a stream of its own."""

    def __init__(self, name):
        self.name, self.tensors = name, {}
        self.rng = torch.Generator().manual_seed(sum(map(ord, name)))

    def randn(self, *shape):
        return torch.randn(shape, generator=self.rng, dtype=torch.float32).double()

    def rand(self, low, high, n):
        x = torch.rand(n, generator=self.rng, dtype=torch.float32)
        return (low + (high - low) * x).double()

    def put(self, key, value):
        self.tensors[key] = value.detach().clone().contiguous()

    def case(self, name, inputs, function, target=None, dtypes=DTYPES):
        """`inputs` is a list, or a dict for parameters with names."""
        if isinstance(inputs, list):
            inputs = {str(i): x for i, x in enumerate(inputs)}
        more = [] if target is None else [target]
        if target is not None:
            self.put(f"{name}/target", target)
        inputs = {k: x.float() for k, x in inputs.items()}
        g = self.randn(*function(*inputs.values(), *more).shape).float()
        for key, value in (inputs | {"g": g}).items():
            self.put(f"{name}/{key}", value)
        for label, dtype in dtypes.items():
            x = {k: v.to(dtype).requires_grad_() for k, v in inputs.items()}
            y = function(*x.values(), *more)
            d = torch.autograd.grad(y, list(x.values()), g.to(dtype), allow_unused=True)
            self.put(f"{name}/{label}/y", y)
            for (k, v), dv in zip(x.items(), d):
                self.put(f"{name}/{label}/d.{k}", torch.zeros_like(v) if dv is None else dv)

    def save(self):
        assert self.tensors
        save_file(self.tensors, HERE / f"{self.name}.safetensors")


SPECIAL = [NAN, INF, -INF, 0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 1.5, 2.5, -2.5, 3.0, -3.0, 6.0, 50.0, -50.0]
# Every pair of these: ties, zeros of both signs, infinities, NaN.
PAIRED = [NAN, INF, -INF, 0.0, -0.0, 2.0, -2.0, 3.5, -3.5]
# Every triple of these.
TRIPLED = [NAN, INF, 0.0, 1.0, -2.0]

# Entries of the table that PyTorch calls otherwise.
NAMES = {
    "ln": torch.log,
    "recip": torch.reciprocal,
    "gelu_tanh": lambda x: F.gelu(x, approximate="tanh"),
    "is_nan": torch.isnan,
    "is_inf": torch.isinf,
    "is_finite": torch.isfinite,
    "clamp": torch.clamp,
}
# What is left out of the special values, where PyTorch is not of one mind with itself or volta
# differs on purpose: see beside each.
WITHOUT = {
    # Vectorised f32 gives NaN at infinity, scalar f32 and f64 infinity.
    "gelu": [INF, -INF],
    # Gradients of 0 in volta, and not NaN.
    "softsign": [INF, -INF],
    # 0 in volta, and not NaN.
    "hardswish": [-INF],
    # By 0 and by infinity: the gradient by the divisor is NaN in volta.
    "remainder": [NAN, INF, -INF, 0.0, -0.0],
}


ONLY = {
    # The gradient in f64 has a constant in f32.
    "hardsigmoid": ["f32"],
    # f32 loses the digits of the left tail: 1 + erf(x).
    "gelu": ["f64"],
    "gelu_tanh": ["f64"],
    # Bounds are numbers in volta's method; with tensors PyTorch's gradients at NaN and at crossed
    # bounds are others.
    "clamp": [],
}


def table():
    """The entries of the table of elementwise functions: name, types, defaults, domain."""
    source = (HERE.parents[1] / "volta-core/src/ops/elementwise.rs").read_text()
    entry = re.compile(r"((?:#\[[^\n]*\n\s*)*)pub fn (\w+)\((.*?)\) -> (\w+)", re.S)
    for attributes, name, arguments, result in entry.findall(source):
        inputs = re.findall(r"\w+: (Float|Num|Int|Any|bool)", arguments)
        defaults = re.findall(r"#\[default\((\S+)\)\] (\w+): f64", arguments)
        domain = re.search(r"#\[domain\((\S+)\.\.(\S+)\)\]", attributes)
        low, high = map(float, domain.groups()) if domain else (-3.0, 3.0)
        yield name, inputs, {key: float(value) for value, key in defaults}, result, low, high


def function(name):
    """PyTorch's function for an entry of the table."""
    for found in NAMES.get(name), getattr(torch, name, None), getattr(F, name, None):
        if found is not None:
            return found
    print(f"PyTorch has no {name}")
    return None


def functions():
    """Every entry of the table of floats that PyTorch has."""
    out = Fixtures("functions")
    for name, inputs, parameters, result, low, high in table():
        f = function(name)
        if f is None or inputs[0] not in ("Float", "Num") or result == "bool":
            continue
        values = {1: SPECIAL, 2: PAIRED, 3: TRIPLED}[len(inputs)]
        values = [v for v in values if not any(v == w or v != v and w != w for w in WITHOUT.get(name, []))]
        grid = torch.cartesian_prod(*[torch.tensor(values, dtype=torch.float64)] * len(inputs))
        columns = grid.reshape(len(grid), len(inputs)).T
        drawn = [torch.cat([out.rand(low, high, 17), column]) for column in columns]
        dtypes = {key: DTYPES[key] for key in ONLY.get(name, DTYPES)}
        if not dtypes:
            continue
        out.case(name, drawn, lambda *x: f(*x, **parameters), dtypes=dtypes)
    out.save()


def elementwise():
    """Functions of the table in the forms that a method has, and with other parameters."""
    out = Fixtures("elementwise")
    special = torch.tensor(SPECIAL[:15], dtype=torch.float64)

    def unary(name, function, low=-3.0, high=3.0, special=special):
        out.case(name, [torch.cat([out.rand(low, high, 17), special])], function)

    unary("clamp", lambda x: x.clamp(-1.0, 1.5))
    unary("clamp_crossed", lambda x: x.clamp(1.0, -1.0))
    unary("powf_2", lambda x: x.pow(2.0))
    # PyTorch takes a square root, whose value at -infinity is not that of `pow`.
    unary("powf_half", lambda x: x.pow(0.5), 0.01, 4.0, special.nan_to_num(NAN, INF, -4.0))
    unary("powf_minus_3", lambda x: x.pow(-3.0))
    unary("powf_0", lambda x: x.pow(0.0))
    unary("leaky_relu", lambda x: F.leaky_relu(x, 0.2))
    unary("elu", lambda x: F.elu(x, 1.5))
    unary("celu", lambda x: F.celu(x, 2.0))
    unary("hardtanh", lambda x: F.hardtanh(x, -2.0, 0.5))
    unary("softshrink", lambda x: F.softshrink(x, 1.0))
    unary("hardshrink", lambda x: F.hardshrink(x, 1.0))
    # By 0 and by infinity the values alone: volta's gradient by the divisor is NaN there.
    few = torch.tensor(PAIRED, dtype=torch.float64)
    left, right = few.repeat_interleave(9), few.repeat(9)
    out.put("remainder_values/0", left.float())
    out.put("remainder_values/1", right.float())
    for label, dtype in DTYPES.items():
        values = torch.remainder(left.to(dtype), right.to(dtype))
        out.put(f"remainder_values/{label}/y", values)
    out.case("broadcast", [out.randn(2, 1, 3), out.randn(4, 1)], torch.mul)
    out.save()


def integers():
    out = Fixtures("integers")
    a = torch.tensor([7, -7, 7, -7, 6, -6, 0, 1, -8], dtype=torch.int64)
    b = torch.tensor([3, 3, -3, -3, 3, -3, 5, 4, 2], dtype=torch.int64)
    for label, dtype in {"i32": torch.int32, "i64": torch.int64}.items():
        x, y = a.to(dtype), b.to(dtype)
        results = {
            "0": x,
            "1": y,
            "add": x + y,
            "sub": x - y,
            "mul": x * y,
            "div": torch.div(x, y, rounding_mode="trunc"),
            "remainder": torch.remainder(x, y),
            "maximum": torch.maximum(x, y),
            "minimum": torch.minimum(x, y),
            "neg": -x,
            "abs": x.abs(),
            "sign": x.sign(),
            "square": x.square(),
            "relu": x.relu(),
            "clamp": x.clamp(-6, 6),
            "relu6": F.relu6(x),
            "bitwise_and": x & y,
            "bitwise_or": x | y,
            "bitwise_xor": x ^ y,
            "bitwise_not": ~x,
            "bitwise_left_shift": x << y.abs(),
            "bitwise_right_shift": x >> y.abs(),
        }
        for key, value in results.items():
            out.put(f"{label}/{key}", value)
    out.save()


def reductions():
    out = Fixtures("reductions")
    x = out.randn(2, 3, 4)
    tied = torch.round(out.randn(2, 3, 4))
    nan = out.randn(2, 3, 4)
    nan[1, 2, 3] = NAN
    zeros = out.randn(2, 3, 4)
    zeros[0, 0, 0] = 0.0
    zeros[1, 2, 3] = zeros[1, 0, 3] = 0.0
    forms = {
        "all": None,
        "axis_0": (0,),
        "axis_1": (1,),
        "axis_last": (-1,),
        "axis_minus_3": (-3,),
        "axes_0_last": (0, -1),
        "axes_1_2": (1, 2),
    }

    def along(whole, axes):
        def function(x, dim=None, keepdim=False):
            return whole(x) if dim is None else axes(x, dim=dim, keepdim=keepdim)

        return function

    # The gradient of `amax` is NaN where a NaN wins; that of `max` goes to the NaN, as volta's.
    def one_by_one(whole):
        def function(x, dim=None, keepdim=False):
            if dim is None:
                return whole(x)
            for axis in sorted((a % 3 for a in dim), reverse=True):
                x = whole(x, axis, keepdim=keepdim)
                x = x if torch.is_tensor(x) else x.values
            return x

        return function

    functions = {
        "sum": (along(torch.sum, torch.sum), {"": x, "nan_": nan}),
        "mean": (along(torch.mean, torch.mean), {"": x}),
        "prod": (one_by_one(torch.prod), {"": x, "zeros_": zeros}),
        "max": (along(torch.max, torch.amax), {"": x, "tied_": tied}),
        "max_nan": (one_by_one(torch.max), {"": nan}),
        "min": (along(torch.min, torch.amin), {"": x, "tied_": tied}),
        "min_nan": (one_by_one(torch.min), {"": nan}),
    }
    for op, (function, inputs) in functions.items():
        for kind, value in inputs.items():
            for form, axes in forms.items():
                out.case(f"{op}/{kind}{form}", [value], lambda x: function(x, axes))
            for form, axes in {"keep_1": (1,), "keep_0_last": (0, -1)}.items():
                out.case(f"{op}/{kind}{form}", [value], lambda x: function(x, axes, True))
    for name, function in {"argmax": torch.argmax, "argmin": torch.argmin}.items():
        out.put(f"{name}/0", tied.float())
        out.put(f"{name}/all", function(tied))
        for axis in range(3):
            out.put(f"{name}/axis_{axis}", function(tied, axis))
    out.save()


def softmax():
    out = Fixtures("softmax")
    x = out.randn(2, 3, 4)
    large = 300 * out.randn(2, 3, 4)
    masked = out.randn(2, 3, 4)
    masked[0, :2, 1:3] = -INF
    for kind, value in {"": x, "large_": large, "masked_": masked}.items():
        for axis in range(3):
            out.case(f"softmax/{kind}{axis}", [value], lambda x: x.softmax(axis))
            out.case(f"log_softmax/{kind}{axis}", [value], lambda x: x.log_softmax(axis))
    out.save()


def matmul():
    out = Fixtures("matmul")
    forms = {
        "vector_vector": ((5,), (5,)),
        "vector_matrix": ((5,), (5, 3)),
        "matrix_vector": ((4, 5), (5,)),
        "matrix_matrix": ((4, 5), (5, 3)),
        "vector_batch": ((5,), (2, 5, 3)),
        "batch_vector": ((2, 4, 5), (5,)),
        "batch_matrix": ((2, 4, 5), (5, 3)),
        "matrix_batch": ((4, 5), (2, 5, 3)),
        "batch_batch": ((2, 4, 5), (2, 5, 3)),
        "broadcast_left": ((1, 4, 5), (2, 5, 3)),
        "broadcast_both": ((3, 1, 4, 5), (1, 2, 5, 3)),
        "two_batch_axes": ((3, 2, 4, 5), (3, 2, 5, 3)),
        "batch_behind": ((3, 2, 4, 5), (2, 5, 3)),
        "empty": ((2, 0), (0, 3)),
        "large": ((17, 33), (33, 9)),
    }
    for name, (a, b) in forms.items():
        out.case(name, [out.randn(*a), out.randn(*b)], torch.matmul)
    out.case("transposed", [out.randn(5, 4), out.randn(3, 5)], lambda a, b: a.T @ b.T)
    out.save()


# (kernel, stride, padding, dilation), each for height and width.
WINDOWS = {
    "plain": ((3, 3), (1, 1), (0, 0), (1, 1)),
    "one": ((1, 1), (1, 1), (0, 0), (1, 1)),
    "padded": ((3, 3), (1, 1), (1, 1), (1, 1)),
    "wide_padding": ((2, 3), (1, 1), (3, 4), (1, 1)),
    "strided": ((3, 3), (2, 2), (1, 1), (1, 1)),
    "far_strided": ((2, 2), (3, 4), (0, 0), (1, 1)),
    "dilated": ((3, 3), (1, 1), (2, 2), (2, 2)),
    "uneven": ((2, 4), (2, 1), (1, 2), (3, 1)),
    "all": ((3, 2), (2, 3), (2, 1), (2, 3)),
    "whole": ((7, 6), (1, 1), (0, 0), (1, 1)),
}


def conv():
    out = Fixtures("conv")
    for name, (kernel, stride, padding, dilation) in WINDOWS.items():
        x, w = out.randn(2, 2, 7, 6), out.randn(3, 2, *kernel)
        out.case(name, [x, w], lambda x, w: F.conv2d(x, w, None, stride, padding, dilation))
    out.save()


def pool():
    out = Fixtures("pool")
    inputs = {
        "": out.randn(2, 2, 7, 6),
        "negative_": -1.0 - out.randn(2, 2, 7, 6).abs(),
        "tied_": torch.round(out.randn(2, 2, 7, 6)),
    }
    windows = {
        "halves": ((2, 2), (2, 2), (0, 0), (1, 1)),
        "overlapping": ((3, 3), (1, 1), (0, 0), (1, 1)),
        "padded": ((3, 3), (2, 2), (1, 1), (1, 1)),
        "uneven": ((2, 4), (1, 3), (1, 2), (1, 1)),
        "dilated": ((3, 2), (1, 2), (1, 0), (2, 3)),
    }
    for name, window in windows.items():
        for kind, x in inputs.items():
            out.case(kind + name, [x], lambda x: F.max_pool2d(x, *window))
    nan = out.randn(1, 1, 5, 5)
    nan[0, 0, 2, 1], nan[0, 0, 4, 4] = NAN, -INF
    out.case("nan", [nan], lambda x: F.max_pool2d(x, 2, 1))
    out.save()


def losses():
    out = Fixtures("losses")
    target = torch.tensor([3, 0, 4, 4, 1, 2])
    cross = lambda x, target: F.cross_entropy(x, target)
    out.case("cross_entropy", [out.randn(6, 5)], cross, target)
    out.case("cross_entropy_large", [200 * out.randn(6, 5)], cross, target)
    nll = lambda x, target: F.nll_loss(x, target)
    out.case("nll_loss", [out.randn(6, 5)], nll, target)
    out.case("mse_loss", [out.randn(6, 5), out.randn(6, 5)], F.mse_loss)
    out.case("mse_loss_vector", [out.randn(7), out.randn(7)], F.mse_loss)
    out.save()


REDUCTIONS = ["none", "mean", "sum"]


def losses2():
    """Losses with their options, in each reduction."""
    out = Fixtures("losses2")

    def each(name, inputs, function, target=None, reductions=REDUCTIONS):
        for reduction in reductions:
            call = lambda *x: function(*x, reduction=reduction)
            out.case(f"{name}/{reduction}", inputs, call, target)

    def pair():
        """Differences at every kink of the losses below in the first row."""
        x, y = out.randn(4, 5), out.randn(4, 5)
        x[0], y[0] = 0.0, torch.tensor([0.0, 1.0, -1.0, 0.5, -0.5])
        return [x, y]

    # Targets that are not differentiated, in the dtype of the input.
    of = lambda f: lambda x, t, reduction: f(x, t.to(x.dtype), reduction=reduction)
    options = lambda f, **given: lambda *x, reduction: f(*x, reduction=reduction, **given)
    each("mse_loss", pair(), F.mse_loss)
    each("l1_loss", pair(), F.l1_loss)
    for beta in 0.0, 0.5, 1.0:
        each(f"smooth_l1_loss_{beta}", pair(), options(F.smooth_l1_loss, beta=beta))
    for delta in 0.5, 1.0:
        each(f"huber_loss_{delta}", pair(), options(F.huber_loss, delta=delta))

    weight = torch.tensor([0.5, 2.0, 1.0, 0.0, 3.0])
    classes, some = torch.tensor([3, 0, 4, 4, 1, 2]), torch.tensor([3, -100, 4, -100, 1, 2])
    for name, f in ("cross_entropy", F.cross_entropy), ("nll_loss", F.nll_loss):
        x = out.randn(6, 5)
        weighted = lambda f, **given: lambda x, t, reduction: f(
            x, t, weight=weight.to(x.dtype), reduction=reduction, **given
        )
        each(name, [x], f, classes)
        each(f"{name}_weight", [x], weighted(f), classes)
        each(f"{name}_ignore", [x], f, some)
        each(f"{name}_weight_ignore", [x], weighted(f), some)
    each("nll_loss_none_left", [out.randn(6, 5)], F.nll_loss, torch.full((6,), -100))
    x = out.randn(6, 5)
    each("cross_entropy_none_left", [x], F.cross_entropy, torch.full((6,), -100))
    each("cross_entropy_smooth", [x], options(F.cross_entropy, label_smoothing=0.2), classes)
    each("cross_entropy_all_smooth", [x], options(F.cross_entropy, label_smoothing=1.0), classes)
    each("cross_entropy_smooth_ignore", [x], options(F.cross_entropy, label_smoothing=0.2), some)
    each("cross_entropy_smooth_all", [x], weighted(F.cross_entropy, label_smoothing=0.2), some)
    each("cross_entropy_large", [200 * x], options(F.cross_entropy, label_smoothing=0.2), some)
    probs = [x, out.randn(6, 5).softmax(1)]
    each("cross_entropy_probs", probs, F.cross_entropy)
    each("cross_entropy_probs_smooth", probs, options(F.cross_entropy, label_smoothing=0.2))
    each("cross_entropy_probs_all", probs, weighted(F.cross_entropy, label_smoothing=0.2))

    x, t = out.rand(0.0, 1.0, 20).reshape(4, 5), out.rand(0.0, 1.0, 20).reshape(4, 5)
    each("binary_cross_entropy", [x, t], F.binary_cross_entropy)
    edges = torch.tensor([0.0, 1.0, 0.0, 1.0, 1e-30, 0.5]).double()
    each("binary_cross_entropy_edges", [edges], of(F.binary_cross_entropy), torch.tensor([0.0, 1.0, 1.0, 0.0, 1.0, 0.5]))
    with_logits = F.binary_cross_entropy_with_logits
    x = 3 * out.randn(4, 5)
    x[0], t[0] = torch.tensor([100.0, -100.0, 100.0, -100.0, 0.0]), torch.tensor([1.0, 1.0, 0.0, 0.0, 1.0])
    each("with_logits", [x, t], with_logits)
    positive = lambda x, t, reduction: with_logits(x, t, pos_weight=weight.to(x.dtype), reduction=reduction)
    each("with_logits_pos_weight", [x, t], positive)

    log, probs = out.randn(4, 5).log_softmax(1), out.randn(4, 5).softmax(1)
    divergence = [*REDUCTIONS, "batchmean"]
    each("kl_div", [log, probs], F.kl_div, reductions=divergence)
    each("kl_div_zero", [log], of(F.kl_div), torch.eye(5)[:4])
    each("kl_div_log_target", [log, probs.log()], options(F.kl_div, log_target=True), reductions=divergence)
    kl = lambda mu, logvar: -0.5 * (1 + logvar - mu.pow(2) - logvar.exp())
    reduce = {"none": lambda x: x, "mean": torch.mean, "sum": torch.sum}
    each("gaussian_kl", [out.randn(4, 5), out.randn(4, 5)], lambda *x, reduction: reduce[reduction](kl(*x)))

    sign = torch.tensor([1.0, -1.0, -1.0, 1.0, -1.0, 1.0])
    x = out.randn(6)
    x[0], x[1] = 1.0, -1.0
    hinge = lambda x, t, reduction: reduce[reduction](F.relu(1 - x * t))
    each("hinge_loss", [x], hinge, sign)
    x = torch.tensor([0.5, 1.0, 0.3, 2.0, 1.7, -0.5]).double()
    each("hinge_embedding_loss", [x], F.hinge_embedding_loss, sign)
    each("hinge_embedding_loss_0.3", [x], options(F.hinge_embedding_loss, margin=0.3), sign)
    x, y = out.randn(6, 4), out.randn(6, 4)
    y[1], y[2] = 2 * x[1], -x[2]
    for margin in 0.0, 0.5:
        cosine = options(F.cosine_embedding_loss, margin=margin)
        each(f"cosine_embedding_loss_{margin}", [x, y], cosine, sign)
    x[5], y[4] = 0.0, 0.0
    each("cosine_embedding_loss_zero", [x, y], F.cosine_embedding_loss, sign)
    triple = [out.randn(6, 4) for _ in range(3)]
    triple[2][0] = triple[1][0]
    for name, given in {
        "triplet": {},
        "triplet_margin": {"margin": 0.2, "eps": 1e-3},
        "triplet_swap": {"swap": True},
        "triplet_p_1": {"p": 1.0},
        "triplet_p_3": {"p": 3.0, "swap": True},
    }.items():
        each(name, triple, options(F.triplet_margin_loss, **given))
    out.save()


def layers():
    out = Fixtures("layers")
    linear = {"0": out.randn(4, 6), "1.weight": out.randn(3, 6), "1.bias": out.randn(3)}
    out.case("linear", linear, F.linear)
    inner = linear | {"0": out.randn(2, 4, 6)}
    out.case("linear_batch", inner, F.linear)
    out.case("linear_vector", linear | {"0": out.randn(6)}, F.linear)
    weights = {"1.weight": out.randn(3, 2, 3, 5), "1.bias": out.randn(3)}
    out.case("conv2d", {"0": out.randn(2, 2, 7, 6)} | weights, lambda x, w, b: F.conv2d(x, w, b))
    strided = lambda x, w, b: F.conv2d(x, w, b, (2, 3), (1, 2), (2, 1))
    out.case("conv2d_strided", {"0": out.randn(2, 2, 7, 6)} | weights, strided)

    def lenet(x, w1, b1, w2, b2, w3, b3):
        x = F.max_pool2d(torch.relu(F.conv2d(x, w1, b1, padding=1)), 2)
        x = F.max_pool2d(torch.relu(F.conv2d(x, w2, b2)), 2)
        return F.linear(x.flatten(1), w3, b3)

    names = {
        "0": (2, 1, 12, 12),
        "1.weight": (3, 1, 3, 3),
        "1.bias": (3,),
        "2.weight": (4, 3, 3, 3),
        "2.bias": (4,),
        "3.weight": (5, 16),
        "3.bias": (5,),
    }
    out.case("lenet", {k: 0.5 * out.randn(*s) for k, s in names.items()}, lenet)
    out.save()


STEPS, CHANGE = 25, 15  # From step CHANGE on, half of the learning rate.


def optimisers():
    out = Fixtures("optimisers")
    sgd, adam, adamw = torch.optim.SGD, torch.optim.Adam, torch.optim.AdamW
    forms = {
        "sgd": lambda p: sgd(p, lr=0.1),
        "sgd_decay": lambda p: sgd(p, lr=0.1, weight_decay=0.05),
        "sgd_momentum": lambda p: sgd(p, lr=0.1, momentum=0.9),
        "sgd_dampening": lambda p: sgd(p, lr=0.1, momentum=0.8, dampening=0.3),
        "sgd_nesterov": lambda p: sgd(p, lr=0.1, momentum=0.9, nesterov=True),
        "sgd_all": lambda p: sgd(p, lr=0.1, momentum=0.9, nesterov=True, weight_decay=0.05),
        "adam": lambda p: adam(p, lr=0.05),
        "adam_decay": lambda p: adam(p, lr=0.05, weight_decay=0.1),
        "adam_other": lambda p: adam(p, lr=0.05, betas=(0.7, 0.9), eps=0.01),
        "adamw": lambda p: adamw(p, lr=0.05),
        "adamw_decay": lambda p: adamw(p, lr=0.05, betas=(0.8, 0.99), weight_decay=0.2),
    }
    start, gradients = out.randn(6), out.randn(STEPS, 6)
    gradients[:, 5] = 0.0  # A parameter that the loss does not reach.
    gradients[:4, 4] = 0.0  # And one that it reaches later.
    out.put("start", start.float())
    out.put("gradients", gradients.float())
    for label, dtype in DTYPES.items():
        for name, make in forms.items():
            x = start.to(dtype).clone().requires_grad_()
            optimiser, path = make([x]), []
            for step in range(STEPS):
                if step == CHANGE:
                    optimiser.param_groups[0]["lr"] /= 2
                x.grad = gradients[step].to(dtype)
                optimiser.step()
                path.append(x.detach().clone())
            out.put(f"{label}/{name}", torch.stack(path))
    out.save()


if __name__ == "__main__":
    torch.set_num_threads(1)
    for write in (
        functions, elementwise, integers, reductions, softmax, matmul, conv, pool, losses, losses2, layers, optimisers
    ):
        write()
    for path in sorted(HERE.glob("*.safetensors")):
        print(f"{path.name}: {path.stat().st_size} bytes")
    print(f"torch {torch.__version__}")
