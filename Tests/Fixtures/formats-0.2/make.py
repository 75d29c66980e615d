"""Makes one file of every format as release 0.2.0 wrote it, and keeps what that release read in them.

    python3 Tests/Fixtures/formats-0.2/make.py ZOO

ZOO is the program `zoo` of release 0.2.0. Writes

picture.png              an image
frozen.zoo.safetensors   a tiny network and a head of version 2
tuned.zoo.safetensors    the same trained further with a layer of the network
frozen.checkpoint        a training that can be resumed, of the frozen network
network.zoo.safetensors  the network that it was trained on
shards                   features of three drawings in two shards
expected.json            how likely each class of the picture is by the two models, and the features

The files are 0.2.0's for ever: a newer release may write them otherwise and must go on reading these.
"""
import importlib.util
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

import numpy as np
from safetensors.numpy import load_file

HERE = pathlib.Path(__file__).parent
HEAD = "global_average_pooling, dense(6, gelu, l2=0.001), dropout(0.25), dense(3, softmax)"


def module(name):
    """A script beside this one."""
    spec = importlib.util.spec_from_file_location(name, HERE.parent / name / "make.py")
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


def run(*arguments, folder):
    result = subprocess.run([str(part) for part in arguments], capture_output=True, text=True, cwd=folder)
    assert result.returncode == 0, result.stderr
    return result.stdout


def entry():
    """The entry of the first release's golden model, which is a text in its script."""
    source = (HERE.parent / "trained-v1" / "make.py").read_text()
    return source.split('ENTRY = """')[1].split('"""')[0]


def probabilities(zoo, model, folder):
    answer = json.loads(run(zoo, "predict", model, "picture.png", "--json", "--no-cache", folder=folder))
    return {score["label"]: score["probability"] for score in answer[0]["top"]}


def main():
    zoo = pathlib.Path(sys.argv[1]).resolve()
    kernel = np.random.default_rng(5).uniform(-0.7, 0.7, (3, 3, 3, 4)).astype("<f4")
    with tempfile.TemporaryDirectory() as place:
        place = pathlib.Path(place)
        (place / "network.zoo.safetensors").write_bytes(module("archive-v1").archive(
            {"conv/kernel": ("F32", [3, 3, 3, 4], kernel.tobytes()),
             "conv/bias": ("F32", [4], np.array([0.1, -0.1, 0.2, 0], "<f4").tobytes())},
            {"zoo.producer": "model-zoo 0.2.0", "zoo.section.entry": entry()}))
        run(zoo, "synthesize", "images", "-o", "images", "--count", 8, folder=place)
        common = ["--data", "images", "--validation-split", 0.25, "--no-cache", "--no-report", "--seed", 3]
        frozen = ["train", "--backbone", "network.zoo.safetensors", "--pool", "none", "--head", HEAD, *common]
        run(zoo, *frozen, "--epochs", 6, "--checkpoint", "frozen.checkpoint", "-o", "frozen.zoo.safetensors", folder=place)
        run(zoo, "train", "--from", "frozen.zoo.safetensors", "--unfreeze", "conv", "--epochs", 2, "--optimizer", "sgd",
            "--learning-rate", 0.01, *common, "-o", "tuned.zoo.safetensors", folder=place)
        image = sorted((place / "images" / "circles").iterdir())[0]
        shutil.copyfile(image, place / "picture.png")
        (place / "few").mkdir()
        for kind in ("circles", "noise", "stripes"):
            (place / "few" / kind).mkdir()
            shutil.copyfile(sorted((place / "images" / kind).iterdir())[1], place / "few" / kind / "1.png")
        features = ["features", "network.zoo.safetensors", "few", "--pool", "avg", "--no-cache"]
        for number in (0, 1):
            run(zoo, *features, "--shard", f"{number}/2", "-o", "shards", folder=place)
        run(zoo, *features, "-o", "features.safetensors", folder=place)
        expected = {
            "frozen": probabilities(zoo, "frozen.zoo.safetensors", place), "tuned": probabilities(zoo, "tuned.zoo.safetensors", place),
            "features": load_file(place / "features.safetensors")["features"].tolist(),
        }
        for name in ("network.zoo.safetensors", "frozen.zoo.safetensors", "tuned.zoo.safetensors", "frozen.checkpoint", "picture.png"):
            shutil.copyfile(place / name, HERE / name)
        shutil.rmtree(HERE / "shards", ignore_errors=True)
        shutil.copytree(place / "shards", HERE / "shards")
        (HERE / "expected.json").write_text(json.dumps(expected, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
