"""Writes what is timm's in the entries that timm has, too: the graph, as a variant, and how its files name their layers, as a weight set.

    python3 zoo/make_timm.py [ENTRY...]     # behind `make build`; nothing but Python's standard library is needed

What timm (1.0) builds under two names with the same tensors has two graphs: `timm` with zeros on both sides of windows of stride 2, and
`timm-tf` of the names that begin with `tf_`, with TensorFlow's zeros and epsilons, whose weights were trained there. ResNet, DenseNet and
InceptionV3 of timm have torchvision's names, and need nothing. `Tests/Parity/torch_networks.py` compares the results with timm's own."""
import json
import re
import sys

import make_torch
from make_torch import SYMMETRIC, TORCH, ZOO, claim, layers, symmetric, variant, weight_set

TF = "zeros as TensorFlow has them"
BOTH = "zeros on both sides of windows of stride 2, epsilon 1e-5"


class Form:
    """One graph: the functions of timm that build it, how it differs, and how pixels are scaled."""

    def __init__(self, names, graph, note, pixels=TORCH, doubt=None):
        self.names, self.graph, self.note, self.pixels, self.doubt = names, graph, note, pixels, doubt


def two(entry, identifier, name, omit, pixels, has_plain=True, tf_pixels=None, doubt=""):
    """The graph of `name` and that of `tf_name`, of which weights say nothing."""
    insert, replace = symmetric(entry, omit)
    plain = Form(name, {"omit": omit, "insert": insert, "replace": replace, "epsilon": 1e-5}, BOTH, pixels,
                 f"weights do not say whether they are timm's {name} or its tf_{name}, whose zeros and epsilon are TensorFlow's: choose timm-tf "
                 "if they are")
    graph = {"omit": omit}
    other = Form(f"tf_{name}", graph, TF, tf_pixels or pixels, doubt or None)
    return ([plain] if has_plain else []) + [other]


def blocks(entry, stages, has_expansion):
    """Rules of stages of inverted bottlenecks by Keras's names of their parts: `block2a_expand_conv`."""
    names = {layer["name"] for layer in layers(entry)}
    rules = []
    for stage in range(1, stages + 1):
        block, module = f"block{stage}{{B}}", f"blocks.{stage - 1}.{{B-1}}"
        depthwise = "dwconv2" if f"block{stage}a_dwconv2" in names else "dwconv" if f"block{stage}a_dwconv" in names else None
        expands = f"block{stage}a_expand_conv" in names
        first = ["conv_pw" if depthwise else "conv_exp"] if expands else []
        parts = [("expand_conv", "expand_bn")] if expands else []
        if depthwise:
            first, parts = first + ["conv_dw"], parts + [(depthwise, "bn")]
            rules += [[f"{block}_se_reduce", f"{module}.se.conv_reduce"], [f"{block}_se_expand", f"{module}.se.conv_expand"]]
        first.append("conv_pwl" if expands else "conv_pw" if depthwise else "conv")
        parts.append(("project_conv", "project_bn"))
        for number, (own, (convolution, normalisation)) in enumerate(zip(first, parts), 1):
            rules += [[f"{block}_{convolution}", f"{module}.{own}"], [f"{block}_{normalisation}", f"{module}.bn{number}"]]
    return rules


def efficientnet(entry, identifier):
    names = {layer["name"] for layer in layers(entry)}
    omit = [name for name in ("rescaling", "normalization", "rescaling_1") if name in names]
    rules = [["stem_conv", "conv_stem"], ["stem_bn", "bn1"], ["top_conv", "conv_head"], ["top_bn", "bn2"]]
    forms = two(entry, identifier, identifier, omit, TORCH, has_plain=identifier[-1] in "012345",
                doubt="pixels are scaled as for most of timm's weights; those called ap_in1k are for pixels from -1 to 1")
    return forms, {"rules": rules + blocks(entry, 7, True), "classifier": [["classifier", "linear"]]}


def efficientnet_v2(entry, identifier):
    names = {layer["name"] for layer in layers(entry)}
    omit = [name for name in ("rescaling", "normalization") if name in names]
    stages = max(int(match[1]) for name in names if (match := re.match(r"block(\d)a_", name)))
    rules = [["stem_conv", "conv_stem"], ["stem_bn", "bn1"], ["top_conv", "conv_head"], ["top_bn", "bn2"]] + blocks(entry, stages, True)
    name = "tf_" + identifier.replace("efficientnet_v2", "efficientnetv2")
    pixels = TORCH if "normalization" in names else SYMMETRIC
    return [Form(name, {"omit": omit}, TF, pixels)], {"rules": rules, "classifier": [["classifier", "linear"]]}


def staged(counts):
    """`blocks.0.0`, ... of stages with so many blocks each."""
    return [f"blocks.{stage}.{block}" for stage, count in enumerate(counts) for block in range(count)]


def mobilenet(entry, identifier):
    modules = staged([1, 2, 2, 6, 2])
    rules = [["conv1", "conv_stem"], ["conv1_bn", "bn1"]]
    for part, own, number in (("dw", "conv_dw", 1), ("pw", "conv_pw", 2)):
        rules += [[f"conv_{part}#"] + [f"{module}.{own}" for module in modules], [f"conv_{part}_#_bn"] + [f"{module}.bn{number}" for module in modules]]
    replace = [{**layer, "padding": [[1, 1], [1, 1]]} for layer in layers(entry) if layer["op"] == "zeroPadding"]
    # The first convolution has its zeros in no layer of their own.
    insert, strided = symmetric(entry)
    graph = {"insert": insert, "replace": replace + strided, "epsilon": 1e-5}
    return [Form("mobilenetv1_100", graph, BOTH, SYMMETRIC)], {"rules": rules, "classifier": [["classifier", "linear"]]}


def mobilenet_v2(entry, identifier):
    modules = staged([1, 2, 3, 4, 3, 3, 1])
    rules = [["Conv1", "conv_stem"], ["bn_Conv1", "bn1"], ["Conv_1", "conv_head"], ["Conv_1_bn", "bn2"]]
    for part, own, number in (("expand", "conv_pw", 1), ("depthwise", "conv_dw", 2), ("project", "conv_pwl", 3)):
        if number > 1:
            first = "conv_pw" if number == 3 else own
            rules += [[f"expanded_conv_{part}", f"{modules[0]}.{first}"], [f"expanded_conv_{part}_BN", f"{modules[0]}.bn{number - 1}"]]
        rules += [[f"block_#_{part}"] + [f"{module}.{own}" for module in modules[1:]],
                  [f"block_#_{part}_BN"] + [f"{module}.bn{number}" for module in modules[1:]]]
    insert, replace = symmetric(entry)
    graph = {"insert": insert, "replace": replace, "epsilon": 1e-5}
    width = {"": "100"}.get(identifier[12:], f"{round(float(identifier[13:] or 1) * 100):03}")
    return [Form(f"mobilenetv2_{width}", graph, BOTH)], {"rules": rules, "classifier": [["classifier", "linear"]]}


def mobilenet_v3(entry, identifier):
    names = [layer["name"] for layer in layers(entry)]
    is_small = "small" in identifier
    modules = staged([1, 2, 3, 2, 3] if is_small else [1, 2, 3, 4, 2, 3])
    last = f"blocks.{5 if is_small else 6}.0"
    rules = [["conv", "conv_stem"], ["conv_bn", "bn1"], ["conv_1", f"{last}.conv"], ["conv_1_bn", f"{last}.bn1"]]
    for part, own, number in (("expand", "conv_pw", 1), ("depthwise", "conv_dw", 2), ("project", "conv_pwl", 3)):
        if number > 1:
            first = "conv_pw" if number == 3 else own
            rules += [[f"expanded_conv_{part}", f"{modules[0]}.{first}"], [f"expanded_conv_{part}_bn", f"{modules[0]}.bn{number - 1}"]]
        rules += [[f"expanded_conv_#_{part}"] + [f"{module}.{own}" for module in modules[1:]],
                  [f"expanded_conv_#_{part}_bn"] + [f"{module}.bn{number}" for module in modules[1:]]]
    for end, own in (("", "conv_reduce"), ("_1", "conv_expand")):
        weighed = [number for number in range(1, len(modules)) if f"expanded_conv_{number}_squeeze_excite_conv{end}" in names]
        if "expanded_conv_squeeze_excite_conv" in names:
            rules.append([f"expanded_conv_squeeze_excite_conv{end}", f"{modules[0]}.se.{own}"])
        if weighed:
            rules.append([f"expanded_conv_#_squeeze_excite_conv{end}"] + [f"{modules[number]}.se.{own}" for number in weighed])
    is_minimal = identifier.endswith("minimal")
    width = "minimal_100" if is_minimal else "075" if identifier.endswith("0.75") else "100"
    name = f"mobilenetv3_{'small' if is_small else 'large'}_{width}"
    forms = two(entry, identifier, name, ["rescaling"], TORCH, has_plain=not is_minimal, tf_pixels=SYMMETRIC)
    activation = "relu" if is_minimal else "hard_silu"
    return forms, {"rules": rules, "classifier": [["conv_head", activation, "convolution"], ["classifier", "linear"]]}


def convnext(entry, identifier):
    rules = [[f"{identifier}_stem_conv", "stem.0"], [f"{identifier}_stem_layernorm", "stem.1"],
             [f"{identifier}_downsampling_layernorm_{{a}}", "stages.{a+1}.downsample.0"],
             [f"{identifier}_downsampling_conv_{{a}}", "stages.{a+1}.downsample.1"]]
    for part, own in (("depthwise_conv", ".conv_dw"), ("layernorm", ".norm"), ("pointwise_conv_1", ".mlp.fc1"), ("pointwise_conv_2", ".mlp.fc2"),
                      ("layer_scale", "")):
        rules.append([f"{identifier}_stage_{{a}}_block_{{b}}_{part}", "stages.{a}.blocks.{b}" + own])
    rules.append(["layer_normalization", "head.norm"])
    graph = {"omit": [f"{identifier}_prestem_normalization"]}
    own = {"rules": rules, "layerScale": "gamma", "classifier": [["head.fc", "linear"]]}
    return [Form(identifier, graph, "pixels are scaled ahead of it")], own


def vgg(entry, identifier):
    _, own = make_torch.vgg(entry, identifier)
    own["classifier"] = [["pre_logits.fc1", "relu", "convolution"], ["pre_logits.fc2", "relu", "convolution"], ["head.fc", "linear"]]
    note = "the graph as written above" + (", with other pixels" if entry["preprocessing"] != TORCH else "")
    return [Form(identifier, {}, note)], own


def xception(entry, identifier):
    """Separable convolutions are two modules each; poolings of stride 2 look the same distance ahead and back whatever the size: all places
    are looked at, and every other one taken."""
    insert, replace = [], []
    for layer in layers(entry):
        if layer["op"] == "separableConv":
            name = layer["name"] + "_depthwise"
            insert.append({"name": name, "op": "depthwiseConv", "input": layer["input"], "kernel": layer["kernel"], "strides": [1, 1], "padding": "same"})
            replace.append({"name": layer["name"], "op": "conv", "input": name, "filters": layer["filters"], "kernel": [1, 1], "strides": [1, 1],
                            "padding": "valid"})
        elif layer["op"] == "maxPool":
            name = layer["name"] + "_all"
            insert.append({**layer, "name": name, "strides": [1, 1]})
            replace.append({**layer, "input": name, "size": [1, 1], "padding": "valid"})
    rules = [["block1_conv1", "conv1"], ["block1_conv1_bn", "bn1"], ["block1_conv2", "conv2"], ["block1_conv2_bn", "bn2"]]
    for pattern, module, normalisation in (
            ("block14_sepconv{b}", "conv{b+2}", "bn{b+2}"), ("block2_sepconv{b}", "block1.rep.{3b-3}", "block1.rep.{3b-2}"),
            ("block{a}_sepconv{b}", "block{a-1}.rep.{3b-2}", "block{a-1}.rep.{3b-1}")):
        rules += [[f"{pattern}_depthwise", f"{module}.conv1"], [f"{pattern}_bn", normalisation], [pattern, f"{module}.pointwise"]]
    rules += [["conv2d#", "block{1,2,3,12}.skip"], ["batch_normalization#", "block{1,2,3,12}.skipbn"]]
    graph = {"insert": insert, "replace": replace, "epsilon": 1e-5}
    note = "zeros on both sides of poolings, epsilon 1e-5; separable convolutions in two layers"
    return [Form("legacy_xception", graph, note, SYMMETRIC)], {"rules": rules, "classifier": [["fc", "linear"]]}


def inception_resnet(entry, identifier):
    three, two_more = "branch0,branch1.0,branch1.1,branch2.0,branch2.1,branch2.2", "branch0,branch1.0,branch1.1,branch1.2"
    modules = ["conv2d_{1a,2a,2b,3b,4a}", f"mixed_5b.{{{three},branch3.1}}", f"repeat.{{{','.join(map(str, range(10)))}}}.{{{three}}}",
               f"mixed_6a.{{{two_more}}}", f"repeat_1.{{{','.join(map(str, range(20)))}}}.{{{two_more}}}",
               "mixed_7a.{branch0.0,branch0.1,branch1.0,branch1.1,branch2.0,branch2.1,branch2.2}",
               f"repeat_2.{{{','.join(map(str, range(9)))}}}.{{{two_more}}}", f"block8.{{{two_more}}}"]
    rules = [["conv2d#"] + [f"{module}.conv" for module in modules], ["batch_normalization#"] + [f"{module}.bn" for module in modules],
             ["conv_7b", "conv2d_7b.conv"], ["conv_7b_bn", "conv2d_7b.bn"], ["block8_10_conv", "block8.conv2d"],
             ["block35_{a}_conv", "repeat.{a-1}.conv2d"], ["block17_{a}_conv", "repeat_1.{a-1}.conv2d"], ["block8_{a}_conv", "repeat_2.{a-1}.conv2d"]]
    return [Form(identifier, {"scale": True}, "normalisations have a gamma", SYMMETRIC)], {"rules": rules, "classifier": [["classif", "linear"]]}


FAMILIES = {
    convnext: [f"convnext_{size}" for size in ("tiny", "small", "base", "large", "xlarge")],
    efficientnet: [f"efficientnet_b{n}" for n in range(8)],
    efficientnet_v2: [f"efficientnet_v2_{size}" for size in ("b0", "b1", "b2", "b3", "s", "m", "l")],
    mobilenet: ["mobilenet"], mobilenet_v2: ["mobilenet_v2" + width for width in ("", "_0.35", "_0.5", "_0.75", "_1.4")],
    mobilenet_v3: [f"mobilenet_v3_{size}{kind}" for size in ("small", "large") for kind in ("", "_0.75", "_minimal")],
    vgg: ["vgg11", "vgg13", "vgg16", "vgg19", "vgg11_bn", "vgg13_bn", "vgg16_bn", "vgg19_bn"],
    xception: ["xception"], inception_resnet: ["inception_resnet_v2"],
}


def write(identifier, family):
    file = ZOO / identifier / "model.json"
    entry = json.loads(file.read_text())
    forms, own = family(entry, identifier)
    entry["variants"] = [old for old in entry.get("variants", []) if not old["name"].startswith("timm")]
    tags = []
    for form in forms:
        tags.append("timm-tf" if form.names.startswith("tf_") and family in (efficientnet, mobilenet_v3) else "timm")
        pixels = None if entry["preprocessing"] == form.pixels else form.pixels
        entry["variants"].append(variant(identifier, tags[-1], form.graph, f"timm's {form.names}: {form.note}", pixels))
    file.write_text(json.dumps(entry))
    claim(identifier, file)
    for tag, form in zip(tags, forms):
        weight_set(identifier, tag, f"state_dict() of timm's {form.names}", "compared with timm 1.0, every tensor and the features", own, form.doubt)


def main():
    for family, identifiers in FAMILIES.items():
        for identifier in identifiers:
            if not sys.argv[1:] or identifier in sys.argv[1:]:
                write(identifier, family)
                print(identifier, flush=True)


if __name__ == "__main__":
    main()
