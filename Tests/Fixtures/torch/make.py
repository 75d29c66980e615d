"""Files as PyTorch and safetensors write them, and what is in them; features of torchvision's networks with weights from a seed.

    python3 Tests/Fixtures/torch/make.py     # PyTorch, torchvision, timm, safetensors, NumPy

`forms/` has one small network in every form that is read, and what is refused; `forms.json` every number of its tensors. `networks.json`
has features of the smallest network of every family of torchvision and timm (`timm/NAME`): its weights are those of `synthetic_weights.values` under PyTorch's
names of modules, so that a test makes the same without Python."""
import argparse
import collections
import hashlib
import json
import pathlib
import sys

import numpy as np
import timm
import torch
import torchvision
from safetensors.torch import save_file

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
import synthetic_weights  # noqa: E402

FORMS = HERE / "forms"
SEED = 11
NETWORKS = {"mobilenet_v3_small": 64, "squeezenet1_1": 64, "mobilenet_v2": 64, "efficientnet_b0": 65, "densenet121": 64, "resnet50": 65,
            "inception_v3": 107, "convnext_tiny": 64, "vgg16": 48, "resnet18": 65, "vgg11_bn": 48, "squeezenet1_0": 66, "efficientnet_v2_s": 65,
            "timm/convnext_tiny": 64, "timm/efficientnet_b0": 65, "timm/tf_efficientnet_b0": 64, "timm/tf_efficientnetv2_b0": 65,
            "timm/mobilenetv3_small_100": 65, "timm/tf_mobilenetv3_small_minimal_100": 64, "timm/mobilenetv2_035": 64, "timm/mobilenetv1_100": 65,
            "timm/legacy_xception": 74, "timm/inception_resnet_v2": 107, "timm/vgg11": 48}


def network():
    generator = torch.Generator().manual_seed(5)
    model = torch.nn.Sequential(collections.OrderedDict(
        conv=torch.nn.Conv2d(3, 4, (3, 2)), bn=torch.nn.BatchNorm2d(4), depthwise=torch.nn.Conv2d(4, 8, 3, groups=4, bias=False),
        fc=torch.nn.Linear(8, 5)))
    with torch.no_grad():
        for tensor in model.state_dict().values():
            if tensor.is_floating_point():
                tensor.copy_(torch.randn(tensor.shape, generator=generator))
        model.bn.running_var.abs_().add_(0.5)
        model.bn.num_batches_tracked.fill_(7)
    return model


class Settings(argparse.Namespace):
    pass


def forms():
    FORMS.mkdir(exist_ok=True)
    model = network()
    state = model.state_dict()
    torch.save(state, FORMS / "zip.pth")
    torch.save(state, FORMS / "legacy.pth", _use_new_zipfile_serialization=False)
    torch.save(state, FORMS / "protocol4.pth", pickle_protocol=4)
    torch.save(dict(state), FORMS / "dictionary.pth")
    torch.save(collections.OrderedDict((name, torch.nn.Parameter(tensor) if tensor.is_floating_point() else tensor)
                                       for name, tensor in state.items()), FORMS / "parameters.pth")
    save_file(state, FORMS / "weights.safetensors")
    # Numbers with gaps, in another order, and one storage of several tensors.
    last = {name: tensor.to(memory_format=torch.channels_last) if tensor.dim() == 4 else tensor for name, tensor in state.items()}
    torch.save(last, FORMS / "channels_last.pth")
    torch.save(last, FORMS / "channels_last_legacy.pth", _use_new_zipfile_serialization=False)
    flat = torch.cat([tensor.flatten() for tensor in state.values() if tensor.is_floating_point()])
    shared, place = {}, 0
    for name, tensor in state.items():
        if tensor.is_floating_point():
            shared[name] = flat[place:place + tensor.numel()].view(tensor.shape)
            place += tensor.numel()
    shared["fc.weight"] = state["fc.weight"].t().contiguous().t()
    torch.save(shared, FORMS / "shared.pth")
    for name, kind in (("half", torch.float16), ("bfloat", torch.bfloat16), ("double", torch.float64)):
        torch.save({key: tensor.to(kind) if tensor.is_floating_point() else tensor for key, tensor in state.items()}, FORMS / f"{name}.pth")
    # Wrapped.
    torch.save({"epoch": 3, "state_dict": {f"module.{name}": tensor for name, tensor in state.items()}, "best": 0.5,
                "optimizer": {"state": {}, "param_groups": [{"lr": 0.1, "params": [0, 1]}]}}, FORMS / "parallel.pth")
    torch.save({"pytorch-lightning_version": "2.4.0", "global_step": 10, "hyper_parameters": {"lr": 1e-3},
                "state_dict": {f"model._orig_mod.{name}": tensor for name, tensor in state.items()}}, FORMS / "lightning.ckpt")
    torch.save({"state_dict": {name: tensor * 0 for name, tensor in state.items()}, "state_dict_ema": state}, FORMS / "averaged.pth")
    # Averaged by torch.optim.swa_utils, and a part of a larger model.
    torch.save({f"module.{name}": tensor for name, tensor in state.items()} | {"n_averaged": torch.tensor(3)}, FORMS / "swa.pth")
    torch.save({"state_dict": {f"encoder.net.{name}": tensor for name, tensor in state.items()}}, FORMS / "part.ckpt")
    # Refused.
    odd = lambda tensor: {**state, "conv.weight": tensor}  # noqa: E731
    weight = state["conv.weight"]
    torch.save(odd(torch.quantize_per_tensor(weight, 0.1, 0, torch.qint8)), FORMS / "quantized.pth")
    torch.save(odd(weight.to_sparse()), FORMS / "sparse.pth")
    torch.save(odd(weight.to(torch.complex64)), FORMS / "complex.pth")
    torch.save(odd(weight.to(torch.float8_e4m3fn)), FORMS / "float8.pth")
    torch.save(odd(torch.zeros(1).expand(weight.shape)), FORMS / "expanded.pth")
    torch.jit.save(torch.jit.script(model.conv), FORMS / "script.pt")
    program = torch.export.export(model.conv.eval(), (torch.zeros(1, 3, 8, 8),))
    for node in program.graph.nodes:
        node.meta.pop("stack_trace", None)
    torch.export.save(program, FORMS / "program.pt2")
    np.savez(FORMS / "torch.npz", **{name: tensor.numpy() for name, tensor in state.items()})
    torch.save(model, FORMS / "whole.pth")
    torch.save({"state_dict": state, "args": Settings(lr=0.1)}, FORMS / "settings.pth")
    torch.save({"epoch": 3, "loss": 0.1}, FORMS / "empty.pth")
    torch.save(state["conv.weight"], FORMS / "tensor.pth")
    expected = {name: {"shape": list(tensor.shape), "values": tensor.flatten().double().tolist()} for name, tensor in state.items()}
    (HERE / "forms.json").write_text(json.dumps(expected))
    np.savez(FORMS / "archive.npz", **{"conv/kernel": state["conv.weight"].permute(2, 3, 1, 0).numpy(), "conv/bias": state["conv.bias"].numpy()})
    np.savez_compressed(FORMS / "keras.npz", **{"conv/conv/kernel:0": state["conv.weight"].permute(2, 3, 1, 0).numpy(),
                                                "conv/conv/bias:0": state["conv.bias"].numpy()})
    ours = {"conv/kernel": state["conv.weight"].permute(2, 3, 1, 0).numpy(), "conv/bias": state["conv.bias"].numpy()}
    np.savez(FORMS / "fortran.npz", **{name: np.asfortranarray(array) for name, array in ours.items()})
    np.savez(FORMS / "big_endian.npz", **{name: array.astype(">f4") for name, array in ours.items()})
    np.savez(FORMS / "big_endian_fortran.npz", **{name: np.asfortranarray(array.astype(">f4")) for name, array in ours.items()})


def fill(model, name):
    """Every tensor of the network from the seed, by its module and by what it is."""
    for path, module in model.named_modules():
        for leaf, tensor in list(module.named_parameters(recurse=False)) + list(module.named_buffers(recurse=False)):
            if leaf == "num_batches_tracked":
                continue
            shape = tuple(tensor.shape)
            is_norm = isinstance(module, (torch.nn.BatchNorm2d, torch.nn.LayerNorm))
            role = {"running_mean": "moving_mean", "running_var": "moving_variance", "layer_scale": "gamma", "gamma": "gamma",
                    "bias": "beta" if is_norm else "bias", "weight": "gamma" if is_norm else "kernel"}[leaf]
            order = None
            if leaf == "weight" and len(shape) == 4:
                order = (3, 2, 0, 1)
                shape = (shape[2], shape[3], shape[1], shape[0])
                # Keras's ConvNeXt has convolutions of as many groups as channels, all others have depthwise ones.
                if module.groups > 1 and "convnext" not in name:
                    role, shape, order = "depthwise_kernel", (shape[0], shape[1], shape[3], 1), (2, 3, 0, 1)
            elif leaf == "weight" and len(shape) == 2:
                order, shape = (1, 0), shape[::-1]
            elif leaf in ("layer_scale", "gamma"):
                shape = shape[:1]
            values = synthetic_weights.values(SEED, path, role, shape)
            values = values.transpose(order) if order else values.reshape(tuple(tensor.shape))
            with torch.no_grad():
                tensor.copy_(torch.from_numpy(np.ascontiguousarray(values)))


def built(name):
    if name.startswith("timm/"):
        return timm.create_model(name[5:])
    return getattr(torchvision.models, name)(weights=None, **({"init_weights": False} if name == "inception_v3" else {}))


def features(name, side):
    model = built(name).eval()
    fill(model, name)
    image = torch.from_numpy(synthetic_weights.image_batch(SEED, 1, side, side).transpose(0, 3, 1, 2).copy())
    if name == "inception_v3":
        model = torch.nn.Sequential(*[module for part, module in model.named_children() if part not in ("AuxLogits", "avgpool", "dropout", "fc")])
    with torch.no_grad():
        if name.startswith("timm/"):
            value = model.forward_features(image)
            value = model.head.norm(value) if "convnext" in name else value
        elif name.startswith("resnet"):
            value = torch.nn.Sequential(*list(model.children())[:-2])(image)
        else:
            value = model(image) if name == "inception_v3" else model.features(image)
        if name.startswith("densenet"):
            value = torch.nn.functional.relu(value)
        if name.startswith("convnext"):
            value = model.classifier[0](value)
    return value.permute(0, 2, 3, 1)[0].numpy()


def digest(name):
    """Of the names and shapes of all tensors but the classifiers', a line each, sorted: what `load_state_dict(strict=True)` asks for."""
    model = built(name)
    others = ("AuxLogits.", "fc.", "classif.", "head.fc.", "pre_logits.", "classifier.2." if name.startswith("convnext") else "classifier")
    if "mobilenetv3" in name:
        others += ("conv_head.",)
    lines = sorted(f"{key} {tuple(tensor.shape)}\n" for key, tensor in model.state_dict().items() if not key.startswith(others))
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def networks():
    result = {}
    for name, side in NETWORKS.items():
        value = features(name, side)
        step = max(1, value.size // 256)
        step += 1 - step % 2
        result[name] = {"size": side, "shape": list(value.shape), "largest": float(np.abs(value).max()), "step": step, "names": digest(name),
                        "values": [float(f"{number:.9g}") for number in value.flatten()[::step]]}
        print(name, value.shape, np.abs(value).max(), flush=True)
    (HERE / "networks.json").write_text(json.dumps(result, indent=0))


if __name__ == "__main__":
    forms()
    networks()
