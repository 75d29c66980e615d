"""A catalog entry with synthetic weights as a Keras model: `[N, H, W, 3]` to averaged features. Needs tensorflow."""
import keras
from keras import layers
from onnx_export import load_entry
from synthetic_weights import values

# Keras 3 allows no slash in a layer's name.
SLASH = "-slash-"


def layer_of(layer, option):
    name = layer["name"].replace("/", SLASH)
    convolution = dict(name=name, kernel_size=layer.get("kernel"), strides=layer.get("strides"),
                       padding=layer.get("padding"), use_bias=option(layer, "bias"),
                       activation=option(layer, "activation"))
    pooling = dict(name=name, pool_size=layer.get("size"), strides=layer.get("strides"), padding=layer.get("padding"))
    return {
        "conv": lambda: layers.Conv2D(layer["filters"], **convolution),
        "separableConv": lambda: layers.SeparableConv2D(layer["filters"], **convolution),
        "batchNorm": lambda: layers.BatchNormalization(
            name=name, epsilon=option(layer, "epsilon"), scale=option(layer, "scale"), center=option(layer, "center")),
        "activation": lambda: layers.Activation(layer["activation"], name=name),
        "zeroPadding": lambda: layers.ZeroPadding2D(layer["padding"], name=name),
        "maxPool": lambda: layers.MaxPooling2D(**pooling),
        "averagePool": lambda: layers.AveragePooling2D(**pooling),
        "concatenate": lambda: layers.Concatenate(name=name),
        "add": lambda: layers.Add(name=name),
    }[layer["op"]]()


def model_of(identifier, seed, size):
    entry = load_entry(identifier)
    outputs, image, last = {}, None, None
    for layer in (layer for block in entry["blocks"] for layer in block["layers"]):
        if layer["op"] == "input":
            image = last = outputs[layer["name"]] = keras.Input((size, size, layer["channels"]))
            continue
        sources = [outputs[name] for name in layer.get("inputs", [layer.get("input")])]
        made = layer_of(layer, lambda layer, key: layer.get(key, entry["defaults"].get(key)))
        last = outputs[layer["name"]] = made(sources if len(sources) > 1 else sources[0])
        name = layer["name"]
        made.set_weights([values(seed, name, weight.name, tuple(weight.shape)) for weight in made.weights])
    return keras.Model(image, layers.GlobalAveragePooling2D()(last))


def export(identifier, path, seed, size):
    model_of(identifier, seed, size).save(path)
