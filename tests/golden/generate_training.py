"""Writes what PyTorch's schedules and optimisers compute, for tests/schedules.rs and
tests/optimisers.rs to compare with.

Run `python tests/golden/generate_training.py`; it needs what generate.py needs and writes
schedules.safetensors, optimisers2.safetensors and optimisers3.safetensors.
"""

import math
import warnings

import torch
from generate import DTYPES, Fixtures
from torch.optim import lr_scheduler as ls

RATE, RATES, STEPS, CHANGE = 0.1, 120, 100, 60


def schedules():
    out = Fixtures("schedules")

    def rates(name, make, metrics=None):
        optimiser = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=RATE)
        schedule, found = make(optimiser), []
        for step in range(RATES):
            if metrics is None:
                found.append(optimiser.param_groups[0]["lr"])
                optimiser.step()
                if step + 1 < RATES:
                    schedule.step()
            else:
                schedule.step(metrics[step].item())
                found.append(optimiser.param_groups[0]["lr"])
        out.put(name, torch.tensor(found, dtype=torch.float64))

    rates("step", lambda o: ls.StepLR(o, 30))
    rates("step_gamma", lambda o: ls.StepLR(o, 7, gamma=0.8))
    rates("multi_step", lambda o: ls.MultiStepLR(o, [10, 40, 40, 90], gamma=0.5))
    rates("exponential", lambda o: ls.ExponentialLR(o, 0.97))
    rates("polynomial", lambda o: ls.PolynomialLR(o))
    rates("polynomial_2", lambda o: ls.PolynomialLR(o, total_iters=100, power=2.0))
    rates("constant", lambda o: ls.ConstantLR(o))
    rates("linear", lambda o: ls.LinearLR(o))
    rates("linear_down", lambda o: ls.LinearLR(o, start_factor=0.9, end_factor=0.2, total_iters=80))
    rates("cosine", lambda o: ls.CosineAnnealingLR(o, 50, eta_min=0.01))
    rates("restarts", lambda o: ls.CosineAnnealingWarmRestarts(o, 25))
    rates("restarts_2", lambda o: ls.CosineAnnealingWarmRestarts(o, 10, T_mult=2, eta_min=0.005))
    rates("one_cycle", lambda o: ls.OneCycleLR(o, 0.4, total_steps=RATES))
    rates("one_cycle_linear", lambda o: ls.OneCycleLR(o, 0.4, total_steps=RATES, anneal_strategy="linear", pct_start=0.45))
    rates("one_cycle_three", lambda o: ls.OneCycleLR(o, 0.4, total_steps=RATES, three_phase=True, div_factor=10, final_div_factor=100))
    cyclic = lambda o, **more: ls.CyclicLR(o, 0.02, 0.3, step_size_up=9, cycle_momentum=False, **more)
    rates("cyclic", lambda o: cyclic(o))
    rates("cyclic_2", lambda o: cyclic(o, step_size_down=14, mode="triangular2"))
    rates("cyclic_exp", lambda o: cyclic(o, step_size_down=4, mode="exp_range", gamma=0.98))
    noam = lambda n: 64**-0.5 * min((n + 1) ** -0.5, (n + 1) * 20**-1.5)
    rates("noam", lambda o: ls.LambdaLR(o, noam))
    rates("sequential", lambda o: ls.SequentialLR(
        o, [ls.LinearLR(o, 0.1, total_iters=10), ls.CosineAnnealingLR(o, 90), ls.ExponentialLR(o, 0.9)], [10, 70]))
    rates("chained", lambda o: ls.ChainedScheduler(
        [ls.ExponentialLR(o, 0.98), ls.ConstantLR(o, 0.2, total_iters=15), ls.StepLR(o, 40, gamma=0.5)]))
    # Falls, lies flat, and falls again, with noise; one metric is NaN.
    t = torch.arange(RATES, dtype=torch.float64)
    metrics = 1 / (1 + t.clamp(max=30)) + 0.01 * out.randn(RATES) - 0.3 * (t > 80)
    metrics[50] = math.nan
    out.put("metrics", metrics)
    plateau = ls.ReduceLROnPlateau
    rates("plateau", lambda o: plateau(o), metrics)
    rates("plateau_patience", lambda o: plateau(o, factor=0.5, patience=3, cooldown=4, min_lr=0.01), metrics)
    rates("plateau_abs", lambda o: plateau(o, factor=0.7, patience=2, threshold=0.05, threshold_mode="abs"), metrics)
    rates("plateau_max", lambda o: plateau(o, mode="max", factor=0.7, patience=5, threshold=0.01), -metrics)
    rates("plateau_max_abs", lambda o: plateau(o, mode="max", factor=0.9, patience=1, threshold=0.01, threshold_mode="abs"), -metrics)
    out.save()


def optimisers():
    out = Fixtures("optimisers2")
    adam, adamw, rms, ada = torch.optim.Adam, torch.optim.AdamW, torch.optim.RMSprop, torch.optim.Adagrad
    forms = {
        "sgd": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, dampening=0.2, weight_decay=0.05),
        "adam": lambda p: adam(p, lr=0.05),
        "adam_amsgrad": lambda p: adam(p, lr=0.05, amsgrad=True),
        "adam_amsgrad_decay": lambda p: adam(p, lr=0.05, betas=(0.8, 0.9), weight_decay=0.1, amsgrad=True),
        "adamw_amsgrad": lambda p: adamw(p, lr=0.05, amsgrad=True, weight_decay=0.2),
        "rmsprop": lambda p: rms(p),
        "rmsprop_decay": lambda p: rms(p, lr=0.02, alpha=0.9, eps=1e-6, weight_decay=0.1),
        "rmsprop_momentum": lambda p: rms(p, momentum=0.9),
        "rmsprop_centered": lambda p: rms(p, alpha=0.95, eps=1e-3, centered=True),
        "rmsprop_all": lambda p: rms(p, alpha=0.95, eps=1e-3, weight_decay=0.05, momentum=0.8, centered=True),
        "adagrad": lambda p: ada(p),
        "adagrad_all": lambda p: ada(p, lr=0.1, lr_decay=0.05, weight_decay=0.1, initial_accumulator_value=0.5, eps=1e-6),
    }
    start, gradients = out.randn(6), out.randn(STEPS, 6)
    gradients[:, 5] = 0.0  # A parameter that the loss does not reach.
    gradients[:4, 4] = 0.0  # And one that it reaches later.
    out.put("start", start.float())
    out.put("gradients", gradients.float())
    for label, dtype in DTYPES.items():
        for name, make in forms.items():
            x = start.float().to(dtype).clone().requires_grad_()
            optimiser, path = make([x]), []
            for step in range(STEPS):
                if step == CHANGE:
                    optimiser.param_groups[0]["lr"] /= 2
                x.grad = gradients[step].float().to(dtype)
                optimiser.step()
                path.append(x.detach().clone())
            out.put(f"{label}/{name}", torch.stack(path))
        clipping(out, label, dtype)
        averages(out, label, dtype)
    out.save()


def orthogonal(grad, coefficients, steps, eps):
    """Newton and Schulz in the type of the gradient; PyTorch's is in bfloat16."""
    a, b, c = coefficients
    x = grad.T if grad.size(0) > grad.size(1) else grad
    x = x / x.norm().clamp(min=eps)
    for _ in range(steps):
        gram = x @ x.T
        x = a * x + (b * gram + c * gram @ gram) @ x
    return x.T if grad.size(0) > grad.size(1) else x


def more_optimisers():
    out = Fixtures("optimisers3")
    torch.optim._muon._zeropower_via_newtonschulz = orthogonal
    forms = {
        "muon": {},
        "muon_plain": {"nesterov": False, "momentum": 0.8, "weight_decay": 0.0, "ns_steps": 3},
        "muon_rms": {"adjust_lr_fn": "match_rms_adamw"},
        "muon_spectral": {"adjust_lr_fn": "spectral_unclamped"},
    }
    for shape in (3, 5), (5, 3):
        key = f"{shape[0]}x{shape[1]}"
        start, gradients = out.randn(*shape).float(), out.randn(STEPS, *shape).float()
        out.put(f"{key}/start", start)
        out.put(f"{key}/gradients", gradients)
        for label, dtype in DTYPES.items():
            for name, settings in forms.items():
                x = start.to(dtype).clone().requires_grad_()
                optimiser, path = torch.optim.Muon([x], lr=0.05, **settings), []
                for step in range(STEPS):
                    x.grad = gradients[step].to(dtype)
                    optimiser.step()
                    path.append(x.detach().clone())
                out.put(f"{label}/{key}/{name}", torch.stack(path[9::10]))
    rosenbrock = lambda x: (1 - x[0]) ** 2 + 100 * (x[1] - x[0] ** 2) ** 2
    a, b = out.randn(12, 6).float().double(), out.randn(12).float().double()
    out.put("lbfgs/a", a.float())
    out.put("lbfgs/b", b.float())
    quartic = lambda x: ((a @ x - b) ** 2).sum() + (x**4).sum()
    for name, n, loss, settings in [
        ("wolfe", 2, rosenbrock, {"line_search_fn": "strong_wolfe", "max_iter": 4}),
        ("wolfe_short", 2, rosenbrock, {"line_search_fn": "strong_wolfe", "max_iter": 3, "history_size": 2, "lr": 0.5}),
        ("fixed", 6, quartic, {"lr": 0.1, "max_iter": 3}),
        ("fixed_short", 6, quartic, {"lr": 0.2, "max_iter": 5, "history_size": 3}),
        ("wolfe_quartic", 6, quartic, {"line_search_fn": "strong_wolfe", "max_iter": 2, "tolerance_change": 0.0}),
    ]:
        x = torch.tensor([-1.2, 1.0, 0.5, 2.0, -0.5, 0.1][:n], dtype=torch.float64, requires_grad=True)
        optimiser, path = torch.optim.LBFGS([x], **settings), []

        def closure():
            optimiser.zero_grad()
            value = loss(x)
            value.backward()
            return value

        for _ in range(12):
            optimiser.step(closure)
            path.append(x.detach().clone())
        out.put(f"lbfgs/{name}", torch.stack(path))
    out.save()


def clipping(out, label, dtype):
    if label == "f32":
        out.clip = [out.randn(3, 4).float(), out.randn(5).float()]
        for i, x in enumerate(out.clip):
            out.put(f"clip/{i}", x)
    for name, clip in {
        "norm_1": lambda p: torch.nn.utils.clip_grad_norm_(p, 1.0),
        "norm_100": lambda p: torch.nn.utils.clip_grad_norm_(p, 100.0),
        "value": lambda p: torch.nn.utils.clip_grad_value_(p, 0.5),
    }.items():
        parameters = [torch.zeros_like(x, dtype=dtype) for x in out.clip]
        for p, g in zip(parameters, out.clip):
            p.grad = g.to(dtype).clone()
        norm = clip(parameters)
        if norm is not None:
            out.put(f"{label}/{name}/norm", norm.float())
        for i, p in enumerate(parameters):
            out.put(f"{label}/{name}/{i}", p.grad)


def averages(out, label, dtype):
    path = out.tensors[f"{label}/adam"]
    model = torch.nn.Linear(6, 1, bias=False, dtype=dtype)
    average = torch.optim.swa_utils.AveragedModel(
        model, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(0.9))
    found = []
    for x in path:
        model.weight.data.copy_(x[None])
        average.update_parameters(model)
        found.append(average.module.weight.data[0].clone())
    out.put(f"{label}/ema", torch.stack(found))


if __name__ == "__main__":
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")
    schedules()
    optimisers()
    more_optimisers()
