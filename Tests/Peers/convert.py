"""What `zoo convert` does, in Python: a legacy Keras weight file in, a safetensors file out (needs h5py, NumPy and
safetensors). Whole processes are to be compared:

    /usr/bin/time -v python3 Tests/Peers/convert.py weights.h5 out.safetensors
    /usr/bin/time -v .build/release/zoo convert weights.h5 -o out.zoo.safetensors

It does less: no recognition, no checks of shapes, no digests of the source, no checksums, no crash-safe write.
"""
import sys

import h5py
from safetensors.numpy import save_file


def text(name):
    return name.decode() if isinstance(name, bytes) else name


with h5py.File(sys.argv[1], "r") as file:
    weights = file if "layer_names" in file.attrs else file["model_weights"]
    tensors = {}
    for layer in map(text, weights.attrs["layer_names"]):
        group = weights[layer]
        for name in map(text, group.attrs["weight_names"]):
            tensors[f"{layer}/{name}"] = group[name][()]
save_file(tensors, sys.argv[2])
