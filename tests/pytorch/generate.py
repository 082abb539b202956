"""Writes files of PyTorch, for tests/pytorch to read.

Run `python tests/pytorch/generate.py`; it needs torch and safetensors and writes its files beside
it. Last written with Python 3.11, torch 2.15.0 (CPU) and safetensors 0.8.0.

Beside `<name>.pt` stands `<name>.safetensors`: the same tensors under dotted names, contiguous.
A file that stands alone is one that is refused.
"""

import collections
import io
import pickle
import tarfile
import zipfile
from pathlib import Path

import torch
from safetensors.torch import save_file

HERE = Path(__file__).parent


def flatten(value, name, out):
    if isinstance(value, torch.Tensor):
        out[name] = value.detach().clone(memory_format=torch.contiguous_format)
    elif isinstance(value, torch.UntypedStorage):
        out[name] = torch.tensor(value.tolist(), dtype=torch.uint8)
    elif isinstance(value, dict):
        for key, item in value.items():
            flatten(item, f"{name}.{key}" if name else str(key), out)
    elif isinstance(value, (list, tuple)):
        for i, item in enumerate(value):
            flatten(item, f"{name}.{i}" if name else str(i), out)


def save(name, value, **options):
    # What the file is called is in its archive, so it is called the same whatever the folder.
    torch.save(value, HERE / f"{name}.pt", **options)
    expect(name, value)


def expect(name, value):
    tensors = {}
    flatten(value, "", tensors)
    save_file(tensors, HERE / f"{name}.safetensors")


def rewrite(source, name, method=zipfile.ZIP_STORED, change=lambda file, data: data):
    """The same archive, written by another program."""
    with zipfile.ZipFile(HERE / f"{source}.pt") as old:
        entries = [(entry, old.read(entry)) for entry in old.namelist()]
    with zipfile.ZipFile(HERE / f"{name}.pt", "w", method) as new:
        for entry, data in entries:
            new.writestr(zipfile.ZipInfo(entry), change(entry.split("/", 1)[1], data), method)


def linear():
    layer = torch.nn.Linear(3, 2)
    with torch.no_grad():
        layer.weight.copy_(torch.arange(6.0).view(2, 3) / 4)
        layer.bias.copy_(torch.tensor([-1.0, 0.5]))
    return layer


def checkpoint():
    layer = linear()
    optimizer = torch.optim.Adam(layer.parameters(), lr=0.01)
    layer(torch.ones(3)).sum().backward()
    optimizer.step()
    shared = torch.arange(4.0)
    return {
        "model": layer.state_dict(),
        "optimizer": optimizer.state_dict(),
        "epoch": 3,
        "loss": 0.25,
        "name": "a run",
        "done": True,
        "best": None,
        "large": 2**70 + 1,
        "small": -(2**40),
        "huge": -(2**200),
        "shape": torch.Size([2, 3]),
        "dtype": torch.float32,
        "device": torch.device("cuda", 1),
        "layout": torch.strided,
        "bytes": b"\x00yes\xff",
        "bytearray": bytearray(b"no"),
        "set": {7},
        "frozen": frozenset(["x"]),
        "complex": 1 - 2j,
        "counter": collections.Counter(a=2),
        "default": collections.defaultdict(int, b=1),
        "mixed": [1, 2.5, "three", (None, False)],
        "list": [shared, {"inner": shared[1:3]}],
        "pair": (shared, 5),
        "layers": {0: {"weight": torch.ones(1)}},
        "empty": [{}, []],
        "storage": torch.arange(3, dtype=torch.int16).untyped_storage(),
    }


NUMBERS = [
    torch.uint8, torch.int8, torch.uint16, torch.int16, torch.uint32, torch.int32, torch.uint64,
    torch.int64, torch.float16, torch.bfloat16, torch.float32, torch.float64, torch.complex64,
    torch.float8_e4m3fn, torch.float8_e4m3fnuz, torch.float8_e5m2, torch.float8_e5m2fnuz,
]


def dtypes():
    tensors = {str(t)[6:]: torch.tensor([1.0, 2.0, 96.0]).to(t) for t in NUMBERS}
    tensors["bool"] = torch.tensor([True, False, True])
    tensors["float8_e8m0fnu"] = torch.tensor([127, 130], dtype=torch.uint8).view(torch.float8_e8m0fnu)
    tensors["float4_e2m1fn_x2"] = torch.tensor([[0x21, 0x43]], dtype=torch.uint8).view(
        torch.float4_e2m1fn_x2
    )
    return tensors


def views():
    x = torch.arange(24.0).view(2, 3, 4)
    half = torch.arange(12, dtype=torch.float16).view(3, 4)
    return {
        "whole": x,
        "tied": x,
        "permuted": x.permute(2, 0, 1),
        "row": x[1, 1],
        "column": x[:, :, 2],
        "stepped": x[:, ::2, 1::2],
        "rows": x[1],
        "diagonal": half.diagonal(),
        "transposed": half.t(),
        "expanded": torch.tensor([[1.0], [2.0]]).expand(2, 5),
        "scalar": torch.tensor(2.5),
        "element": x[1, 2, 3],
        "empty": torch.empty(0, 3),
        "slice": x[:, 3:],
        "channels_last": torch.arange(16.0).view(1, 2, 2, 4).to(memory_format=torch.channels_last),
    }


def attributes():
    parameter = torch.nn.Parameter(torch.arange(3.0))
    parameter.tag = "mine"
    tensor = torch.arange(2.0)
    tensor.tag = 7
    return {"plain": torch.nn.Parameter(torch.ones(2)), "parameter": parameter, "tensor": tensor}


def swapped(file, data):
    """What a big-endian machine would have written for the numbers of `read`."""
    if file == "byteorder":
        return b"big"
    word = {"data/0": 4, "data/1": 2, "data/2": 4}.get(file, 1)
    return b"".join(data[i : i + word][::-1] for i in range(0, len(data), word))


class Evil:
    def __reduce__(self):
        import os

        return os.system, ("touch executed",)


def read():
    save("linear", linear().state_dict())
    save("checkpoint", checkpoint())
    save("dtypes", dtypes())
    save("views", views())
    save("attributes", attributes())
    save("tensor", torch.arange(3.0))
    for protocol in [2, 3, 4, 5]:
        value = {"weight": torch.arange(4.0), "bytes": b"\x00\xff", "set": {1}, "text": "ä"}
        save(f"protocol{protocol}", value, pickle_protocol=protocol)
    torch.serialization.set_crc32_options(False)
    save("no_sums", {"weight": torch.arange(4.0)})
    torch.serialization.set_crc32_options(True)

    rewrite("linear", "deflated", zipfile.ZIP_DEFLATED)
    expect("deflated", linear().state_dict())
    numbers = {
        "f32": torch.arange(6.0).view(2, 3),
        "u16": torch.tensor([1, 515], dtype=torch.uint16),
        "c64": torch.tensor([1 + 2j], dtype=torch.complex64),
        "u8": torch.tensor([1, 2], dtype=torch.uint8),
    }
    numbers["view"] = numbers["f32"].t()
    save("big_endian", numbers)
    rewrite("big_endian", "big_endian", change=swapped)


def refused():
    torch.save(linear(), HERE / "module.pt")
    torch.save({"weight": torch.ones(1), "run": Evil()}, HERE / "evil.pt")
    torch.save({"x": torch.eye(2).to_sparse()}, HERE / "sparse.pt")
    torch.save({"x": torch.ones(2, dtype=torch.complex64).conj()}, HERE / "conjugated.pt")
    torch.save({"x": torch.ones(2, dtype=torch.complex64).conj().imag}, HERE / "negated.pt")
    torch.save({"x": torch.ones(2, dtype=torch.complex128)}, HERE / "complex128.pt")
    torch.save({"x": torch.ones(1).expand(10_000_000)}, HERE / "repeated.pt")
    torch.save({"a": {"b": torch.ones(1)}, "a.b": torch.ones(1)}, HERE / "twice.pt")
    itself = {"weight": torch.ones(1)}
    itself["itself"] = itself
    torch.save(itself, HERE / "itself.pt")
    deep = torch.ones(1)
    for _ in range(200):
        deep = {"a": deep}
    torch.save(deep, HERE / "deep.pt")
    laughs = []
    for _ in range(64):
        laughs = [laughs, laughs, {}]
    torch.save({"laughs": laughs}, HERE / "laughs.pt")
    torch.save({"zeros": torch.zeros(1 << 20)}, HERE / "bomb.pt")
    rewrite("bomb", "bomb", zipfile.ZIP_DEFLATED)

    state = linear().state_dict()
    torch.save(state, HERE / "legacy.pt", _use_new_zipfile_serialization=False)
    torch.jit.save(torch.jit.script(linear()), HERE / "script.pt")
    (HERE / "bare.pkl").write_bytes(pickle.dumps({"weight": [1.0, 2.0]}, protocol=4))
    with tarfile.open(HERE / "old.tar", "w", format=tarfile.USTAR_FORMAT) as archive:
        for name in ["storages", "tensors", "pickle"]:
            archive.addfile(tarfile.TarInfo(name), io.BytesIO())


if __name__ == "__main__":
    read()
    refused()
