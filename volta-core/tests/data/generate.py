"""Writes the files of this folder with Python's and NumPy's own writers."""

import csv
import pathlib

import numpy as np

HERE = pathlib.Path(__file__).parent


def table():
    with open(HERE / "python.csv", "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "length, cm", "note"])
        writer.writerow([1, 5.25, "plain"])
        writer.writerow([2, -1e-3, 'says "no", twice'])
        writer.writerow([3, float("inf"), "two\nlines"])


def values(kind):
    x = np.arange(6).reshape(2, 3)
    return x % 2 == 1 if kind == "?" else (x * 10 - (0 if kind == "u1" else 20)).astype(kind)


def arrays():
    for kind in ["?", "u1", "i4", "i8", "f2", "f4", "f8"]:
        name = "bool" if kind == "?" else kind
        np.save(HERE / f"{name}.npy", values(kind))
    np.save(HERE / "big_endian.npy", values(">f4"))
    np.save(HERE / "big_endian_i8.npy", values(">i8"))
    cube = np.arange(24, dtype="<i4").reshape(2, 3, 4)
    np.save(HERE / "fortran.npy", np.asfortranarray(cube))
    np.save(HERE / "scalar.npy", np.float64(2.5))
    np.save(HERE / "empty.npy", np.zeros((3, 0, 2), dtype="<f4"))
    np.save(HERE / "u2.npy", np.arange(3, dtype="<u2"))
    np.save(HERE / "structured.npy", np.zeros(2, dtype=[("a", "<f4"), ("b", "<i4")]))
    for version in [(2, 0), (3, 0)]:
        with open(HERE / f"version_{version[0]}.npy", "wb") as file:
            np.lib.format.write_array(file, values("<f4"), version=version)


def archives():
    named = {"weight": values("<f4"), "layers.0.bias": np.arange(3), "step": np.int64(7)}
    np.savez(HERE / "stored.npz", **named)
    np.savez_compressed(HERE / "deflated.npz", **named)


table()
arrays()
archives()
