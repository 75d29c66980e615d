"""Weights alone of the network in `../keras-forms/backbone.json` with a global pooling behind it, as Keras 3 and its writer of older files
save them, and of a model around it with a dense layer behind: `pooled-*.gz`. What the network gives for the image of `../tops/make.py`,
pooled: `pooled.json`. Needs Keras 3.10 or later. Run it in this folder."""
import gzip
import json
import os
import pathlib

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import h5py
import keras
import numpy as np
from keras.src.legacy.saving import legacy_h5_format

here = pathlib.Path(__file__).resolve().parent
row, column, channel = np.meshgrid(np.arange(16), np.arange(16), np.arange(3), indexing="ij")
pixels = ((37 * row + 11 * column + 71 * channel + row * column) % 256).astype("float32")[None]
expected = {}


def keep(name, save):
    path = here / name
    save(path)
    (here / (name + ".gz")).write_bytes(gzip.compress(path.read_bytes(), 9, mtime=0))
    path.unlink()


def save_legacy(model, path):
    with h5py.File(path, "w") as file:
        legacy_h5_format.save_weights_to_hdf5_group(file, model)


for word, pooling in {"max": keras.layers.GlobalMaxPooling2D, "avg": keras.layers.GlobalAveragePooling2D}.items():
    keras.utils.clear_session()
    backbone = keras.models.model_from_json((here / "../keras-forms/backbone.json").read_text())
    rng = np.random.default_rng(5)
    backbone.set_weights([rng.uniform(0.5, 1.5, w.shape) if w.ndim == 1 else rng.normal(0, 0.3, w.shape) for w in backbone.get_weights()])
    model = keras.Model(backbone.input, pooling()(backbone.output), name="pooled")
    around = keras.Sequential([keras.Input((16, 16, 3)), model, keras.layers.Dense(3)])
    keep(f"pooled-{word}.weights.h5", model.save_weights)
    keep(f"pooled-{word}.h5", lambda path: save_legacy(model, path))
    keep(f"pooled-{word}-inside.weights.h5", around.save_weights)
    expected[word] = [float(f"{number:.8g}") for number in model.predict(pixels, verbose=0)[0]]
(here / "pooled.json").write_text(json.dumps(expected) + "\n")
