"""Writes what is torchvision's in the entries that torchvision has, too: the graph, as a variant, and how its files name their layers, as
a weight set. Entries that Keras has not are written first, by make_torch_entries.py.

    python3 zoo/make_torch.py [ENTRY...]     # behind `make build`; nothing but Python's standard library is needed

What torchvision's networks compute otherwise than Keras's is in its sources (0.15 to 0.29): zeros on both sides of windows of stride 2,
the stride of ResNet's blocks in the 3 x 3 convolution, no biases ahead of batch normalisations, other epsilons, means that count the
zeros around an image, scaling of pixels ahead of the network. `Tests/Parity/torch_networks.py` compares the results with torchvision's
own. Behind it: `make catalog`, and `UPDATE_GOLDEN=1 swift test -c release --filter CatalogTests` for summaries and shapes."""
import json
import pathlib
import re
import subprocess
import sys

ZOO = pathlib.Path(__file__).parent
TOOL = ZOO.parent / ".build/release/zoo"
GRAPH = "torchvision"
TORCH = {"label": "torch", "channelOrder": "rgb", "divisor": 255, "mean": [0.485, 0.456, 0.406], "deviation": [0.229, 0.224, 0.225]}
# How much of their averages normalisations keep, of torchvision's and timm's own modules; 0.99 is the catalog's.
MOMENTUM = json.loads((ZOO.parent / "Tests/Fixtures/torch/momentum/momentum.json").read_text())
# From -1 to 1.
SYMMETRIC = {"label": "tf", "channelOrder": "rgb", "divisor": 127.5, "mean": [1, 1, 1], "deviation": [1, 1, 1]}


def layers(entry):
    return [layer for block in entry["blocks"] for layer in block["layers"]]


def padded(layer, name, amount, text):
    """The lines that put `amount` zeros around what `layer` reads: the one put in, and the layer's own."""
    pad = {"name": name, "op": "zeroPadding", "input": layer["input"], "padding": [[amount, amount], [amount, amount]]}
    return pad, {**layer, "input": name, "padding": "valid", **text}


def symmetric(entry, omitted=()):
    """Zeros on both sides wherever Keras has them on one, or as TensorFlow's rule has them with strides."""
    insert, replace = [], []
    all_layers = {layer["name"]: layer for layer in layers(entry)}
    readers = {}
    for layer in layers(entry):
        for name in [layer["input"]] if "input" in layer else layer.get("inputs", []):
            readers.setdefault(name, []).append(layer)

    def source(name):
        while name in omitted:
            name = all_layers[name]["input"]
        return name

    for layer in layers(entry):
        if layer["op"] == "zeroPadding" and "oddPadding" in layer:
            amount = (readers[layer["name"]][0]["kernel"][0] - 1) // 2
            line = {key: value for key, value in layer.items() if key != "oddPadding"}
            replace.append({**line, "input": source(layer["input"]), "padding": [[amount, amount], [amount, amount]]})
        elif layer["op"] in ("conv", "depthwiseConv") and layer["strides"] == [2, 2] and layer["padding"] == "same" and layer["kernel"] != [1, 1]:
            pad, line = padded({**layer, "input": source(layer["input"])}, layer["name"] + "_pad", (layer["kernel"][0] - 1) // 2, {})
            insert.append(pad)
            replace.append(line)
    return insert, replace


def resnet(entry, identifier):
    insert, replace = [], []
    for layer in layers(entry):
        if re.fullmatch(r"conv[345]_block1_1_conv", layer["name"]):
            replace.append({**layer, "strides": [1, 1]})
        elif re.fullmatch(r"conv[345]_block1_2_conv", layer["name"]):
            pad, line = padded(layer, layer["name"].replace("_conv", "_pad"), 1, {"strides": [2, 2]})
            insert.append(pad)
            replace.append(line)
    graph = {"insert": insert, "replace": replace, "bias": False, "epsilon": 1e-5,
             "note": "the stride of each stage in its first 3 x 3 convolution, no biases, epsilon 1e-5"}
    rules = [["conv1_conv", "conv1"], ["conv1_bn", "bn1"],
             ["conv{a}_block{b}_0_conv", "layer{a-1}.{b-1}.downsample.0"], ["conv{a}_block{b}_0_bn", "layer{a-1}.{b-1}.downsample.1"],
             ["conv{a}_block{b}_{c}_conv", "layer{a-1}.{b-1}.conv{c}"], ["conv{a}_block{b}_{c}_bn", "layer{a-1}.{b-1}.bn{c}"]]
    return graph, {"rules": rules, "classifier": [["fc", "linear"]]}


def basic_resnet(entry, identifier):
    graph, own = resnet(entry, identifier)
    return {"note": "the graph as written above"}, own


def vgg(entry, identifier):
    # A convolution, its normalisation and a ReLU take a place each, and a pooling one.
    rules, place = [], 0
    step = 3 if identifier.endswith("_bn") else 2
    for block in range(1, 6):
        count = sum(bool(re.fullmatch(rf"block{block}_conv\d", layer["name"])) for layer in layers(entry))
        for part in range(step - 1):
            offset = place + part - step
            rules.append([f"block{block}_conv{{a}}" + ("_bn" if part else ""), f"features.{{{step}a{offset:+d}}}" if offset else f"features.{{{step}a}}"])
        place += step * count + 1
    classifier = [["classifier.0", "relu"], ["classifier.3", "relu"], ["classifier.6", "linear"]]
    note = "the graph as written above" + (", with other pixels" if entry["preprocessing"] != TORCH else "")
    return {"note": note}, {"rules": rules, "classifier": classifier, "classifierReads": "flattened"}


def densenet(entry, identifier):
    rules = [["conv1_conv", "features.conv0"], ["conv1_bn", "features.norm0"], ["bn", "features.norm5"],
             ["conv{a}_block{b}_0_bn", "features.denseblock{a-1}.denselayer{b}.norm1"],
             ["conv{a}_block{b}_1_conv", "features.denseblock{a-1}.denselayer{b}.conv1"],
             ["conv{a}_block{b}_1_bn", "features.denseblock{a-1}.denselayer{b}.norm2"],
             ["conv{a}_block{b}_2_conv", "features.denseblock{a-1}.denselayer{b}.conv2"],
             ["pool{a}_bn", "features.transition{a-1}.norm"], ["pool{a}_conv", "features.transition{a-1}.conv"]]
    return {"note": "epsilon 1e-5", "epsilon": 1e-5}, {"rules": rules, "classifier": [["classifier", "linear"]]}


def inception(entry, identifier):
    a = "{branch1x1,branch5x5_1,branch5x5_2,branch3x3dbl_1,branch3x3dbl_2,branch3x3dbl_3,branch_pool}"
    b = "{branch3x3,branch3x3dbl_1,branch3x3dbl_2,branch3x3dbl_3}"
    c = "{branch1x1,branch7x7_1,branch7x7_2,branch7x7_3,branch7x7dbl_1,branch7x7dbl_2,branch7x7dbl_3,branch7x7dbl_4,branch7x7dbl_5,branch_pool}"
    d = "{branch3x3_1,branch3x3_2,branch7x7x3_1,branch7x7x3_2,branch7x7x3_3,branch7x7x3_4}"
    e = "{branch1x1,branch3x3_1,branch3x3_2a,branch3x3_2b,branch3x3dbl_1,branch3x3dbl_2,branch3x3dbl_3a,branch3x3dbl_3b,branch_pool}"
    modules = ["Conv2d_{1a,2a,2b}_3x3", "Conv2d_3b_1x1", "Conv2d_4a_3x3", f"Mixed_5{{b,c,d}}.{a}", f"Mixed_6a.{b}",
               f"Mixed_6{{b,c,d,e}}.{c}", f"Mixed_7a.{d}", f"Mixed_7{{b,c}}.{e}"]
    rules = [["conv2d#"] + [f"{module}.conv" for module in modules], ["batch_normalization#"] + [f"{module}.bn" for module in modules]]
    insert, replace = [], []
    for layer in layers(entry):
        if layer["op"] == "averagePool":
            pad, line = padded(layer, layer["name"].replace("pooling2d", "pooling2d_pad"), 1, {})
            insert.append(pad)
            replace.append(line)
    graph = {"insert": insert, "replace": replace, "scale": True}
    own = {"rules": rules, "classifier": [["fc", "linear"]], "leftOut": ["AuxLogits."]}
    return graph, own


def mobilenet_v2(entry, identifier):
    insert, replace = symmetric(entry)
    rules = [["Conv1", "features.0.0"], ["bn_Conv1", "features.0.1"], ["Conv_1", "features.18.0"], ["Conv_1_bn", "features.18.1"],
             ["expanded_conv_depthwise", "features.1.conv.0.0"], ["expanded_conv_depthwise_BN", "features.1.conv.0.1"],
             ["expanded_conv_project", "features.1.conv.1"], ["expanded_conv_project_BN", "features.1.conv.2"],
             ["block_{a}_expand", "features.{a+1}.conv.0.0"], ["block_{a}_expand_BN", "features.{a+1}.conv.0.1"],
             ["block_{a}_depthwise", "features.{a+1}.conv.1.0"], ["block_{a}_depthwise_BN", "features.{a+1}.conv.1.1"],
             ["block_{a}_project", "features.{a+1}.conv.2"], ["block_{a}_project_BN", "features.{a+1}.conv.3"]]
    graph = {"insert": insert, "replace": replace, "epsilon": 1e-5, "note": "zeros on both sides of windows of stride 2, epsilon 1e-5"}
    return graph, {"rules": rules, "classifier": [["classifier.1", "linear"]]}


def mobilenet_v3(entry, identifier):
    omit = ["rescaling"]
    insert, replace = symmetric(entry, omit)
    last = max(int(match[1]) for layer in layers(entry) if (match := re.fullmatch(r"expanded_conv_(\d+)_project", layer["name"])))
    names = {layer["name"] for layer in layers(entry)}
    rules = [["conv", "features.0.0"], ["conv_bn", "features.0.1"], ["conv_1", f"features.{last + 2}.0"], ["conv_1_bn", f"features.{last + 2}.1"]]

    def block(prefix, module, index):
        """Which parts a block has decides at which places they stand."""
        parts = ["expand", "depthwise", "squeeze_excite", "project"]
        there = [part for part in parts if f"{prefix}_{part}" in names or f"{prefix}_{part}_conv" in names]
        return [(part, f"{module}.block.{there.index(part)}") for part in there]

    for number in range(last + 1):
        prefix = "expanded_conv" + (f"_{number}" if number else "")
        for part, module in block(prefix, f"features.{number + 1}", number):
            if part == "squeeze_excite":
                rules += [[f"{prefix}_squeeze_excite_conv", f"{module}.fc1"], [f"{prefix}_squeeze_excite_conv_1", f"{module}.fc2"]]
            else:
                rules += [[f"{prefix}_{part}", f"{module}.0"], [f"{prefix}_{part}_bn", f"{module}.1"]]
    graph = {"omit": omit, "insert": insert, "replace": replace,
             "note": "zeros on both sides of windows of stride 2; pixels are scaled ahead of it"}
    return graph, {"rules": folded(rules, last), "classifier": [["classifier.0", "hard_silu"], ["classifier.3", "linear"]]}


def folded(rules, last):
    """Rules of single blocks that say the same of each, as one with a place for the block's number, where all blocks agree; what only some
    have stays ahead of it."""
    general = {}
    for name, group in rules:
        match = re.fullmatch(r"expanded_conv_(\d+)_(\w+)", name)
        if match:
            number = int(match[1])
            general.setdefault(match[2], {}).setdefault(group.replace(f"features.{number + 1}.", "features.{a+1}."), []).append((name, group))
    result = [rule for rule in rules if not re.fullmatch(r"expanded_conv_\d+_\w+", rule[0])]
    for part, forms in general.items():
        usual = max(forms, key=lambda form: len(forms[form]))
        result += [list(rule) for form, own in forms.items() if form != usual for rule in own]
        result.append([f"expanded_conv_{{a}}_{part}", usual])
    return result


def efficientnet(entry, identifier):
    omit = ["rescaling", "normalization", "rescaling_1"]
    names = {layer["name"] for layer in layers(entry)}
    omit = [name for name in omit if name in names]
    insert, replace = symmetric(entry, omit)
    rules = [["stem_conv", "features.0.0"], ["stem_bn", "features.0.1"], ["top_conv", "features.8.0"], ["top_bn", "features.8.1"]]
    # The first stage has no expansion, so that all else stands one place ahead.
    for stage, first in (("1", 0), ("{a}", 1)):
        block = f"block{stage}{{B}}"
        module = f"features.{stage}.{{B-1}}.block"
        if first:
            rules += [[f"{block}_expand_conv", f"{module}.0.0"], [f"{block}_expand_bn", f"{module}.0.1"]]
        rules += [[f"{block}_dwconv", f"{module}.{first}.0"], [f"{block}_bn", f"{module}.{first}.1"],
                  [f"{block}_se_reduce", f"{module}.{first + 1}.fc1"], [f"{block}_se_expand", f"{module}.{first + 1}.fc2"],
                  [f"{block}_project_conv", f"{module}.{first + 2}.0"], [f"{block}_project_bn", f"{module}.{first + 2}.1"]]
    epsilon = 1e-3 if identifier[-1] in "567" else 1e-5
    graph = {"omit": omit, "insert": insert, "replace": replace, "epsilon": epsilon,
             "note": f"zeros on both sides of windows of stride 2, epsilon {epsilon:g}; pixels are scaled ahead of it"}
    return graph, {"rules": rules, "classifier": [["classifier.1", "linear"]]}


def efficientnet_v2(entry, identifier):
    names = {layer["name"] for layer in layers(entry)}
    omit = [name for name in ("rescaling", "normalization") if name in names]
    insert, replace = symmetric(entry, omit)
    stages = max(int(match[1]) for name in names if (match := re.match(r"block(\d)a_", name)))
    rules = [["stem_conv", "features.0.0"], ["stem_bn", "features.0.1"], ["top_conv", f"features.{stages + 1}.0"], ["top_bn", f"features.{stages + 1}.1"]]
    for stage in range(1, stages + 1):
        parts = [part for part in ("expand", "dw", "se", "project") if any(re.match(rf"block{stage}b_{part}", name) for name in names)]
        for part in parts:
            module = f"features.{stage}.{{B-1}}.block.{parts.index(part)}"
            block = f"block{stage}{{B}}"
            rules += {"expand": [[f"{block}_expand_conv", f"{module}.0"], [f"{block}_expand_bn", f"{module}.1"]],
                      "dw": [[f"{block}_dwconv2", f"{module}.0"], [f"{block}_bn", f"{module}.1"]],
                      "se": [[f"{block}_se_reduce", f"{module}.fc1"], [f"{block}_se_expand", f"{module}.fc2"]],
                      "project": [[f"{block}_project_conv", f"{module}.0"], [f"{block}_project_bn", f"{module}.1"]]}[part]
    graph = {"omit": omit, "insert": insert, "replace": replace,
             "note": "zeros on both sides of windows of stride 2; pixels are scaled ahead of it"}
    return graph, {"rules": rules, "classifier": [["classifier.1", "linear"]]}


def convnext(entry, identifier):
    rules = [[f"{identifier}_stem_conv", "features.0.0"], [f"{identifier}_stem_layernorm", "features.0.1"],
             [f"{identifier}_downsampling_layernorm_{{a}}", "features.{2a+2}.0"], [f"{identifier}_downsampling_conv_{{a}}", "features.{2a+2}.1"]]
    module = "features.{2a+1}.{b}"
    for part, place in (("depthwise_conv", ".block.0"), ("layernorm", ".block.2"), ("pointwise_conv_1", ".block.3"),
                        ("pointwise_conv_2", ".block.5"), ("layer_scale", "")):
        rules.append([f"{identifier}_stage_{{a}}_block_{{b}}_{part}", module + place])
    rules.append(["layer_normalization", "classifier.0"])
    graph = {"omit": [f"{identifier}_prestem_normalization"], "note": "pixels are scaled ahead of it"}
    return graph, {"rules": rules, "classifier": [["classifier.2", "linear"]]}


def squeezenet(entry, identifier):
    insert, replace = [], []
    for layer in layers(entry):
        if layer["op"] == "maxPool":
            # With ceil_mode, a window that begins in the image may end behind it; what it finds there is less than any activation.
            name = layer["name"] + "_pad"
            insert.append({"name": name, "op": "zeroPadding", "input": layer["input"], "padding": [[0, 1], [0, 1]], "oddPadding": [[0, 0], [0, 0]]})
            replace.append({**layer, "input": name})
    is_old = identifier == "squeezenet_1.0"
    places = {number: number + (1 if number < 5 else 2 if number < 9 else 3) for number in range(2, 10)} if is_old \
        else {2: 3, 3: 4, 4: 6, 5: 7, 6: 9, 7: 10, 8: 11, 9: 12}
    rules = [["conv1", "features.0"]] + [[f"fire{number}{'_' if is_old else '/'}{part}", f"features.{place}.{name}"] for number, place in places.items()
                                         for part, name in (("squeeze1x1", "squeeze"), ("expand1x1", "expand1x1"), ("expand3x3", "expand3x3"))]
    note = f"{'' if is_old else 'SqueezeNet 1.1: '}poolings also count windows that end behind the image"
    own = {"rules": rules, "classifier": [["classifier.1", "relu"]], "classifierReads": "pixels"}
    return {"insert": insert, "replace": replace, "note": note}, own


FAMILIES = {
    basic_resnet: ["resnet18", "resnet34"], resnet: ["resnet50", "resnet101", "resnet152"],
    vgg: ["vgg11", "vgg13", "vgg16", "vgg19", "vgg11_bn", "vgg13_bn", "vgg16_bn", "vgg19_bn"], densenet: ["densenet121", "densenet169", "densenet201"],
    inception: ["inception_v3"], mobilenet_v2: ["mobilenet_v2"], mobilenet_v3: ["mobilenet_v3_small", "mobilenet_v3_large"],
    efficientnet: [f"efficientnet_b{n}" for n in range(8)],
    efficientnet_v2: ["efficientnet_v2_s", "efficientnet_v2_m", "efficientnet_v2_l"],
    convnext: [f"convnext_{size}" for size in ("tiny", "small", "base", "large")], squeezenet: ["squeezenet", "squeezenet_1.0"],
}
# What the names of weights leave open.
DOUBT = ("weights do not say whether transform_input was set: pixels are then scaled from -1 to 1; choose {0} if it was, as for published "
         "weights, and {0}-plain if it was not")
TWINS = {name: f"timm's {name} is the same; its {others} the same tensors and another graph, of which weights say nothing: if they are of that one, "
               "no graph here computes it"
         for name, others in (("resnet18", "resnetblur18 has"), ("resnet50", "resnetblur50 and resnetaa50 have"))}
FUNCTIONS = {"squeezenet": "squeezenet1_1", "squeezenet_1.0": "squeezenet1_0"}


def variant(identifier, name, graph, note, preprocessing):
    order = ["omit", "insert", "replace", "append", "bias", "scale", "epsilon"]
    own = {key: graph[key] for key in order if key in graph and graph[key] not in ([], None)}
    momentum = MOMENTUM.get(f"{identifier} {name}", 0.99)
    if momentum != 0.99:
        own["momentum"] = momentum
    return {"name": name, "note": note, "framework": "pytorch",
            **({"preprocessing": preprocessing} if preprocessing else {}), **own}


def write(identifier, family):
    file = ZOO / identifier / "model.json"
    entry = json.loads(file.read_text())
    function = FUNCTIONS.get(identifier, identifier)
    graph, own = family(entry, identifier)
    pixels = SYMMETRIC if identifier == "efficientnet_v2_l" else TORCH
    preprocessing = None if entry["preprocessing"] == pixels else pixels
    others = [old for old in entry.get("variants", []) if not old["name"].startswith(GRAPH)]
    # In doubt a file is torchvision's: what is written first is looked at first.
    kept = [old for old in others if old.get("framework") != "pytorch"]
    if family is inception:
        note = f"torchvision.models.{function}: means of windows count the zeros around the image, normalisations have a gamma; "
        new = [variant(identifier, GRAPH, graph, note + "with transform_input, as its published weights have it", None),
               variant(identifier, GRAPH + "-plain", graph, note + "without transform_input", TORCH)]
    else:
        new = [variant(identifier, GRAPH, graph, f"torchvision.models.{function}: {graph['note']}", preprocessing)]
    entry["variants"] = kept + new + [old for old in others if old not in kept]
    file.write_text(json.dumps(entry))
    claim(identifier, file)
    for record in new:
        is_plain = record["name"].endswith("-plain")
        note = DOUBT.format(GRAPH) if identifier == "inception_v3" else TWINS.get(identifier)
        weight_set(identifier, record["name"], f"state_dict() of torchvision.models.{function}" + (" without transform_input" if is_plain else ""),
                   "compared with torchvision 0.29, every tensor and the features", own, note)


def claim(identifier, file):
    """Claims that differ are those that the checker names."""
    for _ in range(8):
        subprocess.run([TOOL, "fmt", str(file)], check=True, capture_output=True)
        result = subprocess.run([TOOL, "check", identifier, "--zoo", str(ZOO)], capture_output=True, text=True)
        found = re.findall(r"variant ([\w.-]+): the claim of (\w+) is .*?; it is (\[.*?\]|\d+)", result.stdout + result.stderr)
        if not found:
            return
        entry = json.loads(file.read_text())
        for name, key, value in found:
            record = next(record for record in entry["variants"] if record["name"] == name)
            record.setdefault("claims", {})[key] = json.loads(value)
        file.write_text(json.dumps(entry))


def weight_set(identifier, tag, title, basis, own, note=None):
    """One weight set, of the graph of its own name; `note` is what is uncertain about that."""
    record = {"format": 1, "tag": tag, "title": title, "era": "pytorch", "graph": tag}
    if note:
        record["graphNote"] = note
    record |= {"axisOrder": "PyTorch", "kernels": "tensorflow", "weightNames": "{layer}.{role}", "basis": basis}
    record |= own
    text = "{\n" + ",\n".join(f"  {json.dumps(key)}: {rules(value) if key == 'rules' else json.dumps(value)}" for key, value in record.items()) + "\n}\n"
    (ZOO / identifier / "weights" / f"{tag}.json").write_text(text)


def rules(lines):
    return "[\n" + ",\n".join(f"    {json.dumps(line)}" for line in lines) + "\n  ]"


def main():
    wanted = sys.argv[1:]
    for family, identifiers in FAMILIES.items():
        for identifier in identifiers:
            if not wanted or identifier in wanted:
                write(identifier, family)
                print(identifier, flush=True)


if __name__ == "__main__":
    main()
