"""Writes the features that Keras computes with synthetic weights: the oracle of the parity tests.

Run it in this folder with Keras 3 and its TensorFlow backend; about four minutes. `python3 make.py ENTRY...` makes the cases of
some networks alone. Every case gives a file of little-endian float32: every `step`-th element of the features `[N, ...]` in
row-major order. `cases.json` lists the cases for the tests. Networks Keras has are its own; those it does not have any more are
built layer by layer from their catalog entry. Those that scale pixels themselves are given 0 to 255, all others -1 to 1.

What is printed says whether a case can show anything: the largest feature, and how far another image moves the features, of
that."""
import json
import os
import re
import sys

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
sys.path[:0] = ["..", "../../../zoo"]
import keras
import make as catalog
import numpy as np
from keras import layers
from synthetic_weights import fill, image_batch

SEED = 2015
STOCK = {
    "resnet50": keras.applications.ResNet50,
    "vgg16": keras.applications.VGG16,
    "xception": keras.applications.Xception,
    "inception_v3": keras.applications.InceptionV3,
    "mobilenet_v2": keras.applications.MobileNetV2,
}


MADE = {network.entry: network for network in catalog.networks()}
SLASH = "~slash~"


def case(entry, size, variant=None, output=None, pooling="avg", batch=1, step=1, gain=1):
    height, width = size if isinstance(size, tuple) else (size, size)
    return dict(entry=entry, variant=variant, height=height, width=width, output=output, pooling=pooling,
                batch=batch, step=step, gain=gain)


CASES = [
    case("resnet50", 224, variant="F", batch=2),
    case("resnet50", 224, variant="E"),
    case("resnet50", 224, variant="A"),
    case("resnet50", 224, variant="B"),
    case("resnet50", 197, variant="F"),
    case("resnet50", 32, variant="F", pooling="none"),
    case("resnet50", (100, 130), variant="F", output="conv3_block4_out", pooling="max"),
    case("resnet50", 64, variant="F", output="pool1_pad", pooling="none", step=31),
    case("vgg16", 224),
    case("vgg16", 225, pooling="max"),
    case("vgg16", 240, pooling="none", step=7),
    case("xception", 224),
    case("xception", 299),
    case("xception", 331),
    case("xception", 71, pooling="none", step=5),
    case("xception", (81, 95), output="block4_sepconv1_act", pooling="none", step=47),
    case("inception_v3", 224),
    case("inception_v3", 299, batch=2),
    case("inception_v3", 225),
    case("inception_v3", 75, pooling="none"),
    case("inception_v3", 150, output="mixed7", pooling="none", step=11),
    case("inception_v3_v02", 299),
    case("inception_v3_v02", 150, output="mixed7", pooling="none", step=11),
    case("squeezenet", 227),
    case("squeezenet", (61, 97), pooling="none", step=3),
    case("mobilenet_v2", 96, batch=2),
    case("mobilenet_v2", (64, 160), pooling="none", step=3),
    case("mobilenet_v2", (97, 131), gain=1.25),
] + [
    # The smallest of every other family: at its own size, and at a size that is odd both ways. A gain keeps the image in deep
    # networks of narrow layers, which synthetic weights would otherwise forget on the way.
    case(entry, size, gain=gain, pooling=pooling, step=step)
    for entry, own, gain in [
        ("vgg19", 224, 1), ("resnet50_v2", 224, 1), ("inception_resnet_v2", 299, 1), ("mobilenet_0.25", 224, 1.75),
        ("mobilenet_v2_0.35", 224, 1.25), ("mobilenet_v3_small", 224, 1.75), ("mobilenet_v3_small_minimal", 224, 1.25),
        ("densenet121", 224, 1.25), ("nasnet_mobile", 224, 1.25), ("efficientnet_b0", 224, 1.75),
        ("efficientnet_v2_b0", 224, 1.5), ("convnext_tiny", 224, 1),
    ]
    for size, pooling, step in ((own, "avg", 1), ((101, 133), "none", 7))
]


def flat(entry, variant):
    """The layers of an entry's graph, `defaults` and the variant applied."""
    variants = {v["name"]: v for v in entry.get("variants", [])}
    change = variants.get(variant, {})
    found = [layer for block in entry["blocks"] for layer in block["layers"]]
    replaced = {layer["name"]: layer for layer in change.get("replace", [])}
    omitted = {layer["name"]: layer["input"] for layer in found if layer["name"] in change.get("omit", [])}
    defaults = dict(entry.get("defaults", {}))
    if "epsilon" in change:
        defaults["epsilon"] = change["epsilon"]
    result = []
    for layer in [l for l in found if l["name"] not in omitted] + change.get("append", []):
        layer = {**defaults, **replaced.get(layer["name"], layer)}
        if "input" in layer:
            layer["input"] = omitted.get(layer["input"], layer["input"])
        # Keras 3 allows no slash in a layer's name.
        result.append({**layer, "name": layer["name"].replace("/", SLASH)})
    return result


def built(identifier, variant, height, width):
    """A Keras model made layer by layer from a catalog entry."""
    entry = json.load(open(f"../../../zoo/{identifier}/model.json"))
    outputs, inputs, last = {}, None, None
    for layer in flat(entry, variant):
        name, op = layer["name"], layer["op"]
        sources = [outputs[n.replace("/", SLASH)] for n in layer.get("inputs", [layer["input"]] if "input" in layer else [])]
        convolution = dict(name=name, kernel_size=layer.get("kernel"), strides=layer.get("strides"),
                           padding=layer.get("padding"), use_bias=layer.get("bias"),
                           activation=layer.get("activation"))
        pooling = dict(name=name, pool_size=layer.get("size"), strides=layer.get("strides"),
                       padding=layer.get("padding"))
        make = {
            "conv": lambda: layers.Conv2D(layer["filters"], **convolution),
            "batchNorm": lambda: layers.BatchNormalization(
                name=name, epsilon=layer["epsilon"], scale=layer["scale"], center=layer["center"]),
            "activation": lambda: layers.Activation(layer["activation"], name=name),
            "zeroPadding": lambda: layers.ZeroPadding2D(insets(layer), name=name),
            "maxPool": lambda: layers.MaxPooling2D(**pooling),
            "averagePool": lambda: layers.AveragePooling2D(**pooling),
            "concatenate": lambda: layers.Concatenate(name=name),
            "add": lambda: layers.Add(name=name),
            "dropout": lambda: layers.Dropout(layer["rate"], name=name),
        }
        if op == "input":
            inputs = outputs[name] = keras.Input((height, width, layer["channels"]), name=name)
            continue
        last = outputs[name] = make[op]()(sources if len(sources) > 1 else sources[0])
    return keras.Model(inputs, last)


def insets(layer):
    text = layer.get("padding", layer.get("insets"))
    flat_text = [int(n) for n in re.findall(r"\d+", json.dumps(text))]
    top, bottom, left, right = flat_text if len(flat_text) == 4 else flat_text[:1] * 4
    return (top, bottom), (left, right)


def model_of(c):
    keras.backend.clear_session()
    if c["entry"] in MADE:
        model, _ = catalog.built(MADE[c["entry"]], (c["height"], c["width"]))
    elif c["entry"] in STOCK and c["variant"] in (None, "F"):
        model = STOCK[c["entry"]](weights=None, include_top=False, input_shape=(c["height"], c["width"], 3))
    else:
        model = built(c["entry"], c["variant"], c["height"], c["width"])
    fill(model, SEED, lambda name: name.replace(SLASH, "/"), c["gain"])
    output = model.get_layer(c["output"]).output if c["output"] else model.output
    if c["pooling"] == "avg":
        output = layers.GlobalAveragePooling2D()(output)
    if c["pooling"] == "max":
        output = layers.GlobalMaxPooling2D()(output)
    return keras.Model(model.input, output)


def file_name(c):
    parts = [c["entry"], c["variant"], f"{c['height']}x{c['width']}", c["output"], c["pooling"]]
    return "-".join(p for p in parts if p) + ".f32"


def scales_pixels(entry):
    return json.load(open(f"../../../zoo/{entry}/model.json"))["preprocessing"]["label"] == "none"


def main():
    kept = {c["file"]: c for c in json.load(open("cases.json"))["cases"]} if sys.argv[1:] else {}
    listed = []
    for c in CASES:
        name = file_name(c)
        if sys.argv[1:] and c["entry"] not in sys.argv[1:]:
            listed.append({**c, "file": name, "shape": kept[name]["shape"]})
            continue
        images = image_batch(SEED, c["batch"] + 1, c["height"], c["width"])
        if scales_pixels(c["entry"]):
            images = images * np.float32(127.5) + np.float32(127.5)
        with_another = model_of(c)(images).numpy()
        features = with_another[:-1]
        picked = features.reshape(-1)[:: c["step"]].astype("<f4")
        picked.tofile(name)
        largest = float(np.abs(features).max())
        moved = float(np.abs(with_another[-1] - features[0]).max()) / largest
        print(f"{name} {features.shape} {picked.size} largest {largest:.4g}, moved {moved:.3g}", flush=True)
        listed.append({**c, "file": name, "shape": list(features.shape)})
    lines = ",\n".join("  " + json.dumps(c) for c in listed)
    open("cases.json", "w").write(f'{{"seed": {SEED}, "cases": [\n{lines}\n]}}\n')


if __name__ == "__main__":
    main()
