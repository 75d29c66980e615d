"""A normalisation as TensorFlow's Keras 2 keeps it in a legacy file: its variables are called `mean:0`, without the layer's name. Adds
to `expected.json`; pixels as in make.py. Needs tf_keras. Run it after make.py, in this folder."""
import gzip
import json
import os
import pathlib

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np
import tf_keras as keras
from tf_keras import layers as L

here = pathlib.Path(__file__).resolve().parent
row, column, channel = np.meshgrid(np.arange(16), np.arange(16), np.arange(3), indexing="ij")
pixels = ((37 * row + 11 * column + 71 * channel + row * column) % 256).astype("float32")[None]
expected = json.loads((here / "expected.json").read_text())
keras.utils.set_random_seed(3)
for name, options in (("overall_keras2", {"axis": None}), ("channels_keras2", {})):
    normalization = L.Normalization(**options)
    normalization.adapt(pixels)
    model = keras.Sequential([keras.Input((16, 16, 3)), normalization, L.Conv2D(4, 3, activation="relu"), L.GlobalAveragePooling2D(),
                              L.Dense(4, activation="softmax")], name=name)
    model.save(here / f"{name}.h5")
    (here / f"{name}.h5.gz").write_bytes(gzip.compress((here / f"{name}.h5").read_bytes(), 9, mtime=0))
    (here / f"{name}.h5").unlink()
    expected[name] = {"scores": model.predict(pixels, verbose=0)[0].astype(float).tolist()}
(here / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")
