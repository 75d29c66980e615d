"""Whole networks in every form in which Keras 3 saves them: each becomes the very tensors that the legacy file becomes, the same
features, in what time and memory. Needs keras, tensorflow, Pillow and /usr/bin/time.

    python3 Tests/Peers/keras_forms.py .build/release/zoo [NETWORK...]

Every network has random weights from a seed. Seconds are the best of five, in turns: of `zoo convert`, the whole process, and of
`keras.models.load_model` alone in a process that has Keras already. Memory is the peak of the process that converts; `bound` is
twice the largest tensor and 64 MiB.
"""
import json
import os
import subprocess
import sys
import tempfile
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import keras
import numpy as np

NETWORKS = {
    "resnet50": keras.applications.ResNet50, "mobilenet_v2": keras.applications.MobileNetV2,
    "xception": keras.applications.Xception,
}


def run(*words):
    """Seconds, and the peak of memory in MiB as `time` counts it: a process that Python itself starts inherits Python's."""
    start = time.perf_counter()
    done = subprocess.run(["/usr/bin/time", "-f", "%M", *words], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 0, f"{' '.join(words)}: {done.stderr}"
    return time.perf_counter() - start, int(done.stderr.split()[-1]) / 1024


def tensors(path):
    with open(path, "rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
        data = file.read()
    header.pop("__metadata__", None)
    return {name: (t["dtype"], t["shape"], data[slice(*t["data_offsets"])]) for name, t in header.items()}


def check(zoo, name, folder):
    keras.backend.clear_session()
    model = NETWORKS[name](weights=None, include_top=False)
    draw = np.random.default_rng(1)
    values = [draw.uniform(0.5, 1.5, w.shape) if w.ndim == 1 else draw.normal(size=w.shape) / np.prod(w.shape[:-1]) ** 0.5
              for w in model.get_weights()]
    model.set_weights([v.astype("f4") for v in values])
    images = f"{folder}/images"
    os.makedirs(images, exist_ok=True)
    keras.utils.save_img(f"{images}/a.png", draw.integers(0, 256, (224, 224, 3)))
    bound = 2 * max(w.nbytes for w in model.get_weights()) / 2**20 + 64
    expected = None
    for form in ("h5", "keras", "weights.h5"):
        file, archive, features = f"{folder}/{name}.{form}", f"{folder}/{form}.zoo.safetensors", f"{folder}/{form}.npy"
        (model.save_weights if form == "weights.h5" else model.save)(file)
        converting, loading, peak = [], [], 0
        for _ in range(5):
            seconds, memory = run(zoo, "convert", file, "-o", archive)
            converting.append(seconds)
            peak = max(peak, memory)
            start = time.perf_counter()
            (model.load_weights if form == "weights.h5" else keras.models.load_model)(file)
            loading.append(time.perf_counter() - start)
        run(zoo, "features", archive, images, "-o", features)
        found = tensors(archive), np.load(features)
        assert np.isfinite(found[1]).all(), f"{file}: the weights are not for this network"
        expected = expected or found
        assert found[0] == expected[0], f"{file}: other tensors than the legacy file's"
        assert np.array_equal(found[1], expected[1]), f"{file}: other features than the legacy file's"
        print(f"{name} .{form}, {os.path.getsize(file) / 1e6:.0f} MB: convert {min(converting):.2f} s, Keras loads in "
              f"{min(loading):.2f} s; peak {peak:.0f} MiB, bound {bound:.0f} MiB; tensors and features equal")


with tempfile.TemporaryDirectory() as folder:
    for name in sys.argv[2:] or NETWORKS:
        check(sys.argv[1], name, folder)
