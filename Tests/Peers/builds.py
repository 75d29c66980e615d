#!/usr/bin/env python3
"""What an image takes in two builds of zoo, in turns.

    python3 Tests/Peers/builds.py OLD NEW [--rounds 12] [--batch 1] [NETWORK...]

Both compute the features of the same made-up images with the same synthetic weights (`zoo bench`), one after the other in
every round, the first of a round last in the next. A row is a network: the medians in milliseconds, the ratio of the
medians, the median of the rounds' own ratios with its quartiles, and the ratio of the shortest times.
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import tempfile


def zoo(program, *words):
    return subprocess.run([program, *map(str, words)], check=True, capture_output=True, text=True).stdout


def archive(program, network, folder):
    weights, path = folder / f"{network}.h5", folder / f"{network}.zoo.safetensors"
    zoo(program, "synthesize", network, "-o", weights, "-q")
    zoo(program, "convert", weights, "-o", path, "-q")
    weights.unlink()
    return path


def milliseconds(program, path, batch):
    return json.loads(zoo(program, "bench", path, "--batch", batch, "--seconds", 1, "--json"))["medianMillisecondsPerImage"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("old")
    parser.add_argument("new")
    parser.add_argument("networks", nargs="*", default=["resnet50", "vgg16", "xception", "inception_v3"])
    parser.add_argument("--rounds", type=int, default=12)
    parser.add_argument("--batch", type=int, default=1)
    wanted = parser.parse_args()
    print("| network | old ms | new ms | new / old | of rounds (quartiles) | of shortest |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    with tempfile.TemporaryDirectory() as folder:
        for network in wanted.networks:
            path = archive(wanted.old, network, pathlib.Path(folder))
            times = {wanted.old: [], wanted.new: []}
            for round in range(wanted.rounds):
                for program in (wanted.old, wanted.new)[:: 1 if round % 2 == 0 else -1]:
                    times[program].append(milliseconds(program, path, wanted.batch))
            old, new = times[wanted.old], times[wanted.new]
            ratios = [b / a for a, b in zip(old, new)]
            low, middle, high = statistics.quantiles(ratios, n=4)
            print(
                f"| {network} | {statistics.median(old):.1f} | {statistics.median(new):.1f} "
                f"| {statistics.median(new) / statistics.median(old):.3f} | {middle:.3f} ({low:.3f}-{high:.3f}) "
                f"| {min(new) / min(old):.3f} |", flush=True)


if __name__ == "__main__":
    main()
