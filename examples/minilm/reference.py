"""Writes expected.safetensors: the vectors of sentences.txt by PyTorch.

    python3 -m pip install torch transformers
    python3 fetch.py ../../target/minilm
    python3 reference.py ../../target/minilm

With `--benchmark PROGRAM` it compares the times of PyTorch and of that program, a release build of
this example, in turns: 32 sentences of 64 tokens, two threads.
"""

import os
import pathlib
import subprocess
import sys
import time

import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from transformers import BertConfig, BertModel

HERE = pathlib.Path(__file__).parent
ROUNDS, TIMES, THREADS = 6, 3, 2


def model(folder: pathlib.Path) -> BertModel:
    # The defaults are those of BERT's base size.
    config = BertConfig(hidden_size=384, num_hidden_layers=6, intermediate_size=1536)
    bert = BertModel(config)
    state = load_file(folder / "model.safetensors")
    state.pop("embeddings.position_ids")
    bert.load_state_dict(state, strict=True)
    return bert.eval()


def embed(bert: BertModel, tokens: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    x = bert(tokens, attention_mask=mask).last_hidden_state
    weights = mask[..., None].float()
    mean = (x * weights).sum(1) / weights.sum(1)
    return torch.nn.functional.normalize(mean)


def write(bert: BertModel, folder: pathlib.Path) -> None:
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.enable_padding()
    tokenizer.enable_truncation(256)
    sentences = (HERE / "sentences.txt").read_text().splitlines()
    encoded = tokenizer.encode_batch(sentences)
    tokens = torch.tensor([it.ids for it in encoded])
    mask = torch.tensor([it.attention_mask for it in encoded])
    save_file({"vectors": embed(bert, tokens, mask)}, HERE / "expected.safetensors")


def benchmark(bert: BertModel, program: str) -> None:
    torch.set_num_threads(THREADS)
    at = torch.arange(32 * 64)
    tokens, mask = (1000 + at * 37 % 20000).view(32, 64), torch.ones(32, 64, dtype=torch.long)
    environment = {**os.environ, "RAYON_NUM_THREADS": str(THREADS)}
    ours, theirs = [], []
    for _ in range(ROUNDS):
        run = [program, "--benchmark", str(TIMES)]
        ours.append(float(subprocess.run(run, env=environment, check=True, capture_output=True).stdout))
        for _ in range(TIMES):
            start = time.perf_counter()
            embed(bert, tokens, mask)
            theirs.append((time.perf_counter() - start) * 1e3)
    ours, theirs = min(ours), min(theirs)
    print(f"volta {ours:.1f} ms, PyTorch {theirs:.1f} ms: {ours / theirs:.2f}")


if __name__ == "__main__":
    with torch.no_grad():
        match sys.argv[1:]:
            case [folder]:
                write(model(pathlib.Path(folder)), pathlib.Path(folder))
            case [folder, "--benchmark", program]:
                benchmark(model(pathlib.Path(folder)), program)
            case _:
                sys.exit(__doc__)
