"""Files that hold more than numbers: `python make.py` with NumPy, and with the PyTorch of ../make.py for those of PyTorch."""

import argparse
import importlib.util
import pathlib

import numpy as np

here = pathlib.Path(__file__).parent
kernel = np.ones((2, 3), np.float32)
for name, array in {
    "texts": np.array(["cat", "dog"]),
    "objects": np.array([{"a": 1}], dtype=object),
    "records": np.zeros(2, [("mean", "<f4"), ("count", "<i4")]),
    "complex": np.ones(2, np.complex64),
    "dates": np.zeros(2, "M8[s]"),
    "untyped": np.zeros(2, "V2"),
}.items():
    np.savez_compressed(here / f"{name}.npz", kernel=kernel, extra=array)

if importlib.util.find_spec("torch"):
    import torch

    state = {"conv.weight": torch.ones(2, 1, 1, 1), "conv.bias": torch.ones(2)}
    arguments = argparse.Namespace(rate=0.1)
    torch.save({"model": state, "args": arguments}, here / "namespace.pth")
    torch.save({"args": arguments, "net": state, "best": {"bias": torch.ones(2)}}, here / "namespace_first.pth")
    torch.save({"args": arguments, "epoch": 3}, here / "namespace_alone.pth")
