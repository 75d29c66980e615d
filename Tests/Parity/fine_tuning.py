"""Fine-tuning at full width: where `zoo train --unfreeze` ends against where Keras's `fit` ends, tensor by tensor.

    python3 Tests/Parity/fine_tuning.py [--tool ZOO] [--size N] [--exact] [NETWORK...]     # or `make parity-training`, ENTRIES="a b"
    python3 Tests/Parity/fine_tuning.py --weights FOLDER [--images FOLDER] [NETWORK...]     # trained weights, photographs

Six networks, the last layers and all, SGD with momentum and Adam, batch normalisation trained and frozen: 20 steps of one batch of
eight images, from a head of zeros. Weights are from a seed; averages of normalisations are then those of that batch, so that
activations have the size that they have in trained networks. With `--weights`, networks are those of which `FOLDER/NAME_*.h5` has
trained weights. Dropouts are 0 on both sides, for no two programs draw alike.

The judge is Keras in double precision. Differences from it are in units of what is allowed (1e-4 + 1e-4 x |expected|); a tensor is right
where none is above 1. Where Keras's own float32 ends elsewhere than its double precision does, numbers are rounding, and none can be
right: above all with Adam, which divides a gradient by its own size, so that where it is nearly zero, or exactly, as of a bias ahead of a
trained normalisation, rounding decides on the step. There a tensor is right where 99 of 100 of zoo's differences are at most twice as
large as 99 of 100 of Keras's, or a twentieth: the largest of many is a matter of chance. Gradient descent has few such tensors.

A row is of the tensor for which zoo stands worst: the largest difference and the 99th percentile, zoo's and those of Keras in float32, and
the limit of the percentile. `ill` counts the tensors for which Keras in float32 is off by more than 1, among those that training changes;
`moved` says how far gradients moved any, in the same unit: where that is not far more than 1, the row shows nothing. Rates go
down until nothing moves by more than MOST_MOVED."""
import argparse
import pathlib
import subprocess
import sys
import tempfile

from compare import ROOT, SEED, photograph

CLASSES, IMAGES, EPOCHS = 2, 8, 20
# Keras's function, its module, size, the first of the last layers, the momentum of its moving averages.
NETWORKS = {
    "resnet50": ("ResNet50", "resnet", 96, "conv5_block3_1_conv", 0.99),
    "xception": ("Xception", "xception", 96, "block14_sepconv1", 0.99),
    "inception_v3": ("InceptionV3", "inception_v3", 139, "conv2d_85", 0.99),
    "mobilenet_v2": ("MobileNetV2", "mobilenet_v2", 96, "block_16_expand", 0.999),
    "efficientnet_b0": ("EfficientNetB0", "efficientnet", 96, "block7a_expand_conv", 0.99),
    "vgg16": ("VGG16", "vgg16", 48, "block5_conv1", 0.99),
}
# Of trained weights alone.
TRAINED = {"mobilenet": ("MobileNet", "mobilenet", 128, "conv_dw_13", 0.99)}
OPTIMIZERS = {"sgd": (0.001, ["--momentum", 0.9]), "adam": (0.0001, [])}
# Gradients may be of any size, and one of float32 is off by as much as a hundredth, where a rounded number falls on the other side of
# a ReLU's or a maximum's kink: with steps that move a tensor by more than this, it would be rounding that is compared.
MOST_MOVED = 50


def built(entry, size, precision="float32"):
    """The network, without dropout, and its module."""
    import importlib
    import keras

    name, module = (NETWORKS | TRAINED)[entry][:2]
    keras.backend.clear_session()
    keras.config.set_floatx(precision)
    more = {"alpha": 0.25} if entry == "mobilenet" else {}
    try:
        model = getattr(keras.applications, name)(weights=None, include_top=False, input_shape=(size, size, 3), **more)
    finally:
        keras.config.set_floatx("float32")
    for layer in model.layers:
        if isinstance(layer, keras.layers.Dropout):
            layer.rate = 0.0
    return model, importlib.import_module(f"keras.src.applications.{module}")


def settle(model):
    """Has layers that normalise pixels take their averages from their weights, as after loading a file."""
    import keras

    for layer in model.layers:
        if isinstance(layer, keras.layers.Normalization):
            layer.finalize_state()


def normalizations(model):
    import keras

    return [layer for layer in model.layers if isinstance(layer, keras.layers.BatchNormalization)]


def starting(entry, size, images, weights):
    """The network with the weights that training begins with."""
    from synthetic_weights import fill

    model, module = built(entry, size)
    if weights:
        model.load_weights(weights)
        return model
    fill(model, SEED)
    momenta = [layer.momentum for layer in normalizations(model)]
    for layer in normalizations(model):
        layer.momentum = 0.0
    model(module.preprocess_input(images.astype("float32")), training=True)
    for layer, momentum in zip(normalizations(model), momenta):
        layer.momentum = momentum
    return model


def allowed(wanted):
    import numpy as np

    return 1e-4 + 1e-4 * np.abs(wanted)


def difference(found, wanted):
    """At most, in units of what is allowed; infinity where either is not a number."""
    return spread(found, wanted)[0]


def by_keras(case, numbers, rate, precision):
    """The tensors after training from the weights `numbers`."""
    import keras
    import numpy as np

    entry, size, first, optimizer, normalizes, images = case
    model, module = built(entry, size, precision)
    model.set_weights(numbers)
    settle(model)
    names = [layer.name for layer in model.layers]
    start = names.index(first) if first else 0
    for index, layer in enumerate(model.layers):
        layer.trainable = index >= start and (normalizes or layer not in normalizations(model))
    pooled = keras.layers.GlobalAveragePooling2D(name="top_pool", dtype=precision)(model.output)
    output = keras.layers.Dense(CLASSES, "softmax", kernel_initializer="zeros", name="top", dtype=precision)(pooled)
    whole = keras.Model(model.input, output)
    made = keras.optimizers.SGD(rate, momentum=0.9) if optimizer == "sgd" else keras.optimizers.Adam(rate)
    keras.config.set_floatx(precision)
    try:
        whole.compile(made, "categorical_crossentropy", jit_compile=False)
        x = module.preprocess_input(images.astype(precision))
        y = np.eye(CLASSES, dtype=precision)[np.arange(IMAGES) * CLASSES // IMAGES]
        whole.fit(x, y, batch_size=IMAGES, epochs=EPOCHS, shuffle=False, verbose=0)
    finally:
        keras.config.set_floatx("float32")
    return tensors(model)


def tensors(model):
    from synthetic_weights import role

    return {f"{layer.name}/{role(layer, w)}": w.numpy().copy() for layer in model.layers for w in layer.weights
            if w.name != "count"}


class NotFinite(RuntimeError):
    """A rate that is far too large."""


def run(tool, *words):
    result = subprocess.run([tool, *map(str, words)], capture_output=True, text=True)
    if result.returncode:
        raise (NotFinite if "the loss is" in result.stderr else RuntimeError)(result.stderr.strip())


def by_zoo(options, case, model, rate):
    """The tensors after the same training by `zoo train`."""
    from PIL import Image
    from safetensors.numpy import load_file

    entry, size, first, optimizer, normalizes, images = case
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for index, image in enumerate(images):
            file = folder / "images" / "ab"[index * CLASSES // IMAGES] / f"{index}.png"
            file.parent.mkdir(parents=True, exist_ok=True)
            Image.fromarray(image).save(file)
        model.save_weights(folder / "a.weights.h5")
        architecture = []
        if entry.startswith("efficientnet"):
            (folder / "a.json").write_text(model.to_json())
            architecture = ["--architecture", folder / "a.json", "--preprocessing", "none"]
        run(options.tool, "convert", folder / "a.weights.h5", "-o", folder / "a.zoo.safetensors", *architecture)
        momentum = (NETWORKS | TRAINED)[entry][4]
        run(options.tool, "train", "--backbone", folder / "a.zoo.safetensors", "--data", folder / "images", "--size", size,
            "--head", f"dense({CLASSES}, softmax, kernel_initializer=zeros)", "--epochs", EPOCHS, "--batch", IMAGES,
            "--no-shuffle", "--no-cache", "--no-report", "--optimizer", optimizer, "--learning-rate", rate,
            *OPTIMIZERS[optimizer][1], "--unfreeze", first or "all", "--batch-norm-momentum", momentum,
            *([] if normalizes else ["--freeze-batch-norm"]), *(["--exact"] if options.exact else []),
            "-o", folder / "b.zoo.safetensors", "--quiet")
        return load_file(folder / "b.zoo.safetensors")


def trained(options, case, model):
    """The tensors after training by zoo, and the rate that was small enough."""
    before, rate = tensors(model), OPTIMIZERS[case[3]][0]
    while True:
        try:
            found = by_zoo(options, case, model, rate)
            if moved(before, found) <= MOST_MOVED:
                return found, rate
        except NotFinite:
            pass
        rate /= 3


def moved(before, after):
    """How far gradients moved any tensor."""
    return max(difference(after[key], before[key]) for key in before if "moving_" not in key)


def row(options, case, weights):
    model = starting(case[0], case[1], case[5], weights)
    before, numbers = tensors(model), model.get_weights()
    found, rate = trained(options, case, model)
    wanted = by_keras(case, numbers, rate, "float64")
    single = by_keras(case, numbers, rate, "float32")
    verdicts = {key: Verdict(found[key], single[key], wanted[key]) for key in wanted}
    key = max(verdicts, key=lambda key: verdicts[key].score)
    changed = [key for key in wanted if (before[key] != wanted[key]).any()]
    ill = sum(verdicts[key].theirs[0] > 1 for key in changed)
    text = f"{rate:.2g} | {verdicts[key]} | {key} | {ill} of {len(changed)} | {moved(before, wanted):.0f}"
    return text, verdicts[key].score <= 1


class Verdict:
    """How far zoo and Keras in float32 are from the judge: at most, and 99 of 100 numbers of a tensor."""

    def __init__(self, found, single, wanted):
        self.ours, self.theirs = spread(found, wanted), spread(single, wanted)
        self.limit = max(0.05, 2 * self.theirs[1])
        self.score = min(self.ours[0], self.ours[1] / self.limit)

    def __str__(self):
        numbers = [*self.ours, *self.theirs, self.limit]
        return " | ".join(f"{number:.3f}" for number in numbers)


def spread(found, wanted):
    import numpy as np

    differences = np.abs(found.astype("f8") - wanted) / allowed(wanted)
    pair = float(differences.max()), float(np.quantile(differences, 0.99))
    return pair if pair[0] == pair[0] else (float("inf"), float("inf"))


def images_of(folder, size):
    """Eight images of two classes, the first of each folder where there is one."""
    import numpy as np
    from PIL import Image

    if not folder:
        return np.stack([photograph(seed, size, size) for seed in range(IMAGES)])
    classes = sorted(place for place in folder.iterdir() if place.is_dir())[:CLASSES]
    files = [file for place in classes for file in sorted(place.iterdir())[:IMAGES // CLASSES]]
    return np.stack([np.asarray(Image.open(file).convert("RGB").resize((size, size))) for file in files])


def cases(options):
    """Every case with the file of trained weights that it begins with, if any."""
    known = NETWORKS | TRAINED if options.weights else NETWORKS
    for entry in options.entries or known:
        found = sorted(options.weights.glob(f"{entry}_*.h5")) if options.weights else [None]
        size = options.size or known[entry][2]
        images = images_of(options.images, size)
        for weights in found[:1]:
            for first in (known[entry][3], None):
                for optimizer in OPTIMIZERS:
                    for normalizes in (True, False):
                        if normalizes or entry != "vgg16":
                            yield (entry, size, first, optimizer, normalizes, images), weights


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tool", default=str(ROOT / ".build/release/zoo"))
    parser.add_argument("--size", type=int, help="of images, in place of each network's")
    parser.add_argument("--weights", type=pathlib.Path, help="a folder of Keras weight files to begin with")
    parser.add_argument("--images", type=pathlib.Path, help="a folder with two folders of images, in place of smooth noise")
    parser.add_argument("--exact", action="store_true", help="without Winograd's algorithm: zoo train --exact")
    parser.add_argument("entries", nargs="*", metavar="NETWORK")
    options = parser.parse_args()
    print("| network | size | layers | optimizer | normalisation | rate | zoo, largest | 99 % | Keras, largest | 99 % | limit "
          "| tensor | ill | moved |", flush=True)
    print("| --- | ---: | --- | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | --- | ---: | ---: |", flush=True)
    failed = set()
    for case, weights in cases(options):
        entry, size, first, optimizer, normalizes, _ = case
        try:
            text, isRight = row(options, case, weights)
        except RuntimeError as error:
            text, isRight = str(error), False
        kind = "trained" if normalizes else "frozen"
        print(f"| {entry} | {size} | {first or 'all'} | {optimizer} | {kind} | {text} |{'' if isRight else ' **wrong**'}",
              flush=True)
        failed |= set() if isRight else {entry}
    sys.exit(f"wrong: {', '.join(sorted(failed))}" if failed else 0)


if __name__ == "__main__":
    main()
