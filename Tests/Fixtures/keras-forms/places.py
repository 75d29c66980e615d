"""Weights alone of a classifier whose files do not have them in order: HDF5 puts what is small into holes that were left before.
`stages` has models in itself as ConvNeXt has; `places.weights.h5` has the names that Keras notes since 3.6, `nameless.weights.h5`
none; in `inside.weights.h5` and, as legacy HDF5, `inside.h5` the network stands in a classifier. Needs Keras 3.15. Run it in this folder."""
import os
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import gzip
import hashlib
import json
import re
import shutil

import h5py
import keras
import numpy as np
from keras import layers as L
from keras.src.applications.convnext import LayerScale

keras.utils.set_random_seed(11)
rng = np.random.default_rng(11)


def stages():
    image = keras.Input((32, 32, 3), name="image")
    x = keras.Sequential([L.Conv2D(8, 4, strides=4, name="stem_conv"), L.LayerNormalization(epsilon=1e-6, name="stem_norm")],
                         name="stem")(image)
    for stage, width in enumerate([8, 16, 24]):
        if stage:
            x = keras.Sequential([L.LayerNormalization(epsilon=1e-6, name=f"down{stage}_norm"),
                                  L.Conv2D(width, 2, strides=2, padding="same", name=f"down{stage}_conv")], name=f"down{stage}")(x)
        for block in range(3):
            name = f"stage{stage}_block{block}"
            y = L.Conv2D(width, 3, padding="same", groups=width, name=f"{name}_depthwise")(x)
            y = L.BatchNormalization(name=f"{name}_bn")(y)
            y = L.LayerNormalization(epsilon=1e-6, name=f"{name}_norm")(y)
            y = L.Dense(2 * width, name=f"{name}_widen")(y)
            y = L.Activation("gelu", name=f"{name}_gelu")(y)
            y = L.Dense(width, name=f"{name}_narrow")(y)
            x = L.Add(name=f"{name}_add")([x, LayerScale(0.5, width, name=f"{name}_scale")(y)])
    return keras.Model(image, x, name="stages")


def offsets(path):
    """The lists in the file in which a later layer lies before an earlier one, by the first of their variables."""
    places = {}
    with h5py.File(path) as file:
        def note(name, item):
            if isinstance(item, h5py.Dataset) and "/vars/" in name:
                owner = name.split("/vars/")[0]
                places[owner] = min(places.get(owner, 1 << 60), item.id.get_offset() or 1 << 60)
        file.visititems(note)
    lists = {}
    for owner, place in places.items():
        stem, number = re.fullmatch(r"(.*?)(?:_(\d+))?", owner).groups()
        lists.setdefault(stem, []).append((int(number or 0), place))
    return sum(a > b for members in lists.values() for (_, a), (_, b) in zip(sorted(members), sorted(members)[1:]))


network = stages()
for layer in network.layers:
    if layer.weights:
        layer.set_weights([rng.uniform(.5, 1.5, w.shape).astype("f4") for w in layer.get_weights()])
open("stages.json", "w").write(network.to_json())
answer = L.Dense(3, activation="softmax", name="answer")(L.GlobalAveragePooling2D()(network.output))
classifier = keras.Model(network.input, answer, name="places")
classifier.save_weights("places.weights.h5")
shutil.copy("places.weights.h5", "nameless.weights.h5")
with h5py.File("nameless.weights.h5", "a") as file:
    file.visititems(lambda name, item: item.attrs.pop("name", None) and None if name.endswith("/vars") else None)
whole = keras.Sequential([network, L.GlobalAveragePooling2D(), L.Dense(3, name="inside_answer")], name="outer")
whole.build((None, 32, 32, 3))
whole.save_weights("inside.weights.h5")
from keras.src.legacy.saving import legacy_h5_format
with h5py.File("inside.h5", "w") as file:
    legacy_h5_format.save_weights_to_hdf5_group(file, whole)
owners = []
for model in [network] + [layer for layer in network.layers if isinstance(layer, keras.Model)]:
    for layer in model.layers:
        if layer.weights and not isinstance(layer, keras.Model):
            weights = [np.asarray(w).astype("<f4") for w in layer.weights]
            owners.append({"layer": layer.name, "models": [], "shapes": [list(w.shape) for w in weights],
                           "sha256": [hashlib.sha256(w.tobytes()).hexdigest() for w in weights]})
json.dump(owners, open("stages-expected.json", "w"), indent=0)
for name in ["places.weights.h5", "nameless.weights.h5", "inside.weights.h5"]:
    print(name, os.path.getsize(name), "bytes; out of order:", offsets(name))
for name in ["places.weights.h5", "nameless.weights.h5", "inside.weights.h5", "inside.h5"]:
    with open(name, "rb") as file, gzip.GzipFile(name + ".gz", "wb", 9, mtime=0) as packed:
        packed.write(file.read())
    os.remove(name)
