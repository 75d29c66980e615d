"""Whole models as Keras 1.2.2 describes and saves them: keys, names and nodes are those of its source (keras/layers/convolutional.py and
others of 1.2.2); what they predict is what Keras 3 predicts with the same layers and weights. Adds to `expected.json`; pixels as in make.py.
Needs Keras 3 and h5py. Run it after make.py, in this folder."""
import os
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import json
import pathlib

import h5py
import keras
import numpy as np
from keras import layers as L

here = pathlib.Path(__file__).resolve().parent
rng = np.random.default_rng(10)
row, column, channel = np.meshgrid(np.arange(16), np.arange(16), np.arange(3), indexing="ij")
pixels = ((37 * row + 11 * column + 71 * channel + row * column) % 256).astype("float32")[None]
expected = json.loads((here / "expected.json").read_text())
keras.utils.set_random_seed(10)
TF = {"dim_ordering": "tf"}
EMPTY = {"W_regularizer": None, "b_regularizer": None, "W_constraint": None, "b_constraint": None, "activity_regularizer": None}


def described(layer):
    """Class and configuration of a layer as Keras 1.2.2 writes them."""
    config = {"name": layer.name, "trainable": True}
    kind = type(layer).__name__
    if kind == "Conv2D":
        kind = "Convolution2D"
        config |= {"nb_filter": layer.filters, "nb_row": layer.kernel_size[0], "nb_col": layer.kernel_size[1], "init": "glorot_uniform",
                   "activation": layer.activation.__name__, "border_mode": layer.padding, "subsample": list(layer.strides),
                   "bias": layer.use_bias} | EMPTY | TF
    elif kind == "MaxPooling2D":
        config |= {"pool_size": list(layer.pool_size), "strides": list(layer.strides), "border_mode": layer.padding} | TF
    elif kind == "ZeroPadding2D":
        config |= {"padding": [layer.padding[0][0], layer.padding[1][0]]} | TF
    elif kind == "UpSampling2D":
        config |= {"size": list(layer.size)} | TF
    elif kind == "BatchNormalization":
        config |= {"gamma_regularizer": None, "beta_regularizer": None, "epsilon": layer.epsilon, "mode": 0, "momentum": 0.99, "axis": -1}
    elif kind == "Dense":
        config |= {"output_dim": layer.units, "init": "glorot_uniform", "activation": layer.activation.__name__, "bias": True,
                   "input_dim": layer.kernel.shape[0]} | EMPTY
    elif kind == "Dropout":
        config |= {"p": layer.rate}
    elif kind == "Activation":
        config |= {"activation": layer.activation.__name__}
    elif kind in ("Add", "Concatenate"):
        kind, mode = "Merge", {"Add": "sum", "Concatenate": "concat"}[kind]
        config = {"name": layer.name, "mode": mode, "mode_type": "raw", "concat_axis": -1, "dot_axes": -1, "output_shape": None, "output_shape_type": "raw",
                   "output_mask": None, "output_mask_type": "raw", "arguments": {}}
    elif kind == "InputLayer":
        config = {"batch_input_shape": [None, 16, 16, 3], "input_dtype": "float32", "sparse": False, "name": layer.name}
    return kind, config


ROLES = {"kernel": "W", "bias": "b", "gamma": "gamma", "beta": "beta", "moving_mean": "running_mean", "moving_variance": "running_std"}


def save(name, model, config):
    with h5py.File(here / f"{name}.h5", "w") as file:
        file.attrs["keras_version"] = b"1.2.2"
        file.attrs["model_config"] = json.dumps(config).encode()
        group = file.create_group("model_weights")
        layers = [layer for layer in model.layers if "Sequential" not in config["class_name"] or type(layer).__name__ != "InputLayer"]
        group.attrs["layer_names"] = [layer.name.encode() for layer in layers]
        for layer in layers:
            member = group.create_group(layer.name)
            weights = [(f"{layer.name}_{ROLES[w.name]}:0", np.asarray(w)) for w in layer.weights]
            member.attrs["weight_names"] = np.array([n.encode() for n, _ in weights], dtype=None if weights else "f8")
            for n, values in weights:
                member.create_dataset(n, data=values)
    expected[name] = model.predict(pixels, verbose=0)[0].ravel().astype(float).tolist()


def shake(model):
    for layer in model.layers:
        if isinstance(layer, L.BatchNormalization):
            n = layer.gamma.shape[0]
            layer.set_weights([rng.uniform(.5, 1.5, n), rng.normal(0, .1, n), rng.normal(90, 30, n), rng.uniform(2000, 9000, n)])


model = keras.Sequential([keras.Input((16, 16, 3)), L.ZeroPadding2D((1, 2), name="zeropadding2d_1"), L.BatchNormalization(name="batchnormalization_1"),
                          L.Conv2D(4, (3, 5), strides=(2, 1), activation="relu", name="convolution2d_1"),
                          L.MaxPooling2D((2, 2), strides=(2, 2), padding="same", name="maxpooling2d_1"),
                          L.UpSampling2D((1, 2), name="upsampling2d_1"), L.Conv2D(5, 1, use_bias=False, activation="hard_sigmoid", name="convolution2d_2"),
                          L.Dropout(0.25, name="dropout_1"), L.Flatten(name="flatten_1"), L.Dense(3, name="dense_1"),
                          L.Activation("softmax", name="activation_1")], name="sequential_1")
# Before Keras 3 a hard sigmoid rises by 0.2.
model.get_layer("convolution2d_2").activation = lambda x: keras.ops.clip(0.2 * x + 0.5, 0, 1)
model.get_layer("convolution2d_2").activation.__name__ = "hard_sigmoid"
shake(model)
members = [dict(zip(("class_name", "config"), described(layer))) for layer in model.layers]
members[0]["config"]["batch_input_shape"] = [None, 16, 16, 3]
save("keras1_sequential", model, {"class_name": "Sequential", "config": members})

image = keras.Input((16, 16, 3), name="input_1")
scaled = L.BatchNormalization(name="batchnormalization_2")(image)
left = L.Conv2D(4, 3, padding="same", activation="tanh", name="convolution2d_3")(scaled)
right = L.Conv2D(4, 1, name="convolution2d_4")(scaled)
x = L.Add(name="merge_1")([left, right])
x = L.Concatenate(name="merge_2")([x, left])
x = L.Dense(2, activation="softmax", name="dense_2")(L.GlobalAveragePooling2D(name="globalaveragepooling2d_1")(x))
model = keras.Model(image, x, name="model_1")
shake(model)
members = []
for layer in model.layers:
    kind, config = described(layer)
    operations = [o for node in layer._inbound_nodes for o in node.parent_nodes]
    sources = [[node.operation.name, 0, 0] for node in operations]
    members.append({"class_name": kind, "config": config, "name": layer.name, "inbound_nodes": [sources] if sources else []})
save("keras1_merged", model, {"class_name": "Model", "config": {
    "name": "model_1", "layers": members, "input_layers": [["input_1", 0, 0]], "output_layers": [["dense_2", 0, 0]]}})
(here / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")
