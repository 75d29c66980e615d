"""Numbers narrowed as NumPy's float16 and ml_dtypes' bfloat16 narrow them (needs numpy, ml_dtypes).

    python3 Tests/Fixtures/half-precision/make.py

Writes, little-endian and without headers: `floats.bin` (float32), `halves.bin` and `brains.bin` (what they become as
float16 and bfloat16), `doubles.bin` (float64) and `halves-of-doubles.bin`. NaNs are left out: theirs is any.
"""
import pathlib

import ml_dtypes
import numpy as np

FOLDER = pathlib.Path(__file__).parent
generator = np.random.default_rng(1)


def neighbours(values, kind):
    """Values and the numbers on both sides of each: ties are decided next to them."""
    values = np.asarray(values, kind)
    return np.concatenate([np.nextafter(values, kind(-np.inf)), values, np.nextafter(values, kind(np.inf))])


halves = np.arange(0, 0x7C00, 97, np.uint16).view(np.float16).astype(np.float64)
ties = (halves[:-1] + np.diff(halves) / 2)
middles = np.arange(1, 2048, 61) * 2.0**-25  # halfway between subnormal float16 numbers, and on them
brains = np.arange(0, 0x7F7F, 173, np.uint16).view(ml_dtypes.bfloat16).astype(np.float64)
between = np.arange(0, 0x7F7F, 173, np.uint32) * 0x10000 + 0x8000  # halfway between bfloat16 numbers
edges = [0.0, 2.0**-24, 2.0**-25, 2.0**-14, 1.0, 65504.0, 65519.0, 65520.0, 65536.0, 1e10, np.inf,
         3.3895e38, 3.39617752923046e38, 3.4e38]
with np.errstate(over="ignore", invalid="ignore"):
    positive = np.concatenate([
        neighbours(np.concatenate([halves, ties, middles, edges]), np.float32),
        neighbours(between.astype(np.uint32).view(np.float32), np.float32),
        generator.integers(0, 0x7F800000, 600, np.uint32).view(np.float32),
        generator.standard_normal(600).astype(np.float32) * np.float32(0.05)])
    floats = np.concatenate([positive, -positive])
    floats = floats[~np.isnan(floats)]
    doubles = np.concatenate([neighbours(np.concatenate([ties, middles, edges]), np.float64),
                              generator.standard_normal(300)])
    doubles = np.concatenate([doubles, -doubles])
    floats.astype("<f4").tofile(FOLDER / "floats.bin")
    floats.astype(np.float16).view("<u2").tofile(FOLDER / "halves.bin")
    floats.astype(ml_dtypes.bfloat16).view("<u2").tofile(FOLDER / "brains.bin")
    doubles.astype("<f8").tofile(FOLDER / "doubles.bin")
    doubles.astype(np.float16).view("<u2").tofile(FOLDER / "halves-of-doubles.bin")
