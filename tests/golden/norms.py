"""Writes what PyTorch's normalisations, embeddings and bilinear maps compute, for
tests/golden_norms.rs to compare with.

Run `python tests/golden/norms.py`; it needs what generate.py needs and writes norms.safetensors.

A step of a layer with running statistics is a case `<layer>/<step>`; `<layer>/<step>/<dtype>/<key>`
is a buffer after it.
"""

import torch
from generate import DTYPES, Fixtures
from torch import nn

OUT = Fixtures("norms")


def layer(name, make, x, transpose=None, target=None, dtypes=DTYPES):
    """A layer of which every call is the same: the gradients of the input and the parameters."""
    names = [key for key, _ in make().named_parameters()]
    parameters = {key: OUT.randn(*p.shape) for key, p in make().named_parameters()}
    inputs = ({"0": x} if target is None else {}) | {f"1.{key}": parameters[key] for key in names}

    def function(*tensors):
        tensors, more = list(tensors), []
        if target is not None:
            more = [tensors.pop()]
        else:
            more = [tensors.pop(0)]
        module = make().to(tensors[0].dtype if tensors else more[0].dtype)
        if transpose and target is None:
            more = [more[0].permute(*transpose)]
        return torch.func.functional_call(module, dict(zip(names, tensors)), tuple(more))

    OUT.case(name, inputs, function, target=target, dtypes=dtypes)


def stateful(name, make, steps, dtypes=DTYPES):
    """Calls in training, then one in use: values, gradients and buffers of each."""
    shapes = {key: p.shape for key, p in make().named_parameters()}
    parameters = {key: OUT.randn(*shape).float() for key, shape in shapes.items()}
    batches = [x.float() for x in steps]
    gradients = [OUT.randn(*x.shape).float() for x in batches]
    for step, (x, g) in enumerate(zip(batches, gradients)):
        OUT.put(f"{name}/{step}/0", x)
        OUT.put(f"{name}/{step}/g", g)
        for key, p in parameters.items():
            OUT.put(f"{name}/{step}/1.{key}", p)
    for label, dtype in dtypes.items():
        module = make().to(dtype)
        module.load_state_dict({key: p.to(dtype) for key, p in parameters.items()}, strict=False)
        for step, (x, g) in enumerate(zip(batches, gradients)):
            module.train(step + 1 < len(batches))
            x = x.to(dtype).requires_grad_()
            y = module(x)
            d = torch.autograd.grad(y, [x, *module.parameters()], g.to(dtype))
            key = f"{name}/{step}/{label}"
            OUT.put(f"{key}/y", y)
            for to, dv in zip(["0", *(f"1.{k}" for k in parameters)], d):
                OUT.put(f"{key}/d.{to}", dv)
            for buffer, value in module.named_buffers():
                OUT.put(f"{key}/{buffer}", value)


# Where the variance is 0 and where the mean is large PyTorch's own f32 is off, by more than 1e-5.
F64 = {"f64": torch.float64}


def inputs(*shape, offset=0.0):
    return OUT.randn(*shape) * 1.5 + 0.5 + offset


layer("layer_norm", lambda: nn.LayerNorm(6), inputs(3, 4, 6))
layer("layer_norm_two_axes", lambda: nn.LayerNorm((4, 6), eps=1e-3), inputs(3, 4, 6))
layer("layer_norm_transposed", lambda: nn.LayerNorm(6), inputs(6, 4, 3), transpose=(2, 1, 0))
layer("layer_norm_constant", lambda: nn.LayerNorm(4), torch.full((2, 4), 0.75, dtype=torch.float64), dtypes=F64)
layer("layer_norm_one", lambda: nn.LayerNorm(1), inputs(3, 1), dtypes=F64)
layer("rms_norm", lambda: nn.RMSNorm(6), inputs(3, 4, 6))
layer("rms_norm_two_axes", lambda: nn.RMSNorm((4, 6), eps=1e-3), inputs(3, 4, 6))
layer("rms_norm_transposed", lambda: nn.RMSNorm(6), inputs(6, 4, 3), transpose=(2, 1, 0))
layer("rms_norm_zero", lambda: nn.RMSNorm(4), torch.zeros(2, 4))
layer("group_norm", lambda: nn.GroupNorm(2, 6), inputs(3, 6, 2, 3))
layer("group_norm_flat", lambda: nn.GroupNorm(2, 6, eps=1e-3), inputs(4, 6))
layer("group_norm_of_each", lambda: nn.GroupNorm(6, 6), inputs(2, 6, 5))
layer("group_norm_transposed", lambda: nn.GroupNorm(2, 4), inputs(3, 4, 2), transpose=(2, 1, 0))
layer("instance_norm_1d", lambda: nn.InstanceNorm1d(3), inputs(2, 3, 5))
layer("instance_norm_1d_affine", lambda: nn.InstanceNorm1d(3, affine=True), inputs(2, 3, 5))
layer("instance_norm_2d", lambda: nn.InstanceNorm2d(3, eps=1e-3), inputs(2, 3, 4, 2))
layer("instance_norm_2d_affine", lambda: nn.InstanceNorm2d(3, affine=True), inputs(2, 3, 4, 2))

stateful("batch_norm_1d", lambda: nn.BatchNorm1d(3), [inputs(5, 3) for _ in range(4)])
stateful("batch_norm_1d_length", lambda: nn.BatchNorm1d(3, momentum=0.3), [inputs(2, 3, 4) for _ in range(3)])
stateful("batch_norm_1d_one", lambda: nn.BatchNorm1d(2), [inputs(1, 2, 6), inputs(1, 2, 6)])
stateful("batch_norm_1d_average", lambda: nn.BatchNorm1d(3, momentum=None), [inputs(5, 3) for _ in range(4)])
stateful("batch_norm_2d", lambda: nn.BatchNorm2d(3, eps=1e-3), [inputs(2, 3, 4, 2) for _ in range(3)])
stateful("batch_norm_2d_one", lambda: nn.BatchNorm2d(2), [inputs(1, 2, 3, 3), inputs(1, 2, 1, 1)])
constant = torch.full((4, 2), 0.75, dtype=torch.float64)
stateful("batch_norm_1d_constant", lambda: nn.BatchNorm1d(2), [constant, constant], F64)
stateful("batch_norm_3d", lambda: nn.BatchNorm3d(2), [inputs(2, 2, 2, 1, 3) for _ in range(2)])

# Far from 0: what f32 is compared with.
stateful("batch_norm_far", lambda: nn.BatchNorm1d(3), [inputs(16, 3, offset=1e4) for _ in range(2)], F64)
for name, module in {"layer_norm_far": nn.LayerNorm(16), "group_norm_far": nn.GroupNorm(2, 16)}.items():
    x = inputs(4, 16, offset=1e4)
    OUT.case(name, [x], lambda x, m=module: m.to(x.dtype)(x), dtypes=F64)

TEXT = torch.tensor([[3, 0, 3, 1], [4, 3, 0, 0]])
layer("embedding", lambda: nn.Embedding(5, 3), None, target=TEXT)
layer("embedding_padding", lambda: nn.Embedding(5, 3, padding_idx=3), None, target=TEXT)

weight, bias = OUT.randn(2, 3, 4), OUT.randn(2)
OUT.case(
    "bilinear",
    {"0.0": OUT.randn(5, 3), "0.1": OUT.randn(5, 4), "1.weight": weight, "1.bias": bias},
    torch.nn.functional.bilinear,
)

if __name__ == "__main__":
    OUT.save()
