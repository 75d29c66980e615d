"""Whole models that Keras 3 saved: a small network, and others with its layers, names and shapes that compute something else.
Needs Keras. Run it in this folder."""
import os
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import pathlib

import keras
from keras import layers as L


def network(strides=1, pool=L.MaxPooling2D, epsilon=1e-3, swapped=False, front=False):
    keras.backend.clear_session()
    keras.utils.set_random_seed(1)
    image = keras.Input((16, 16, 3), name="image")
    x = L.RandomFlip(name="flip")(image) if front else image
    x = L.Conv2D(4, 3, name="stem")(x)
    x = L.BatchNormalization(epsilon=epsilon, name="stem_bn")(x)
    x = L.ReLU(name="stem_relu")(x) if front else L.Activation("relu", name="stem_relu")(x)
    x = pool(2, name="stem_pool")(x)
    left = L.Conv2D(4, 1, strides=strides, name="left")(x)
    right = L.Conv2D(4, 1, strides=strides, name="right")(x)
    right = L.Dropout(0.2, name="right_drop")(right)
    return keras.Model(image, L.Add(name="sum")([right, left] if swapped else [left, right]), name="small")


here = pathlib.Path(__file__).resolve().parent
(here / "small.json").write_text(network().to_json())
for name, changes in {
    "same": {}, "swapped": {"swapped": True}, "front": {"front": True}, "strides": {"strides": 2},
    "pooling": {"pool": L.AveragePooling2D}, "epsilon": {"epsilon": 1e-5},
}.items():
    network(**changes).save(here / f"{name}.h5")
inside = network(pool=L.AveragePooling2D)
keras.Sequential([keras.Input((16, 16, 3)), L.Rescaling(1.0), inside, L.Flatten(), L.Dense(2, name="top")]).save(here / "inside.h5")
for name, front in {"rescaled": [L.RandomFlip(), L.Rescaling(1 / 255, name="scale")], "flipped": [L.RandomFlip()]}.items():
    keras.Sequential([keras.Input((16, 16, 3)), *front, network(), L.Flatten(), L.Dense(2, name="top")]).save(here / f"{name}.h5")
whole = network()
x = L.Dense(2, name="top")(L.GlobalAveragePooling2D(name="pool")(whole.output))
keras.Model(whole.input, x, name="small_with_top").save(here / "with_top.h5")

whole = network()
x = L.LayerNormalization(name="norm")(L.GlobalAveragePooling2D(name="pool")(whole.output))
keras.Model(whole.input, L.Dense(2, name="top")(x), name="small_with_norm").save(here / "normed.h5")

# Two networks that read one image, and the network with a pooling of its own.
image = keras.Input((16, 16, 3))
other = keras.Sequential([keras.Input((16, 16, 3)), L.Conv2D(5, 3, activation="relu", name="beside")], name="other")
joined = L.Concatenate(name="joined")([L.GlobalAveragePooling2D()(network()(image)), L.GlobalMaxPooling2D()(other(image))])
two = keras.Model(image, L.Dense(2, activation="softmax", name="top")(joined), name="two")
two.save(here / "two.h5")
whole = network()
keras.Model(whole.input, L.GlobalMaxPooling2D(name="largest")(whole.output), name="small").save(here / "largest.h5")

# The second network of a session, in a file of weights alone: numbers behind the names of all its layers.
import shutil

import h5py

shutil.copy(here / "inside.h5", here / "second.h5")
with h5py.File(here / "second.h5", "r+") as file:
    del file.attrs["model_config"]
    group = file["model_weights/small"]
    names = [n if isinstance(n, str) else n.decode() for n in group.attrs["weight_names"]]
    values = [group[n][()] for n in names]
    for n in list(group.keys()):
        del group[n]
    numbered = ["_1/".join(n.split("/")[-2:]) + ":0" for n in names]
    for n, v in zip(numbered, values):
        group.create_dataset(n, data=v)
    group.attrs["weight_names"] = numbered

# What each computes of an image of 16x16 whose pixel (row, column, channel) is (37 row + 11 column + 71 channel) mod 256.
import json

import numpy as np

row, column, channel = np.meshgrid(np.arange(16), np.arange(16), np.arange(3), indexing="ij")
pixels = ((37 * row + 11 * column + 71 * channel) % 256).astype("float32")[None]
expected = {name: keras.models.load_model(here / f"{name}.h5").predict(pixels, verbose=0).ravel().astype(float).tolist()
            for name in ("strides", "epsilon", "pooling", "inside", "rescaled", "largest")}
two = keras.models.load_model(here / "two.h5")
expected["two"] = keras.Model(two.input, two.get_layer("joined").output).predict(pixels, verbose=0).ravel().astype(float).tolist()
(here / "expected.json").write_text(json.dumps(expected) + "\n")
