"""A catalog entry (`zoo/<entry>/model.json`) with synthetic weights as an ONNX model: what `compare.py` gives to the
rivals. Its input is `[N, 3, H, W]`, its output the averaged features `[N, C]`. Needs numpy and onnx.
"""
import json
import pathlib
import sys

import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "Tests" / "Fixtures"))
import synthetic_weights  # noqa: E402

CHANNELS = 3


class Exporter:
    """Appends one ONNX node or a few for each layer; `channels` remembers every layer's extent."""

    def __init__(self, entry, seed):
        self.entry, self.seed = entry, seed
        self.nodes, self.initializers, self.channels = [], [], {}

    def option(self, layer, key):
        return layer.get(key, self.entry["defaults"].get(key))

    def values(self, layer, role, *shape):
        return synthetic_weights.values(self.seed, layer["name"], role, shape)

    def constant(self, name, values):
        self.initializers.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def node(self, op, inputs, output, **attributes):
        self.nodes.append(helper.make_node(op, inputs, [output], name=f"{output}/{op}", **attributes))

    def convolution(self, name, source, kernel, layer, bias=None, strides=(1, 1), group=1):
        same = layer["padding"] == "same"
        inputs = [source, self.constant(f"{name}/kernel", kernel)]
        if bias is not None:
            inputs.append(self.constant(f"{name}/bias", bias))
        self.node("Conv", inputs, name, strides=list(strides), group=group, kernel_shape=kernel.shape[2:],
                  auto_pad="SAME_UPPER" if same else "VALID")

    def conv(self, layer):
        name, source, filters = layer["name"], layer["input"], layer["filters"]
        kernel = self.values(layer, "kernel", *layer["kernel"], self.channels[source], filters)
        bias = self.values(layer, "bias", filters) if self.option(layer, "bias") else None
        rectifies = self.option(layer, "activation") == "relu"
        target = f"{name}/sum" if rectifies else name
        self.convolution(target, source, kernel.transpose(3, 2, 0, 1), layer, bias, layer["strides"])
        if rectifies:
            self.node("Relu", [target], name)
        self.channels[name] = filters

    def separableConv(self, layer):
        name, source, filters = layer["name"], layer["input"], layer["filters"]
        channels = self.channels[source]
        assert not self.option(layer, "bias") and self.option(layer, "activation") == "linear"
        depthwise = self.values(layer, "depthwise_kernel", *layer["kernel"], channels, 1)
        pointwise = self.values(layer, "pointwise_kernel", 1, 1, channels, filters)
        self.convolution(
            f"{name}/depthwise", source, depthwise.transpose(2, 3, 0, 1), layer, strides=layer["strides"],
            group=channels)
        self.convolution(name, f"{name}/depthwise", pointwise.transpose(3, 2, 0, 1), layer)
        self.channels[name] = filters

    def batchNorm(self, layer):
        name, channels = layer["name"], self.channels[layer["input"]]
        ones = np.ones(channels, np.float32)
        scale = self.values(layer, "gamma", channels) if self.option(layer, "scale") else ones
        shift = self.values(layer, "beta", channels) if self.option(layer, "center") else 0 * ones
        inputs = {"gamma": scale, "beta": shift, "moving_mean": self.values(layer, "moving_mean", channels),
                  "moving_variance": self.values(layer, "moving_variance", channels)}
        constants = [self.constant(f"{name}/{role}", values) for role, values in inputs.items()]
        self.node("BatchNormalization", [layer["input"], *constants], name,
                  epsilon=self.option(layer, "epsilon"))
        self.channels[name] = channels

    def activation(self, layer):
        assert layer["activation"] == "relu"
        self.passing("Relu", layer)

    def passing(self, op, layer, **attributes):
        self.node(op, [layer["input"]], layer["name"], **attributes)
        self.channels[layer["name"]] = self.channels[layer["input"]]

    def zeroPadding(self, layer):
        (top, bottom), (left, right) = layer["padding"]
        pads = self.constant(f"{layer['name']}/pads", np.array([0, 0, top, left, 0, 0, bottom, right], np.int64))
        self.node("Pad", [layer["input"], pads], layer["name"])
        self.channels[layer["name"]] = self.channels[layer["input"]]

    def pool(self, op, layer, **attributes):
        padding = "SAME_UPPER" if layer["padding"] == "same" else "VALID"
        self.passing(op, layer, kernel_shape=layer["size"], strides=layer["strides"], auto_pad=padding, **attributes)

    def maxPool(self, layer):
        self.pool("MaxPool", layer)

    def averagePool(self, layer):
        self.pool("AveragePool", layer, count_include_pad=0)

    def add(self, layer):
        first, *rest = layer["inputs"]
        assert len(rest) == 1
        self.node("Add", [first, rest[0]], layer["name"])
        self.channels[layer["name"]] = self.channels[first]

    def concatenate(self, layer):
        self.node("Concat", layer["inputs"], layer["name"], axis=1)
        self.channels[layer["name"]] = sum(self.channels[name] for name in layer["inputs"])

    def input(self, layer):
        self.channels[layer["name"]] = layer["channels"]


def load_entry(identifier):
    return json.loads((ROOT / "zoo" / identifier / "model.json").read_text())


def export(identifier, path, seed, batch, size):
    """Writes the network, its features averaged over rows and columns, for exactly `batch` images of size x size."""
    entry = load_entry(identifier)
    layers = [layer for block in entry["blocks"] for layer in block["layers"]]
    exporter = Exporter(entry, seed)
    for layer in layers:
        getattr(exporter, layer["op"])(layer)
    exporter.node("GlobalAveragePool", [layers[-1]["name"]], "averaged")
    exporter.node("Flatten", ["averaged"], "features")
    images = helper.make_tensor_value_info(layers[0]["name"], TensorProto.FLOAT, [batch, CHANNELS, size, size])
    features = helper.make_tensor_value_info(
        "features", TensorProto.FLOAT, [batch, exporter.channels[layers[-1]["name"]]])
    graph = helper.make_graph(exporter.nodes, identifier, [images], [features], exporter.initializers)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)], ir_version=8)
    checker.check_model(model)
    pathlib.Path(path).write_bytes(model.SerializeToString())


def images(seed, batch, size):
    """The batch `zoo bench` runs on, as `[N, 3, H, W]`."""
    pixels = synthetic_weights.image_batch(seed, batch, size, size)
    return np.ascontiguousarray(pixels.transpose(0, 3, 1, 2))
