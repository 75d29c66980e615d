"""Training a head, ours against Keras and PyTorch: the same network, the same synthetic weights, the same photographs, one table.

    make build
    python3 Tests/Peers/train.py PHOTOGRAPHS                      # a folder with a sub-folder a class
    python3 Tests/Peers/train.py PHOTOGRAPHS --network vgg16:224 --epochs 12 --fit-epochs 2 --rounds 2
    python3 Tests/Peers/train.py PHOTOGRAPHS --unfreeze conv5_block3_1_conv   # fine-tuning: whole models alone

Three ways to a dense layer with softmax on frozen features: ours, `zoo train` with an empty cache and its report;
Keras's `predict` over all photographs once, then `fit` of the head on the features; Keras's `fit` of the whole model,
backbone frozen, which computes all features anew in every epoch, and with `--unfreeze` PyTorch's eager loop over the same. A
fifth of the photographs judges every epoch.

Each is a process of its own, from its start to its end, and they take turns; seconds are medians over the rounds,
memory is the peak. `--fit-epochs` lets `fit` of the whole model do fewer epochs, real ones: the others are then
counted as long as those behind the first, which has graphs to make and files to read. Keras reads photographs as it is fastest: `image_dataset_from_directory`,
decoded on all cores and prefetched; PyTorch's `DataLoader` has a worker for every core. Needs what
`compare.py --rival "Keras predict" --rival PyTorch` needs.
"""
import argparse
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import time

from compare import ZOO, archive_of, inside_environment, note, run_process
from engines import SCRATCH, SEED

HERE = pathlib.Path(__file__).resolve()
OURS, ONCE, WHOLE, TORCH = "ours", "Keras predict once, fit the head", "Keras fit", "PyTorch"


def datasets(photographs, size, entry):
    """Training and validation batches, preprocessed."""
    import keras
    import tensorflow as tf
    from onnx_export import load_entry

    recipe = load_entry(entry)["preprocessing"]

    def prepare(images, labels):
        images = tf.cast(images, tf.float32)
        if recipe["channelOrder"] == "bgr":
            images = images[..., ::-1]
        return (images / recipe["divisor"] - recipe["mean"]) / recipe["deviation"], labels

    parts = keras.utils.image_dataset_from_directory(
        photographs, label_mode="categorical", image_size=(size, size), interpolation="nearest", batch_size=32,
        validation_split=0.2, subset="both", seed=SEED, verbose=False)
    return [part.map(prepare, num_parallel_calls=tf.data.AUTOTUNE).prefetch(tf.data.AUTOTUNE) for part in parts]


def head_for(shape, classes):
    import keras

    return keras.Sequential([keras.Input(shape), keras.layers.Dense(classes, activation="softmax")])


def predict_once(backbone, parts, epochs):
    import numpy as np

    tables = []
    for part in parts:
        rows, labels = zip(*((backbone.predict_on_batch(images), labels) for images, labels in part))
        tables.append((np.concatenate(rows), np.concatenate(labels)))
    (rows, labels), judged = tables
    head = head_for(rows.shape[1:], labels.shape[1])
    head.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
    head.fit(rows, labels, validation_data=judged, epochs=epochs, verbose=0)


def fit_whole(backbone, parts, epochs, first=""):
    """Returns the seconds of every epoch. From layer `first` on the backbone learns; "all" is all of it."""
    import keras

    ends = [time.perf_counter()]

    names = [layer.name for layer in backbone.layers]
    start = 0 if first == "all" else names.index(first) if first else len(names)
    for index, layer in enumerate(backbone.layers):
        layer.trainable = index >= start
    classes = parts[0].element_spec[1].shape[1]
    model = keras.Sequential([backbone, keras.layers.Dense(classes, activation="softmax")])
    model.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
    ends[0] = time.perf_counter()
    clock = keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: ends.append(time.perf_counter()))
    model.fit(parts[0], validation_data=parts[1], epochs=epochs, verbose=0, callbacks=[clock])
    return [end - begin for begin, end in zip(ends, ends[1:])]


def torch_batches(photographs, size, entry):
    """Batches of photographs to train on and to judge by, as PyTorch reads them, and how many classes there are."""
    import numpy as np
    import torch
    from onnx_export import load_entry
    from PIL import Image

    recipe = load_entry(entry)["preprocessing"]
    folders = sorted(folder for folder in pathlib.Path(photographs).iterdir() if folder.is_dir())
    files = [(file, index) for index, folder in enumerate(folders) for file in sorted(folder.iterdir())]
    order = np.random.default_rng(SEED).permutation(len(files))

    class Photographs(torch.utils.data.Dataset):
        def __init__(self, indices):
            self.files = [files[index] for index in indices]

        def __len__(self):
            return len(self.files)

        def __getitem__(self, index):
            file, label = self.files[index]
            image = Image.open(file).convert("RGB").resize((size, size), Image.Resampling.NEAREST)
            pixels = np.asarray(image, np.float32)
            if recipe["channelOrder"] == "bgr":
                pixels = pixels[..., ::-1]
            pixels = (pixels / recipe["divisor"] - recipe["mean"]) / recipe["deviation"]
            return torch.from_numpy(np.ascontiguousarray(pixels, np.float32)).permute(2, 0, 1), label

    cut = len(files) // 5
    parts = [torch.utils.data.DataLoader(
        Photographs(indices), 32, shuffle=shuffled, num_workers=os.cpu_count(), persistent_workers=True)
        for indices, shuffled in ((order[cut:], True), (order[:cut], False))]
    return parts, len(folders)


def fit_torch(entry, photographs, size, epochs, first):
    """Returns the seconds of every epoch. Layers ahead of `first` are frozen, and go by their averages."""
    import torch
    from torch_export import Network

    parts, classes = torch_batches(photographs, size, entry)
    network = Network(entry, SEED).eval().to(memory_format=torch.channels_last)
    names = [name for _, name, _, _ in network.steps]
    start = 0 if first == "all" else names.index(first)
    learning = [network.modules_by_name[key] for _, _, _, key in network.steps[start:] if key in network.modules_by_name]
    network.requires_grad_(False)
    for module in learning:
        module.requires_grad_(True).train()
    with torch.no_grad():
        width = network(torch.zeros(1, 3, size, size)).shape[1]
    head = torch.nn.Linear(width, classes)
    parameters = [parameter for parameter in network.parameters() if parameter.requires_grad] + list(head.parameters())
    optimizer = torch.optim.Adam(parameters)
    ends = [time.perf_counter()]
    for _ in range(epochs):
        for module in learning:
            module.train()
        for images, labels in parts[0]:
            images = images.contiguous(memory_format=torch.channels_last)
            optimizer.zero_grad()
            torch.nn.functional.cross_entropy(head(network(images)), labels).backward()
            optimizer.step()
        network.eval()
        with torch.no_grad():
            for images, labels in parts[1]:
                head(network(images.contiguous(memory_format=torch.channels_last))).argmax(1).eq(labels).sum()
        ends.append(time.perf_counter())
    return [end - begin for begin, end in zip(ends, ends[1:])]


def run_torch(entry, photographs, size, epochs, report, first):
    """What a process of PyTorch's does."""
    sys.path += [str(HERE.parent), str(HERE.parents[1] / "Fixtures")]
    pathlib.Path(report).write_text(json.dumps(fit_torch(entry, photographs, int(size), int(epochs), first)))


def run_keras(way, model, entry, photographs, size, epochs, report, first=""):
    """What a process of Keras's does."""
    import keras

    backbone = keras.models.load_model(model, compile=False)
    parts = datasets(photographs, int(size), entry)
    if way == ONCE:
        seconds = predict_once(backbone, parts, int(epochs))
    else:
        seconds = fit_whole(backbone, parts, int(epochs), first)
    pathlib.Path(report).write_text(json.dumps(seconds))


def keras_model(entry, size):
    path = SCRATCH / f"{entry}-{size}.keras"
    if not path.exists():
        code = f"from keras_export import export; export({entry!r}, {str(path)!r}, {SEED}, {size})"
        fixtures = HERE.parents[1] / "Fixtures"
        environment = dict(os.environ, PYTHONPATH=os.pathsep.join([str(HERE.parent), str(fixtures)]))
        subprocess.run([sys.executable, "-c", code], check=True, env=environment)
    return path


def commands(entry, size, options):
    cache, report = SCRATCH / "train-cache", SCRATCH / "train-seconds.json"

    def ours():
        shutil.rmtree(cache, ignore_errors=True)
        return run_process([
            ZOO, "train", "--backbone", archive_of(entry), "--data", options.photographs, "--size", size,
            "--validation-split", "0.2", "--head", "linear", "--epochs", options.epochs, "--cache", cache,
            "--quiet", "-o", SCRATCH / "trained.zoo.safetensors",
            *(["--unfreeze", options.unfreeze] if options.unfreeze else [])])

    def theirs(way, epochs):
        whose = ["--torch"] if way == TORCH else ["--keras", way, keras_model(entry, size)]
        seconds, memory = run_process([
            sys.executable, HERE, *whose, entry, options.photographs, size, epochs, report, options.unfreeze])
        each = json.loads(report.read_text())
        return seconds + (statistics.mean(each[1:] or each) * (options.epochs - epochs) if each else 0), memory

    ways = {OURS: ours}
    if not options.unfreeze:
        ways[ONCE] = lambda: theirs(ONCE, options.epochs)
    if options.fit_epochs:
        ways[WHOLE] = lambda: theirs(WHOLE, options.fit_epochs)
        if options.unfreeze:
            ways[TORCH] = lambda: theirs(TORCH, options.fit_epochs)
    return ways


def measure(entry, size, options):
    ways = commands(entry, size, options)
    results = {name: [] for name in ways}
    for _ in range(options.rounds):
        for name, way in ways.items():
            results[name].append(way())
            note(f"{entry}:{size} {name}: {results[name][-1][0]:.1f} s, {results[name][-1][1] / 1e6:.0f} MB")
    return {name: (statistics.median(seconds for seconds, _ in values), max(memory for _, memory in values))
            for name, values in results.items()}


def print_table(entry, size, results):
    for name, (seconds, memory) in results.items():
        print(f"| {entry} | {size} | {name} | {seconds:.1f} | {results[OURS][0] / seconds:.3f} | {memory / 1e6:.0f} |",
              flush=True)


def parsed():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("photographs", type=pathlib.Path)
    parser.add_argument("--network", action="append", metavar="ENTRY:SIZE", help="may be repeated; resnet50:224 without")
    parser.add_argument("--epochs", type=int, default=12)
    parser.add_argument("--fit-epochs", type=int, default=2, help="of Keras's fit, whole epochs; 0 leaves it out")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--unfreeze", default="", metavar="LAYER", help="train the backbone from this layer on; or all")
    return parser.parse_args()


def main():
    if sys.argv[1:2] == ["--keras"]:
        return run_keras(*sys.argv[2:])
    if sys.argv[1:2] == ["--torch"]:
        return run_torch(*sys.argv[2:])
    options = parsed()
    SCRATCH.mkdir(parents=True, exist_ok=True)
    inside_environment(["Keras predict", *(["PyTorch"] if options.unfreeze else [])], ["pillow"])
    print(f"| network | size | head for {options.epochs} epochs by | seconds | ours / it | peak memory, MB |")
    print("| --- | ---: | --- | ---: | ---: | ---: |")
    for entry, size in (name.split(":") for name in options.network or ["resnet50:224"]):
        print_table(entry, int(size), measure(entry, int(size), options))


if __name__ == "__main__":
    main()
