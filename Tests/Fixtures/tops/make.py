"""Classifiers that end otherwise than in pooling or flattening and dense layers, and layers that are seldom written, each with what
Keras gives for one image, and what its layers below the classifier give: `expected.json`.
The image is 16x16: pixel (row, column, channel) is (37 row + 11 column + 71 channel + row column) mod 256.
Needs Keras 3.10 or later. Run it in this folder."""
import gzip
import json
import os
import pathlib

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import keras
import numpy as np
from keras import layers as L
from keras import ops

here = pathlib.Path(__file__).resolve().parent
row, column, channel = np.meshgrid(np.arange(16), np.arange(16), np.arange(3), indexing="ij")
pixels = ((37 * row + 11 * column + 71 * channel + row * column) % 256).astype("float32")[None]
expected = {}


def packed(name, suffix, write):
    write(here / f"{name}{suffix}")
    (here / f"{name}{suffix}.gz").write_bytes(gzip.compress((here / f"{name}{suffix}").read_bytes(), 9, mtime=0))
    (here / f"{name}{suffix}").unlink()


def save(name, image, output, features=None, suffix=".keras"):
    """`features`: the layer below the classifier, and how it is pooled."""
    model = keras.Model(image, output, name=name)
    rng = np.random.default_rng(len(name))
    for weight in model.weights:
        if "seed" not in weight.path and "normalization" not in weight.path and "overall" not in weight.path:
            weight.assign(rng.normal(0, 0.5, weight.shape))
    packed(name, suffix, model.save if suffix != ".weights.h5" else model.save_weights)
    if suffix == ".weights.h5":
        (here / f"{name}.json").write_text(model.to_json() + "\n")
    record = {}
    if not isinstance(output, list):
        record["scores"] = model.predict(pixels, verbose=0)[0].ravel().astype(float).tolist()
    if features is not None:
        tensor, pooling = features
        record["features"] = keras.Model(image, tensor).predict(pixels, verbose=0)[0].ravel().astype(float).tolist()
        record["pooling"] = pooling
    expected[name] = record


def body(scaled=None):
    image = keras.Input((16, 16, 3))
    x = (scaled or L.Rescaling(1 / 255))(image)
    x = L.Conv2D(4, 3, strides=2, activation="relu", name="stem")(x)
    return image, L.Conv2D(6, 3, activation="tanh", name="body")(x)


keras.utils.set_random_seed(1)
# What the classifier reads is all of the map.
image, x = body()
save("reshaped", image, L.Dense(4, activation="softmax")(L.Reshape((-1,))(x)), (x, "none"))
image, x = body()
y = L.Dense(5, activation="relu")(L.Flatten()(x))
save("layers", image, L.Dense(4, activation="softmax")(L.Dropout(0.5)(y)), (x, "none"))
image, x = body()
save("covering", image, L.Softmax()(L.Flatten()(L.Conv2D(4, 5)(x))), (x, "none"))
# One map a class: SqueezeNet's classifier, and one whose convolution is more than a sum of channels.
image, x = body()
y = L.GlobalAveragePooling2D()(L.Conv2D(4, 1, activation="relu")(L.Dropout(0.5)(x)))
save("squeezed", image, L.Activation("softmax")(y), (x, "none"), ".h5")
image, x = body()
save("maps", image, L.Activation("softmax")(L.GlobalAveragePooling2D()(L.Conv2D(4, 3, padding="same", name="classes")(x))), (x, "none"))
# One pixel that convolutions read, as MobileNet has it, old and new.
image, x = body()
mean = L.GlobalAveragePooling2D()(x)
y = L.Conv2D(4, 1)(L.Dropout(0.1)(L.Reshape((1, 1, 6))(mean)))
save("mobile", image, L.Activation("softmax")(L.Reshape((4,))(y)), (mean, "avg"), ".h5")
image, x = body()
mean = L.GlobalAveragePooling2D(keepdims=True)(x)
save("pixel", image, L.Activation("softmax")(L.Flatten()(L.Conv2D(4, 1, use_bias=False)(mean))), (mean, "avg"))
image, x = body()
mean = L.GlobalMaxPooling2D(keepdims=True)(x)
y = L.Conv2D(4, 1)(L.Conv2D(5, 1, activation="hard_swish")(mean))
save("twice", image, L.Activation("softmax")(L.Flatten()(y)), (mean, "max"))
# What was pooled is normalised, as in ConvNeXt.
image, x = body()
mean = L.LayerNormalization(epsilon=1e-6, name="norm")(L.GlobalAveragePooling2D()(x))
save("normalised", image, L.Dense(4, activation="softmax")(mean), (mean, "avg"))
# Several outputs.
image, x = body()
mean = L.GlobalAveragePooling2D()(x)
y = L.Dense(5, activation="relu", name="common")(mean)
save("outputs", image, [L.Dense(4, activation="softmax", name="kind")(y), L.Dense(1, name="age")(y)], (mean, "avg"))

# One mean and one variance for all channels, and the inverse.
for name, suffix in (("overall", ".keras"), ("overall_legacy", ".h5"), ("overall_weights", ".weights.h5")):
    layer = L.Normalization(axis=None, name="overall")
    layer.adapt(pixels)
    image, x = body(layer)
    save(name, image, L.Dense(4, activation="softmax")(L.GlobalAveragePooling2D()(x)), suffix=suffix)
layer = L.Normalization(invert=True, name="overall")
layer.adapt(pixels / 255)
image, x = body(layer)
save("inverted", image, L.Dense(4, activation="softmax")(L.GlobalAveragePooling2D()(ops.tanh(x))))
# Limits beyond which nothing is.
image, x = body(lambda x: ops.clip(ops.maximum(ops.minimum(x / 100 - 1, np.inf), -np.inf), 0, np.inf))
save("endless", image, L.Dense(4, activation="softmax")(L.GlobalAveragePooling2D()(ops.clip(x, -np.inf, np.inf))))
# A model of layers that act in training only, and a name of 300 bytes.
augmentation = keras.Sequential([L.RandomFlip(), L.RandomRotation(0.1), L.RandomZoom(0.1)], name="sequential")
image, x = body(augmentation)
inner = keras.Sequential([L.Conv2D(3, 1, name="n" * 300), L.GlobalAveragePooling2D()], name="sequential_1")
save("augmented", image, L.Dense(4, activation="softmax")(inner(x)))
# Scores of which nothing tells where the classifier begins: of a pixel, and put together from two.
image, x = body()
save("positions", image, L.Dense(4, activation="softmax")(L.GlobalAveragePooling2D(keepdims=True)(x)))
image, x = body()
mean = L.GlobalAveragePooling2D()(x)
save("ensemble", image, L.Average()([L.Dense(4, activation="softmax")(mean), L.Dense(4, activation="softmax")(mean)]))
# Half precision: close to this, and not equal.
keras.mixed_precision.set_global_policy("mixed_float16")
image, x = body()
save("half", image, L.Dense(4, activation="softmax", dtype="float32")(L.GlobalAveragePooling2D()(x)))
(here / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")
