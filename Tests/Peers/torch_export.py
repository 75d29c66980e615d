"""A catalog entry with synthetic weights as a PyTorch module: `[N, 3, H, W]` to averaged features. Needs torch."""
import torch
from onnx_export import load_entry
from synthetic_weights import values
from torch import nn
from torch.nn import functional


def sides(input, output_stride, extent):
    """TensorFlow's `same`: the smaller half goes first."""
    output = -(-input // output_stride)
    whole = max(0, (output - 1) * output_stride + extent - input)
    return whole // 2, whole - whole // 2


def same_padding(images, kernel, strides):
    top, bottom = sides(images.shape[2], strides[0], kernel[0])
    left, right = sides(images.shape[3], strides[1], kernel[1])
    return left, right, top, bottom


class Window(nn.Module):
    """A convolution or pooling with Keras's padding."""

    def __init__(self, inner, kernel, strides, same, fill=0.0):
        super().__init__()
        self.inner, self.kernel, self.strides, self.same, self.fill = inner, kernel, strides, same, fill

    def forward(self, images):
        if self.same:
            padding = same_padding(images, self.kernel, self.strides)
            if any(padding):
                images = functional.pad(images, padding, value=self.fill)
        return self.inner(images)


class SameAverage(nn.Module):
    """An average over the pixels that are there: padding does not count. Odd windows that move by one only."""

    def __init__(self, kernel):
        super().__init__()
        self.inner = nn.AvgPool2d(kernel, 1, kernel[0] // 2, count_include_pad=False)

    def forward(self, images):
        return self.inner(images)


class Network(nn.Module):
    def __init__(self, identifier, seed):
        super().__init__()
        entry = load_entry(identifier)
        self.seed, self.defaults, self.channels, self.steps = seed, entry["defaults"], {}, []
        self.modules_by_name = nn.ModuleDict()
        for layer in (layer for block in entry["blocks"] for layer in block["layers"]):
            self.append(layer)
        del self.channels

    def option(self, layer, key):
        return layer.get(key, self.defaults.get(key))

    def append(self, layer):
        op, name = layer["op"], layer["name"]
        sources = layer.get("inputs", [layer.get("input")])
        if op == "input":
            self.channels[name] = layer["channels"]
            self.first = name
            return
        self.channels[name] = self.channels[sources[0]]
        if op == "concatenate":
            self.channels[name] = sum(self.channels[source] for source in sources)
        module = getattr(self, op, lambda _: None)(layer)
        if module is not None:
            self.modules_by_name[name.replace("/", "~").replace(".", "~")] = module
        self.steps.append((op, name, sources, name.replace("/", "~").replace(".", "~")))
        self.last = name

    def tensor(self, layer, role, *shape):
        return torch.from_numpy(values(self.seed, layer["name"], role, shape))

    def conv(self, layer):
        channels, filters = self.channels[layer["input"]], layer["filters"]
        kernel, strides, biased = layer["kernel"], layer["strides"], self.option(layer, "bias")
        inner = nn.Conv2d(channels, filters, kernel, strides, bias=bool(biased))
        inner.weight.data = self.tensor(layer, "kernel", *kernel, channels, filters).permute(3, 2, 0, 1).contiguous()
        if biased:
            inner.bias.data = self.tensor(layer, "bias", filters)
        self.channels[layer["name"]] = filters
        made = Window(inner, kernel, strides, layer["padding"] == "same")
        return nn.Sequential(made, nn.ReLU()) if self.option(layer, "activation") == "relu" else made

    def separableConv(self, layer):
        channels, filters, kernel = self.channels[layer["input"]], layer["filters"], layer["kernel"]
        depthwise = nn.Conv2d(channels, channels, kernel, layer["strides"], groups=channels, bias=False)
        depthwise.weight.data = self.tensor(
            layer, "depthwise_kernel", *kernel, channels, 1).permute(2, 3, 0, 1).contiguous()
        pointwise = nn.Conv2d(channels, filters, 1, bias=False)
        pointwise.weight.data = self.tensor(
            layer, "pointwise_kernel", 1, 1, channels, filters).permute(3, 2, 0, 1).contiguous()
        self.channels[layer["name"]] = filters
        return nn.Sequential(Window(depthwise, kernel, layer["strides"], layer["padding"] == "same"), pointwise)

    def batchNorm(self, layer):
        channels = self.channels[layer["input"]]
        made = nn.BatchNorm2d(channels, eps=self.option(layer, "epsilon"))
        if self.option(layer, "scale"):
            made.weight.data = self.tensor(layer, "gamma", channels)
        if self.option(layer, "center"):
            made.bias.data = self.tensor(layer, "beta", channels)
        made.running_mean = self.tensor(layer, "moving_mean", channels)
        made.running_var = self.tensor(layer, "moving_variance", channels)
        return made

    def activation(self, layer):
        assert layer["activation"] == "relu"
        return nn.ReLU()

    def zeroPadding(self, layer):
        (top, bottom), (left, right) = layer["padding"]
        return nn.ZeroPad2d((left, right, top, bottom))

    def maxPool(self, layer):
        return Window(nn.MaxPool2d(layer["size"], layer["strides"]), layer["size"], layer["strides"],
                      layer["padding"] == "same", float("-inf"))

    def averagePool(self, layer):
        if layer["padding"] == "same":
            assert layer["strides"] == [1, 1]
            return SameAverage(layer["size"])
        return nn.AvgPool2d(layer["size"], layer["strides"])

    def forward(self, images):
        found = {self.first: images}
        for op, name, sources, key in self.steps:
            inputs = [found[source] for source in sources]
            if op == "concatenate":
                found[name] = torch.cat(inputs, 1)
            elif op == "add":
                found[name] = inputs[0] + inputs[1]
            else:
                found[name] = self.modules_by_name[key](inputs[0])
        return found[self.last].mean((2, 3))


def export(identifier, path, seed):
    torch.save(Network(identifier, seed).eval(), path)
