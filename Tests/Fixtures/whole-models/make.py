"""Whole models as people save them, each with what Keras predicts for one image: `expected.json`.
The image is 16x16: pixel (row, column, channel) is (37 row + 11 column + 71 channel + row column) mod 256.
Needs Keras 3. Run it in this folder."""
import os
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import json
import pathlib
import shutil

import h5py
import keras
import numpy as np
from keras import layers as L

here = pathlib.Path(__file__).resolve().parent
rng = np.random.default_rng(7)
row, column, channel = np.meshgrid(np.arange(16), np.arange(16), np.arange(3), indexing="ij")
pixels = ((37 * row + 11 * column + 71 * channel + row * column) % 256).astype("float32")[None]
expected = {}


def backbone(name="small", channels=3):
    image = keras.Input((16, 16, channels))
    x = L.Conv2D(4, 3, strides=2, name="stem", use_bias=False)(image)
    x = L.BatchNormalization(epsilon=1e-5, name="stem_bn")(x)
    x = L.ReLU(6.0, name="stem_relu")(x)
    y = L.DepthwiseConv2D(3, padding="same", name="depthwise")(x)
    y = L.Conv2D(4, 1, activation="swish", name="project")(y)
    x = L.Add(name="add")([x, y])
    return keras.Model(image, x, name=name)


def shake(model):
    for layer in model.layers:
        if isinstance(layer, keras.Model):
            shake(layer)
        elif isinstance(layer, L.BatchNormalization):
            n = layer.gamma.shape[0]
            layer.set_weights([rng.uniform(.5, 1.5, n), rng.normal(0, .1, n), rng.normal(0, .1, n), rng.uniform(.5, 2, n)])


def save(name, model, x=pixels):
    shake(model)
    model.save(here / f"{name}.h5")
    expected[name] = model.predict(x, verbose=0)[0].ravel().astype(float).tolist()


def sequential(name, *layers, channels=3):
    return keras.Sequential([keras.Input((16, 16, channels)), *layers], name=name)


keras.utils.set_random_seed(7)
# A backbone and a head, pixels scaled inside.
save("rescaled", sequential("pets", L.RandomFlip(), L.Rescaling(1 / 127.5, offset=-1), backbone(), L.GlobalAveragePooling2D(),
                            L.Dropout(0.2), L.Dense(3, activation="softmax")))
# Three models deep, two of them with a layer of one name.
inner = keras.Sequential([L.Conv2D(3, 3, padding="same", name="conv", activation="relu"), backbone()], name="inner")
outer = keras.Sequential([L.Rescaling(1 / 255), L.Conv2D(3, 1, name="conv"), inner], name="outer")
deep = sequential("deep", outer, keras.Sequential([L.Flatten(), L.Dense(5, activation="relu")], name="head"),
                  L.Dense(2, activation="softmax"))
deep.build((None, 16, 16, 3))
save("deep", deep)
# Layers with weights in front of the backbone; a head with a batch normalisation.
normalization = L.Normalization()
normalization.adapt(rng.uniform(0, 255, (8, 16, 16, 3)).astype("f4"))
save("front", sequential("front", normalization, L.BatchNormalization(), L.Conv2D(3, 1), backbone(), L.Flatten(),
                         L.Dense(6), L.BatchNormalization(), L.LeakyReLU(0.1), L.Dense(1, activation="sigmoid")))
# Functions of a functional model, and the channels of the image turned round.
image = keras.Input((16, 16, 3))
x = backbone()((image / 127.5 - 1.0) * 2.0)
x = L.GlobalMaxPooling2D()(keras.ops.relu(3.0 - x))
save("operators", keras.Model(image, L.Dense(4, activation="softmax")(x), name="operators"))
image = keras.Input((16, 16, 3))
x = backbone()(keras.applications.resnet50.preprocess_input(image))
save("caffe", keras.Model(image, L.Dense(3, activation="softmax")(L.GlobalAveragePooling2D()(x)), name="caffe"))
# A classifier of a convolution, as MobileNet has it; no scaling inside.
image = keras.Input((16, 16, 3))
x = L.GlobalAveragePooling2D(keepdims=True)(backbone()(image))
x = L.Reshape((5,))(L.Conv2D(5, 1, name="preds")(L.Dropout(0.1)(x)))
save("convolution", keras.Model(image, L.Activation("softmax", name="predictions")(x), name="mobile"))
# No dense layer at all.
image = keras.Input((16, 16, 3))
x = L.GlobalAveragePooling2D()(L.Conv2D(3, 3, padding="same")(L.Rescaling(1 / 255)(image)))
save("averages", keras.Model(image, L.Activation("softmax")(x), name="Mini_XCEPTION"))
# One channel: gray.
save("gray", sequential("gray", L.Rescaling(1 / 255), backbone(channels=1), L.Flatten(), L.Dense(2, activation="softmax"), channels=1),
     np.floor((pixels @ np.array([19595, 38470, 7471], "float64") + 0x8000) / 65536)[..., None].astype("float32"))
# Features alone.
save("features", keras.Model(image := keras.Input((16, 16, 3)), backbone()(L.Rescaling(1 / 255)(image)), name="features"))
# Resized and cut out inside the model.
save("resized", sequential("resized", L.Resizing(13, 11), L.CenterCrop(9, 8), L.Rescaling(1 / 255), L.Conv2D(4, 3, activation="relu"),
                           L.GlobalAveragePooling2D(), L.Dense(3, activation="softmax")))
# Numbers that are no classes, and scores that are, from the same layers.
numbers = sequential("ages", L.Rescaling(1 / 255), backbone(), L.GlobalAveragePooling2D(), L.Dense(1))
numbers.compile(loss="mse", optimizer="adam")
save("regression", numbers)
scores = sequential("scores", L.Rescaling(1 / 255), backbone(), L.GlobalAveragePooling2D(), L.Dense(1))
scores.compile(loss=keras.losses.BinaryCrossentropy(from_logits=True), optimizer="adam")
save("scores", scores)
# Last activations that are neither softmax nor sigmoid; a softmax that is not the last; scores that were each trained for itself.
for name, units, activation in (("hard", 3, "hard_sigmoid"), ("softplus", 3, "softplus")):
    save(name, sequential(name, L.Rescaling(1 / 255), backbone(), L.GlobalAveragePooling2D(), L.Dense(units, activation=activation)))
save("doubled", sequential("doubled", L.Rescaling(1 / 255), backbone(), L.GlobalAveragePooling2D(), L.Dense(3, activation="softmax"),
                           L.Rescaling(2.0)))
marks = sequential("marks", L.Rescaling(1 / 255), backbone(), L.GlobalAveragePooling2D(), L.Dense(4))
marks.compile(loss=keras.losses.BinaryCrossentropy(from_logits=True), optimizer="adam")
save("marks", marks)
(here / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")

# A classifier whose kernel is none that its architecture describes.
shutil.copy(here / "rescaled.h5", here / "misshapen.h5")
with h5py.File(here / "misshapen.h5", "r+") as file:
    kernels = []
    file.visititems(lambda name, item: kernels.append(name) if isinstance(item, h5py.Dataset) and item.shape == (4, 3) else None)
    del file[kernels[0]]
    file[kernels[0]] = np.zeros((5, 3), "float32")
