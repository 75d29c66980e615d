"""Writes expected.json: bit patterns of synthetic tensors, for the Swift twin to reproduce (needs NumPy).

    python3 Tests/Fixtures/synthetic-weights/make.py
"""
import json
import pathlib
import sys

import numpy as np

here = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(here.parent))
import synthetic_weights

TENSORS = [
    ("conv1_conv", "kernel", (7, 7, 3, 64)),
    ("conv1_conv", "bias", (64,)),
    ("conv1_bn", "gamma", (64,)),
    ("conv1_bn", "beta", (64,)),
    ("conv1_bn", "moving_mean", (64,)),
    ("conv1_bn", "moving_variance", (64,)),
    ("block2_sepconv1", "depthwise_kernel", (3, 3, 64, 1)),
    ("block2_sepconv1", "pointwise_kernel", (1, 1, 64, 128)),
    ("predictions", "kernel", (2048, 4)),
]


def case(seed, layer, role, shape):
    bits = synthetic_weights.values(seed, layer, role, shape).reshape(-1).view(np.uint32)
    return {
        "seed": seed, "layer": layer, "role": role, "shape": list(shape),
        "first": bits[:4].tolist(), "last": bits[-4:].tolist(),
        "xor": int(np.bitwise_xor.reduce(bits)), "sum": int(bits.sum(dtype=np.uint64)),
    }


images = synthetic_weights.image_batch(7, 2, 5, 4).reshape(-1).view(np.uint32)
expected = {
    "tensors": [case(seed, *tensor) for seed in (0, 1, 2**63 + 5) for tensor in TENSORS],
    "images": images.tolist(),
}
(here / "expected.json").write_text(json.dumps(expected, separators=(",", ":")) + "\n")
