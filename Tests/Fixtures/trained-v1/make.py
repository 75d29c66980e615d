"""Makes a trained model as release 0.1.0 wrote it, and keeps what that release predicted with it.

    python3 Tests/Fixtures/trained-v1/make.py ZOO

ZOO is the program `zoo` of release 0.1.0. Writes

golden.zoo.safetensors  a tiny backbone and a head of every kind of layer but flatten and global_max_pooling
image.png             an image
expected.json           how likely 0.1.0 thought each class for it

The files are 0.1.0's for ever: a newer release writes heads otherwise and must go on reading these.
"""
import importlib.util
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

import numpy as np

HERE = pathlib.Path(__file__).parent
HEAD = (
    "batch_normalization(momentum=0.9, epsilon=0.01), dense(6, gelu, kernel_initializer=he_normal, l2=0.001), "
    "activation(leaky_relu), global_average_pooling, unit_normalization, dropout(0.25), dense(3, softmax)"
)
ENTRY = """{
  "format": 1,
  "identifier": "tiny",
  "title": "Tiny",
  "kerasName": "tiny",
  "paper": "none",
  "licence": "MIT",
  "preprocessing": {"label": "rescale", "channelOrder": "rgb", "divisor": 255, "mean": [0, 0, 0], "deviation": [1, 1, 1]},
  "defaultSize": [32, 32],
  "minimumSize": [8, 8],
  "claims": {"layers": 2, "parameters": 112, "trainable": 112, "nonTrainable": 0, "output": [8, 8, 4], "outputAtMinimum": [2, 2, 4], "smallestSize": [1, 1]},
  "blocks": [
    {"name": "stem", "layers": [
      {"name": "input", "op": "input", "channels": 3},
      {"name": "conv", "op": "conv", "input": "input", "filters": 4, "kernel": [3, 3], "strides": [4, 4], "padding": "same", "bias": true, "activation": "relu"}
    ]}
  ]
}
"""


def run(*arguments):
    result = subprocess.run([str(part) for part in arguments], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    return result.stdout


def main():
    zoo = pathlib.Path(sys.argv[1]).resolve()
    spec = importlib.util.spec_from_file_location("archive", HERE.parent / "archive-v1" / "make.py")
    archive = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(archive)
    generator = np.random.default_rng(5)
    kernel = generator.uniform(-0.7, 0.7, (3, 3, 3, 4)).astype("<f4")
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        backbone, images = folder / "tiny.zoo.safetensors", folder / "images"
        backbone.write_bytes(archive.archive(
            {"conv/kernel": ("F32", [3, 3, 3, 4], kernel.tobytes()),
             "conv/bias": ("F32", [4], np.array([0.1, -0.1, 0.2, 0], "<f4").tobytes())},
            {"zoo.producer": "model-zoo 0.1.0", "zoo.section.entry": ENTRY}))
        run(zoo, "synthesize", "images", "-o", images, "--count", 8)
        golden = HERE / "golden.zoo.safetensors"
        golden.unlink(missing_ok=True)
        run(zoo, "train", "--backbone", backbone, "--data", images, "--head", HEAD, "--epochs", 30, "--seed", 3,
            "--validation-split", 0.25, "--no-cache", "--pool", "none", "-o", golden)
        image = sorted(next(p for p in sorted(images.iterdir()) if p.is_dir()).iterdir())[0]
        shutil.copyfile(image, HERE / "image.png")
        golden.with_suffix("").with_suffix(".html").unlink(missing_ok=True)
        answer = json.loads(run(zoo, "predict", golden, HERE / "image.png", "--json"))
        scores = {score["label"]: score["probability"] for score in answer[0]["top"]}
        (HERE / "expected.json").write_text(json.dumps(scores, indent=1, sort_keys=True) + "\n")


main()
