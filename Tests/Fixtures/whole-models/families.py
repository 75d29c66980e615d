"""Holds every family of keras.applications, with weights from a seed and saved whole, against Keras, by hand: how much of the
tolerance (1e-5 of the largest and 1e-4 of each) the worst feature takes. Needs Keras 3.
Usage: families.py ZOO SCRATCH-FOLDER [NAME...]"""
import os
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import pathlib
import subprocess
import sys

import keras
import numpy as np
from keras import applications, layers
from PIL import Image

zoo, folder, size = sys.argv[1], pathlib.Path(sys.argv[2]), 96
families = {
    "MobileNet": {"alpha": 0.25}, "MobileNetV2": {"alpha": 0.35}, "MobileNetV3Small": {}, "MobileNetV3Large": {"minimalistic": True},
    "EfficientNetB0": {}, "EfficientNetV2B0": {}, "DenseNet121": {}, "ResNet50V2": {}, "NASNetMobile": {}, "ConvNeXtTiny": {},
    "InceptionResNetV2": {},
}
row, column, channel = np.meshgrid(np.arange(size), np.arange(size), np.arange(3), indexing="ij")
pixels = ((37 * row + 11 * column + 71 * channel + row * column) % 256).astype("u1")
Image.fromarray(pixels).save(folder / "image.png")
for name in sys.argv[3:] or families:
    rng = np.random.default_rng(1)
    keras.utils.set_random_seed(1)
    model = getattr(applications, name)(weights=None, include_top=False, input_shape=(size, size, 3), **families[name])
    for layer in model.layers:
        if isinstance(layer, layers.BatchNormalization):
            count = layer.moving_variance.shape[0]
            gamma = [rng.uniform(.5, 1.5, count)] if layer.scale else []
            layer.set_weights(gamma + [rng.normal(0, .1, count), rng.normal(0, .1, count), rng.uniform(.5, 2, count)])
    model.save(folder / "model.h5")
    archive = folder / "model.zoo.safetensors"
    subprocess.run([zoo, "convert", "-q", folder / "model.h5", "-o", archive, "--preprocessing", "none"], check=True)
    subprocess.run([zoo, "features", "-q", archive, folder / "image.png", "--pool", "none", "--size", str(size), "--exact",
                    "--no-cache", "-o", folder / "features.npy"], check=True, stdout=subprocess.DEVNULL)
    expected = model.predict(pixels[None].astype("float32"), verbose=0)[0]
    error = np.abs(np.load(folder / "features.npy")[0] - expected)
    print(name, f"{(error / (1e-5 * np.abs(expected).max() + 1e-4 * np.abs(expected))).max():.3f}", flush=True)
