"""Files of PyTorch that hold tensors beside their weights: `python make_beside.py`, with the PyTorch of ../torch/make.py. With h5py
installed, as in ../requirements.txt, also a legacy file of Keras with datasets that its lists do not name."""

import importlib.util
import pathlib
import unicodedata

here = pathlib.Path(__file__).parent


def torch_files():
    import torch

    x = torch.arange(6.0).reshape(2, 3)

    def save(name, value):
        torch.save(value, here / f"{name}.pth")

    save("nested_a", {"w": x, "extra": {"v": x}})
    save("nested_b", {"w": x, "extra": {"v": x + 1}})
    save("list_a", {"w": x, "history": [x, x + 1]})
    save("list_b", {"w": x, "history": [x, x + 2]})
    save("head_a", {"model": {"w": x}, "head": {"w": x}})
    save("head_b", {"model": {"w": x}, "head": {"w": x + 1}})
    save("keys_a", {1: x, "1": x + 1})
    save("keys_b", {1: x + 2, "1": x + 1})
    save("dots_a", {"a": {"b": x}, "a.b": x + 1})
    save("dots_b", {"a": {"b": x + 2}, "a.b": x + 1})
    save("averaged_a", {"state_dict_ema": {"w": x}, "state_dict": {"w": x + 1}})
    save("averaged_b", {"state_dict_ema": {"w": x}, "state_dict": {"w": x + 2}})
    loop = {"w": x}
    loop["self"] = loop
    save("loop", loop)
    save("twice", {unicodedata.normalize(form, "\u00e9"): x + i for i, form in enumerate(["NFC", "NFD"])})


def keras_files():
    import h5py
    import numpy as np

    for name, value in [("stray_a", 1.0), ("stray_b", 2.0)]:
        with h5py.File(here / f"{name}.h5", "w") as file:
            file.attrs["layer_names"] = [b"conv"]
            group = file.create_group("conv")
            group.attrs["weight_names"] = [b"conv/kernel:0"]
            group["conv/kernel:0"] = np.arange(6, dtype=np.float32).reshape(1, 1, 2, 3)
            file["stray/kernel:0"] = np.full(3, value, np.float32)
    with h5py.File(here / "unread.h5", "w") as file:
        file.attrs["layer_names"] = [b"conv"]
        group = file.create_group("conv")
        group.attrs["weight_names"] = [b"conv/kernel:0"]
        group["conv/kernel:0"] = np.arange(6, dtype=np.float32).reshape(1, 1, 2, 3)
        file["remark"] = "a text"


for module, make in [("torch", torch_files), ("h5py", keras_files)]:
    if importlib.util.find_spec(module):
        make()
