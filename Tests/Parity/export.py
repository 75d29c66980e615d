"""Every network of the catalog as an ONNX model: ONNX Runtime's features against zoo's, and trained models' probabilities.

    python3 Tests/Parity/export.py [--tool ZOO] [--size N] [ENTRY...]     # or `make parity-export`, ENTRIES="a b"

`zoo synthesize` writes weights, `zoo convert` and `zoo export` make the model, onnx's checker and its inference of shapes read it, and
ONNX Runtime is given the very pixels that zoo reads from a PNG file of just that size. A row says how far the features differ at
most, as a share of the largest: more than 1e-5 is wrong. Then a head of each kind is trained on small images, and the probabilities
compared, by name. Needs numpy, Pillow, onnx and onnxruntime."""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile
import time

from compare import ROOT, photograph

LIMIT = 1e-5
LOSS = "--loss"
# Each with options of `zoo train`.
HEADS = [
    "dense(3, softmax)", "dense(16, relu), batch_normalization, dropout(0.5), dense(3, softmax)",
    "unit_normalization, dense(8, tanh), dense(3, sigmoid)", "dense(8, selu), dense(8, elu), activation(softsign), dense(3, softmax)",
    "dense(8, gelu), dense(8, silu), dense(8, mish), dense(8, hard_silu), dense(3, softmax)",
]
BINARY = ["dense(1, sigmoid)"]
NUMBERS = [
    ("dropout(0.3), dense(3)", "three", [LOSS, "mean_squared_error"]), ("dense(1)", "two", [LOSS, "mean_squared_error"]),
    ("dense(3)", "three", [LOSS, "categorical_hinge"]), ("dense(3)", "three", [LOSS, "categorical_crossentropy", "--from-logits"]),
    ("dense(1)", "two", [LOSS, "hinge"]), ("dense(1)", "two", [LOSS, "binary_crossentropy", "--from-logits"]),
]
MAPS = ["global_max_pooling, dense(3, softmax)", "flatten, dense(3, softmax)"]


class Tool:
    def __init__(self, path):
        self.path = path

    def __call__(self, *words):
        result = subprocess.run([self.path, *map(str, words), "--quiet"], capture_output=True, text=True)
        if result.returncode:
            raise RuntimeError(result.stderr.strip())
        return result.stdout


def run(path, pixels, layout="nhwc"):
    """What ONNX Runtime makes of images, and the metadata; the checker has nothing against the model."""
    import onnx
    import onnxruntime

    onnx.checker.check_model(str(path), full_check=True)
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    [entry], [output] = session.get_inputs(), session.get_outputs()
    images = pixels.astype("f4")
    if layout == "nchw":
        images = images.transpose(0, 3, 1, 2)
    found = session.run(None, {entry.name: images})[0]
    declared = output.shape[1:]
    if list(found.shape[1:]) != declared:
        raise RuntimeError(f"shape {found.shape[1:]}, declared {declared}")
    return found, session.get_modelmeta().custom_metadata_map


def difference(found, expected):
    import numpy as np

    if found.shape != expected.shape:
        raise RuntimeError(f"shape {found.shape}, expected {expected.shape}")
    return float(np.abs(found.astype("f8") - expected).max() / np.abs(expected).max())


def network(tool, folder, entry, size):
    """The largest difference of the features of two photographs, and the size of the model in megabytes."""
    import numpy as np
    from PIL import Image

    weights, archive, model = folder / "w.h5", folder / "a.zoo.safetensors", folder / "a.onnx"
    tool("synthesize", entry, "-o", weights)
    tool("convert", weights, "-o", archive, "--entry", entry)
    weights.unlink()
    words = ["--size", size] if size else []
    facts = json.loads(tool("export", archive, "--to", "onnx", "-o", model, "--json", *words))
    height, width = facts["reads"]["shape"][:2]
    pixels = np.stack([photograph(seed, height, width) for seed in (1, 2)])
    images = folder / "images"
    images.mkdir()
    for index, image in enumerate(pixels):
        Image.fromarray(image).save(images / f"{index}.png")
    tool("features", archive, images, "-o", folder / "f.npy", *words)
    expected = np.load(folder / "f.npy")
    found, metadata = run(model, pixels)
    if metadata["network"] != entry:
        raise RuntimeError(f"the metadata say {metadata['network']}")
    return difference(found, expected), f"{height}x{width}", model.stat().st_size / 1e6


def predicted(tool, model, images, labels):
    """Probabilities by zoo, a row an image, a column a label."""
    import numpy as np

    rows = json.loads(tool("predict", model, images, "--json", "--top", len(labels)))
    scores = [{score["label"]: score["probability"] for score in row["top"]} for row in rows]
    return np.array([[row[label] for label in labels] for row in scores], "f8")


def heads(tool, folder, entry="squeezenet", size=64):
    """One row for each head: what it is and how far the probabilities differ."""
    import numpy as np
    from PIL import Image

    weights, archive = folder / "w.h5", folder / "a.zoo.safetensors"
    tool("synthesize", entry, "-o", weights)
    tool("convert", weights, "-o", archive, "--entry", entry)
    tool("synthesize", "images", "-o", folder / "three")
    tool("synthesize", "images", "-o", folder / "two")
    for path in (folder / "two/noise").iterdir():
        path.unlink()
    (folder / "two/noise").rmdir()
    plans = [(h, "three", []) for h in HEADS] + [(h, "two", []) for h in BINARY]
    plans += NUMBERS + [(h, "three", ["--pool", "none"]) for h in MAPS] + [(HEADS[0], "three", ["--preprocessing", "samplewise"])]
    for number, (head, data, words) in enumerate(plans):
        model, exported = folder / f"{number}.zoo.safetensors", folder / f"{number}.onnx"
        tool("train", "--backbone", archive, "--data", folder / data, "--head", head, "--epochs", 2, "--size", size, "-o", model,
             *words)
        facts = json.loads(tool("export", model, "--to", "onnx", "-o", exported, "--json", "--layout", "nchw"))
        pixels = np.stack([photograph(seed, size, size) for seed in (1, 2)])
        images = folder / f"images{number}"
        images.mkdir()
        for index, image in enumerate(pixels):
            Image.fromarray(image).save(images / f"{index}.png")
        found, metadata = run(exported, pixels, "nchw")
        if json.loads(metadata["labels"]) != facts["labels"]:
            raise RuntimeError("other labels in the metadata")
        yield " ".join([head, *words]), difference(found, predicted(tool, model, images, facts["labels"]))


def files(tool, folder):
    """One row for each file of Keras among the tests' fixtures that zoo converts: layers and graphs that no network of the catalog has."""
    import numpy as np
    from PIL import Image

    paths = sorted(p for p in (ROOT / "Tests/Fixtures").rglob("*") if p.name.removesuffix(".gz").endswith((".h5", ".keras")))
    for number, path in enumerate(paths):
        archive, model, images = folder / f"{number}.zoo.safetensors", folder / f"{number}.onnx", folder / str(number)
        try:
            tool("convert", path, "-o", archive)
        except RuntimeError:
            continue
        name = path.relative_to(ROOT / "Tests/Fixtures")
        try:
            facts = json.loads(tool("export", archive, "--to", "onnx", "-o", model, "--json"))
        except RuntimeError as problem:
            yield f"{name}: {problem}", 1
            continue
        height, width, channels = facts["reads"]["shape"]
        pixels = np.stack([photograph(seed, height, width) for seed in (1, 2)])
        if channels == 1:
            pixels = pixels[..., :1]
        images.mkdir()
        for index, image in enumerate(pixels):
            Image.fromarray(image.squeeze(-1) if channels == 1 else image).save(images / f"{index}.png")
        if facts["gives"]["name"] == "features":
            tool("features", archive, images, "-o", folder / f"{number}.npy")
            expected = np.load(folder / f"{number}.npy")
        else:
            expected = predicted(tool, archive, images, facts["labels"])
        found, _ = run(model, pixels)
        if not np.isfinite(expected).all():
            # Weights that only count up have no numbers to compare.
            print(f"{name}: not finite", file=sys.stderr)
            continue
        # Where an image comes to nothing, a scale of 0 compares nothing.
        yield f"{name}", difference(found, expected) if np.abs(expected).max() else float(np.abs(found).max())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tool", default=str(ROOT / ".build/release/zoo"))
    parser.add_argument("--size", help="of all images (default: each network's own)")
    parser.add_argument("--heads", action="store_true", help="the heads alone")
    parser.add_argument("--files", action="store_true", help="the tests' files of Keras alone")
    parser.add_argument("entries", nargs="*", metavar="ENTRY")
    arguments = parser.parse_args()
    tool, failed = Tool(arguments.tool), []
    entries = {e["identifier"]: e["parameters"] for e in json.loads(tool("list", "--json"))}
    wanted = [e for e in sorted(entries, key=entries.get) if not arguments.entries or e in arguments.entries]
    is_alone = arguments.heads or arguments.files
    if not is_alone:
        print("| network | size | model, MB | difference / largest |\n| --- | --- | ---: | ---: |", flush=True)
    for entry in [] if is_alone else wanted:
        started = time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            try:
                error, size, megabytes = network(tool, pathlib.Path(folder), entry, arguments.size)
                text, is_right = f"{size} | {megabytes:.1f} | {error:.2g}", error <= LIMIT
            except RuntimeError as problem:
                text, is_right = str(problem), False
        print(f"| {entry} | {text} |{'' if is_right else ' **wrong**'}", flush=True)
        failed += [] if is_right else [entry]
        print(f"{entry}: {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)
    parts = [("head", heads, arguments.heads), ("file", files, arguments.files)]
    for name, rows, is_asked in parts:
        if arguments.entries or is_alone and not is_asked:
            continue
        print(f"\n| {name} | difference / largest |\n| --- | ---: |", flush=True)
        with tempfile.TemporaryDirectory() as folder:
            for row, error in rows(tool, pathlib.Path(folder)):
                is_right = error <= LIMIT
                print(f"| {row} | {error:.2g} |{'' if is_right else ' **wrong**'}", flush=True)
                failed += [] if is_right else [row]
    sys.exit(f"wrong: {', '.join(failed)}" if failed else 0)


if __name__ == "__main__":
    main()
