"""Whole models whose scores come in many ways, and networks that only look like them: for each what Keras gives for one image, what
it gives at the tensor where features end, and what is left out without the classifier: `expected.json`.
Normalisations along several axes are here, too. The image is that of `../tops/make.py`. Needs Keras 3.10 or later, and `tf_keras`
for the models of `legacy`. Run it in this folder."""
import gzip
import json
import os
import pathlib

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import keras
import numpy as np
import tf_keras

here = pathlib.Path(__file__).resolve().parent
row, column, channel = np.meshgrid(np.arange(16), np.arange(16), np.arange(3), indexing="ij")
pixels = ((37 * row + 11 * column + 71 * channel + row * column) % 256).astype("float32")[None]
expected = {}


def write(name, suffix, model):
    path = here / f"{name}{suffix}"
    model.save(path)
    (here / f"{name}{suffix}.gz").write_bytes(gzip.compress(path.read_bytes(), 9, mtime=0))
    path.unlink()


def save(name, image, output, features=None, suffix=".keras", keras=keras):
    """`features`: the tensor where they end."""
    model = keras.Model(image, output, name=name)
    rng = np.random.default_rng(len(name))
    for layer in model.layers:
        if layer.get_weights() and not layer.name.startswith(("normalization", "front")):
            layer.set_weights([rng.uniform(0.5, 1.5, w.shape) if w.ndim == 1 else rng.normal(0, 0.5, w.shape) for w in layer.get_weights()])
    write(name, suffix, model)
    record = {}
    if not isinstance(output, list):
        record["scores"] = model.predict(pixels, verbose=0)[0].ravel().astype(float).tolist()
    if features is not None:
        record["features"] = keras.Model(image, features).predict(pixels, verbose=0)[0].ravel().astype(float).tolist()
        if len(features.shape) == 2:  # What was pooled is normalised: without pooling, features are what is pooled.
            maps = keras.Model(image, model.get_layer("body").output)
            record["maps"] = maps.predict(pixels, verbose=0)[0].ravel().astype(float).tolist()
    expected[name] = record


def body(front=None, keras=keras):
    L = keras.layers
    image = keras.Input((16, 16, 3))
    x = (front or L.Rescaling(1 / 255))(image)
    x = L.Conv2D(4, 3, strides=2, activation="relu", name="stem")(x)
    return image, L.Conv2D(6, 3, activation="tanh", name="body")(x)


L = keras.layers
mean = L.GlobalAveragePooling2D


def case(name, build, **settings):
    """`build` gives the output, and where features end if that is not the body."""
    image, x = body()
    result = build(x)
    output, features = result if isinstance(result, tuple) else (result, x)
    save(name, image, output, features, **settings)


keras.utils.set_random_seed(1)
# Maps of scores that no activation follows, or that a sigmoid does; pooled otherwise than over all pixels.
case("bare", lambda x: mean()(L.Conv2D(4, 1, name="classes")(L.Dropout(0.1)(x))))
case("separable", lambda x: mean()(L.SeparableConv2D(4, 1, name="classes")(x)))
case("averaged", lambda x: L.Softmax()(L.Flatten()(L.AveragePooling2D(5)(L.Conv2D(4, 1, name="classes")(x)))))
case("largest", lambda x: L.Reshape((4,))(L.MaxPooling2D(5)(L.SeparableConv2D(4, 1, name="classes")(x))))
case("quarters", lambda x: L.Flatten()(L.MaxPooling2D(2)(L.Conv2D(4, 1, name="classes")(x))))
case("sigmoids", lambda x: mean()(L.Conv2D(4, 1, activation="sigmoid", name="classes")(x)))
case("softmaxes", lambda x: L.Flatten()(L.AveragePooling2D(5)(L.Conv2D(4, 1, activation="softmax", name="classes")(x))))
# Of every pixel: no classifier of images.
case("segments", lambda x: L.Softmax()(L.Reshape((25, 4))(L.Conv2D(4, 1, name="classes")(x))))
# What stands behind a dense layer.
case("shaped", lambda x: L.Reshape((4,))(L.Activation("softmax")(L.Dense(4)(mean()(x)))))
case("column", lambda x: L.Reshape((4, 1))(L.Softmax()(L.Dense(4)(mean()(x)))))
case("temperature", lambda x: L.Softmax()(L.Dense(4)(L.Flatten()(x)) / 2.5))
case("rescaled", lambda x: L.Softmax()(L.Rescaling(0.5)(L.Dense(4)(mean()(x)))))
case("kept", lambda x: L.Dense(4, activation="softmax")(mean(keepdims=True)(x)))
case("flattened", lambda x: L.Flatten()(L.Dense(4, activation="softmax")(L.Dense(5, activation="relu")(mean(keepdims=True)(x)))))
case("reshaped", lambda x: L.Softmax()(L.Reshape((4,))(L.Dense(4)(mean(keepdims=True)(x)))), suffix=".h5")


# What was pooled is normalised, with layers between that change nothing.
def normalised(normalise, *between):
    def build(x):
        y = x
        for layer in between:
            y = layer(y)
        y = normalise(y)
        return L.Dense(4, activation="softmax")(L.Dropout(0.2)(y)), y
    return build


case("dropped", normalised(L.LayerNormalization(name="norm"), mean(), L.Dropout(0.3)))
case("rowed", normalised(L.LayerNormalization(name="norm"), mean(keepdims=True), L.Dropout(0.3), L.Flatten()))
case("batched", normalised(L.LayerNormalization(name="norm"), mean(), L.BatchNormalization(), L.Dropout(0.3), L.Reshape((6,))))
case("wide", lambda x: L.Dense(4, activation="softmax")(L.LayerNormalization()(L.Flatten()(x))))


# Several branches that score.
def branches(join, dense=True):
    def build(x):
        pooled = mean()(x)
        other = L.Dense(4, activation="softmax")(pooled) if dense else L.Softmax()(mean()(L.Conv2D(4, 1)(x)))
        return join([L.Dense(4, activation="softmax")(pooled), other])
    return build


case("ensemble", branches(L.Average()))
case("committee", branches(L.Average(), dense=False))
case("pair", branches(lambda scores: scores))
case("mixture", branches(lambda scores: scores, dense=False))
case("summits", lambda x: (lambda maps: L.Concatenate()([mean()(maps), L.GlobalMaxPooling2D()(maps)]))(L.Conv2D(4, 1)(x)))
# Networks without a classifier stay what they are.
for name, build in {
    "activated": lambda x: L.Conv2D(6, 3, activation="relu")(x),
    "standardised": lambda x: L.BatchNormalization()(L.Conv2D(6, 3)(x)),
    "pooled": lambda x: L.MaxPooling2D()(L.Conv2D(6, 3, activation="relu")(x)),
    "residual": lambda x: L.Add()([L.Conv2D(6, 3, padding="same")(x), x]),
}.items():
    case(name, lambda x: (lambda y: (y, y))(build(x)))

# Means and variances along axes of the image.
images = np.random.default_rng(5).uniform(0, 255, (9, 16, 16, 3)).astype("float32")
numbers = np.random.default_rng(6).uniform(80, 120, (16, 16, 3))
for name, axes in (("everywhere", (1, 2, 3)), ("places", (1, 2)), ("rows", 1), ("columns", (2, -1))):
    layer = L.Normalization(axis=axes)
    layer.adapt(images)
    image, x = body(layer)
    save(name, image, L.Dense(4, activation="softmax")(mean()(x)))
image, x = body(L.Normalization(axis=(1, 2, 3), mean=numbers, variance=50 * numbers))
save("given", image, L.Dense(4, activation="softmax")(mean()(x)))
image, x = body(L.Normalization(axis=(1, 2, 3), mean=numbers[..., :1] / 100, variance=numbers[..., :1] ** -2, invert=True))
save("given_inverted", image, L.Dense(4, activation="softmax")(mean()(x)))
# tf.keras does not name the numbers of a normalisation inside another model.
for name, axes in (("legacy", -1), ("legacy_overall", None), ("legacy_everywhere", (1, 2, 3))):
    layer = tf_keras.layers.Normalization(axis=axes)
    layer.adapt(images)
    front = tf_keras.Sequential([tf_keras.Input((16, 16, 3)), layer, tf_keras.layers.Conv2D(3, 1, name="mix")], name="front")
    image, x = body(front, tf_keras)
    save(name, image, tf_keras.layers.Dense(4, activation="softmax")(tf_keras.layers.GlobalAveragePooling2D()(x)), suffix=".h5", keras=tf_keras)

# Names that look alike, and with blanks; a model that learns nothing.

def called(*names):
    image = keras.Input((16, 16, 3))
    x = L.Conv2D(6, 3, activation="tanh", name=names[1])(L.Conv2D(4, 3, activation="relu", name=names[0])(image))
    return image, L.Dense(4, activation="softmax", name="t" * 300)(mean()(x))


# TensorFlow does not run layers of such names: the numbers are those of a twin.
for name, names in (("alike", ("caf\u00e9", "cafe\u0301")), ("blanks", ("my conv\n", "my_conv_"))):
    model, twin = (keras.Model(*called(*names), name=name) for names in (names, ("first", "second")))
    twin.set_weights([np.random.default_rng(7).normal(0, 0.5, w.shape) for w in twin.get_weights()])
    model.set_weights(twin.get_weights())
    write(name, ".h5", model)
    expected[name] = {"scores": twin.predict(pixels, verbose=0)[0].astype(float).tolist()}
image = keras.Input((16, 16, 3))
save("weightless", image, L.Softmax()(mean()(L.Rescaling(1 / 255)(image))))


# Branches of different depth: one has a convolution of its own.
def depths(x):
    deeper = L.Conv2D(5, 3, activation="relu", name="deeper")(x)
    return L.Average()([L.Dense(4, activation="softmax")(mean()(y)) for y in (x, deeper)])


case("depths", depths)
(here / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")
