"""Models whose classifier stands behind shapes that are no image: rows of numbers, images of images. Adds to `expected.json`; pixels as
in make.py. Needs Keras 3. Run it after make.py, in this folder."""
import os
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import json
import pathlib

import keras
import numpy as np
from keras import layers as L
from keras.src.applications.inception_resnet_v2 import CustomScaleLayer

here = pathlib.Path(__file__).resolve().parent
rng = np.random.default_rng(9)
row, column, channel = np.meshgrid(np.arange(16), np.arange(16), np.arange(3), indexing="ij")
pixels = ((37 * row + 11 * column + 71 * channel + row * column) % 256).astype("float32")[None]
expected = json.loads((here / "expected.json").read_text())
keras.utils.set_random_seed(9)


def save(name, *layers):
    model = keras.Sequential([keras.Input((16, 16, 3)), L.Rescaling(1 / 255), L.Conv2D(6, 3, strides=2, activation="relu"), *layers,
                              L.Dense(3, activation="softmax")], name=name)
    for layer in model.layers:
        if isinstance(layer, L.BatchNormalization):
            n = layer.gamma.shape[0]
            layer.set_weights([rng.uniform(.5, 1.5, n), rng.normal(0, .1, n), rng.normal(0, .1, n), rng.uniform(.5, 2, n)])
    model.save(here / f"{name}.h5")
    expected[name] = model.predict(pixels, verbose=0)[0].ravel().astype(float).tolist()


# A sequence of pixels, as for an attention or a recurrent layer, and what people put behind it.
save("sequence", L.Reshape((49, 6)), L.LayerNormalization(), L.Dense(5, activation="gelu"), L.BatchNormalization(), L.Flatten(),
     L.Dropout(0.2), L.Dense(4, activation="relu"))
# Rows of an image as one number row each.
save("rows", L.Reshape((7, 42)), L.Flatten())
save("volume", L.Reshape((7, 7, 2, 3)), L.Dense(4), L.Flatten())
save("turned", L.Reshape((49, 6)), L.Permute((2, 1)), L.Flatten())
# Images of any size, which the model resizes itself behind scaling them.
model = keras.Sequential([keras.Input((None, None, 3)), L.Rescaling(1 / 255), L.Resizing(11, 9), L.Conv2D(6, 3, strides=2, activation="relu"),
                          L.GlobalAveragePooling2D(), L.Dense(3, activation="softmax")], name="anysize")
model.save(here / "anysize.h5")
expected["anysize"] = model.predict(pixels, verbose=0)[0].ravel().astype(float).tolist()
# Keras repeats the second of these inputs, we do not.
image = keras.Input((16, 16, 3))
x = L.Conv2D(6, 3, strides=2)(image)
x = CustomScaleLayer(0.5, name="scaled")([x, L.GlobalAveragePooling2D(keepdims=True)(x)])
keras.Model(image, L.Dense(3, activation="softmax")(L.Flatten()(x)), name="broadcast").save(here / "broadcast.h5")
(here / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")
