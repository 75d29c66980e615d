"""Two files of arrays and what NumPy says of them: `python make.py`, with the versions of ../requirements.txt."""

import json
import pathlib

import numpy as np

here = pathlib.Path(__file__).parent
random = np.random.default_rng(5)


def noise(*shape):
    return random.standard_normal(shape).astype(np.float32)


kernel, square, row = noise(3, 3, 4, 5), noise(2, 2, 6, 6), noise(7)
first, second = {}, {}


def pair(name, one, other, renamed=None):
    first[name + "/kernel"], second[(renamed or name) + "/kernel"] = one, other


def changed(values, *places):
    copy = values.copy()
    for place, value in places:
        copy.flat[place] = value
    return copy


pair("equal", kernel, kernel)
pair("zeros", np.array([0.0, -0.0, 1.0], np.float32), np.array([-0.0, 0.0, 1.0], np.float32))
pair("close", row, row * np.float32(1 + 1e-6))
pair("far", row, changed(row, (2, 9.5), (3, -row[3])))
pair("nan", changed(row, (1, np.nan)), changed(row, (1, np.nan)))
pair("nan_moved", changed(row, (1, np.nan)), changed(row, (2, np.nan)))
pair("infinite", changed(row, (1, np.inf), (4, -np.inf)), changed(row, (1, np.inf), (4, np.inf)))
pair("transposed", kernel + 1, np.transpose(kernel + 1, (3, 2, 0, 1)))
pair("same_shape", square, np.transpose(square, (0, 1, 3, 2)))
pair("flipped", kernel + 2, np.flip(kernel + 2, (0, 1)))
pair("theano", kernel + 3, np.flip(np.transpose(kernel + 3, (3, 2, 0, 1)), (2, 3)))
pair("reshaped", kernel + 4, (kernel + 4).reshape(9, 20))
pair("renamed", kernel + 5, kernel + 5, "other_name")
pair("renamed_transposed", kernel[0] + 6, np.transpose(kernel[0] + 6, (2, 0, 1)), "third_name")
pair("half", kernel + 7, (kernel + 7).astype(np.float16))
pair("double", kernel + 8, (kernel + 8).astype(np.float64))
pair("shape", noise(3, 4), noise(4, 4))
pair("whole", np.array([2**60, 1], np.int64), np.array([2**60 + 1, 1], np.int64))
pair("swapped_a", noise(11), noise(11))
pair("swapped_b", noise(11), first["swapped_a/kernel"])
second["swapped_a/kernel"] = first["swapped_b/kernel"]
first["alone/kernel"] = noise(13)
second["new/kernel"] = noise(17)

tolerance = 1e-5
expected = {}
for name, one in first.items():
    other = second.get(name)
    if other is None or other.shape != one.shape or one.dtype == np.int64:
        continue
    a, b = one.astype(np.float64), other.astype(np.float64)
    with np.errstate(all="ignore"):
        finite = np.isfinite(a) & np.isfinite(b)
        distance = np.abs(a - b)[finite]
        largest = np.maximum(np.abs(a), np.abs(b))[finite]
        share = distance / np.where(largest == 0, 1, largest)
        same = (a == b) | (np.isnan(a) & np.isnan(b))
        close = np.isclose(a, b, atol=tolerance, rtol=tolerance, equal_nan=True)
        close |= np.isclose(b, a, atol=tolerance, rtol=tolerance, equal_nan=True)
    expected[name] = {
        "differing": int((~same).sum()), "beyond": int((~close).sum()), "notFinite": int((~same & ~finite).sum()),
        "largest": float(distance.max(initial=0)), "relative": float(share.max(initial=0)),
    }

np.savez(here / "first.npz", **first)
np.savez(here / "second.npz", **second)
(here / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")
