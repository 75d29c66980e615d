"""A model whose weights are bfloat16, in the files that do not say so: those of legacy HDF5, and all of Keras 2.
Usage: python bfloat16.py, once with Keras 3.15 and once with tf_keras 2.21.

Value i of every tensor is (i mod 61 - 30) / 16, which bfloat16 has exactly.
"""

import gzip
import os
import pathlib
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import numpy as np

if "tf_keras" in sys.argv:
    import tf_keras as keras

    keras.mixed_precision.set_global_policy("bfloat16")
else:
    import keras

    keras.config.set_dtype_policy("bfloat16")
L = keras.layers
here = pathlib.Path(__file__).resolve().parent
major = keras.__version__[0]

image = keras.Input((5, 5, 3))
x = L.BatchNormalization(name="bn")(L.Conv2D(2, 3, name="conv")(image))
x = keras.Sequential([keras.Input((3, 3, 2)), L.Conv2D(4, 2, name="inside")], name="inner")(x)
model = keras.Model(image, L.Dense(3, name="answer")(L.Flatten()(x)), name="halves")
for weight in model.weights:
    weight.assign(((np.arange(np.prod(weight.shape)) % 61 - 30) / 16).reshape(weight.shape))


def packed(name):
    data = (here / name).read_bytes()
    (here / name).unlink()
    (here / f"{name}.gz").write_bytes(gzip.compress(data, 9, mtime=0))


model.save(here / f"bfloat16-{major}.h5")
packed(f"bfloat16-{major}.h5")
if major == "2":
    model.save(here / "bfloat16-2.keras")
    packed("bfloat16-2.keras")
    (here / "bfloat16.json").write_text(model.to_json())
    # Weights alone, by name and by place.
    model.save_weights(here / "bfloat16-alone.h5")
    packed("bfloat16-alone.h5")
    model.save_weights(here / "bfloat16-alone.weights.h5")
    packed("bfloat16-alone.weights.h5")
