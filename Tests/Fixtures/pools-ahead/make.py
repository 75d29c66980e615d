"""A network whose features are pooled ahead of its last layer, as Keras builds ConvNeXt: its weights, its architecture without
pooling, and what Keras gives for one image with each pooling, `expected.json`; and classifiers that pool behind it.
The image is 16x16: pixel (row, column, channel) is (37 row + 11 column + 71 channel + row column) mod 256.
Needs Keras 3. Run it in this folder."""
import gzip
import json
import os
import pathlib

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import keras
import numpy as np
from keras import layers as L

here = pathlib.Path(__file__).resolve().parent
row, column, channel = np.meshgrid(np.arange(16), np.arange(16), np.arange(3), indexing="ij")
pixels = ((37 * row + 11 * column + 71 * channel + row * column) % 256).astype("float32")[None]


def network(pooling):
    image = keras.Input((16, 16, 3), name="image")
    x = L.Conv2D(5, 3, strides=2, activation="gelu", name="stem")(L.Rescaling(1 / 255, name="scaled")(image))
    x = L.Conv2D(6, 3, activation="tanh", name="body")(x)
    if pooling != "none":
        x = {"avg": L.GlobalAveragePooling2D, "max": L.GlobalMaxPooling2D}[pooling]()(x)
    return keras.Model(image, L.LayerNormalization(epsilon=1e-6, name="norm")(x), name="ahead")


expected = {}
for pooling in ("none", "avg", "max"):
    model = network(pooling)
    rng = np.random.default_rng(3)
    model.set_weights([rng.normal(0, 0.4, w.shape) for w in model.get_weights()])
    expected[pooling] = model.predict(pixels, verbose=0)[0].ravel().astype(float).tolist()
    if pooling == "none":
        (here / "architecture.json").write_text(model.to_json() + "\n")
        model.save_weights(here / "ahead.weights.h5")
        (here / "ahead.weights.h5.gz").write_bytes(gzip.compress((here / "ahead.weights.h5").read_bytes(), 9, mtime=0))
        (here / "ahead.weights.h5").unlink()
# A classifier of a user's own pools what the whole network gives.
for pooling, layer in (("avg", L.GlobalAveragePooling2D), ("max", L.GlobalMaxPooling2D)):
    model = keras.Sequential([keras.Input((16, 16, 3)), network("none"), layer(), L.Dense(3, activation="softmax", name="top")])
    rng = np.random.default_rng(4)
    model.set_weights([rng.normal(0, 0.4, w.shape) for w in model.get_weights()])
    model.save(here / f"classifier-{pooling}.keras")
    expected[f"classifier {pooling}"] = model.predict(pixels, verbose=0)[0].ravel().astype(float).tolist()
(here / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")
