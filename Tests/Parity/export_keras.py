"""What zoo exports for Keras and NumPy, opened by Keras and NumPy.

    python3 Tests/Parity/export_keras.py [--tool ZOO] [ENTRY...]     # part of `make parity-export`

For each network: `.weights.h5` and `.h5` are loaded into Keras's own model of it and must give every weight of `.npz`, bit for bit; `.keras` is
opened by `keras.models.load_model`, and what it makes of two photographs is compared with the features that zoo computes (1e-5 of the
largest). A trained model, saved as `.keras`, must predict the same. Networks go by size, the smallest first. Needs Keras with
TensorFlow, h5py and Pillow."""
import argparse
import json
import os
import pathlib
import sys
import tempfile

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
from compare import OTHERS, ROOT, catalog, photograph  # noqa: E402
from export import LIMIT, Tool, difference, predicted  # noqa: E402

import keras  # noqa: E402

# `catalog.built` has models load nothing.
LOAD = keras.Model.load_weights
NESTED = "convnext"


def own_model(network, size):
    """Keras's model of a network, or nothing where it has none of today."""
    return catalog.built(network, tuple(size))[0] if network else None


def weights_differ(model, arrays):
    """The first weight of a model that is not in the arrays as it is, in their order; None where all are."""
    import numpy as np

    kept = [w for w in model.weights if "count" not in w.name]
    if len(kept) != len(arrays):
        return f"{len(kept)} weights, {len(arrays)} arrays"
    left = [value.tobytes() for value in arrays.values()]
    for weight in kept:
        data = np.asarray(weight.value).tobytes()
        if data not in left:
            return f"{weight.path} has other numbers"
        left.remove(data)
    return None


def preprocessed(pixels, facts):
    """As the archive says."""
    import numpy as np

    pixels = pixels.astype("f4")
    if facts["channels"] == "bgr":
        pixels = pixels[..., ::-1]
    return (pixels / np.float32(facts["divisor"]) - np.array(facts["mean"], "f4")) / np.array(facts["deviation"], "f4")


def entry_row(tool, folder, entry, network):
    import numpy as np
    import onnx
    from PIL import Image

    archive = folder / "a.zoo.safetensors"
    tool("synthesize", entry, "-o", folder / "w.h5")
    tool("convert", folder / "w.h5", "-o", archive, "--entry", entry)
    tool("export", archive, "--to", "npz", "-o", folder / "a.npz")
    arrays = dict(np.load(folder / "a.npz"))
    words = []
    size = json.loads(tool("list", entry, "--json"))[0]["defaultSize"]
    for form, name in (("keras-weights", "a.weights.h5"), ("keras-h5", "a.h5")):
        era = ["--era", "keras3"] if form == "keras-h5" else []
        tool("export", archive, "--to", form, "-o", folder / name, *era)
        model = own_model(network, size)
        if model is None:
            words.append("-")
            continue
        try:
            LOAD(model, folder / name)
            words.append(weights_differ(model, arrays) or "same")
        except Exception as error:
            words.append(f"refused: {str(error).splitlines()[0][:100]}")
    facts = json.loads(tool("export", archive, "--to", "keras", "-o", folder / "a.keras", "--json"))
    height, width = facts["reads"]["shape"][:2]
    pixels = np.stack([photograph(seed, height, width) for seed in (1, 2)])
    (folder / "images").mkdir()
    for index, image in enumerate(pixels):
        Image.fromarray(image).save(folder / "images" / f"{index}.png")
    tool("features", archive, folder / "images", "-o", folder / "f.npy")
    tool("export", archive, "--to", "onnx", "-o", folder / "a.onnx")
    metadata = {p.key: p.value for p in onnx.load(folder / "a.onnx").metadata_props}
    model = keras.models.load_model(folder / "a.keras")
    found = model(preprocessed(pixels, json.loads(metadata["preprocessing"])), training=False).numpy()
    if entry.startswith(NESTED) and all(word.startswith("refused: ") for word in words):
        # Keras builds models inside these, whose layers are in a list of their own.
        words = ["refused", "refused"]
    return words, difference(found, np.load(folder / "f.npy"))


def trained(tool, folder, entry="mobilenet_0.25", size=64):
    import numpy as np
    from PIL import Image

    tool("synthesize", entry, "-o", folder / "w.h5")
    tool("convert", folder / "w.h5", "-o", folder / "a.zoo.safetensors", "--entry", entry)
    tool("synthesize", "images", "-o", folder / "three")
    head = "dense(16, relu), batch_normalization, dropout(0.5), dense(3, softmax)"
    tool("train", "--backbone", folder / "a.zoo.safetensors", "--data", folder / "three", "--head", head, "--epochs", 2, "--size", size,
         "-o", folder / "m.zoo.safetensors")
    facts = json.loads(tool("export", folder / "m.zoo.safetensors", "--to", "keras", "-o", folder / "m.keras", "--json"))
    pixels = np.stack([photograph(seed, size, size) for seed in (1, 2)])
    (folder / "images").mkdir()
    for index, image in enumerate(pixels):
        Image.fromarray(image).save(folder / "images" / f"{index}.png")
    expected = predicted(tool, folder / "m.zoo.safetensors", folder / "images", facts["labels"])
    model = keras.models.load_model(folder / "m.keras")
    found = model(pixels.astype("f4") / 127.5 - 1, training=False).numpy()
    tool("export", folder / "m.zoo.safetensors", "--to", "keras-weights", "-o", folder / "m.weights.h5")
    again = keras.models.model_from_json(model.to_json())
    LOAD(again, folder / "m.weights.h5")
    same = np.array_equal(again(pixels.astype("f4") / 127.5 - 1, training=False).numpy(), found)
    return difference(found, expected), same


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tool", default=str(ROOT / ".build/release/zoo"))
    parser.add_argument("entries", nargs="*", metavar="ENTRY")
    arguments = parser.parse_args()
    tool, failed = Tool(arguments.tool), []
    known = catalog.networks() + [catalog.Network(e, f, m, "", s, minimum) for e, f, m, s, minimum in OTHERS]
    networks = {network.entry: network for network in known}
    catalog.fill_with_zeros()
    entries = {e["identifier"]: e["parameters"] for e in json.loads(tool("list", "--json"))}
    wanted = [e for e in sorted(entries, key=entries.get) if not arguments.entries or e in arguments.entries]
    print("| network | .weights.h5 | .h5 | .keras: difference / largest |\n| --- | --- | --- | ---: |", flush=True)
    for entry in wanted:
        with tempfile.TemporaryDirectory() as folder:
            try:
                words, error = entry_row(tool, pathlib.Path(folder), entry, networks.get(entry))
                text, is_right = f"{' | '.join(words)} | {error:.2g}", error <= LIMIT and set(words) <= {"same", "-", "refused"}
            except Exception as problem:
                text, is_right = str(problem).splitlines()[0], False
        print(f"| {entry} | {text} |{'' if is_right else ' **wrong**'}", flush=True)
        failed += [] if is_right else [entry]
    if not arguments.entries:
        with tempfile.TemporaryDirectory() as folder:
            error, same = trained(tool, pathlib.Path(folder))
        print(f"\nA trained model, `.keras`: {error:.2g} of the largest; `.weights.h5` in it: {'the same' if same else '**other**'}")
        failed += [] if error <= LIMIT and same else ["trained"]
    sys.exit(f"wrong: {', '.join(failed)}" if failed else 0)


if __name__ == "__main__":
    main()
