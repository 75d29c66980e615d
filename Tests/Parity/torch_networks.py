"""Every network of torchvision and timm that the catalog has: its features by zoo against those of theirs, element by element.

    python3 Tests/Parity/torch_networks.py [--tool ZOO] [NETWORK...]     # or `make parity-torch`, NETWORKS="a b"

torchvision, or timm (`timm/NAME`), builds the network with weights from a seed, among them statistics and factors of batch normalisations that are none of
those it begins with, and saves its `state_dict()`. zoo must recognise the file by its content, convert it with its classifier, and give
the same features at the network's own size and at 101 x 101 pixels (where the network takes them) or 171 x 171, and at its own size
the same order of classes; and what zoo exports of the archive for PyTorch must load strictly into a new network, with every tensor bit for
bit. Both read one photograph of smooth noise of just that size. A row says how far the two differ at most, as a share of the largest feature, and
how far another photograph moves the features."""
import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(HERE))
from compare import photograph  # noqa: E402

# The network in the catalog, where it has another name there, and its own size where that is not 224.
NETWORKS = {
    "mobilenet_v3_small": (), "squeezenet1_1": ("squeezenet", 227), "mobilenet_v2": (), "efficientnet_b0": (), "mobilenet_v3_large": (),
    "efficientnet_b1": ("efficientnet_b1", 240), "densenet121": (), "efficientnet_b2": ("efficientnet_b2", 260),
    "efficientnet_b3": ("efficientnet_b3", 300), "densenet169": (), "densenet201": (), "efficientnet_b4": ("efficientnet_b4", 380),
    "resnet50": (), "inception_v3": ("inception_v3", 299), "convnext_tiny": (), "efficientnet_b5": ("efficientnet_b5", 456),
    "efficientnet_b6": ("efficientnet_b6", 528), "resnet101": (), "convnext_small": (), "resnet152": (), "efficientnet_b7": ("efficientnet_b7", 600),
    "convnext_base": (), "vgg16": (), "vgg19": (), "convnext_large": (), "resnet18": (), "resnet34": (), "vgg11": (), "vgg13": (), "vgg11_bn": (),
    "vgg13_bn": (), "vgg16_bn": (), "vgg19_bn": (), "squeezenet1_0": ("squeezenet_1.0", 224), "efficientnet_v2_s": ("efficientnet_v2_s", 384),
    "efficientnet_v2_m": ("efficientnet_v2_m", 480), "efficientnet_v2_l": ("efficientnet_v2_l", 480),
}
# Of timm: the network in the catalog, its own size, and the graph where weights leave it open.
TIMM = {
    "convnext_tiny": ("convnext_tiny", 224), "convnext_small": ("convnext_small", 224), "convnext_base": ("convnext_base", 224),
    "convnext_large": ("convnext_large", 224), "convnext_xlarge": ("convnext_xlarge", 224),
    **{f"efficientnet_b{n}": (f"efficientnet_b{n}", size) for n, size in enumerate((224, 240, 260, 300, 380, 456))},
    **{f"tf_efficientnet_b{n}": (f"efficientnet_b{n}", size, "timm-tf") for n, size in enumerate((224, 240, 260, 300, 380, 456, 528, 600))},
    **{f"tf_efficientnetv2_{kind}": (f"efficientnet_v2_{kind}", size)
       for kind, size in (("b0", 224), ("b1", 240), ("b2", 260), ("b3", 300), ("s", 384), ("m", 480), ("l", 480))},
    **{f"mobilenetv3_{kind}_{width}": (f"mobilenet_v3_{kind}{end}", 224)
       for kind in ("small", "large") for width, end in (("100", ""), ("075", "_0.75"))},
    **{f"tf_mobilenetv3_{kind}_{width}": (f"mobilenet_v3_{kind}{end}", 224, "timm-tf")
       for kind in ("small", "large") for width, end in (("100", ""), ("075", "_0.75"), ("minimal_100", "_minimal"))},
    **{f"mobilenetv2_{width}": (f"mobilenet_v2{end}", 224)
       for width, end in (("100", ""), ("035", "_0.35"), ("050", "_0.5"), ("075", "_0.75"), ("140", "_1.4"))},
    "mobilenetv1_100": ("mobilenet", 224), "legacy_xception": ("xception", 299), "inception_resnet_v2": ("inception_resnet_v2", 299),
    **{name: (name, 224) for name in ("vgg11", "vgg13", "vgg16", "vgg19", "vgg11_bn", "vgg13_bn", "vgg16_bn", "vgg19_bn")},
    # Of these timm has torchvision's names.
    **{name: (name, 224) for name in ("resnet18", "resnet34", "resnet50", "resnet101", "resnet152", "densenet121", "densenet169", "densenet201")},
    "inception_v3": ("inception_v3", 299),
}
ALLOWED = 1e-4
MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


def empty(name, options):
    """The network as its library builds it; `options` are those of torchvision's InceptionV3."""
    if name.startswith("timm/"):
        import timm

        # The published weights of these two whose pixels are scaled as the catalog has it.
        tags = {"efficientnet_b1": ".ft_in1k", "tf_efficientnetv2_b3": ".in1k"}
        return timm.create_model(name[5:] + tags.get(name[5:], ""))
    import torchvision

    return getattr(torchvision.models, name)(weights=None, **(options if name == "inception_v3" else {}))


def built(name, seed=7):
    """The network with weights that leave activations neither to vanish nor to grow, and with statistics that are used."""
    import torch

    torch.manual_seed(seed)
    model = empty(name, {"init_weights": False, "transform_input": True})
    generator = torch.Generator().manual_seed(seed)

    def uniform(like, low, high):
        return torch.rand(like.shape, generator=generator) * (high - low) + low

    with torch.no_grad():
        for module in model.modules():
            if isinstance(module, (torch.nn.Conv2d, torch.nn.Linear)):
                fan = module.weight[0].numel()
                module.weight.copy_(torch.randn(module.weight.shape, generator=generator) * (2 / fan) ** 0.5)
                if module.bias is not None:
                    module.bias.copy_(uniform(module.bias, -0.1, 0.1))
            elif isinstance(module, (torch.nn.BatchNorm2d, torch.nn.LayerNorm)) and module.weight is not None:
                module.weight.copy_(uniform(module.weight, 0.6, 1.4))
                module.bias.copy_(uniform(module.bias, -0.2, 0.2))
        for key, parameter in model.named_parameters():
            if key.endswith(("layer_scale", ".gamma")):
                parameter.copy_(uniform(parameter, 0.2, 0.6))
            elif key.endswith("bn3.weight"):
                # Dozens of blocks that each add as much as there is would enlarge what rounding does, as no trained network does.
                parameter.copy_(uniform(parameter, 0.1, 0.35))
        # Statistics of what really passes, moved a little, so that nothing is normalised to exactly one.
        normalizations = [m for m in model.modules() if isinstance(m, torch.nn.BatchNorm2d)]
        for module in normalizations:
            module.momentum = None
            module.reset_running_stats()
        if normalizations:
            model.train()
            for module in model.modules():
                if isinstance(module, torch.nn.Dropout):
                    module.eval()
            side = 299 if "inception" in name else 160
            model(torch.cat([tensor(photograph(seed + n, side, side)) for n in range(2)]))
            for module in normalizations:
                module.running_mean.add_(uniform(module.running_mean, -0.05, 0.05))
                # A channel that hardly varies would be enlarged, and what rounding did to it.
                module.running_var.mul_(uniform(module.running_var, 0.8, 1.25)).add_(module.running_var.mean() * 0.1)
    return model.eval()


def scaling(name, model):
    """The mean and the deviation of pixels from 0 to 1 that the network is meant for."""
    if name.startswith("timm/"):
        return model.default_cfg["mean"], model.default_cfg["std"]
    return ((0.5,) * 3, (0.5,) * 3) if name == "efficientnet_v2_l" else (MEAN, DEVIATION)


def tensor(image, mean=MEAN, deviation=DEVIATION):
    """A photograph as transforms scale it; torchvision's own where nothing else is said."""
    import numpy as np
    import torch

    pixels = (image.astype("f4") / 255 - np.array(mean, "f4")) / np.array(deviation, "f4")
    return torch.from_numpy(pixels.transpose(2, 0, 1)[None].copy())


def features(model, name, images):
    """What reaches the pooling ahead of the classifier, `[N, H, W, C]`."""
    import torch

    pictures = torch.cat([tensor(image, *scaling(name, model)) for image in images])
    if name.startswith("timm/"):
        with torch.no_grad():
            value, scores = model.forward_features(pictures), model(pictures)
            if "convnext" in name:
                value = model.head.norm(value)
            # What stands behind the pooling is of the classifier.
        return value.permute(0, 2, 3, 1).numpy(), scores.numpy()
    kept = {}
    target = model.features if hasattr(model, "features") else model.Mixed_7c if name == "inception_v3" else model.layer4
    hook = target.register_forward_hook(lambda module, inputs, output: kept.update(value=output))
    try:
        with torch.no_grad():
            scores = model(pictures)
    finally:
        hook.remove()
    value = kept["value"]
    if name.startswith("densenet"):
        value = torch.nn.functional.relu(value)
    if name.startswith("convnext"):
        value = model.classifier[0](value)
    return value.detach().permute(0, 2, 3, 1).numpy(), scores.numpy()


def run(tool, *words):
    result = subprocess.run([tool, *map(str, words)], capture_output=True, text=True)
    if result.returncode:
        raise RuntimeError((result.stderr or result.stdout).strip())
    return result.stdout


def way_back(tool, name, archive, model, folder):
    """What is wrong with the file that zoo exports for PyTorch, in words; nothing where it is the model."""
    import torch
    from safetensors.torch import load_file

    exported = folder / "exported.safetensors"
    run(tool, "export", archive, "--to", "torch", "-o", exported)
    # The second classifier of InceptionV3 helps in training alone, and no archive has it.
    try:
        empty(name, {"aux_logits": False, "init_weights": False}).load_state_dict(load_file(exported), strict=True)
    except RuntimeError as error:
        return str(error)
    found = load_file(exported)
    wanted = {key: value for key, value in model.state_dict().items() if not key.startswith("AuxLogits.")}
    other = [key for key, value in wanted.items() if not key.endswith("num_batches_tracked") and not torch.equal(value, found[key])]
    return f"{len(other)} tensors differ, first {other[0]}" if other else ""


def rows(tool, name, folder):
    import numpy as np
    import torch
    from PIL import Image

    if name.startswith("timm/"):
        entry, size, *graph = TIMM[name[5:]]
    else:
        (entry, size), graph = (list(NETWORKS[name]) + [name, 224][len(NETWORKS[name]):])[:2], []
    model = built(name)
    weights, archive = folder / "model.pth", folder / "model.zoo.safetensors"
    torch.save(model.state_dict(), weights)
    # Of two graphs with the same tensors the file must be told the one that is meant.
    asked = ["--entry", entry, "--graph", graph[0]] if graph else []
    said = json.loads(run(tool, "convert", weights, "-o", archive, "--json", *asked))
    if said["recognition"]["entry"] != entry:
        raise RuntimeError(f"recognised as {said['recognition']['entry']}")
    problem = way_back(tool, name, archive, model, folder)
    if problem:
        raise RuntimeError(f"exported for PyTorch: {problem}")
    failed = False
    small = 171 if "inception" in name else 101
    for side in (size, small):
        images = [photograph(seed, side, side) for seed in (1, 2)]
        expected, scores = features(model, name, images)
        pictures = folder / "images"
        pictures.mkdir(exist_ok=True)
        Image.fromarray(images[0]).save(pictures / "one.png")
        output = folder / "features.npy"
        run(tool, "features", archive, pictures, "-o", output, "--pool", "none", "--size", side, "--quiet")
        found = np.load(output)[0]
        largest = float(np.abs(expected[0]).max())
        if found.shape != expected[0].shape:
            raise RuntimeError(f"shape {found.shape}, expected {expected[0].shape}")
        error = float(np.abs(found.astype("f8") - expected[0]).max()) / largest
        moved = float(np.abs(expected[1] - expected[0]).max()) / largest
        row = f"| {name} | {side} | {'x'.join(map(str, found.shape))} | {largest:.3g} | {moved:.2g} | {error:.1e} |"
        wrong = not error <= ALLOWED
        if side == size:
            predicted = json.loads(run(tool, "predict", archive, pictures / "one.png", "--json", "--top", 5))
            labels = [int(answer["label"]) for answer in predicted[0]["top"]]
            right = np.argsort(-scores[0], kind="stable")[:5].tolist()
            if labels != right:
                row, wrong = row + f" classes {labels}, expected {right}", True
        failed |= wrong
        print(row + (" **wrong**" if wrong else ""), flush=True)
    return failed


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tool", default=str(ROOT / ".build/release/zoo"))
    parser.add_argument("networks", nargs="*", metavar="NETWORK")
    arguments = parser.parse_args()
    print("| network | size | features | largest | moved | error / largest |\n| --- | --- | --- | ---: | ---: | ---: |", flush=True)
    failed = []
    for name in arguments.networks or [*NETWORKS, *(f"timm/{name}" for name in TIMM)]:
        with tempfile.TemporaryDirectory() as folder:
            try:
                if rows(arguments.tool, name, pathlib.Path(folder)):
                    failed.append(name)
            except RuntimeError as error:
                print(f"| {name} | {error} | **wrong** |", flush=True)
                failed.append(name)
    sys.exit(f"wrong: {', '.join(failed)}" if failed else 0)


if __name__ == "__main__":
    main()
