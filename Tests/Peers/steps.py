#!/usr/bin/env python3
"""What a step of training a head takes, in two builds of zoo, in turns.

    python3 Tests/Peers/steps.py OLD NEW [--rounds 7]

Both train the same heads on the features of the same generated images, which each keeps in a cache of its own: networks and
images play no part. A row is a head: the median milliseconds a step, and the median of the rounds' own ratios with its
quartiles. A step is what a long training takes beyond a short one, by the steps that it has more, so that starting up does
not count. In every round the two take turns, the first of a round last in the next.
"""

import argparse
import pathlib
import statistics
import subprocess
import tempfile
import time

# Layers, pooling of the features, batch size, epochs of the long training.
HEADS = [
    ("dense(3, softmax)", "avg", 32, 8005),
    ("dense(256, relu), dropout(0.5), dense(3, softmax)", "avg", 32, 1005),
    ("batch_normalization, dense(1024, relu), dense(3, softmax)", "avg", 8, 55),
    ("flatten, dense(256, relu), dense(3, softmax)", "none", 32, 45),
]
SHORT, IMAGES = 5, 64


def run(zoo, *words):
    start = time.perf_counter()
    subprocess.run([zoo, *map(str, words)], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def prepare(zoo, folder):
    """An archive and a cache as this build makes them."""
    weights, archive = folder / "weights.h5", folder / "network.zoo.safetensors"
    run(zoo, "synthesize", "squeezenet", "-o", weights, "-q")
    run(zoo, "convert", weights, "-o", archive, "-q")
    return archive


def train(zoo, folder, images, head, epochs):
    text, pooling, batch, _ = head
    return run(
        zoo, "train", "--backbone", folder / "network.zoo.safetensors", "--data", images, "--head", text,
        "--pool", pooling, "--batch", batch, "--epochs", epochs, "--size", 128, "--cache", folder / "cache",
        "--learning-rate", "1e-6", "-o", folder / "model.zoo.safetensors", "-q")


def milliseconds(builds, images, head, rounds):
    """The times of a step, round by round, for each build."""
    steps = (head[3] - SHORT) * -(-3 * IMAGES // head[2])
    times = [[] for _ in builds]
    for round in range(rounds + 1):
        for index, (zoo, folder) in list(enumerate(builds))[:: 1 if round % 2 == 0 else -1]:
            short = train(zoo, folder, images, head, SHORT)
            long = train(zoo, folder, images, head, head[3])
            if round > 0:  # The first fills the caches.
                times[index].append(1000 * (long - short) / steps)
    return times


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("old")
    parser.add_argument("new")
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        builds = []
        for name, zoo in [("old", options.old), ("new", options.new)]:
            folder = pathlib.Path(place) / name
            folder.mkdir()
            prepare(zoo, folder)
            builds.append((zoo, folder))
        images = pathlib.Path(place) / "images"
        run(options.new, "synthesize", "images", "--count", IMAGES, "--seed", 1, "-o", images, "-q")
        print(f"{'head':58} {'old ms':>8} {'new ms':>8}  new / old, of rounds (quartiles)")
        for head in HEADS:
            old, new = milliseconds(builds, images, head, options.rounds)
            low, middle, high = statistics.quantiles([b / a for a, b in zip(old, new)], n=4)
            print(
                f"{head[0]:58} {statistics.median(old):8.3f} {statistics.median(new):8.3f}  "
                f"{middle:.2f} ({low:.2f}-{high:.2f})", flush=True)


if __name__ == "__main__":
    main()
