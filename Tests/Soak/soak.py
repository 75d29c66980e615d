#!/usr/bin/env python3
"""Treats a built zoo as a shell may: see README.md.

    soak.py ZOO [--seconds N] [--kills N] [--seed N] [--only NAME]
"""

import argparse
import hashlib
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time


class Soak:
    def __init__(self, zoo, folder, seed):
        self.zoo = os.path.abspath(zoo)
        self.folder = folder
        self.seed = seed
        self.random = random.Random(seed)
        self.failures = []
        self.archive = self.path("backbone.zoo.safetensors")
        self.weights = self.path("weights.h5")
        self.images = self.path("images")
        self.features = ["--size", "64", "--no-cache", "-o", self.path("swept.npy")]
        self.must("synthesize", "squeezenet", "-o", self.weights)
        self.must("convert", self.weights, "-o", self.archive)
        self.must("synthesize", "images", "--count", "8", "-o", self.images)

    def path(self, name):
        return os.path.join(self.folder, name)

    def start(self, *words):
        return subprocess.Popen(
            [self.zoo, *words, "-q"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd=self.folder)

    def run(self, *words):
        process = self.start(*words)
        errors = process.communicate()[1].decode(errors="replace")
        return process.returncode, errors

    def must(self, *words):
        code, errors = self.run(*words)
        if code != 0:
            sys.exit(f"zoo {' '.join(words)}: exit code {code}\n{errors}")

    def check(self, holds, sentence):
        if not holds:
            self.failures.append(sentence)
            print("FAILED:", sentence, flush=True)

    # Kills.

    def killed(self, seconds, *words):
        """Whether it was still at work when it was killed, at a random moment of its usual time."""
        process = self.start(*words)
        try:
            process.wait(self.random.uniform(0, seconds))
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
        process.communicate()
        return process.returncode == -signal.SIGKILL

    def timed(self, *words):
        start = time.monotonic()
        self.must(*words)
        return time.monotonic() - start

    def kills(self, count, seconds):
        jobs = [self.kill_convert(), self.kill_train(), self.kill_cache()]
        end, done, hits = time.monotonic() + seconds, 0, 0
        for job in jobs:
            next(job)
        while done < count and time.monotonic() < end:
            hits += next(jobs[done % len(jobs)])
            done += 1
        print(f"kills: {done} runs, {hits} of them killed at work, {len(self.failures)} failures", flush=True)

    def kill_convert(self):
        output = self.path("killed.zoo.safetensors")
        words = ("convert", self.weights, "-o", output)
        usual = self.timed(*words)
        whole = digest(output)
        yield 0
        while True:
            old = self.random.choice([None, b"the old file"])
            if old is None:
                remove(output)
            else:
                write(output, old)
            hit = self.killed(1.2 * usual, *words)
            found = read(output)
            self.check(
                found == old or found is not None and digest(output) == whole, "convert: a torn archive, or none")
            self.must(*words)
            self.check(digest(output) == whole, "convert: another archive after a kill")
            self.check(not temporaries(self.folder), f"convert: left {temporaries(self.folder)}")
            yield hit

    def kill_train(self):
        model, checkpoint = self.path("model"), self.path("checkpoint")
        words = (
            "train", "--backbone", self.archive, "--data", self.images, "--validation-split", "0.25", "--size", "64",
            "--head", "dense(16,relu),dropout(0.5),dense(3,softmax)", "--epochs", "8", "--no-report", "--no-cache",
            "--checkpoint", checkpoint, "-o", model)
        usual = self.timed(*words)
        whole = digest(model)
        yield 0
        while True:
            remove(model)
            remove(checkpoint)
            hit = self.killed(1.2 * usual, *words)
            self.check(read(model) is None or digest(model) == whole, "train: a torn model")
            resumed = ("--resume", checkpoint) if os.path.exists(checkpoint) else ()
            code, errors = self.run(*words, *resumed)
            self.check(code == 0, f"train: cannot be gone on with: {errors}")
            self.check(read(model) is not None and digest(model) == whole, "train: another model after a kill")
            self.check(not temporaries(self.folder), f"train: left {temporaries(self.folder)}")
            yield hit

    def kill_cache(self):
        output, cache = self.path("features.npy"), self.path("cache")
        words = ("features", self.archive, self.images, "--size", "64", "--cache", cache, "-o", output)
        usual = self.timed(*words)
        whole = digest(output)
        yield 0
        while True:
            if self.random.random() < 0.5:
                shutil.rmtree(cache, ignore_errors=True)
            remove(output)
            hit = self.killed(1.2 * usual, *words)
            self.check(read(output) is None or digest(output) == whole, "features: torn features")
            self.must(*words)
            self.check(digest(output) == whole, "features: others from the cache after a kill")
            self.must("cache", "--verify", "--cache", cache)
            yield hit

    # Bounds.

    def bounds(self, count=2000):
        """Files of every format that is read, whole and damaged: an answer or an error within a second of the processor's
        time and 64 MiB and four times the file, besides what computing features takes of images in a folder."""
        usual = self.used("features", self.archive, self.images, *self.features)
        slowest, largest, done = (0, ""), (0, ""), 0
        for number in range(count):
            words, path = self.random.choice(self.readings())
            with open(path, "rb") as file:
                whole = file.read()
            # Each is read as it is once in ten times.
            bytes = whole if self.random.random() < 0.1 else self.damaged(whole)
            swept = self.path("swept" + os.path.splitext(path)[1])
            write(swept, bytes)
            words = [swept if word is None else word for word in words]
            code, seconds, memory = self.used(*words)
            if words[0] == "features":
                seconds, memory = seconds - usual[1], memory - usual[2]
            what = f"{words[0]} of {os.path.basename(path)}, seed {self.seed}, number {number}"
            self.check(code in (0, 65, 66, 69), f"{what}: exit code {code}")
            self.check(seconds < 1, f"{what}: {seconds:.2f} s")
            self.check(memory <= (64 << 20) + 4 * len(bytes), f"{what}: {memory >> 20} MiB")
            slowest, largest, done = max(slowest, (seconds, what)), max(largest, (memory, what)), done + 1
        print(
            f"bounds: {done} files, {slowest[0]:.2f} s and {largest[0] >> 20} MiB at most ({slowest[1]}; {largest[1]})",
            flush=True)

    def used(self, *words):
        """The exit code, the seconds of the processor and the most bytes of memory that a run took."""
        process = self.start(*words)
        process.stderr.close()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        return process.returncode, usage.ru_utime + usage.ru_stime, peak(usage)

    def readings(self):
        """What to run (None stands for the file), and the file."""
        if not hasattr(self, "known"):
            fixtures = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Fixtures")
            table = [
                (["inspect", "--tensors", None], [
                    "hdf5", "keras-eras", "keras-forms", "whole-models", "zip", "archive-v1", "trained-v1", "feature-files"]),
                (["convert", None, "-o", self.path("converted")], ["keras-forms", "whole-models", "zip"]),
                (["verify", None], ["archive-v1", "trained-v1"]),
                (["draft", None, "--preprocessing", "tf"], ["architectures"]),
                (["features", self.archive, None, *self.features], ["packed", "zip"]),
                (["project", None, "-o", self.path("p.svg")], ["feature-files"]),
                (["fmt", "--check", None], ["../../zoo/squeezenet", "../../zoo/vgg16"]),
            ]
            endings = (".h5", ".safetensors", ".npy", ".json", ".keras", ".zip", ".tar", ".gz")
            self.known = [
                (words, os.path.join(fixtures, folder, name))
                for words, folders in table for folder in folders
                for name in sorted(os.listdir(os.path.join(fixtures, folder)))
                if name.endswith(endings) and name not in ("expected.json", "misleading.json")]
        return self.known

    def damaged(self, whole):
        bytes = bytearray(whole)
        for _ in range(self.random.choice([1, 1, 1, 4])):
            width = self.random.choice([1, 2, 4, 8])
            if len(bytes) < width:
                break
            place = self.random.randrange(len(bytes) - width + 1)
            old = int.from_bytes(bytes[place:place + width], "little")
            new = self.random.choice([0, 256 ** width - 1, old + 1, old - 1, old ^ 1 << self.random.randrange(8 * width)])
            bytes[place:place + width] = (new % 256 ** width).to_bytes(width, "little")
        return bytes[:self.random.randrange(len(bytes) + 1)] if self.random.random() < 0.2 else bytes

    # Sizes.

    def many_files(self, count=100_000):
        folder = self.path("many")
        os.makedirs(folder)
        for number in range(count):
            write(os.path.join(folder, f"{number}.txt"), b"")
        image = next(files(self.images))
        for number in range(3):
            os.link(image, os.path.join(folder, f"{number}.png"))
        start = time.monotonic()
        code, errors = self.run("features", self.archive, folder, "--size", "64", "--no-cache", "-o", self.path("m.npy"))
        self.check(code == 0, f"{count} files in a folder: {errors}")
        print(f"{count} files in a folder: {time.monotonic() - start:.1f} s", flush=True)
        shutil.rmtree(folder)

    def flat_memory(self, count=20_000):
        folder = self.path("images20000")
        os.makedirs(folder)
        image = next(files(self.images))
        for number in range(count):
            os.link(image, os.path.join(folder, f"{number:05}.png"))
        process = self.start(
            "features", self.archive, folder, "--size", "64", "--no-cache", "-o", self.path("flat.npy"))
        curve = []
        while process.poll() is None:
            curve.append(resident(process.pid))
            time.sleep(0.25)
        errors = process.communicate()[1].decode(errors="replace")
        self.check(process.returncode == 0, f"{count} images: {errors}")
        curve = [bytes for bytes in curve if bytes]
        steps = [curve[len(curve) * step // 10] >> 20 for step in range(10)] if len(curve) >= 10 else []
        print(f"{count} images: MiB at each tenth: {steps}", flush=True)
        if steps:
            self.check(max(steps[2:]) <= 1.25 * steps[2] + 16, f"{count} images: memory grows: {steps}")
        shutil.rmtree(folder)

    # Places.

    def full_disks(self):
        self.refused("a full device", "convert", self.weights, "-o", "/dev/full")
        place = self.path("small")
        os.makedirs(place)
        mounted = sys.platform == "linux" and os.geteuid() == 0 and subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", place], stderr=subprocess.DEVNULL).returncode == 0
        if not mounted:
            print("full disks: no small file system, for want of permission", flush=True)
            return
        try:
            output = os.path.join(place, "a.zoo.safetensors")
            write(output, b"the old file")
            self.refused("a full disk", "convert", self.weights, "-o", output)
            self.check(read(output) == b"the old file", "a full disk: the old file is lost")
            self.check(os.listdir(place) == ["a.zoo.safetensors"], f"a full disk: left {os.listdir(place)}")
            self.refused(
                "a full disk", "synthesize", "squeezenet", "-o", os.path.join(place, "weights.h5"))
            self.check(os.listdir(place) == ["a.zoo.safetensors"], f"a full disk: left {os.listdir(place)}")
        finally:
            subprocess.run(["umount", place])

    def refused(self, what, *words):
        code, errors = self.run(*words)
        self.check(code == 66 and errors.startswith("error: "), f"{what}: exit code {code}: {errors}")

    def two_writers(self, rounds=20):
        output = self.path("both.zoo.safetensors")
        whole = digest(self.archive)
        for _ in range(rounds):
            processes = [self.start("convert", self.weights, "-o", output) for _ in range(4)]
            for process in processes:
                errors = process.communicate()[1].decode(errors="replace")
                self.check(process.returncode == 0, f"several writers: exit code {process.returncode}: {errors}")
            self.check(digest(output) == whole, "several writers: a torn archive")
        self.check(not temporaries(self.folder), f"several writers: left {temporaries(self.folder)}")
        print(f"several writers: {rounds} rounds of 4", flush=True)


def digest(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def read(path):
    try:
        with open(path, "rb") as file:
            return file.read()
    except FileNotFoundError:
        return None


def write(path, contents):
    with open(path, "wb") as file:
        file.write(contents)


def remove(path):
    if os.path.exists(path):
        os.remove(path)


def files(folder):
    for place, _, names in os.walk(folder):
        for name in sorted(names):
            yield os.path.join(place, name)


def temporaries(folder):
    return [name for name in os.listdir(folder) if name.endswith(".tmp")]


def peak(usage):
    """The most memory a process had, in bytes: Linux counts in KiB."""
    return usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def resident(pid):
    """Bytes in memory; 0 where the system does not say."""
    try:
        with open(f"/proc/{pid}/statm") as file:
            return int(file.read().split()[1]) * resource.getpagesize()
    except (OSError, IndexError):
        return 0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("zoo")
    parser.add_argument("--seconds", type=float, default=3600)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--only", choices=["kills", "many_files", "flat_memory", "full_disks", "two_writers", "bounds"])
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    with tempfile.TemporaryDirectory(prefix="zoo-soak-") as folder:
        soak = Soak(options.zoo, folder, options.seed)
        for name in ["full_disks", "two_writers", "many_files", "flat_memory", "bounds"]:
            if options.only in (None, name):
                getattr(soak, name)()
        if options.only in (None, "kills"):
            soak.kills(options.kills, options.seconds)
    print(f"{len(soak.failures)} failures")
    sys.exit(1 if soak.failures else 0)


main()
