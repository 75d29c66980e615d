"""A catalog entry (`zoo/<entry>/model.json`) with synthetic weights as an ONNX model: what `compare.py` gives to the
rivals. Its input is `[N, 3, H, W]`, its output the averaged features `[N, C]`. Needs numpy and onnx.
"""
import json
import os
import pathlib
import sys

import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "Tests" / "Fixtures"))
import synthetic_weights  # noqa: E402

CHANNELS = 3


class Exporter:
    """Appends one ONNX node or a few for each layer; `channels` remembers every layer's extent. Images are `[N, C, H, W]`
    but for layers that look at all channels of a pixel, which read and leave `[N, H, W, C]`, as other exporters have it.
    """

    def __init__(self, entry, seed):
        self.entry, self.seed = entry, seed
        self.nodes, self.initializers, self.channels = [], [], {}
        # Which values have their channels last, and what was turned round already.
        self.last_channels, self.turned = set(), {}

    def option(self, layer, key):
        return layer.get(key, self.entry["defaults"].get(key))

    def values(self, layer, role, *shape):
        return synthetic_weights.values(self.seed, layer["name"], role, shape)

    def constant(self, name, values):
        self.initializers.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def node(self, op, inputs, output, **attributes):
        self.nodes.append(helper.make_node(op, inputs, [output], name=f"{output}/{op}", **attributes))

    def average(self, name):
        """The mean of a value over rows and columns, one pixel."""
        self.node("GlobalAveragePool", [self.read(name)], "averaged")
        self.channels["averaged"] = self.channels[name]
        return "averaged"

    def read(self, name, channels_last=False):
        """The value `name` with its channels where they are wanted."""
        if (name in self.last_channels) == channels_last:
            return name
        if name not in self.turned:
            self.turned[name] = f"{name}/turned"
            self.node("Transpose", [name], self.turned[name], perm=[0, 2, 3, 1] if channels_last else [0, 3, 1, 2])
        return self.turned[name]

    def per_channel(self, name, values, channels_last):
        """One number a channel, shaped to meet every pixel."""
        return self.constant(name, np.asarray(values, np.float32).reshape((-1,) if channels_last else (-1, 1, 1)))

    def passed(self, layer, channels_last):
        """Notes that a layer changes no extents."""
        self.channels[layer["name"]] = self.channels[layer["input"]]
        if channels_last:
            self.last_channels.add(layer["name"])

    def activated(self, function, source, name):
        """Appends the node or the nodes of an activation; none for a linear one, which must have the same name."""
        if function in ("relu", "sigmoid", "tanh", "gelu", "hard_silu"):
            op = {"hard_silu": "HardSwish"}.get(function, function.capitalize())
            self.node(op, [source], name)
        elif function == "silu":
            self.node("Sigmoid", [source], f"{name}/sigmoid")
            self.node("Mul", [source, f"{name}/sigmoid"], name)
        elif function == "relu6":
            limits = [self.constant(f"{name}/{limit}", np.float32(limit)) for limit in (0, 6)]
            self.node("Clip", [source, *limits], name)
        else:
            assert function == "linear", function
            self.node("Identity", [source], name)

    def sums(self, layer):
        """What a layer with an activation of its own calls what comes before it."""
        linear = self.option(layer, "activation") == "linear"
        return layer["name"] if linear else f"{layer['name']}/sum"

    def finish(self, layer):
        """Appends the activation that is part of a layer."""
        if self.option(layer, "activation") != "linear":
            self.activated(self.option(layer, "activation"), self.sums(layer), layer["name"])

    def convolution(self, name, source, kernel, layer, bias=None, group=1):
        same = layer["padding"] == "same"
        inputs = [self.read(source), self.constant(f"{name}/kernel", kernel)]
        if bias is not None:
            inputs.append(self.constant(f"{name}/bias", bias))
        self.node("Conv", inputs, name, strides=layer["strides"], group=group, kernel_shape=kernel.shape[2:],
                  auto_pad="SAME_UPPER" if same else "VALID")

    def bias(self, layer, count):
        return self.values(layer, "bias", count) if self.option(layer, "bias") else None

    def conv(self, layer):
        source, filters, groups = layer["input"], layer["filters"], layer.get("groups", 1)
        kernel = self.values(layer, "kernel", *layer["kernel"], self.channels[source] // groups, filters)
        self.convolution(
            self.sums(layer), source, kernel.transpose(3, 2, 0, 1), layer, self.bias(layer, filters), groups)
        self.finish(layer)
        self.channels[layer["name"]] = filters

    def depthwiseConv(self, layer):
        channels, multiplier = self.channels[layer["input"]], layer.get("depthMultiplier", 1)
        kernel = self.values(layer, "depthwise_kernel", *layer["kernel"], channels, multiplier)
        kernel = kernel.transpose(2, 3, 0, 1).reshape(-1, 1, *layer["kernel"])
        self.convolution(
            self.sums(layer), layer["input"], kernel, layer, self.bias(layer, channels * multiplier), channels)
        self.finish(layer)
        self.channels[layer["name"]] = channels * multiplier

    def separableConv(self, layer):
        name, source, filters = layer["name"], layer["input"], layer["filters"]
        channels = self.channels[source]
        assert not self.option(layer, "bias") and self.option(layer, "activation") == "linear"
        depthwise = self.values(layer, "depthwise_kernel", *layer["kernel"], channels, 1)
        pointwise = self.values(layer, "pointwise_kernel", 1, 1, channels, filters)
        self.convolution(f"{name}/depthwise", source, depthwise.transpose(2, 3, 0, 1), layer, group=channels)
        self.convolution(
            name, f"{name}/depthwise", pointwise.transpose(3, 2, 0, 1), layer | {"strides": [1, 1]})
        self.channels[name] = filters

    def dense(self, layer):
        source, units = layer["input"], layer["units"]
        kernel = self.constant(f"{layer['name']}/kernel", self.values(layer, "kernel", self.channels[source], units))
        bias = self.bias(layer, units)
        product = self.sums(layer) if bias is None else f"{layer['name']}/product"
        self.node("MatMul", [self.read(source, channels_last=True), kernel], product)
        if bias is not None:
            self.node("Add", [product, self.constant(f"{layer['name']}/bias", bias)], self.sums(layer))
        self.finish(layer)
        self.channels[layer["name"]] = units
        self.last_channels.add(layer["name"])

    def batchNorm(self, layer):
        name, channels = layer["name"], self.channels[layer["input"]]
        ones = np.ones(channels, np.float32)
        scale = self.values(layer, "gamma", channels) if self.option(layer, "scale") else ones
        shift = self.values(layer, "beta", channels) if self.option(layer, "center") else 0 * ones
        inputs = {"gamma": scale, "beta": shift, "moving_mean": self.values(layer, "moving_mean", channels),
                  "moving_variance": self.values(layer, "moving_variance", channels)}
        constants = [self.constant(f"{name}/{role}", values) for role, values in inputs.items()]
        self.node("BatchNormalization", [self.read(layer["input"]), *constants], name,
                  epsilon=self.option(layer, "epsilon"))
        self.passed(layer, False)

    def layerNorm(self, layer):
        name, channels = layer["name"], self.channels[layer["input"]]
        assert self.option(layer, "scale") and self.option(layer, "center")
        constants = [self.constant(f"{name}/{role}", self.values(layer, role, channels)) for role in ("gamma", "beta")]
        self.node("LayerNormalization", [self.read(layer["input"], channels_last=True), *constants], name, axis=-1,
                  epsilon=self.option(layer, "epsilon"))
        self.passed(layer, True)

    def affine(self, layer, scale, shift=None):
        """`x * scale + shift`, a number a channel each."""
        name, last = layer["name"], layer["input"] in self.last_channels
        product = name if shift is None else f"{name}/product"
        self.node("Mul", [layer["input"], self.per_channel(f"{name}/scale", scale, last)], product)
        if shift is not None:
            self.node("Add", [product, self.per_channel(f"{name}/shift", shift, last)], name)
        self.passed(layer, last)

    def layerScale(self, layer):
        self.affine(layer, self.values(layer, "gamma", self.channels[layer["input"]]))

    def rescaling(self, layer):
        self.affine(layer, layer["scale"], layer.get("offset"))

    def normalization(self, layer):
        channels = self.channels[layer["input"]]
        mean, variance = (np.asarray(layer.get(role, self.values(layer, role, channels)), np.float64)
                          for role in ("mean", "variance"))
        deviation = np.maximum(np.sqrt(variance), 1e-7)
        self.affine(layer, 1 / deviation, -mean / deviation)

    def activation(self, layer):
        self.activated(layer["activation"], layer["input"], layer["name"])
        self.passed(layer, layer["input"] in self.last_channels)

    def relu(self, layer):
        assert layer.get("maxValue", 6) == 6 and not layer.get("negativeSlope") and not layer.get("threshold")
        self.activation(layer | {"activation": "relu6" if layer.get("maxValue") else "relu"})

    def dropout(self, layer):
        self.activation(layer | {"activation": "linear"})

    def passing(self, op, layer, **attributes):
        self.node(op, [self.read(layer["input"])], layer["name"], **attributes)
        self.passed(layer, False)

    def zeroPadding(self, layer):
        (top, bottom), (left, right) = layer["padding"]
        pads = self.constant(f"{layer['name']}/pads", np.array([0, 0, top, left, 0, 0, bottom, right], np.int64))
        self.node("Pad", [self.read(layer["input"]), pads], layer["name"])
        self.passed(layer, False)

    def pool(self, op, layer, **attributes):
        padding = "SAME_UPPER" if layer["padding"] == "same" else "VALID"
        self.passing(op, layer, kernel_shape=layer["size"], strides=layer["strides"], auto_pad=padding, **attributes)

    def maxPool(self, layer):
        self.pool("MaxPool", layer)

    def averagePool(self, layer):
        self.pool("AveragePool", layer, count_include_pad=0)

    def globalAveragePool(self, layer):
        """Leaves `[N, C, 1, 1]`, which is all that a reshape to `[1, 1, C]` is for."""
        self.passing("GlobalAveragePool", layer)

    def reshape(self, layer):
        assert layer["shape"] == [1, 1, self.channels[layer["input"]]]
        self.activation(layer | {"activation": "linear"})

    def merge(self, op, layer):
        first, second = layer["inputs"]
        last = first in self.last_channels and second in self.last_channels
        self.node(op, [self.read(name, last) for name in (first, second)], layer["name"])
        self.passed(layer | {"input": first}, last)

    def add(self, layer):
        self.merge("Add", layer)

    def multiply(self, layer):
        self.merge("Mul", layer)

    def concatenate(self, layer):
        self.node("Concat", [self.read(name) for name in layer["inputs"]], layer["name"], axis=1)
        self.channels[layer["name"]] = sum(self.channels[name] for name in layer["inputs"])

    def input(self, layer):
        self.channels[layer["name"]] = layer["channels"]


def load_entry(identifier):
    """An entry of the catalog, or of the folder that PEERS_ZOO names."""
    folders = [pathlib.Path(os.environ.get("PEERS_ZOO", ROOT / "zoo")), ROOT / "zoo"]
    path = next(path for folder in folders if (path := folder / identifier / "model.json").exists())
    return json.loads(path.read_text())


def export(identifier, path, seed, batch, size):
    """Writes the network, its features averaged over rows and columns, for exactly `batch` images of size x size."""
    entry = load_entry(identifier)
    layers = [layer for block in entry["blocks"] for layer in block["layers"]]
    exporter = Exporter(entry, seed)
    last = layers[-1]["name"]
    for layer in layers:
        if layer["name"] == entry.get("poolsAhead"):
            layer = {**layer, "input": exporter.average(layer["input"])}
        getattr(exporter, layer["op"])(layer)
    if "poolsAhead" not in entry:
        last = exporter.average(last)
    exporter.node("Flatten", [exporter.read(last)], "features")
    images = helper.make_tensor_value_info(layers[0]["name"], TensorProto.FLOAT, [batch, CHANNELS, size, size])
    features = helper.make_tensor_value_info(
        "features", TensorProto.FLOAT, [batch, exporter.channels[layers[-1]["name"]]])
    graph = helper.make_graph(exporter.nodes, identifier, [images], [features], exporter.initializers)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=9)
    checker.check_model(model)
    pathlib.Path(path).write_bytes(model.SerializeToString())


def images(seed, batch, size):
    """The batch `zoo bench` runs on, as `[N, 3, H, W]`."""
    pixels = synthetic_weights.image_batch(seed, batch, size, size)
    return np.ascontiguousarray(pixels.transpose(0, 3, 1, 2))
