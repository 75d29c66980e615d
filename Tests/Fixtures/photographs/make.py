"""Writes the features Keras computes of some of the shared photographs with SqueezeNet's real weights.

Run it in this folder with Keras 3, h5py and Pillow; ZOO_SHARED names the folder with the photographs and
weights, which are not ours to redistribute. `features.f32`: little-endian float32 `[photographs, 512]`, global
averages; `files.txt`: the photographs, relative to ZOO_SHARED."""
import os
import sys

sys.path.insert(0, "../parity")
import h5py
import make as parity
import numpy as np
from keras import layers
import keras
from PIL import Image

SHARED = os.environ["ZOO_SHARED"]
WEIGHTS = "weights/squeezenet_weights_tf_dim_ordering_tf_kernels_notop.h5"


def photographs():
    """Two of each class, and those to be predicted."""
    animals = os.path.join(SHARED, "data/animals")
    for name in sorted(os.listdir(animals)):
        for file in sorted(os.listdir(os.path.join(animals, name)))[:2]:
            yield f"data/animals/{name}/{file}"
    for file in sorted(os.listdir(os.path.join(SHARED, "data/predict_this"))):
        yield f"data/predict_this/{file}"


def network():
    model = parity.built("squeezenet", None, 227, 227)
    with h5py.File(os.path.join(SHARED, WEIGHTS)) as file:
        for layer in model.layers:
            if layer.weights:
                group = file[layer.name.replace(parity.SLASH, "/")]
                layer.set_weights([group[name][()] for name in group.attrs["weight_names"]])
    return keras.Model(model.input, layers.GlobalAveragePooling2D()(model.output))


def pixels(path):
    image = Image.open(os.path.join(SHARED, path)).convert("RGB").resize((227, 227), Image.NEAREST)
    return np.asarray(image, np.float32)[..., ::-1] - np.array([103.939, 116.779, 123.68], np.float32)


files = list(photographs())
features = network()(np.stack([pixels(f) for f in files])).numpy()
features.astype("<f4").tofile("features.f32")
open("files.txt", "w").write("\n".join(files) + "\n")
print(features.shape, features.max())
