"""Every network of keras.applications: its features by zoo against its features by Keras, element by element.

    python3 Tests/Parity/compare.py [--tool ZOO] [ENTRY...]     # or `make parity`, ENTRIES="a b"

Keras builds the network at its own size and at 101 x 101 pixels, with weights from a seed, and saves them itself: as
`.weights.h5`, which zoo must recognise by its content and convert. Both are given one photograph of smooth noise, as a PNG file of
just that size; Keras by way of its own `preprocess_input`. A row says how far the two differ at most, as a share of what is
allowed (`1e-5 x largest + 1e-4 x |expected|`), and how far another photograph moves the features: where that is nothing, the
row shows nothing. The gammas of batch normalisations are raised until it is something at that size. Where they differ by more than is allowed,
Keras computes the same in double precision, and the row says how far each of the two is from that: zoo is right where it is no
further than is allowed, or than one and a half times as far as Keras is. Networks go by size, the smallest first;
one at a time, the largest with about 5 GB of memory."""
import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(ROOT / "zoo"), str(ROOT / "Tests/Fixtures")]
import make as catalog  # noqa: E402

SEED = 2015
ODD = (101, 101)
GAINS = (1, 1.15, 1.25, 1.35, 1.5, 1.75, 2)
# Those of which entries were written by hand: function, module, size, minimum.
OTHERS = [("vgg16", "VGG16", "vgg16", 224, 32), ("resnet50", "ResNet50", "resnet", 224, 32),
          ("xception", "Xception", "xception", 299, 71), ("inception_v3", "InceptionV3", "inception_v3", 299, 75)]


def photograph(seed, height, width):
    """Smooth noise in three channels, 0 to 255."""
    import numpy as np

    random = np.random.default_rng(seed)
    image = np.zeros((height, width, 3))
    for cells in (3, 8, 24):
        grid = random.uniform(-1, 1, (cells + 2, cells + 2, 3))
        rows, columns = np.linspace(0, cells, height), np.linspace(0, cells, width)
        r, c = rows.astype(int), columns.astype(int)
        fr, fc = (rows - r)[:, None, None], (columns - c)[None, :, None]
        top = grid[r][:, c] * (1 - fc) + grid[r][:, c + 1] * fc
        bottom = grid[r + 1][:, c] * (1 - fc) + grid[r + 1][:, c + 1] * fc
        image += (top * (1 - fr) + bottom * fr) / 2
    return np.clip(127.5 + 90 * image + random.normal(0, 12, image.shape), 0, 255).astype(np.uint8)


def by_keras(network, size, images, gain, precision="float32"):
    """The features, and the model; the weights are the same in either precision."""
    import importlib
    import keras
    import numpy as np
    from synthetic_weights import fill

    keras.config.set_floatx(precision)
    try:
        model, _ = catalog.built(network, size)
    finally:
        keras.config.set_floatx("float32")
    fill(model, SEED, gain=gain)
    module = importlib.import_module(f"keras.src.applications.{network.module}")
    pixels = np.stack(images).astype(precision)
    return model(module.preprocess_input(pixels), training=False).numpy(), model


def moved(features):
    import numpy as np

    largest = float(np.abs(features[0]).max())
    return float(np.abs(features[1] - features[0]).max()) / largest, largest


def gain_for(network, size):
    """The least gain with which the image matters at this size; where it never does enough, the one with which it matters most.
    Features beyond a thousand are none to compare: what rounding does to them grows with them."""
    images = [photograph(seed, *size) for seed in (1, 2)]
    shares = {}
    for gain in GAINS:
        share, largest = moved(by_keras(network, size, images, gain)[0])
        if not largest < 1e3 and shares:
            break
        shares[gain] = share
        if share > 0.02:
            return gain
    return max(shares, key=shares.get)


def by_zoo(tool, folder, network, size, image, model):
    import numpy as np
    from PIL import Image

    weights, archive = folder / "a.weights.h5", folder / "a.zoo.safetensors"
    output, file = folder / "features.npy", folder / "images/one.png"
    file.parent.mkdir(exist_ok=True)
    Image.fromarray(image).save(file)
    model.save_weights(weights)

    def run(*words):
        result = subprocess.run([tool, *map(str, words)], capture_output=True, text=True)
        if result.returncode:
            raise RuntimeError(result.stderr.strip())
        return result.stdout

    recognised = json.loads(run("convert", weights, "-o", archive, "--json"))
    name = recognised["recognition"]["entry"]
    if name != network.entry:
        raise RuntimeError(f"recognised as {name}")
    weights.unlink()
    run("features", archive, file.parent, "-o", output, "--pool", "none", "--size", size[0], "--quiet")
    return np.load(output)[0]


def row(tool, network, size, gain):
    import numpy as np

    images = [photograph(seed, *size) for seed in (1, 2)]
    features, model = by_keras(network, size, images, gain)
    share, largest = moved(features)
    with tempfile.TemporaryDirectory() as folder:
        found = by_zoo(tool, pathlib.Path(folder), network, size, images[0], model)
    expected = features[0]
    if found.shape != expected.shape:
        raise RuntimeError(f"shape {found.shape}, expected {expected.shape}")
    allowed = 1e-5 * largest + 1e-4 * np.abs(expected)
    error = float((np.abs(found.astype("f8") - expected) / allowed).max())
    text = f"{'x'.join(map(str, expected.shape))} | {gain} | {largest:.3g} | {share:.2g} | {error:.3f}"
    if error <= 1:
        return text, True
    exact = by_keras(network, size, images[:1], gain, "float64")[0][0]
    ours, kerass = (float((np.abs(values - exact) / allowed).max()) for values in (found, expected))
    return f"{text}; to doubles: zoo {ours:.3f}, Keras {kerass:.3f}", ours <= max(1, 1.5 * kerass)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tool", default=str(ROOT / ".build/release/zoo"))
    parser.add_argument("entries", nargs="*", metavar="ENTRY")
    arguments = parser.parse_args()
    known = catalog.networks() + [catalog.Network(e, f, m, "", s, minimum) for e, f, m, s, minimum in OTHERS]
    claims = {n.entry: json.loads((ROOT / "zoo" / n.entry / "model.json").read_text())["claims"]["parameters"] for n in known}
    wanted = sorted((n for n in known if not arguments.entries or n.entry in arguments.entries), key=lambda n: claims[n.entry])
    catalog.fill_with_zeros()
    print("| network | size | features | gain | largest | moved | error / allowed |\n| --- | --- | --- | ---: | ---: | ---: | ---: |", flush=True)
    failed = []
    for network in wanted:
        started = time.monotonic()
        for size in ((network.size, network.size), ODD):
            try:
                text, isRight = row(arguments.tool, network, size, gain_for(network, size))
            except RuntimeError as error:
                text, isRight = str(error), False
            print(f"| {network.entry} | {size[0]}x{size[1]} | {text} |{'' if isRight else ' **wrong**'}", flush=True)
            failed += [] if isRight else [network.entry]
        print(f"{network.entry}: {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)
    sys.exit(f"wrong: {', '.join(failed)}" if failed else 0)


if __name__ == "__main__":
    main()
