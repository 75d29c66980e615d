"""Files of Keras that differ in what is easily passed over: `python make_keras.py`, with the versions of ../requirements.txt."""

import json
import os
import pathlib
import zipfile

os.environ["KERAS_BACKEND"] = "tensorflow"
import h5py
import keras
import numpy as np
from keras import layers

here = pathlib.Path(__file__).parent


def composite(name, layer, ending="keras"):
    """Two files that differ in the last tensor of a layer that consists of others."""
    keras.utils.set_random_seed(5)
    given = layers.Input((4, 3), name="in")
    model = keras.Model(given, layer(given), name="model")
    for suffix in "ab":
        model.save(here / f"{name}_{suffix}.{ending}")
        values = model.get_weights()
        values[-1] = values[-1] + 1
        model.set_weights(values)


composite("directions", layers.Bidirectional(layers.LSTM(2), name="both"))
composite("attention", lambda given: layers.MultiHeadAttention(1, 2, name="attend")(given, given))
composite("cells", layers.RNN([layers.LSTMCell(2), layers.GRUCell(2)], name="cells"))


def network(last=None, **settings):
    given = layers.Input((8, 8, 3), name="in")
    x = layers.Conv2D(2, 3, name="conv")(given)
    x = layers.BatchNormalization(name="norm", **settings)(x)
    x = last(x) if last else x
    return keras.Model(given, layers.GlobalAveragePooling2D(name="pool")(x), name="model")


def save(name, model, ending="keras"):
    keras.utils.set_random_seed(6)
    model.set_weights([np.random.standard_normal(w.shape).astype("float32") for w in model.get_weights()])
    model.save(here / f"{name}.{ending}")


save("plain", network())
save("momentum", network(momentum=0.5))


def rewritten(name, source, change=None, metadata=None, members={}):
    """A copy of a `.keras` file with another architecture, other metadata, or more members."""
    with zipfile.ZipFile(here / f"{source}.keras") as old, zipfile.ZipFile(here / f"{name}.keras", "w") as new:
        for member in old.namelist():
            content = old.read(member)
            if member == "config.json" and change:
                config = json.loads(content)
                for layer in config["config"]["layers"]:
                    change(layer)
                content = json.dumps(config)
            if member == "metadata.json" and metadata:
                content = json.dumps(metadata)
            new.writestr(member, content)
        for member, content in members.items():
            new.writestr(member, content)


def unheard(epsilon, kind="Unheard"):
    def change(layer):
        if layer["class_name"] == "GlobalAveragePooling2D":
            layer.update(class_name=kind, module="somewhere", registered_name=kind)
        if layer["class_name"] == "BatchNormalization":
            layer["config"]["epsilon"] = epsilon

    return change


rewritten("unheard_a", "plain", unheard(0.001))
rewritten("unheard_b", "plain", unheard(0.01))
rewritten("unheard_c", "plain", unheard(0.001, "Unseen"))
rewritten("version", "plain", metadata={"keras_version": "3.0.5"})
rewritten("words_a", "plain", members={"assets/words.txt": "one\n"})
rewritten("words_b", "plain", members={"assets/words.txt": "two\n"})
rewritten("words_c", "plain", members={"assets/words.txt": "one\n", "notes/more.txt": "more"})


def variables(name, change):
    """Weights by attributes, with something beside them."""
    network().save_weights(here / f"{name}.weights.h5")
    with h5py.File(here / f"{name}.weights.h5", "r+") as file:
        for path in list(file["layers"]):
            for dataset in file["layers"][path]["vars"].values():
                dataset[...] = 0.5
        change(file)


variables("beside_a", lambda file: file.create_dataset("layers/conv2d/scale", data=np.full(3, 1, "float32")))
variables("beside_b", lambda file: file.create_dataset("layers/conv2d/scale", data=np.full(3, 2, "float32")))


def legacy(name, change=None, order=("first", "second"), backend="tensorflow"):
    with h5py.File(here / f"{name}.h5", "w") as file:
        file.attrs["layer_names"] = [layer.encode() for layer in order]
        file.attrs["backend"] = backend
        file.attrs["keras_version"] = "2.2.4"
        for number, layer in enumerate(["first", "second"]):
            group = file.create_group(layer)
            group.attrs["weight_names"] = [f"{layer}/{role}:0".encode() for role in ["kernel", "bias"]]
            group[f"{layer}/kernel:0"] = np.arange(6, dtype="float32").reshape(2, 3) + number
            group[f"{layer}/bias:0"] = np.arange(3, dtype="float32") - number
        if change:
            change(file)


def listed(names):
    def change(file):
        del file["second"].attrs["weight_names"]
        file["second"].attrs["weight_names"] = names

    return change


legacy("lists")
legacy("lists_none", listed(np.zeros(0)))
legacy("lists_some", listed([b"second/kernel:0"]))
legacy("lists_swapped", order=("second", "first"))
legacy("lists_theano", backend="theano")
legacy("linked", lambda file: file.__setitem__("shortcut", h5py.SoftLink("/first")))
legacy("linked_out", lambda file: file.__setitem__("elsewhere", h5py.ExternalLink("other.h5", "/")))

for path in here.glob("*.keras"):
    with zipfile.ZipFile(path) as old:
        contents = {name: old.read(name) for name in old.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for member, content in contents.items():
            new.writestr(zipfile.ZipInfo(member), content, zipfile.ZIP_DEFLATED)
