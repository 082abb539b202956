"""PyTorch's side of `cargo xtask interop`: `python pytorch.py FOLDER` loads every layer that volta
saved in FOLDER/volta and saves one of its own in FOLDER/torch.

Beside the outputs of its own it writes how far those of volta's layer were apart, or what kept it
from loading.
"""

import pathlib
import shutil
import sys

import torch
import torch.nn as nn
from safetensors.torch import load_file, save_file


def causal(size):
    return nn.Transformer.generate_square_subsequent_mask(size)


def numbers(x):
    """Numbers between -1 and 1 as numbers below 5."""
    return ((x + 1) * 2.5).long()


class Own(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 4, 3, padding=1)
        self.norm = nn.BatchNorm2d(4)
        self.pool = nn.MaxPool2d(2, 2)
        self.blocks = nn.ModuleList(nn.Linear(64, 64) for _ in range(2))
        self.head = nn.Sequential(nn.Dropout(), nn.Linear(64, 3))

    def forward(self, x):
        x = self.pool(self.norm(self.conv(x)).relu()).flatten(1)
        for block in self.blocks:
            x = x + nn.functional.gelu(block(x))
        return self.head(x)


def encoder(**options):
    return nn.TransformerEncoderLayer(8, 2, 12, batch_first=True, **options)


def decoder():
    return nn.TransformerDecoderLayer(8, 2, 12, batch_first=True)


two = dict(batch_first=True, num_layers=2, bidirectional=True)
plain = lambda layer, *x: layer(*x)
first = lambda layer, x: layer(x, src_mask=causal(5), is_causal=True)
stack = lambda layer, x: layer(x, mask=causal(5), is_causal=True)
decode = lambda layer, x, memory: layer(x, memory, tgt_mask=causal(5), tgt_is_causal=True)
with_state = lambda layer, x, h, c: layer(x, (h, c))

# By the names of layers.rs: the layer, and how it is called.
LAYERS = {
    "Linear": (nn.Linear(5, 3), plain),
    "Linear, no bias": (nn.Linear(5, 3, bias=False), plain),
    "Bilinear": (nn.Bilinear(3, 4, 2), plain),
    "Embedding": (nn.Embedding(5, 3), lambda layer, x: layer(numbers(x))),
    "Embedding, padding": (nn.Embedding(5, 3, padding_idx=1), lambda layer, x: layer(numbers(x))),
    "Conv1d": (nn.Conv1d(3, 4, 3), plain),
    "Conv1d, all options": (nn.Conv1d(4, 6, 3, 2, 2, 3, 2), plain),
    "Conv2d": (nn.Conv2d(2, 3, (3, 2)), plain),
    "Conv2d, all options": (nn.Conv2d(4, 4, (2, 3), (3, 2), (1, 2), (2, 1), 2), plain),
    "Conv2d, depthwise, no bias": (nn.Conv2d(3, 3, 3, padding=1, groups=3, bias=False), plain),
    "Conv3d": (nn.Conv3d(2, 3, 2), plain),
    "Conv3d, all options": (nn.Conv3d(2, 4, 3, 2, 1, 1, 2), plain),
    "ConvTranspose1d": (nn.ConvTranspose1d(3, 4, 3), plain),
    "ConvTranspose1d, all options": (nn.ConvTranspose1d(4, 6, 3, 2, 2, 1, 2, dilation=2), plain),
    "ConvTranspose2d": (nn.ConvTranspose2d(2, 3, 4, 2, 1), plain),
    "ConvTranspose2d, all options": (nn.ConvTranspose2d(4, 2, 3, 2, 1, 1, 2), plain),
    "BatchNorm1d": (nn.BatchNorm1d(3), plain),
    "BatchNorm2d": (nn.BatchNorm2d(3), plain),
    "BatchNorm3d": (nn.BatchNorm3d(3), plain),
    "LayerNorm": (nn.LayerNorm(6, eps=1e-3), plain),
    "LayerNorm, two axes": (nn.LayerNorm((3, 6)), plain),
    "RMSNorm": (nn.RMSNorm(6), plain),
    "RMSNorm, two axes": (nn.RMSNorm((3, 6)), plain),
    "GroupNorm": (nn.GroupNorm(2, 6), plain),
    "InstanceNorm1d": (nn.InstanceNorm1d(3), plain),
    "InstanceNorm2d, affine": (nn.InstanceNorm2d(3, affine=True), plain),
    "InstanceNorm3d, affine": (nn.InstanceNorm3d(2, affine=True), plain),
    "RNN": (nn.RNN(3, 4, batch_first=True), plain),
    "RNN, relu": (nn.RNN(3, 4, nonlinearity="relu", batch_first=True), plain),
    "RNN, 2 layers, both ways": (nn.RNN(3, 4, **two), plain),
    "GRU": (nn.GRU(3, 4, batch_first=True), plain),
    "GRU, 2 layers, both ways": (nn.GRU(3, 4, **two), plain),
    "LSTM": (nn.LSTM(3, 4, batch_first=True), plain),
    "LSTM, 3 layers": (nn.LSTM(3, 4, num_layers=3, batch_first=True), plain),
    "LSTM, 2 layers, both ways": (nn.LSTM(3, 4, **two), with_state),
    "RNNCell": (nn.RNNCell(3, 4), plain),
    "GRUCell": (nn.GRUCell(3, 4), plain),
    "LSTMCell": (nn.LSTMCell(3, 4), with_state),
    "MultiheadAttention": (
        nn.MultiheadAttention(8, 2, batch_first=True),
        lambda layer, *x: layer(*x, need_weights=False)[0],
    ),
    "TransformerEncoderLayer": (encoder(), plain),
    "TransformerEncoderLayer, norm first, gelu": (encoder(norm_first=True, activation="gelu"), first),
    "TransformerEncoder": (
        nn.TransformerEncoder(encoder(), 2, nn.LayerNorm(8), enable_nested_tensor=False),
        stack,
    ),
    "TransformerDecoderLayer": (decoder(), decode),
    "TransformerDecoder": (nn.TransformerDecoder(decoder(), 2, nn.LayerNorm(8)), decode),
    "Sequential": (nn.Sequential(nn.Linear(5, 7), nn.ReLU(), nn.Linear(7, 3)), plain),
    "a model of one's own": (Own(), plain),
}


def flat(output):
    if isinstance(output, torch.Tensor):
        return output.flatten()
    return torch.cat([flat(part) for part in output])


def disturb(layer):
    """As volta's side does: a variance, which is 1 at first, stays above 0."""
    for tensor in layer.state_dict().values():
        if tensor.is_floating_point():
            tensor += 0.3 * (torch.rand_like(tensor) - 0.5)


def outputs(layer, call, inputs):
    return flat(call(layer, *inputs.values()))


def exchange(folder, name, layer, call):
    ours, theirs = folder / "torch", folder / "volta"
    files = f"{name}.safetensors", f"{name}, outputs.safetensors"
    layer.eval()
    disturb(layer)
    own = {key: tensor.clone() for key, tensor in layer.state_dict().items()}

    file = load_file(theirs / files[1])
    expected = file.pop("outputs")
    # The order of a file is its own; that of the names is the order of the arguments.
    inputs = {key: file[key] for key in ARGUMENTS if key in file}
    notes = {}
    try:
        layer.load_state_dict(load_file(theirs / files[0]), strict=True)
        y = outputs(layer, call, inputs)
        if y.shape != expected.shape:
            raise RuntimeError(f"outputs {tuple(y.shape)}, and volta's are {tuple(expected.shape)}")
        notes["apart"] = str((y - expected).abs().max().item())
    except RuntimeError as error:
        notes["trouble"] = str(error)

    layer.load_state_dict(own, strict=True)
    save_file(own, ours / files[0])
    save_file(inputs | {"outputs": outputs(layer, call, inputs)}, ours / files[1], notes)


# The names of inputs, in the order in which a layer takes them.
ARGUMENTS = ["x", "k", "v", "y", "memory", "h", "c"]

if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = pathlib.Path(sys.argv[1])
    shutil.rmtree(folder / "torch", ignore_errors=True)
    (folder / "torch").mkdir()
    ending = ", outputs.safetensors"
    saved = {path.name.removesuffix(ending) for path in (folder / "volta").glob(f"*{ending}")}
    if saved != set(LAYERS):
        sys.exit(f"layers on one side alone: {sorted(saved ^ set(LAYERS))}")
    torch.manual_seed(0)
    with torch.no_grad():
        for name, (layer, call) in LAYERS.items():
            exchange(folder, name, layer, call)
