#!/usr/bin/env python3
"""Features larger than memory: synthetic shards are listed, merged, trained on and measured; see README.md.

    features.py ZOO [--rows N] [--width N] [--shards N] [--limit MiB] [--folder DIR] [--seed N]

Every step is a process whose anonymous memory (RssAnon in /proc/PID/status: no pages of files) must stay below the limit. The
shards are written by this script as `zoo features --shard` writes them; settings and header are those of a real shard of a few images.
"""

import argparse
import hashlib
import json
import os
import random
import shutil
import struct
import subprocess
import sys
import tempfile
import time

CLASSES = ["circles", "noise", "stripes"]


def compact(value):
    return json.dumps(value, separators=(",", ":"), sort_keys=True)


class Run:
    def __init__(self, zoo, folder, options):
        self.zoo, self.folder, self.options = os.path.abspath(zoo), folder, options
        self.random = random.Random(options.seed)
        self.failed = False

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def measured(self, what, *words):
        """Runs zoo; prints seconds and the most anonymous memory it had."""
        start, most = time.monotonic(), 0
        process = subprocess.Popen(
            [self.zoo, *words], cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        os.set_blocking(process.stdout.fileno(), False)
        output = b""
        while process.poll() is None:
            output += process.stdout.read() or b""
            most = max(most, anonymous(process.pid))
            time.sleep(0.02)
        output += process.stdout.read() or b""
        seconds = time.monotonic() - start
        holds = process.returncode == 0 and most < self.options.limit << 20
        self.failed = self.failed or not holds
        print(f"{what}: {seconds:.1f} s, RssAnon {most >> 20} MiB{'' if holds else ', FAILED'}", flush=True)
        if process.returncode != 0:
            sys.exit(output.decode(errors="replace")[-2000:])
        return output.decode(errors="replace")

    def must(self, *words):
        subprocess.run([self.zoo, *words, "-q"], cwd=self.folder, check=True, stdout=subprocess.DEVNULL)

    def template(self):
        """A real run of one shard of a few images: what its record, run and header say of the backbone."""
        self.must("synthesize", "resnet50", "-o", "weights.h5")
        self.must("convert", "weights.h5", "-o", "backbone.zoo.safetensors")
        self.must("synthesize", "images", "--count", "1", "-o", "images")
        self.must("features", "backbone.zoo.safetensors", "images", "--size", "64", "--no-cache",
                  "--shard", "0/1", "-o", "template")
        with open(self.path("template", "run.json")) as file:
            run = json.load(file)
        with open(self.path("template", "part-00000-of-00001.json")) as file:
            record = json.load(file)
        with open(self.path("template", "part-00000-of-00001.safetensors"), "rb") as file:
            header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        return run, record, header["__metadata__"]["origin"]

    def write(self, run, record, origin):
        """Writes a run of as many rows and shards as were asked for."""
        rows, shards, width = self.options.rows, self.options.shards, self.options.width
        if run["columns"][0]["shape"] != [width]:
            sys.exit(f"rows of {run['columns'][0]['shape']}, expected {width}")
        os.makedirs(self.path("shards"))
        run.update(shards=shards, images=rows, listing="0" * 64)
        with open(self.path("shards", "run.json"), "w") as file:
            file.write(compact(run) + "\n")
        # Random numbers once; every row is a window of them, with one of its class's numbers raised.
        pool = struct.pack(f"<{3 * width}f", *(self.random.random() for _ in range(3 * width)))
        for shard in range(shards):
            self.write_shard(shard, range(rows * shard // shards, rows * (shard + 1) // shards), pool, record, origin)

    def write_shard(self, shard, numbers, pool, record, origin):
        rows, shards, width = self.options.rows, self.options.shards, self.options.width
        labels = [number * len(CLASSES) // rows for number in numbers]
        names = [f"{CLASSES[label]}/{number:08}.jpg" for number, label in zip(numbers, labels)]
        size = 4 * width * len(numbers)
        header = compact({
            "__metadata__": {"class_names": compact(CLASSES), "files": json.dumps(names, separators=(",", ":")),
                             "origin": origin},
            "features": {"dtype": "F32", "shape": [len(numbers), width], "data_offsets": [0, size]},
            "labels": {"dtype": "I64", "shape": [len(numbers)], "data_offsets": [size, size + 8 * len(numbers)]},
        }).encode()
        name, digest, count = f"part-{shard:05}-of-{shards:05}", hashlib.sha256(), 0
        with open(self.path("shards", name + ".safetensors"), "wb", buffering=1 << 20) as file:
            def put(data):
                nonlocal count
                file.write(data)
                digest.update(data)
                count += len(data)
            put(struct.pack("<Q", len(header)) + header)
            for number, label in zip(numbers, labels):
                start = 4 * (number * 37 % (2 * width))
                row = bytearray(pool[start:start + 4 * width])
                row[4 * label:4 * label + 4] = struct.pack("<f", 2 + number % 97 / 97)
                put(row)
            put(struct.pack(f"<{len(labels)}q", *labels))
        written = dict(record, shard=shard, shards=shards, rows=len(numbers), byteCount=count,
                       sha256=digest.hexdigest(), skipped=[], notFinite=0)
        with open(self.path("shards", name + ".json"), "w") as file:
            file.write(compact(written) + "\n")

    def train(self, what, source, output, *words):
        self.measured(
            what, "train", "--backbone", "backbone.zoo.safetensors", "--features", source, "--validation-split",
            "0.1", "--head", "linear", "--seed", "1", "--no-report", "-q", "-o", output, *words)

    def same(self, one, other):
        with open(self.path(one), "rb") as first, open(self.path(other), "rb") as second:
            same = first.read() == second.read()
        self.failed = self.failed or not same
        print(f"{one} and {other} are {'the same' if same else 'NOT the same: FAILED'}", flush=True)

    def everything(self):
        start = time.monotonic()
        self.write(*self.template())
        print(f"written: {self.options.rows} rows in {time.monotonic() - start:.1f} s", flush=True)
        self.measured("merge --status", "merge", "--status", "shards")
        self.train("train, one epoch, from shards", "shards", "a.zoo.safetensors", "--epochs", "1")
        self.train("train, lbfgs, from shards", "shards", "l.zoo.safetensors", "--fit", "lbfgs", "--strength", "1")
        print(self.measured("evaluate, shards", "evaluate", "a.zoo.safetensors", "shards").splitlines()[1])
        self.measured("merge", "merge", "shards", "-o", "merged.safetensors", "-q")
        shutil.rmtree(self.path("shards"))
        self.train("train, one epoch, merged", "merged.safetensors", "b.zoo.safetensors", "--epochs", "1")
        self.same("a.zoo.safetensors", "b.zoo.safetensors")


def anonymous(process):
    """Anonymous memory of a process in bytes; 0 where it is gone."""
    try:
        with open(f"/proc/{process}/status") as file:
            for line in file:
                if line.startswith("RssAnon:"):
                    return int(line.split()[1]) << 10
    except OSError:
        pass
    return 0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("zoo")
    for name, value in [("rows", 100_000), ("width", 2048), ("shards", 16), ("limit", 2048), ("seed", 0)]:
        parser.add_argument(f"--{name}", type=int, default=value)
    parser.add_argument("--folder", help="where to write; a temporary folder unless it is named")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        run = Run(options.zoo, folder, options)
        run.everything()
        sys.exit(1 if run.failed else 0)


if __name__ == "__main__":
    main()
