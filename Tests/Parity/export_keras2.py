"""What zoo exports for Keras, opened by Keras 2.15: the weights in its own models of the smallest network of every family, bit for bit.

    python3 Tests/Parity/export_keras2.py [--tool ZOO] [ENTRY...]     # with tensorflow-cpu 2.15 and numpy, in an environment of their own

`.h5` and `.weights.h5` are loaded into the model that `keras.applications` builds, and must give every array of `.npz`. `.keras` is a file of
Keras 3: neither of the two opens the other's."""
import argparse
import collections
import os
import pathlib
import subprocess
import sys
import tempfile

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
ROOT = pathlib.Path(__file__).resolve().parents[2]
# The function in keras.applications, its size, and what it is given besides. Of ConvNeXt, Keras builds models inside the model.
NETWORKS = {
    "mobilenet_0.25": ("MobileNet", 224, {"alpha": 0.25}), "mobilenet_v2_0.35": ("MobileNetV2", 224, {"alpha": 0.35}),
    "mobilenet_v3_small": ("MobileNetV3Small", 224, {}), "nasnet_mobile": ("NASNetMobile", 224, {}), "densenet121": ("DenseNet121", 224, {}),
    "efficientnet_b0": ("EfficientNetB0", 224, {}), "efficientnet_v2_b0": ("EfficientNetV2B0", 224, {}), "xception": ("Xception", 299, {}),
    "inception_v3": ("InceptionV3", 299, {}), "inception_resnet_v2": ("InceptionResNetV2", 299, {}), "resnet50": ("ResNet50", 224, {}),
    "resnet50_v2": ("ResNet50V2", 224, {}), "vgg16": ("VGG16", 224, {}),
}
FORMS = {"keras-h5": "a.h5", "keras-weights": "a.weights.h5"}


def run(tool, *words):
    result = subprocess.run([tool, *map(str, words), "--quiet"], capture_output=True, text=True)
    if result.returncode:
        raise RuntimeError(result.stderr.strip())


def loaded(path, entry):
    """The model's numbers, each with how often they are there."""
    import keras

    function, size, more = NETWORKS[entry]
    model = getattr(keras.applications, function)(weights=None, include_top=False, input_shape=(size, size, 3), **more)
    model.load_weights(path)
    return collections.Counter(weight.numpy().tobytes() for weight in model.weights if "count" not in weight.name)


def words_of(tool, folder, entry, form):
    import numpy as np

    run(tool, "export", folder / "a.zoo.safetensors", "--to", form, "-o", folder / FORMS[form])
    arrays = np.load(folder / "a.npz")
    wanted = collections.Counter(arrays[name].tobytes() for name in arrays.files)
    try:
        return "same" if loaded(str(folder / FORMS[form]), entry) == wanted else "**other numbers**"
    except ValueError as error:
        return f"**refused**: {str(error).splitlines()[0][:100]}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tool", default=str(ROOT / ".build/release/zoo"))
    parser.add_argument("entries", nargs="*", metavar="ENTRY")
    options = parser.parse_args()
    failed = []
    print("| network | .h5 | .weights.h5 |\n| --- | --- | --- |", flush=True)
    for entry in options.entries or NETWORKS:
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            run(options.tool, "synthesize", entry, "-o", folder / "w.h5")
            run(options.tool, "convert", folder / "w.h5", "-o", folder / "a.zoo.safetensors")
            run(options.tool, "export", folder / "a.zoo.safetensors", "--to", "npz", "-o", folder / "a.npz")
            found = [words_of(options.tool, folder, entry, form) for form in FORMS]
        failed += [entry] if found != ["same", "same"] else []
        print(f"| {entry} | {' | '.join(found)} |", flush=True)
    sys.exit(f"not loaded as they are: {', '.join(failed)}" if failed else 0)


if __name__ == "__main__":
    main()
