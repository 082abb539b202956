#!/usr/bin/env python3
"""PyTorch CPU peer. Same cases, data and JSON lines as the Rust peers.

Environment: PEER_THREADS, PEER_BUDGET, PEER_TRIES, PEER_WAIT, PEER_FILTER, PEER_MEM as in harness/src/lib.rs;
PEER_MODE=eager (default), or tuned: preallocated outputs, fused Adam, torch.compile.
"""
import json
import math
import os
import sys
import time

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

MODE = os.environ.get("PEER_MODE", "eager")
PEER = os.environ.get("PEER_NAME") or ("pytorch" if MODE == "eager" else "pytorch-tuned")
THREADS = int(os.environ.get("PEER_THREADS", "1"))
BUDGET = float(os.environ.get("PEER_BUDGET", "0.4"))
FILTER = [s for s in os.environ.get("PEER_FILTER", "").split(",") if s]
TRIES = int(os.environ.get("PEER_TRIES", "3"))
MAX_WAIT = float(os.environ.get("PEER_WAIT", "0"))
MEM = bool(os.environ.get("PEER_MEM"))
torch.set_num_threads(THREADS)
torch.manual_seed(0)


def emit(case, **kw):
    print(json.dumps({"peer": PEER, "case": case, "threads": THREADS, **kw}), flush=True)


def wants(case):
    return not MEM and (not FILTER or any(f in case for f in FILTER))


def fill_np(n, seed):
    with np.errstate(over="ignore"):
        z = (np.arange(n, dtype=np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
        z = z + np.uint64((seed * 0xD1B54A32D192ED03) & 0xFFFFFFFFFFFFFFFF)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    return ((z >> np.uint64(40)).astype(np.float64) / 8388608.0 - 1.0).astype(np.float32)


def fill(shape, seed, scale=1.0):
    t = torch.from_numpy(fill_np(math.prod(shape), seed)).reshape(shape)
    return t * scale if scale != 1.0 else t


def check(case, v):
    if wants(case):
        emit(case, check=round(float(v), 6))


def machine_busy():
    v = [float(x) for x in open("/proc/stat").readline().split()[1:]]
    return (v[0] + v[1] + v[2] + v[5] + v[6]) / 100.0, v[7] / 100.0


waited = 0.0


def wait_quiet():
    global waited
    while waited < MAX_WAIT:
        b, c, t = machine_busy()[0], time.process_time(), time.perf_counter()
        time.sleep(0.06)
        e = time.perf_counter() - t
        if (machine_busy()[0] - b - (time.process_time() - c)) / e < 0.2:
            return
        waited += e


def bench(case, f):
    """The same procedure as Bench::run in harness/src/lib.rs."""
    if not wants(case):
        return
    now = time.perf_counter
    w0, warm = now(), 0
    while True:
        f()
        warm += 1
        e = now() - w0
        if (warm >= 3 and e > BUDGET * 0.25) or e > 20.0:  # torch.compile compiles here
            break
    t, k = now(), 0
    while k < 1 or now() - t < 0.002:
        f()
        k += 1
    per = (now() - t) / k
    inner = max(1, math.ceil(20e-6 / per))
    r = range(inner)
    best = None
    for _ in range(TRIES):
        wait_quiet()
        samples = []
        b0, c0, t0 = machine_busy(), time.process_time(), now()
        while True:
            t = now()
            for _ in r:
                f()
            samples.append((now() - t) / inner)
            e = now() - t0
            if (e >= BUDGET and len(samples) >= 5) or (e > 4.0 and len(samples) >= 2) or e > 8.0:
                break
        wall, cpu = now() - t0, time.process_time() - c0
        b1 = machine_busy()
        samples.sort()
        s = dict(
            median_us=round(samples[len(samples) // 2] * 1e6, 4),
            min_us=round(samples[0] * 1e6, 4),
            iters=len(samples) * inner,
            cpu_per_wall=round(cpu / wall, 2),
            others=round(max(0.0, (b1[0] - b0[0] - cpu) / wall), 2),
            steal=round((b1[1] - b0[1]) / wall, 2),
        )
        noise = s["others"] + s["steal"]
        if (
            best is None
            or noise < best["others"] + best["steal"]
            or (noise < 0.1 and s["median_us"] < best["median_us"])
        ):
            best = s
        if noise < 0.1:
            break
    emit(case, **best)


def gelu_chain(x):
    return 0.5 * x * (1.0 + torch.tanh(0.79788456 * (x + 0.044715 * (x * x * x))))


class Lenet(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1 = nn.Conv2d(1, 6, 5, padding=2)
        self.c2 = nn.Conv2d(6, 16, 5)
        self.l1, self.l2, self.l3 = nn.Linear(400, 120), nn.Linear(120, 84), nn.Linear(84, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.c1(x)), 2)
        x = F.max_pool2d(F.relu(self.c2(x)), 2)
        x = x.flatten(1)
        return self.l3(F.relu(self.l2(F.relu(self.l1(x)))))


class Encoder(nn.Module):
    """Pre-layernorm block: x + MHA(LN x), then + FF(LN x), ReLU in the feed-forward."""

    def __init__(self, d=128, h=4, ff=512, sdpa=False):
        super().__init__()
        self.h, self.dh, self.sdpa = h, d // h, sdpa
        self.n1, self.n2 = nn.LayerNorm(d), nn.LayerNorm(d)
        self.q, self.k, self.v, self.o = (nn.Linear(d, d) for _ in range(4))
        self.f1, self.f2 = nn.Linear(d, ff), nn.Linear(ff, d)

    def forward(self, x):
        b, s, d = x.shape
        y = self.n1(x)
        q, k, v = (
            m(y).view(b, s, self.h, self.dh).transpose(1, 2) for m in (self.q, self.k, self.v)
        )
        if self.sdpa:
            a = F.scaled_dot_product_attention(q, k, v)
        else:
            a = torch.softmax(q @ k.transpose(-1, -2) * (1.0 / math.sqrt(self.dh)), -1) @ v
        x = x + self.o(a.transpose(1, 2).reshape(b, s, d))
        return x + self.f2(F.relu(self.f1(self.n2(x))))


def main():
    tuned = MODE == "tuned"

    if MEM:
        vm = lambda k: int(next(l for l in open("/proc/self/status") if l.startswith(k)).split()[1])
        base = vm("VmRSS")
        x = fill((128, 64, 56, 56), 1).requires_grad_()
        w = fill((64, 64, 3, 3), 2).requires_grad_()
        setup = vm("VmRSS")
        for _ in range(3):
            x.grad = w.grad = None
            F.conv2d(x, w, padding=1).sum().backward()
        emit("mem_conv", vmhwm_kb=vm("VmHWM"), rss_start_kb=base, rss_setup_kb=setup)
        return

    comp = (lambda f: torch.compile(f)) if tuned else (lambda f: f)

    with torch.no_grad():
        for label, n in (("1e3", 10**3), ("1e5", 10**5), ("1e7", 10**7)):
            if not any(wants(f"{o}_{label}") for o in ("add", "mul", "gelu_chain", "gelu_fused", "exp", "tanh")):
                continue
            a, b = fill((n,), 1), fill((n,), 2)
            if label == "1e5":
                check("add_1e5", (a + b).double().sum())
                check("mul_1e5", (a * b).double().sum())
                check("gelu_chain_1e5", gelu_chain(a).double().sum())
                check("exp_1e5", a.exp().double().sum())
                check("tanh_1e5", a.tanh().double().sum())
            if tuned:
                o = torch.empty(n)
                bench(f"add_{label}", lambda: torch.add(a, b, out=o))
                bench(f"mul_{label}", lambda: torch.mul(a, b, out=o))
                bench(f"exp_{label}", lambda: torch.exp(a, out=o))
                bench(f"tanh_{label}", lambda: torch.tanh(a, out=o))
                if wants(f"gelu_chain_{label}"):
                    g = torch.compile(gelu_chain)
                    bench(f"gelu_chain_{label}", lambda: g(a))
            else:
                bench(f"add_{label}", lambda: a + b)
                bench(f"mul_{label}", lambda: a * b)
                bench(f"exp_{label}", lambda: a.exp())
                bench(f"tanh_{label}", lambda: a.tanh())
                bench(f"gelu_chain_{label}", lambda: gelu_chain(a))
                bench(f"gelu_fused_{label}", lambda: F.gelu(a, approximate="tanh"))

        for m, k, n in ((16, 16, 16), (64, 64, 64), (256, 256, 256), (1024, 1024, 1024), (32, 784, 128)):
            case = f"matmul_{m}" if m == k == n else f"matmul_{m}x{k}x{n}"
            a, b = fill((m, k), 1), fill((k, n), 2)
            check(case, (a @ b).double().sum())
            if tuned:
                o = torch.empty(m, n)
                bench(case, lambda: torch.mm(a, b, out=o))
            else:
                bench(case, lambda: a @ b)

        x, row = fill((1024, 1024), 1), fill((1024,), 2)
        if not tuned:
            check("sum_all", x.double().sum())
            bench("sum_all", lambda: x.sum())
            bench("sum_last", lambda: x.sum(-1))
            check("softmax_last", (torch.softmax(x, -1) * x).double().sum())
            bench("softmax_last", lambda: torch.softmax(x, -1))
            check("bcast_add", (x + row).double().sum())
            bench("bcast_add", lambda: x + row)
        else:
            o = torch.empty(1024, 1024)
            bench("softmax_last", lambda: torch.softmax(x, -1, out=o))
            bench("bcast_add", lambda: torch.add(x, row, out=o))

    x, w = fill((32, 16, 28, 28), 1), fill((32, 16, 3, 3), 2)
    if not tuned:
        with torch.no_grad():
            check("conv_fwd", (F.conv2d(x, w, padding=1) ** 2).double().sum())
            bench("conv_fwd", lambda: F.conv2d(x, w, padding=1))
        xg, wg = x.clone().requires_grad_(), w.clone().requires_grad_()

        def conv_fb():
            xg.grad = wg.grad = None
            F.conv2d(xg, wg, padding=1).sum().backward()

        if wants("conv_fwdbwd"):
            conv_fb()
            check("conv_fwdbwd", (wg.grad.double() ** 2).sum() + (xg.grad.double() ** 2).sum())
        bench("conv_fwdbwd", conv_fb)

    def pair(linear, seed):
        """A weight and its bias, between +-1/sqrt(inputs of an output): as the peers in Rust."""
        scale = 1.0 / math.sqrt(linear.weight[0].numel())
        with torch.no_grad():
            for p, seed in ((linear.weight, seed), (linear.bias, seed + 1)):
                p.copy_(fill(p.shape, seed, scale))

    def filled(model):
        layers = [m for m in model.modules() if isinstance(m, (nn.Linear, nn.Conv2d))]
        for k, layer in enumerate(layers):
            pair(layer, 101 + 2 * k)
        return model

    def train(case, model, opt, x, y, lossf):
        if not wants(case):
            return
        model = comp(model)

        def step():
            opt.zero_grad()
            loss = lossf(model(x), y)
            loss.backward()
            opt.step()
            return loss

        first = step().item()
        emit(case, check=round(first, 6))
        bench(case, step)

    adam = lambda m: torch.optim.Adam(m.parameters(), lr=1e-3, **({"fused": True} if tuned else {}))
    mlp = filled(nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10)))
    lab = torch.tensor([(i * 7 + 3) % 10 for i in range(32)])
    train("mlp_step", mlp, adam(mlp), fill((32, 784), 1), lab, F.cross_entropy)

    xor = filled(nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 1)))
    xx = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    yy = torch.tensor([[0.0], [1.0], [1.0], [0.0]])
    sgd = torch.optim.SGD(xor.parameters(), lr=0.1, **({"fused": True} if tuned else {}))
    train("xor_step", xor, sgd, xx, yy, F.mse_loss)

    net = filled(Lenet())
    train("lenet_step", net, adam(net), fill((32, 1, 28, 28), 1), lab, F.cross_entropy)

    if wants("encoder_fwdbwd"):
        enc0 = filled(Encoder(sdpa=tuned))
        enc = comp(enc0)
        xe = fill((8, 64, 128), 1).requires_grad_()

        def enc_fb():
            xe.grad = None
            for p in enc0.parameters():
                p.grad = None
            l = enc(xe).square().mean()
            l.backward()
            return l

        emit("encoder_fwdbwd", check=round(enc_fb().item(), 6))
        bench("encoder_fwdbwd", enc_fb)


main()
