"""The same of Keras 2.15 (tensorflow-cpu 2.15), whose files spell and wire otherwise; adds to `expected.json`. Run it after make.py, in this folder."""
import os
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import json
import pathlib

import numpy as np
import h5py
import keras
from keras import layers as L

here = pathlib.Path(__file__).resolve().parent
rng = np.random.default_rng(8)
row, column, channel = np.meshgrid(np.arange(16), np.arange(16), np.arange(3), indexing="ij")
pixels = ((37 * row + 11 * column + 71 * channel + row * column) % 256).astype("float32")[None]
expected = json.loads((here / "expected.json").read_text())


def backbone():
    image = keras.Input((16, 16, 3), name="image")
    x = L.ReLU(6.0, name="relu")(L.BatchNormalization(name="bn")(L.Conv2D(4, 3, strides=2, use_bias=False, name="conv")(image)))
    x = L.DepthwiseConv2D(3, padding="same", activation="hard_sigmoid", name="depthwise")(x)
    return keras.Model(image, L.Conv2D(4, 1, name="project")(x), name="net")


def save(name, model):
    for layer in model.submodules:
        if isinstance(layer, L.BatchNormalization):
            n = layer.gamma.shape[0]
            layer.set_weights([rng.uniform(.5, 1.5, n), rng.normal(0, .1, n), rng.normal(0, .1, n), rng.uniform(.5, 2, n)])
    model.save(here / f"{name}.h5", include_optimizer=True)
    expected[name] = model.predict(pixels, verbose=0)[0].ravel().astype(float).tolist()


keras.utils.set_random_seed(8)
# What Teachable Machine saves: models in models, all weights of each under the outer name, trained.
model = keras.Sequential([keras.Sequential([backbone(), L.GlobalAveragePooling2D()]),
                          keras.Sequential([L.Dense(6, activation="relu"), L.Dense(2, use_bias=False, activation="softmax")])])
model.build((None, 16, 16, 3))
model.compile("adam", "categorical_crossentropy")
model.fit(pixels, np.array([[0.0, 1.0]]), verbose=0)
save("teachable", model)
# Functions of a functional model, and the second network of a session: its weights, not its layers, have numbers.
image = keras.Input((16, 16, 3))
x = backbone()(keras.applications.mobilenet_v2.preprocess_input(image))
save("session", keras.Model(image, L.Dense(3, activation="softmax")(L.Flatten()(x)), name="second"))
with h5py.File(here / "session.h5", "r+") as file:
    group = file["model_weights/net"]
    names = [n if isinstance(n, str) else n.decode() for n in group.attrs["weight_names"]]
    numbered = [n.replace("/", "_1/", 1) for n in names]
    values = [group[n][()] for n in names]
    for n in {n.split("/")[0] for n in names}:
        del group[n]
    for n, v in zip(numbered, values):
        group.create_dataset(n, data=v)
    group.attrs["weight_names"] = numbered
(here / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")
