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
from keras.src.applications import convnext, inception_resnet_v2
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

each("pooling", {
    "global_average_keepdims": (lambda: L.GlobalAveragePooling2D(keepdims=True, name="layer"), 19),
    "global_max_keepdims": (lambda: L.GlobalMaxPooling2D(keepdims=True, name="layer"), 5),
    "global_average": (lambda: L.GlobalAveragePooling2D(name="layer"), 33),
    "average_same": (lambda: L.AveragePooling2D((3, 2), (2, 3), "same", name="layer"), 17),
    "max_same": (lambda: L.MaxPooling2D((2, 5), (1, 2), "same", name="layer"), 7),
    "average_valid": (lambda: L.AveragePooling2D((2, 3), name="layer"), 8),
})

each("depthwise", {
    "3": (lambda: L.DepthwiseConv2D(3, padding="same", name="layer"), 19),
    "5_strides": (lambda: L.DepthwiseConv2D(5, strides=2, padding="same", use_bias=False, name="layer"), 8),
    "multiplier": (lambda: L.DepthwiseConv2D((3, 2), depth_multiplier=3, activation="relu", name="layer"), 7),
    "dilation": (lambda: L.DepthwiseConv2D(3, padding="same", dilation_rate=2, name="layer"), 17),
})
each("convolution", {
    "dilation": (lambda: L.Conv2D(18, 3, padding="same", dilation_rate=2, name="layer"), 17),
    "dilation_valid": (lambda: L.Conv2D(3, (2, 3), dilation_rate=(3, 2), activation="relu", name="layer"), 4),
    "groups": (lambda: L.Conv2D(12, 3, padding="same", groups=3, name="layer"), 9),
    "groups_strides": (lambda: L.Conv2D(32, 3, strides=2, groups=2, activation="relu", name="layer"), 18),
    "separable_multiplier": (
        lambda: L.SeparableConv2D(11, 3, strides=2, padding="same", depth_multiplier=2, name="layer"), 5),
    "separable_dilation": (lambda: L.SeparableConv2D(19, 3, dilation_rate=2, name="layer"), 17),
})
each("affine", {
    "rescaling": (lambda: L.Rescaling(1 / 127.5, -1, name="layer"), 3),
    "rescaling_channels": (lambda: L.Rescaling([0.5, 2.0, 0.1], [0.1, 0.0, -3.0], name="layer"), 3),
    "normalization": (lambda: L.Normalization(name="layer"), 5),
    "normalization_numbers": (
        lambda: L.Normalization(mean=[0.1, 0.2, 0.3], variance=[1.5, 0.7, 0.9], name="layer"), 3),
    "normalization_inverse": (lambda: L.Normalization(mean=0.4, variance=2.0, invert=True, name="layer"), 6),
    "reshape": (lambda: L.Reshape((9, 7, 5), name="layer"), 5),
    "reshape_rest": (lambda: L.Reshape((21, -1), name="layer"), 6),
    "dense_of_rows": (lambda: L.Dense(11, activation="relu", name="layer"), 19),
})
MERGES = {"add": L.Add, "subtract": L.Subtract, "multiply": L.Multiply, "average": L.Average,
          "maximum": L.Maximum, "minimum": L.Minimum}
for key, merge in MERGES.items():
    @lambda build: case(build, name=f"merge_{key}")
    def same(x, merge=merge):
        return merge(name="layer")([L.Conv2D(19, 1, name="a")(x), L.Conv2D(19, 3, padding="same", name="b")(x)])

    @lambda build: case(build, name=f"merge_{key}_pixel")
    def pixel(x, merge=merge):
        a = L.Conv2D(17, 3, padding="same", name="a")(x)
        return L.ReLU(name="last")(merge(name="layer")([a, L.GlobalAveragePooling2D(keepdims=True, name="b")(a)]))

    @lambda build: case(build, name=f"merge_{key}_channel")
    def channel(x, merge=merge):
        b = L.Conv2D(1, 3, padding="same", activation="sigmoid", name="b")(x)
        return merge(name="layer")([b, L.Conv2D(5, 1, name="a")(x)])


@case
def merge_add_of_three(x):
    a, b = L.Conv2D(19, 1, name="a")(x), L.Conv2D(19, 3, padding="same", name="b")(x)
    return L.Average(name="layer")([a, b, L.ReLU(name="c")(a)])


@case
def merge_outer(x):
    a = L.GlobalMaxPooling2D(keepdims=True, name="a")(L.Conv2D(6, 1, name="stem")(x))
    return L.Multiply(name="layer")([a, L.Conv2D(1, 1, name="b")(x)])


@case
def inverted_residual(x):
    """The block of MobileNetV2, and squeeze and excitation as EfficientNet has it."""
    a = L.Conv2D(8, 1, use_bias=False, name="project")(x)
    y = L.Conv2D(40, 1, use_bias=False, name="expand")(a)
    y = L.ReLU(6.0, name="expand_relu")(L.BatchNormalization(name="expand_bn")(y))
    y = L.ZeroPadding2D(((0, 1), (1, 2)), name="pad")(y)
    y = L.DepthwiseConv2D(3, strides=2, use_bias=False, name="depthwise")(y)
    y = L.Activation("silu", name="depthwise_act")(L.BatchNormalization(name="depthwise_bn")(y))
    s = L.Reshape((1, 1, 40), name="reshape")(L.GlobalAveragePooling2D(name="squeeze")(y))
    s = L.Conv2D(40, 1, activation="sigmoid", name="excite")(L.Conv2D(4, 1, activation="silu", name="reduce")(s))
    y = L.BatchNormalization(name="bn")(L.Conv2D(8, 1, use_bias=False, name="back")(L.Multiply(name="gate")([y, s])))
    return L.Add(name="sum")([y, L.AveragePooling2D(2, name="shortcut")(L.ZeroPadding2D(((0, 0), (0, 1)), name="pad2")(a))])

each("normalization_of", {
    "layer": (lambda: L.LayerNormalization(name="layer"), 19),
    "layer_plain": (lambda: L.LayerNormalization(epsilon=1e-6, center=False, scale=False, name="layer"), 7),
    "groups": (lambda: L.GroupNormalization(4, name="layer"), 20),
    "groups_wide": (lambda: L.GroupNormalization(2, scale=False, epsilon=1e-5, name="layer"), 34),
    "instances": (lambda: L.GroupNormalization(-1, center=False, name="layer"), 5),
})
each("image", {
    "cropping": (lambda: L.Cropping2D(((1, 2), (0, 3)), name="layer"), 5),
    "nearest": (lambda: L.UpSampling2D((2, 3), name="layer"), 5),
    "bilinear": (lambda: L.UpSampling2D((3, 2), interpolation="bilinear", name="layer"), 7),
    "resized": (lambda: L.Resizing(13, 9, name="layer"), 5),
    "resized_nearest": (lambda: L.Resizing(11, 17, interpolation="nearest", name="layer"), 7),
    "center": (lambda: L.CenterCrop(4, 5, name="layer"), 6),
    "zeros": (lambda: L.ZeroPadding2D(((0, 2), (3, 1)), name="layer"), 6),
    "permute": (lambda: L.Permute((3, 1, 2), name="layer"), 5),
    "permute_rows": (lambda: L.Permute((2, 1, 3), name="layer"), 18),
})
each("prelu", {
    "channels": (lambda: L.PReLU(shared_axes=[1, 2], name="layer"), 19),
    "elements": (lambda: L.PReLU(name="layer"), 5),
    "rows": (lambda: L.PReLU(shared_axes=[2, 3], name="layer"), 7),
})
each("transposed", {
    "same": (lambda: L.Conv2DTranspose(11, 3, strides=2, padding="same", name="layer"), 5),
    "valid": (lambda: L.Conv2DTranspose(6, (3, 4), strides=(2, 3), activation="relu", name="layer"), 7),
    "gaps": (lambda: L.Conv2DTranspose(3, 2, strides=3, use_bias=False, name="layer"), 4),
    "gaps_same": (lambda: L.Conv2DTranspose(3, 2, strides=3, padding="same", name="layer"), 4),
    "plain": (lambda: L.Conv2DTranspose(18, 3, padding="same", name="layer"), 17),
})
each("identity", {
    "spatial_dropout": (lambda: L.SpatialDropout2D(0.2, name="layer"), 5),
    "gaussian_dropout": (lambda: L.GaussianDropout(0.3, name="layer"), 5),
    "gaussian_noise": (lambda: L.GaussianNoise(0.1, name="layer"), 5),
    "alpha_dropout": (lambda: L.AlphaDropout(0.1, name="layer"), 5),
    "stochastic_depth": (lambda: convnext.StochasticDepth(0.1, name="layer"), 5),
})
each("affine", {"layer_scale": (lambda: convnext.LayerScale(1e-6, 17, name="layer"), 17)})


@case
def permute_of_two_axes(x):
    return L.Permute((2, 1), name="layer")(L.Reshape((21, -1), name="reshape")(x))


@case
def scaled_add(x):
    a, b = L.Conv2D(9, 1, name="a")(x), L.Conv2D(9, 3, padding="same", name="b")(x)
    return L.ReLU(name="last")(inception_resnet_v2.CustomScaleLayer(0.17, name="layer")([a, b]))


@case
def convnext_block(x):
    a = L.Conv2D(24, 2, strides=2, name="stem")(x)
    y = L.DepthwiseConv2D(7, padding="same", name="depthwise")(a)
    y = L.Dense(96, activation="gelu", name="expand")(L.LayerNormalization(epsilon=1e-6, name="norm")(y))
    y = convnext.LayerScale(1e-6, 24, name="scale")(L.Dense(24, name="project")(y))
    return L.Add(name="sum")([a, convnext.StochasticDepth(0.1, name="depth")(y)])


ROLES = {("DepthwiseConv2D", "kernel"): "depthwise_kernel", ("LayerScale", "variable"): "gamma"}

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
                role = variable.path.rsplit("/", 1)[1]
                if value.dtype == np.float32:
                    tensors[f"{name}:{layer.name}/{ROLES.get((type(layer).__name__, role), role)}"] = value
            if isinstance(layer, L.Normalization):
                layer.finalize_state()
        images = generator.uniform(-1, 1, (2, *size)).astype(np.float32)
        tensors[f"{name}:input"] = images
        tensors[f"{name}:output"] = np.asarray(model(images, training=False), np.float32)
        architectures[name] = thinned(json.loads(model.to_json()))
    path = pathlib.Path(__file__).with_name("cases.safetensors")
    save_file(tensors, path, {"cases": json.dumps(architectures, sort_keys=True, separators=(",", ":"))})
    path.chmod(0o644)


main()
