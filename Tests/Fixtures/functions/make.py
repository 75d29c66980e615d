"""Functional models of functions, `keras.ops` and TensorFlow's, on images of odd sizes, each with what Keras predicts for one
image: `expected.json`; and calls of functions that no layer here computes: `refused.json`.
The image is 13x11: pixel (row, column, channel) is (37 row + 11 column + 71 channel + row column) mod 256.
Usage: python make.py, once with Keras 3.15 and once, with the argument tf_keras, with tf_keras 2.21."""
import os
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import gzip
import json
import pathlib
import sys

import numpy as np
import tensorflow as tf

if "tf_keras" in sys.argv:
    import tf_keras as keras
else:
    import keras

    ops = keras.ops
isKeras3 = keras.__version__.startswith("3.")
L = keras.layers
here = pathlib.Path(__file__).resolve().parent
rng = np.random.default_rng(11)
height, width = 13, 11
row, column, channel = np.meshgrid(np.arange(height), np.arange(width), np.arange(3), indexing="ij")
pixels = ((37 * row + 11 * column + 71 * channel + row * column) % 256).astype("float32")[None]


def start(reverses=False):
    """The image, and a map of four channels, some numbers of which are below 0."""
    image = keras.Input((height, width, 3), name="image")
    x = image[:, :, :, ::-1] if reverses else image
    return image, L.Conv2D(4, 3, padding="same", name="conv")(x / 127.5 - 1)


def classified(x):
    if len(x.shape) == 4:
        x = L.GlobalAveragePooling2D()(x)
    return L.Dense(3, activation="softmax", name="answer")(x)


def total(values):
    values = list(values)
    x = values[0]
    for value in values[1:]:
        x = x + value
    return x


def load(name, default):
    path = here / name
    return json.loads(path.read_text()) if path.exists() else default


expected, refused = load("expected.json", {}), load("refused.json", {})


def save(name, image, x, optimizer=None):
    model = keras.Model(image, classified(x), name=name)
    if optimizer is not None:
        model.compile(optimizer, "categorical_crossentropy")
    model.set_weights([rng.normal(0, .3, w.shape) ** (2 if "variance" in w.name else 1) for w in model.weights])
    # Features of which all count: no class is certain.
    answer = model.get_layer("answer")
    features = keras.Model(image, answer.input).predict(pixels, verbose=0)
    answer.set_weights([rng.normal(0, 1, (features.size, 3)) / np.linalg.norm(features), rng.normal(0, .1, 3)])
    path = here / f"{name}.h5"
    model.save(path)
    (here / f"{name}.h5.gz").write_bytes(gzip.compress(path.read_bytes(), 9, mtime=0))
    path.unlink()
    if isKeras3:
        path = here / f"{name}.keras"
        model.save(path)
        (here / f"{name}.keras.gz").write_bytes(gzip.compress(path.read_bytes(), 9, mtime=0))
        path.unlink()
    expected[name] = model.predict(pixels, verbose=0)[0].ravel().astype(float).tolist()
    keras.backend.clear_session()


def refuse(name, call):
    image, x = start()
    y = call(x)
    refused[name] = keras.Model(image, y, name="refused").to_json()
    keras.backend.clear_session()


def keras3():
    image, x = start(reverses=True)
    x = total(f(x) for f in (ops.relu, ops.relu6, ops.sigmoid, ops.tanh, ops.gelu, ops.silu, ops.elu, ops.selu, ops.softplus, ops.softsign,
                             ops.hard_sigmoid, ops.hard_silu, ops.leaky_relu, ops.exp, ops.negative, ops.stop_gradient,
                             lambda x: ops.gelu(x, approximate=False), lambda x: ops.leaky_relu(x, negative_slope=.3),
                             lambda x: ops.elu(x, alpha=.5), lambda x: ops.softmax(x, axis=3), ops.softmax,
                             lambda x: ops.cast(x, "float32"), ops.convert_to_tensor,
                             keras.activations.relu, keras.activations.gelu, keras.activations.softmax,
                             lambda x: keras.activations.relu(x, max_value=.5, negative_slope=.1)))
    save("activations", image, x)
    image, x = start()
    y = ops.maximum(ops.subtract(x, ops.multiply(x, x)), ops.minimum(x, 0.5 - x))
    y = ops.add(y, np.array([.1, .2, .3, .4], "float32")) * 2
    y = ops.concatenate([y, ops.clip(x, 0.0, .75)], axis=-1)
    y = ops.concatenate([y, ops.minimum(ops.maximum(x, 0), .25)], axis=3)
    save("joined", image, ops.true_divide(y, 0.7))
    image, x = start()
    y = ops.pad(x, [[0, 0], [1, 2], [0, 3], [0, 0]])
    y = ops.pad(y, [[0, 0], [0, 1], [1, 0], [0, 0]], constant_values=0.0)
    y = ops.max_pool(y, (3, 2), (2, 1), padding="same")
    y = ops.average_pool(y, 3, 2, padding="same")
    y = ops.average_pool(y, 2, padding="valid")
    y = ops.image.resize(y, (5, 9))
    y = L.Conv2D(5, 3, name="odd")(ops.image.resize(y, (7, 6), interpolation="nearest"))
    save("windows", image, y)
    image, x = start()
    y = L.Conv2D(4, (1, 3), name="turned")(ops.transpose(x, (0, 2, 1, 3)))
    y = L.Conv2D(2, (3, 1), name="back")(ops.swapaxes(y, 1, -2))
    y = ops.reshape(y, (-1, 11 * 9, 1, 2))
    y = ops.squeeze(ops.expand_dims(ops.squeeze(y, axis=2), -2), -2)
    save("shapes", image, ops.reshape(y, (-1, 11 * 9 * 2)))
    image, x = start()
    means, most = ops.mean(x, axis=[1, 2]), ops.max(x, axis=(-3, -2))
    squeezed = ops.squeeze(ops.mean(x, axis=[1, 2], keepdims=True), axis=(1, 2))
    gate = ops.expand_dims(ops.expand_dims(ops.sigmoid(L.Dense(4, name="gate")(means)), 1), 1)
    y = ops.concatenate([means, most, squeezed, ops.amax(ops.multiply(x, gate), axis=[2, 1])], axis=1)
    y = L.BatchNormalization(axis=1, name="rows")(L.Dense(5, name="hidden")(y))
    save("pooled", image, ops.softmax(y, axis=1))
    # Numbers that are not finite, in settings that do not matter to what is computed.
    image, x = start()
    x = L.Conv2D(4, 3, kernel_constraint=keras.constraints.MaxNorm(float("inf")), bias_initializer=keras.initializers.Constant(float("nan")))(x)
    x = L.ReLU(max_value=float("inf"), negative_slope=.1)(x)
    save("endless", image, x, keras.optimizers.SGD(float("inf")))
    for name, call in {
        "softmax over rows": lambda x: ops.softmax(x, axis=1), "log_softmax": ops.log_softmax, "square": ops.square,
        "mean of rows": lambda x: ops.mean(x, axis=1), "mean of channels": lambda x: ops.mean(x, axis=-1, keepdims=True),
        "max from": lambda x: ops.max(x, axis=[1, 2], initial=0.0), "sum": lambda x: ops.sum(x, axis=[1, 2]),
        "clip around": lambda x: ops.clip(x, -1.0, 1.0), "minimum": lambda x: ops.minimum(x, 6.0), "power": lambda x: x**2,
        "ratio": lambda x: x / (ops.relu(x) + 1), "inverse": lambda x: 1 / (ops.relu(x) + 1),
        "concatenate rows": lambda x: ops.concatenate([x, ops.relu(x)], axis=1), "pad channels": lambda x: ops.pad(x, [[0, 0], [0, 0], [0, 0], [0, 1]]),
        "pad ones": lambda x: ops.pad(x, [[0, 0], [1, 1], [1, 1], [0, 0]], constant_values=1.0),
        "pad mirrored": lambda x: ops.pad(x, [[0, 0], [1, 1], [1, 1], [0, 0]], mode="reflect"), "flip": lambda x: ops.flip(x, axis=1),
        "rows": lambda x: x[:, 1:-1], "normalize": ops.normalize,
        "resize blurred": lambda x: ops.image.resize(x, (7, 5), antialias=True),
    }.items():
        refuse(name, call)


def keras2():
    image, x = start(reverses=True)
    x = total([tf.nn.relu(x), tf.sigmoid(x), tf.tanh(x), tf.nn.swish(x), tf.nn.gelu(x), tf.nn.leaky_relu(x, alpha=.3), tf.nn.softplus(x),
               tf.nn.softsign(x), tf.exp(x), tf.nn.softmax(x, axis=3), tf.nn.softmax(x), -x, tf.identity(x), tf.nn.elu(x), tf.nn.selu(x),
               keras.activations.relu(x, max_value=6.0), keras.backend.hard_sigmoid(x), tf.math.l2_normalize(x, axis=-1)])
    save("tf_activations", image, x)
    image, x = start()
    y = tf.concat([x, tf.clip_by_value(x, 0, .75)], 3)
    y = keras.backend.concatenate([y, tf.minimum(tf.maximum(x, 0.0), .25)])
    y = tf.nn.max_pool(tf.pad(y, [[0, 0], [1, 2], [0, 3], [0, 0]]), 2, 2, "SAME")
    y = tf.nn.avg_pool2d(tf.transpose(y, [0, 2, 1, 3]), 3, 1, "VALID")
    y = tf.image.resize(y, [7, 5])
    save("tf_windows", image, tf.reshape(y, (-1, 7 * 5 * 12)))
    image, x = start()
    y = tf.concat([tf.reduce_mean(x, axis=[1, 2]), tf.reduce_max(x, axis=[1, 2]), tf.squeeze(tf.reduce_mean(x, [1, 2], keepdims=True), [1, 2])], 1)
    y = L.Concatenate(axis=1)([y, L.GlobalMaxPooling2D()(x)])
    # Keras 2 writes the axis that it is: 1.
    y = L.LayerNormalization(name="layer")(L.BatchNormalization(name="batch")(L.Dense(5, name="hidden")(y)))
    save("tf_pooled", image, L.Softmax(axis=1)(y))
    refuse("tf mean of rows", lambda x: tf.reduce_mean(x, axis=1))


keras3() if isKeras3 else keras2()
for name, value in (("expected.json", expected), ("refused.json", refused)):
    (here / name).write_text(json.dumps(value, indent=1, sort_keys=True) + "\n")
