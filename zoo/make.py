"""Writes the entries of keras.applications: what each network is, by Keras's own code, and which files were published for it.

    python3 zoo/make.py [--keep DIR] [ENTRY...]     # Keras 3 with its TensorFlow backend; all entries by default

Every network is built by its function in Keras, without its classifier and at its own size, and drafted from `model.to_json()`
by `.build/release/zoo draft`. The names and digests of the published files are those that the function asks for when it is told
to load ImageNet's weights; nothing is downloaded. Entries that were written by hand (NOT_MADE) are left alone but for their
accuracy. Behind it: `make catalog`, and `UPDATE_GOLDEN=1 swift test -c release --filter CatalogTests` for summaries and shapes.
What torchvision has of them, too, is put in by make_torch.py behind it. `--keep DIR` keeps what Keras wrote there and uses it again."""
import argparse
import importlib
import inspect
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

ZOO = pathlib.Path(__file__).parent
TOOL = ZOO.parent / ".build/release/zoo"
LICENCE = "Apache-2.0 (Keras)"
TABLE = "https://keras.io/api/applications/"

# Title; authors; year; address.
PAPERS = {
    "vgg": "Very Deep Convolutional Networks for Large-Scale Image Recognition; Simonyan, Zisserman; 2014; https://arxiv.org/abs/1409.1556",
    "resnet": "Deep Residual Learning for Image Recognition; He, Zhang, Ren, Sun; 2015; https://arxiv.org/abs/1512.03385",
    "resnet_v2": "Identity Mappings in Deep Residual Networks; He, Zhang, Ren, Sun; 2016; https://arxiv.org/abs/1603.05027",
    "inception_resnet_v2": "Inception-v4, Inception-ResNet and the Impact of Residual Connections on Learning; Szegedy, Ioffe, Vanhoucke, Alemi; 2016; https://arxiv.org/abs/1602.07261",
    "mobilenet": "MobileNets: Efficient Convolutional Neural Networks for Mobile Vision Applications; Howard, Zhu, Chen, Kalenichenko, Wang, Weyand, Andreetto, Adam; 2017; https://arxiv.org/abs/1704.04861",
    "mobilenet_v2": "MobileNetV2: Inverted Residuals and Linear Bottlenecks; Sandler, Howard, Zhu, Zhmoginov, Chen; 2018; https://arxiv.org/abs/1801.04381",
    "mobilenet_v3": "Searching for MobileNetV3; Howard, Sandler, Chu, Chen, Chen, Tan, Wang, Zhu, Pang, Vasudevan, Le, Adam; 2019; https://arxiv.org/abs/1905.02244",
    "densenet": "Densely Connected Convolutional Networks; Huang, Liu, van der Maaten, Weinberger; 2016; https://arxiv.org/abs/1608.06993",
    "nasnet": "Learning Transferable Architectures for Scalable Image Recognition; Zoph, Vasudevan, Shlens, Le; 2017; https://arxiv.org/abs/1707.07012",
    "efficientnet": "EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks; Tan, Le; 2019; https://arxiv.org/abs/1905.11946",
    "efficientnet_v2": "EfficientNetV2: Smaller Models and Faster Training; Tan, Le; 2021; https://arxiv.org/abs/2104.00298",
    "convnext": "A ConvNet for the 2020s; Liu, Mao, Wu, Feichtenhofer, Darrell, Xie; 2022; https://arxiv.org/abs/2201.03545",
}

# What Keras's documentation says of the licence of published weights, where it says it (keras.io/applications of Keras 2.2).
WEIGHT_LICENCES = {
    "vgg": "CC-BY-4.0", "resnet": "MIT", "inception_resnet_v2": "Apache-2.0", "mobilenet": "Apache-2.0",
    "mobilenet_v2": "Apache-2.0", "densenet": "BSD-3-Clause", "nasnet": "Apache-2.0",
}

# ImageNet top-1 in per cent: the table of keras.io/api/applications; for MobileNetV3 the text of its functions.
TOP1 = {
    "xception": 79.0, "vgg16": 71.3, "vgg19": 71.3, "resnet50": 74.9, "resnet50_v2": 76.0, "resnet101": 76.4,
    "resnet101_v2": 77.2, "resnet152": 76.6, "resnet152_v2": 78.0, "inception_v3": 77.9, "inception_resnet_v2": 80.3,
    "mobilenet": 70.4, "mobilenet_v2": 71.3, "densenet121": 75.0, "densenet169": 76.2, "densenet201": 77.3,
    "nasnet_mobile": 74.4, "nasnet_large": 82.5, "efficientnet_b0": 77.1, "efficientnet_b1": 79.1, "efficientnet_b2": 80.1,
    "efficientnet_b3": 81.6, "efficientnet_b4": 82.9, "efficientnet_b5": 83.6, "efficientnet_b6": 84.0, "efficientnet_b7": 84.3,
    "efficientnet_v2_b0": 78.7, "efficientnet_v2_b1": 79.8, "efficientnet_v2_b2": 80.5, "efficientnet_v2_b3": 82.0,
    "efficientnet_v2_s": 83.9, "efficientnet_v2_m": 85.3, "efficientnet_v2_l": 85.7, "convnext_tiny": 81.3,
    "convnext_small": 82.3, "convnext_base": 85.3, "convnext_large": 86.3, "convnext_xlarge": 86.7,
}
TOP1_V3 = {
    "mobilenet_v3_large": 75.6, "mobilenet_v3_large_0.75": 73.3, "mobilenet_v3_large_minimal": 72.3,
    "mobilenet_v3_small": 68.1, "mobilenet_v3_small_0.75": 65.4, "mobilenet_v3_small_minimal": 61.9,
}

NOT_MADE = ["vgg16", "resnet50", "xception", "inception_v3"]


# Published files that are at hand, whole: what Keras's source says nothing of.
READ = {
    "mobilenet_0.25": {"size": 2108140, "md5": "f313cee49f5d33dfb06f2b255c4adb64", "sha256": "dbdb03ee2a22fd895301636cd328b234bb3a9952358f436d82f46b81e0d5b0bf"},
}


class Network:
    """One network: its entry, the function of Keras that builds it and what it is told."""

    def __init__(self, entry, function, module, family, size, minimum=32, note=None, **arguments):
        self.entry, self.function, self.module, self.family = entry, function, module, family
        self.size, self.minimum, self.note, self.arguments = size, minimum, note, arguments

    @property
    def title(self):
        extra = [f"{value:g}" if name == "alpha" else name for name, value in self.arguments.items() if value is not True or name == "minimalistic"]
        return " ".join([self.function] + [e for e in extra if e not in ("1",)])


def networks():
    found = [Network("vgg19", "VGG19", "vgg19", "vgg", 224)]
    for depth in (101, 152):
        found.append(Network(f"resnet{depth}", f"ResNet{depth}", "resnet", "resnet", 224))
    for depth in (50, 101, 152):
        found.append(Network(f"resnet{depth}_v2", f"ResNet{depth}V2", "resnet_v2", "resnet_v2", 224))
    found.append(Network("inception_resnet_v2", "InceptionResNetV2", "inception_resnet_v2", "inception_resnet_v2", 299, 75))
    for alpha in (0.25, 0.5, 0.75, 1.0):
        name = "mobilenet" if alpha == 1 else f"mobilenet_{alpha:g}"
        found.append(Network(name, "MobileNet", "mobilenet", "mobilenet", 224,
                             note="for images of 128, 160 and 192, too", alpha=alpha))
    for alpha in (0.35, 0.5, 0.75, 1.0, 1.3, 1.4):
        name = "mobilenet_v2" if alpha == 1 else f"mobilenet_v2_{alpha:g}"
        found.append(Network(name, "MobileNetV2", "mobilenet_v2", "mobilenet_v2", 224,
                             note="for images of 96, 128, 160 and 192, too", alpha=alpha))
    for size in ("Small", "Large"):
        for alpha, minimalistic in ((1.0, False), (0.75, False), (1.0, True)):
            name = f"mobilenet_v3_{size.lower()}" + ("_minimal" if minimalistic else "" if alpha == 1 else f"_{alpha:g}")
            more = {"minimalistic": True} if minimalistic else {}
            found.append(Network(name, f"MobileNetV3{size}", "mobilenet_v3", "mobilenet_v3", 224, alpha=alpha, **more))
    for depth in (121, 169, 201):
        found.append(Network(f"densenet{depth}", f"DenseNet{depth}", "densenet", "densenet", 224))
    found.append(Network("nasnet_mobile", "NASNetMobile", "nasnet", "nasnet", 224))
    found.append(Network("nasnet_large", "NASNetLarge", "nasnet", "nasnet", 331))
    for index, size in enumerate((224, 240, 260, 300, 380, 456, 528, 600)):
        found.append(Network(f"efficientnet_b{index}", f"EfficientNetB{index}", "efficientnet", "efficientnet", size))
    for name, size in (("B0", 224), ("B1", 240), ("B2", 260), ("B3", 300), ("S", 384), ("M", 480), ("L", 480)):
        found.append(Network(f"efficientnet_v2_{name.lower()}", f"EfficientNetV2{name}", "efficientnet_v2", "efficientnet_v2", size))
    for name in ("Tiny", "Small", "Base", "Large", "XLarge"):
        found.append(Network(f"convnext_{name.lower()}", f"ConvNeXt{name}", "convnext", "convnext", 224))
    return found


def built(network, size, top=False):
    """The network as Keras builds it for ImageNet's weights and images of `size`, and the files that it asks for, which it does not
    get."""
    import keras
    from keras.src.utils import file_utils

    files = []

    def get_file(name, origin, file_hash=None, **_):
        files.append({"name": name, "origin": origin, "digest": file_hash})
        return name

    file_utils.get_file = get_file
    keras.Model.load_weights = lambda self, *_, **__: None
    keras.backend.clear_session()
    height, width = size if isinstance(size, tuple) else (size, size)
    function = getattr(keras.applications, network.function)
    model = function(weights="imagenet", include_top=top, input_shape=(height, width, 3), **network.arguments)
    return model, files


def asked_of_keras(network, kept):
    """What Keras says of a network: its architecture, and the files that it asks for."""
    cache = pathlib.Path(kept) / f"{network.entry}.json" if kept else None
    if cache and cache.exists():
        return json.loads(cache.read_text())
    fill_with_zeros()
    model, files = built(network, network.size)
    module = importlib.import_module(f"keras.src.applications.{network.module}")
    mode = re.search(r'mode="(\w+)"', inspect.getsource(module.preprocess_input))
    found = {"architecture": model.to_json(), "parameters": model.count_params(),
             "preprocessing": mode.group(1) if mode else "none",
             "padsBySize": "correct_pad" in inspect.getsource(module)}
    del model
    found["file"], found["withTop"] = files[0], built(network, network.size, top=True)[1][0]
    if cache:
        cache.parent.mkdir(parents=True, exist_ok=True)
        cache.write_text(json.dumps(found))
    return found


def fill_with_zeros():
    """Has Keras draw nothing at random: weights are not looked at, or set."""
    import tensorflow as tf
    from keras.src.backend.tensorflow import random

    for name in ("uniform", "normal", "truncated_normal"):
        setattr(random, name, lambda shape, *_, dtype=None, **__: tf.zeros(shape, dtype or "float32"))


def run(*words):
    return subprocess.run([str(TOOL), *map(str, words)], capture_output=True, text=True)


def drafted(network, asked):
    """The lines of the entry as `zoo draft` writes it."""
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder) / "architecture.json"
        source.write_text(asked["architecture"])
        words = ["draft", source, "--identifier", network.entry, "--title", network.title, "--paper", PAPERS[network.family],
                 "--licence", LICENCE, "--preprocessing", asked["preprocessing"], "--minimum", network.minimum]
        result = run(*words, *(["--pads-by-size"] if asked["padsBySize"] else []))
    if result.returncode:
        sys.exit(f"{network.entry}: {result.stderr}")
    return result.stdout.splitlines()


def layer_lines(lines):
    found = {}
    for line in lines:
        if line.startswith('      {"name": '):
            layer = json.loads(line.rstrip(","))
            found[layer["name"]] = line.strip().rstrip(",")
    return found


def variants(network, lines):
    """The graphs that Keras's function builds besides the one as written, each with the differences: name, note, omit, replace."""
    layers = layer_lines(lines)
    open_lines = []
    for text in layers.values():
        if '"oddPadding"' in text:
            open_lines.append(re.sub(r', "oddPadding": \[\[.*?\]\]', "", text))
    if network.family == "nasnet":
        # Built for images of any size, Keras's NASNet adds what has not one size: it computes nothing.
        open_lines = []
    scaled = network.family == "efficientnet"
    graphs = []
    if scaled or open_lines:
        note = "built for images of one size: the graph as written above"
        graphs.append(("imagenet", "weights='imagenet', " + note, [], []) if scaled else ("sized", note, [], []))
    if open_lines:
        note = "built for images of any size: zeros as for even extents, whatever the size"
        graphs.append(("imagenet-open" if scaled else "open", note, [], open_lines))
    if scaled:
        note = "weights=None or weights from a file: no second rescaling"
        graphs.append(("plain", note, ["rescaling_1"], []))
        graphs.append(("plain-open", note + ", built for images of any size", ["rescaling_1"],
                       [line.replace('"input": "rescaling_1"', '"input": "normalization"') for line in open_lines]))
    return graphs


def with_variants(lines, graphs, claims):
    """The entry's lines with its variants, `claims` of each by name."""
    if not graphs:
        return lines
    texts = []
    for name, note, omit, replace in graphs:
        members = [f'      "name": {json.dumps(name)}', f'      "note": {json.dumps(note)}']
        if name.startswith("plain"):
            members.append('      "initial": ["normalization"]')
        if omit:
            members.append(f'      "omit": {json.dumps(omit)}')
        if replace:
            members.append('      "replace": [\n' + ",\n".join("        " + line for line in replace) + "\n      ]")
        if claims.get(name):
            members.append('      "claims": {' + ", ".join(f'"{key}": {value}' for key, value in claims[name].items()) + "}")
        texts.append("    {\n" + ",\n".join(members) + "\n    }")
    assert lines[-2:] == ["  ]", "}"]
    return lines[:-2] + ["  ],", '  "variants": [', ",\n".join(texts), "  ]", "}"]


CLAIMS = ["layers", "parameters", "trainable", "nonTrainable", "output", "outputAtMinimum", "smallestSize"]


def with_accuracy(lines, entry):
    """The lines with what Keras's documentation states of the published weights."""
    top1 = TOP1.get(entry, TOP1_V3.get(entry))
    lines = [line for line in lines if not line.startswith('  "imageNet": ')]
    if top1 is None:
        return lines
    source = TABLE if entry in TOP1 else TABLE + "mobilenet/"
    index = next(i for i, line in enumerate(lines) if line.startswith('  "licence": ')) + 1
    value = int(top1) if top1 == int(top1) else top1
    return lines[:index] + [f'  "imageNet": {{"top1": {value}, "source": {json.dumps(source)}}},'] + lines[index:]


def with_pooling(lines, family):
    """The lines with the layer ahead of which Keras pools: no architecture without pooling says so."""
    if family != "convnext":
        return lines
    index = next(i for i, line in enumerate(lines) if line.startswith('  "minimumSize": ')) + 1
    return lines[:index] + ['  "poolsAhead": "layer_normalization",'] + lines[index:]


def write_entry(network, asked):
    lines = with_pooling(with_accuracy(drafted(network, asked), network.entry), network.family)
    graphs = variants(network, lines)
    path = ZOO / network.entry / "model.json"
    path.parent.mkdir(exist_ok=True)
    claims = {}
    for _ in range(2):
        # What differs from the first graph is what the validator says of each.
        path.write_text("\n".join(with_variants(lines, graphs, claims)) + "\n")
        result = run("check", "--zoo", ZOO, network.entry)
        for name, key, value in re.findall(r"variant ([\w-]+): the claim of (\w+) is .*?; it is (.*)", result.stderr):
            claims.setdefault(name, {})[key] = value
        claims = {name: {key: found[key] for key in CLAIMS if key in found} for name, found in claims.items()}
    formatted = run("fmt", "--check", path)
    if result.returncode or formatted.returncode:
        sys.exit(f"{network.entry}: {result.stderr}{formatted.stderr}")
    parameters = json.loads(path.read_text())["claims"]["parameters"]
    if parameters != asked["parameters"]:
        print(f"{network.entry}: {parameters} parameters; Keras counts {asked['parameters']}")
    return graphs


def write_weights(network, asked, graphs):
    """The published file, as Keras asks for it."""
    file, top = asked["file"], asked["withTop"]
    legacy = network.entry == "vgg19"
    record = {"name": file["name"], "source": file["origin"]}
    record |= READ.get(network.entry, digest(file))
    if digest(top):
        record["withTop"] = digest(top)
    content = {
        "format": 1, "tag": "imagenet",
        "title": "what Keras downloads for weights='imagenet'" + (f"; {network.note}" if network.note else ""),
        "file": record, "era": "keras1" if legacy else "keras2",
    }
    if not legacy:
        content["kerasVersions"] = ["2.0.0", "2.99.0"]
    if graphs:
        content["graph"] = graphs[0][0]
    stems = automatic_stems(network)
    if stems:
        # Keras 2 on its own counted from 1, inside TensorFlow from 0.
        content |= {"firstNumber": 1 if network.family == "inception_resnet_v2" else 0, "autoNumbered": stems}
    content |= {"axisOrder": "HWIO", "kernels": "tensorflow",
                "weightNames": "{layer}_{role}_1:0" if legacy else "{layer}/{role}:0"}
    if network.family in WEIGHT_LICENCES:
        content["licence"] = WEIGHT_LICENCES[network.family]
    content["paper"] = PAPERS[network.family]
    if network.entry in READ:
        content["basis"] = "the whole real file"
    else:
        content["basis"] = "the source of Keras 3.15, which reads the file by the order of its layers"
        content["byOrder"] = True
    folder = ZOO / network.entry / "weights"
    folder.mkdir(exist_ok=True)
    members = ",\n".join(f"  {json.dumps(key)}: {value_text(value)}" for key, value in content.items())
    (folder / "imagenet.json").write_text("{\n" + members + "\n}\n")


def automatic_stems(network):
    """What the names begin with that Keras made up for layers with weights."""
    kinds = {"conv": "conv2d", "batchNorm": "batch_normalization", "normalization": "normalization", "layerNorm": "layer_normalization"}
    found = set()
    for text in layer_lines((ZOO / network.entry / "model.json").read_text().splitlines()).values():
        layer = json.loads(text)
        stem = kinds.get(layer["op"])
        if stem and "mean" not in layer and re.fullmatch(rf"{stem}(_\d+)?", layer["name"]):
            found.add(stem)
    return sorted(found)


def digest(file):
    """Keras gives the MD5 of most files, the SHA-256 of some, and nothing of others."""
    return {"md5" if len(file["digest"]) == 32 else "sha256": file["digest"]} if file["digest"] else {}


def value_text(value):
    if isinstance(value, dict):
        return "{\n" + ",\n".join(f"    {json.dumps(key)}: {json.dumps(item)}" for key, item in value.items()) + "\n  }"
    return json.dumps(value)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keep", metavar="DIR", help="where to keep what Keras wrote")
    parser.add_argument("--ask-only", action="store_true", help="ask Keras alone; write no entry")
    parser.add_argument("entries", nargs="*", metavar="ENTRY")
    arguments = parser.parse_args()
    wanted = [n for n in networks() if not arguments.entries or n.entry in arguments.entries]
    for network in wanted:
        asked = asked_of_keras(network, arguments.keep)
        if not arguments.ask_only:
            write_weights(network, asked, write_entry(network, asked))
        print(network.entry, network.title, f"{asked['parameters']:,}", asked["file"]["name"], flush=True)
    for entry in NOT_MADE:
        if not arguments.ask_only and (not arguments.entries or entry in arguments.entries):
            path = ZOO / entry / "model.json"
            path.write_text("\n".join(with_accuracy(path.read_text().splitlines(), entry)) + "\n")


if __name__ == "__main__":
    main()
