"""ONNX models that PyTorch exports of torchvision's networks, and that zoo exports of its own: converted by zoo, against ONNX Runtime.

    python3 Tests/Parity/onnx_in.py [--tool ZOO] [--dynamo] [NETWORK...]     # or `make parity-onnx`, NETWORKS="a b"

torchvision builds the network with weights from a seed (as `torch_networks.py` does), `torch.onnx.export` writes it at its own size, and
zoo must recognise the file by its content and convert it with its classifier, proving the archive. ONNX Runtime computes the scores of a
photograph of smooth noise, preprocessed as torchvision does it; zoo those of the same photograph as a PNG file, with the preprocessing `torch`.
A row says how far probabilities differ at most, how far those of another photograph do, and how many operators the file has. `zoo:ENTRY` is the other way:
an entry of the catalog with synthetic weights, exported and converted again; features are compared, as a share of the largest."""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile
import time
import warnings

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(HERE))
from compare import photograph  # noqa: E402
from torch_networks import built, tensor  # noqa: E402

NETWORKS = [
    "resnet18", "squeezenet1_1", "mobilenet_v2", "mobilenet_v3_small", "efficientnet_b0", "densenet121", "shufflenet_v2_x1_0", "googlenet",
    "regnet_y_400mf", "regnet_x_400mf", "mnasnet0_5", "resnet50", "inception_v3", "convnext_tiny", "vgg16", "vgg11_bn", "resnext50_32x4d", "alexnet",
]
OWN = ["vgg16", "resnet50", "resnet50_v2", "inception_v3", "xception", "inception_resnet_v2", "mobilenet", "mobilenet_v2", "mobilenet_v3_small",
       "densenet121", "nasnet_mobile", "efficientnet_b0", "efficientnet_v2_b0", "convnext_tiny", "squeezenet"]
ALLOWED = 1e-4


def run(tool, *words):
    result = subprocess.run([tool, *map(str, words)], capture_output=True, text=True)
    if result.returncode:
        raise RuntimeError((result.stderr or result.stdout).strip()[:400])
    return result.stdout


def save(image, path):
    from PIL import Image

    Image.fromarray(image).save(path)


def of_torch(tool, name, folder, dynamo):
    import numpy as np
    import onnx
    import onnxruntime
    import torch
    import torchvision

    size = 299 if name == "inception_v3" else 224
    if name in ("inception_v3",):
        model = built(name)
    else:
        options = {"aux_logits": False, "init_weights": False} if name == "googlenet" else {}
        original = getattr(torchvision.models, name)
        setattr(torchvision.models, name, lambda weights=None, **given: original(weights=weights, **options, **given))
        try:
            model = built(name)
        finally:
            setattr(torchvision.models, name, original)
    path = folder / "model.onnx"
    images = [photograph(seed, size, size) for seed in (1, 2)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if dynamo:
            torch.onnx.export(model, (tensor(images[0]),), str(path), dynamo=True, verbose=False)
        else:
            torch.onnx.export(model, (tensor(images[0]),), str(path), dynamo=False, input_names=["pixels"], dynamic_axes={"pixels": {0: "n"}})
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    scores = [session.run(None, {session.get_inputs()[0].name: tensor(image).numpy()})[0][0] for image in images]
    powers = [np.exp(s.astype("f8") - s.max()) for s in scores]
    wanted = [p / p.sum() for p in powers]
    archive = folder / "model.zoo.safetensors"
    start = time.time()
    run(tool, "convert", path, "-o", archive, "--preprocessing", "torch", "--prove")
    seconds = time.time() - start
    differences = []
    for number, image in enumerate(images):
        save(image, folder / f"{number}.png")
        try:
            found = json.loads(run(tool, "predict", archive, folder / f"{number}.png", "--json", "--top", 1000))[0]["top"]
        except RuntimeError as error:
            if "without a head" not in str(error):
                raise
            # Maps with nothing but pooling behind them are features, which are the scores.
            largest = np.abs(scores[number]).max()
            run(tool, "features", archive, folder / f"{number}.png", "-o", folder / f"{number}.npy")
            wanted[number] = scores[number] / largest
            differences.append(np.abs(np.load(folder / f"{number}.npy")[0] / largest - wanted[number]).max())
            continue
        found = {int(entry["label"]): entry["probability"] for entry in found}
        differences.append(max(abs(found[index] - value) for index, value in enumerate(wanted[number])))
    moved = float(np.abs(wanted[0] - wanted[1]).max())
    nodes = len(onnx.load(str(path), load_external_data=False).graph.node)
    return max(differences), moved, nodes, seconds


def of_our_own(tool, name, folder, _):
    import numpy as np
    import onnx

    weights, archive, model, back = (folder / part for part in ("weights.h5", "a.zoo.safetensors", "model.onnx", "b.zoo.safetensors"))
    run(tool, "synthesize", name, "-o", weights)
    run(tool, "convert", weights, "-o", archive)
    run(tool, "export", archive, "--to", "onnx", "--pool", "none", "-o", model)
    start = time.time()
    run(tool, "convert", model, "-o", back, "--prove")
    seconds = time.time() - start
    axes = onnx.load(str(model), load_external_data=False).graph.input[0].type.tensor_type.shape.dim
    size = axes[1].dim_value
    features = []
    for number in (1, 2):
        save(photograph(number, size, size), folder / f"{number}.png")
    for source in (archive, back):
        for number in (1, 2):
            out = folder / f"{source.name}-{number}.npy"
            run(tool, "features", source, folder / f"{number}.png", "--pool", "none", "-o", out)
            features.append(np.load(out)[0])
    largest = max(float(np.abs(features[0]).max()), 1e-30)
    difference = max(float(np.abs(features[n] - features[n + 2]).max()) for n in range(2)) / largest
    nodes = len(onnx.load(str(model), load_external_data=False).graph.node)
    return difference, float(np.abs(features[0] - features[1]).max()) / largest, nodes, seconds


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tool", default=str(ROOT / ".build/release/zoo"))
    parser.add_argument("--dynamo", action="store_true", help="by torch.export's exporter; needs onnxscript")
    parser.add_argument("networks", nargs="*", metavar="NETWORK")
    arguments = parser.parse_args()
    bad = 0
    print(f"{'network':28} {'difference':>10} {'another':>10} {'operators':>9} {'seconds':>8}")
    for name in arguments.networks or NETWORKS + ["zoo:" + name for name in OWN]:
        own = name.startswith("zoo:")
        with tempfile.TemporaryDirectory() as folder:
            try:
                row = (of_our_own if own else of_torch)(arguments.tool, name.removeprefix("zoo:"), pathlib.Path(folder), arguments.dynamo)
            except (RuntimeError, ValueError) as error:
                print(f"{name:28} {error}", flush=True)
                bad += 1
                continue
        good = row[0] <= ALLOWED
        bad += not good
        print(f"{name:28} {row[0]:10.1e} {row[1]:10.1e} {row[2]:9} {row[3]:8.1f}{'' if good else '  beyond what is allowed'}", flush=True)
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
