"""Fine-tuning at full width: where `zoo train --unfreeze` ends against where Keras's `fit` ends, tensor by tensor.

    python3 Tests/Parity/fine_tuning.py [--tool ZOO] [--size N] [NETWORK...]     # or `make parity-training`, ENTRIES="a b"

Six networks with weights from a seed, the last layers and all, SGD with momentum and Adam, batch normalisation trained and frozen:
20 steps of four images of smooth noise, unshuffled, from a head of zeros. A row says how far the tensors that changed differ at most,
as a share of what is allowed (1e-4 + 1e-4 x |expected|), and how far gradients moved any, in the same unit: where that is not
far more, the row shows nothing. Rates go down by tens until Keras moves nothing by more than MOST_MOVED. Dropouts are set to 0 on both
sides, for no two programs draw alike."""
import argparse
import pathlib
import subprocess
import sys
import tempfile

from compare import ROOT, SEED, photograph

CLASSES, IMAGES, BATCH, EPOCHS = 2, 8, 4, 10
# Keras's function, its module, size, the first of the last layers, the momentum of its moving averages.
NETWORKS = {
    "resnet50": ("ResNet50", "resnet", 64, "conv5_block3_1_conv", 0.99),
    "vgg16": ("VGG16", "vgg16", 64, "block5_conv1", 0.99),
    "xception": ("Xception", "xception", 80, "block14_sepconv1", 0.99),
    "inception_v3": ("InceptionV3", "inception_v3", 107, "conv2d_85", 0.99),
    "mobilenet_v2": ("MobileNetV2", "mobilenet_v2", 64, "block_16_expand", 0.999),
    "efficientnet_b0": ("EfficientNetB0", "efficientnet", 64, "block7a_expand_conv", 0.99),
}
OPTIMIZERS = {"sgd": (0.01, ["--momentum", 0.9]), "adam": (0.0001, [])}
# Gradients of seeded weights are of any size: with steps that move a tensor by more than this, rounding grows to anything.
MOST_MOVED = 300


def built(entry, size):
    import keras
    from synthetic_weights import fill

    function = NETWORKS[entry][0]
    keras.backend.clear_session()
    model = getattr(keras.applications, function)(weights=None, include_top=False, input_shape=(size, size, 3))
    for layer in model.layers:
        if isinstance(layer, keras.layers.Dropout):
            layer.rate = 0.0
    return fill(model, SEED)


def allowed(wanted):
    import numpy as np

    return 1e-4 + 1e-4 * np.abs(wanted)


def by_keras(entry, size, first, optimizer, normalizes, images):
    """The tensors after training, the rate that was small enough, and how far gradients moved any."""
    import numpy as np

    rate = OPTIMIZERS[optimizer][0]
    while True:
        model = built(entry, size)
        before = tensors(model)
        fit(model, entry, first, optimizer, rate, normalizes, images)
        after = tensors(model)
        moved = max(float((np.abs(before[key].astype("f8") - after[key]) / allowed(after[key])).max())
                    for key in after if "moving_" not in key)
        if moved <= MOST_MOVED:
            return after, rate, moved
        rate /= 10


def fit(model, entry, first, optimizer, rate, normalizes, images):
    import importlib
    import keras
    import numpy as np

    names = [layer.name for layer in model.layers]
    start = names.index(first) if first else 0
    for index, layer in enumerate(model.layers):
        isNormalization = isinstance(layer, keras.layers.BatchNormalization)
        layer.trainable = index >= start and (normalizes or not isNormalization)
    pooled = keras.layers.GlobalAveragePooling2D(name="top_pool")(model.output)
    output = keras.layers.Dense(CLASSES, "softmax", kernel_initializer="zeros", name="top")(pooled)
    whole = keras.Model(model.input, output)
    made = keras.optimizers.SGD(rate, momentum=0.9) if optimizer == "sgd" else keras.optimizers.Adam(rate)
    whole.compile(made, "categorical_crossentropy")
    module = importlib.import_module(f"keras.src.applications.{NETWORKS[entry][1]}")
    x = module.preprocess_input(np.stack(images).astype("float32"))
    y = np.eye(CLASSES, dtype="float32")[np.arange(IMAGES) * CLASSES // IMAGES]
    whole.fit(x, y, batch_size=BATCH, epochs=EPOCHS, shuffle=False, verbose=0)


def tensors(model):
    from synthetic_weights import role

    return {f"{layer.name}/{role(layer, w)}": w.numpy().copy() for layer in model.layers for w in layer.weights
            if w.name != "count"}


def run(tool, *words):
    result = subprocess.run([tool, *map(str, words)], capture_output=True, text=True)
    if result.returncode:
        raise RuntimeError(result.stderr.strip())


def row(tool, entry, size, first, optimizer, normalizes):
    import numpy as np
    from PIL import Image
    from safetensors.numpy import load_file

    momentum = NETWORKS[entry][4]
    images = [photograph(seed, size, size) for seed in range(IMAGES)]
    model = built(entry, size)
    expected, rate, moved = by_keras(entry, size, first, optimizer, normalizes, images)
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
            architecture = ["--architecture", folder / "a.json", "--preprocessing", "raw"]
        run(tool, "convert", folder / "a.weights.h5", "-o", folder / "a.zoo.safetensors", *architecture)
        more = OPTIMIZERS[optimizer][1]
        run(tool, "train", "--backbone", folder / "a.zoo.safetensors", "--data", folder / "images", "--size", size,
            "--head", f"dense({CLASSES}, softmax, kernel_initializer=zeros)", "--epochs", EPOCHS, "--batch", BATCH,
            "--no-shuffle", "--no-cache", "--no-report", "--optimizer", optimizer, "--learning-rate", rate, *more,
            "--unfreeze", first or "all", "--batch-norm-momentum", momentum, *([] if normalizes else ["--freeze-batch-norm"]),
            "-o", folder / "b.zoo.safetensors", "--quiet")
        found = load_file(folder / "b.zoo.safetensors")
    worst = max((float((np.abs(found[key].astype("f8") - wanted) / allowed(wanted)).max()), key)
                for key, wanted in expected.items())
    return f"{rate:g} | {worst[0]:.3f} ({worst[1]}) | {moved:.0f}", worst[0] <= 1


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tool", default=str(ROOT / ".build/release/zoo"))
    parser.add_argument("--size", type=int, help="of images, in place of each network's")
    parser.add_argument("entries", nargs="*", metavar="NETWORK")
    arguments = parser.parse_args()
    print("| network | size | layers | optimizer | normalisation | rate | error / allowed | moved |", flush=True)
    print("| --- | ---: | --- | --- | --- | ---: | --- | ---: |", flush=True)
    failed = []
    for entry in arguments.entries or NETWORKS:
        size = arguments.size or NETWORKS[entry][2]
        for first in (NETWORKS[entry][3], None):
            for optimizer in OPTIMIZERS:
                for normalizes in (True, False):
                    if not normalizes and entry == "vgg16":
                        continue
                    try:
                        text, isRight = row(arguments.tool, entry, size, first, optimizer, normalizes)
                    except RuntimeError as error:
                        text, isRight = str(error), False
                    kind = "trained" if normalizes else "frozen"
                    print(f"| {entry} | {size} | {first or 'all'} | {optimizer} | {kind} | {text} |"
                          f"{'' if isRight else ' **wrong**'}", flush=True)
                    failed += [] if isRight else [entry]
    sys.exit(f"wrong: {', '.join(sorted(set(failed)))}" if failed else 0)


if __name__ == "__main__":
    main()
