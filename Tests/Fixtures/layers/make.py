"""Layers as Keras computes them: small models, their weights, an input and its output each.

    VENV/bin/python Tests/Fixtures/layers/make.py

writes `cases.safetensors`. The metadata's `cases` has what `model.to_json()` says of each case, without what says nothing
about arithmetic; its tensors are called `CASE:input`, `CASE:output` and `CASE:LAYER/ROLE`, a role being Keras's name
for a weight. Numbers depend on a
case's name alone, so that a new case leaves the others as they are.
"""

import json
import os
import pathlib
import zlib

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["CUDA_VISIBLE_DEVICES"] = ""

import keras
import numpy as np
from keras import layers as L
from safetensors.numpy import save_file

CASES = {}


def case(build, height=7, width=9, channels=3, name=None):
    """Registers a model: `build` makes the output of the input."""
    CASES[name or build.__name__] = (build, (height, width, channels))
    return build


def each(prefix, makers, **size):
    """A case for each layer of `makers`, behind a convolution that makes many channels of three."""
    for name, (maker, filters) in makers.items():
        def build(x, maker=maker, filters=filters):
            return maker()(L.Conv2D(filters, 1, name="stem")(x))
        case(build, name=f"{prefix}_{name}", **size)


each("activation", {
    "leaky_relu": (lambda: L.LeakyReLU(negative_slope=0.17, name="layer"), 5),
    "leaky_relu_default": (lambda: L.LeakyReLU(name="layer"), 19),
    "relu": (lambda: L.ReLU(name="layer"), 3),
    "relu6": (lambda: L.ReLU(6.0, name="layer"), 17),
    "relu_of_all": (lambda: L.ReLU(max_value=0.9, negative_slope=0.2, threshold=0.1, name="layer"), 8),
    "elu": (lambda: L.ELU(alpha=0.7, name="layer"), 11),
    "softmax": (lambda: L.Softmax(name="layer"), 13),
})


each("normalization", {"unit": (lambda: L.UnitNormalization(name="layer"), 13)})


NOISE = ("_initializer", "_regularizer", "_constraint", "dtype", "registered_name", "build_config", "module",
         "compile_config", "sparse", "ragged", "optional", "trainable", "renorm", "synchronized")


def thinned(value):
    if isinstance(value, dict):
        return {k: thinned(v) for k, v in value.items() if not k.endswith(NOISE)}
    return [thinned(v) for v in value] if isinstance(value, list) else value


def numbers(generator, variable):
    """Values of a weight that keep activations in range."""
    name, shape = variable.path.rsplit("/", 1)[1], tuple(variable.shape)
    if variable.dtype != "float32":
        return np.ones(shape, variable.dtype)
    if "variance" in name:
        return generator.uniform(0.5, 1.8, shape).astype(np.float32)
    spread = 1.0 if len(shape) < 2 else (3.0 / max(1, np.prod(shape[:-1]))) ** 0.5 * 1.5
    return generator.uniform(-spread, spread, shape).astype(np.float32)


def main():
    tensors, architectures = {}, {}
    for name, (build, size) in CASES.items():
        generator = np.random.default_rng(zlib.crc32(name.encode()))
        keras.backend.clear_session()
        source = keras.Input(size, name="input")
        model = keras.Model(source, build(source), name=name)
        for layer in model.layers:
            for variable in layer.weights:
                value = numbers(generator, variable)
                variable.assign(value)
                if value.dtype == np.float32:
                    tensors[f"{name}:{layer.name}/{variable.path.rsplit('/', 1)[1]}"] = value
        images = generator.uniform(-1, 1, (2, *size)).astype(np.float32)
        tensors[f"{name}:input"] = images
        tensors[f"{name}:output"] = np.asarray(model(images, training=False), np.float32)
        architectures[name] = thinned(json.loads(model.to_json()))
    path = pathlib.Path(__file__).with_name("cases.safetensors")
    save_file(tensors, path, {"cases": json.dumps(architectures, sort_keys=True, separators=(",", ":"))})
    path.chmod(0o644)


main()
