"""Writes one tiny network in every way Keras laid weights out (needs h5py and NumPy). Run it in this folder.

The values are those of Sources/Catalog/SyntheticWeights.swift with seed 1, so that every file that can be
converted must give the same archive.
"""
import pathlib
import sys

import h5py
import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import synthetic_weights

SHAPES = {
    "stem": {"kernel": (3, 3, 3, 4), "bias": (4,)},
    "stem_bn": {"gamma": (4,), "beta": (4,), "moving_mean": (4,), "moving_variance": (4,)},
    "conv2d": {"kernel": (1, 1, 4, 5)},
    "conv2d_1": {"kernel": (1, 1, 4, 5)},
    "sep": {"depthwise_kernel": (3, 3, 5, 1), "pointwise_kernel": (1, 1, 5, 6)},
}
OLD_ROLES = {"kernel": "W", "bias": "b", "moving_mean": "running_mean", "moving_variance": "running_std"}
OLD_GROUPS = {
    "stem": "conv1", "stem_bn": "bn_conv1", "conv2d": "convolution2d_1", "conv2d_1": "convolution2d_2",
    "sep": "separableconvolution2d_1"}
OLD = lambda group, role: f"{group}_{OLD_ROLES.get(role, role)}_1:0"
NEW = lambda group, role: f"{group}/{role}:0"


def tensor(layer, role):
    return synthetic_weights.values(1, layer, role, SHAPES[layer][role])


def strings(names, variable):
    if not names:
        return np.array([])
    return np.array(names, dtype=h5py.string_dtype()) if variable else np.array([n.encode() for n in names])


def layers(groups=None, spell=NEW, change=lambda layer, role, value: value):
    """[(group, [(weight name, value)])] of the whole network."""
    return [
        (group := (groups or {}).get(layer, layer),
         [(spell(group, role), change(layer, role, tensor(layer, role))) for role in SHAPES[layer]])
        for layer in SHAPES]


def write(file, content, weightless=("input_1",), variable=False, split=False, **attributes):
    """Fills a file or a group: `content` as `layers` gives it."""
    def put(target, name, names):
        if split and len(names) > 1:
            for index, part in enumerate(np.array_split(names, 2)):
                target.attrs[f"{name}{index}"] = strings(list(part), variable)
        else:
            target.attrs[name] = strings(names, variable)

    content = [(name, []) for name in weightless] + content
    put(file, "layer_names", [name for name, _ in content])
    for name, value in attributes.items():
        file.attrs[name] = value
    for name, weights in content:
        group = file.require_group(name.lstrip("/"))
        put(group, "weight_names", [weight for weight, _ in weights])
        for weight, value in weights:
            group[weight] = value


def theano(layer, role, value):
    """OIHW, rotated."""
    return value.transpose(3, 2, 0, 1)[:, :, ::-1, ::-1] if value.ndim == 4 else value


def unrotated(layer, role, value):
    return value.transpose(3, 2, 0, 1) if value.ndim == 4 else value


def rotated(layer, role, value):
    return value[::-1, ::-1] if value.ndim == 4 else value


def save(name, content, **options):
    with h5py.File(f"{name}.h5", "w") as file:
        write(file, content, **options)


keras1 = layers(OLD_GROUPS, OLD)
keras2 = {"backend": b"tensorflow", "keras_version": b"2.2.4"}
save("keras1", keras1)
save("keras1_theano", layers(OLD_GROUPS, lambda g, r: OLD(g, r)[:-4], theano))
save("theano_axes_only", layers(OLD_GROUPS, OLD, unrotated))
save("theano_axes_backend", layers(OLD_GROUPS, OLD, unrotated), backend=b"tensorflow")
save("theano_rotation_only", layers(OLD_GROUPS, OLD, rotated))
uniform = iter(range(1, 9))
save("initializer_names", layers(
    OLD_GROUPS, lambda g, r: f"uniform{next(uniform)}" if r == "kernel" else OLD(g, r)[:-2]))
save("keras2", layers(), **keras2)
save("theano_backend", layers(change=rotated), backend=b"theano", keras_version=b"2.1.6")
save("numbers_go_on", layers({"conv2d": "conv2d_94", "conv2d_1": "conv2d_107"}), **keras2)
save("split_lists", layers(), split=True, **keras2)
save("leading_slash", [("/" + group, weights) for group, weights in layers()], **keras2)
save("suffixes", layers(spell=lambda g, r: f"{g}_3/{r}:0"), **keras2)
save("tf_keras2", layers(), variable=True, backend="tensorflow", keras_version="2.8.0")
save("keras3", layers(spell=lambda g, r: f"{g}/{r}"), weightless=("input_layer",), variable=True,
     backend="tensorflow", keras_version="3.15.1")
save("keras3_bare", layers(spell=lambda g, r: r), weightless=("input_layer",), variable=True,
     backend="tensorflow", keras_version="3.2.0")
save("float64", layers(change=lambda l, r, v: v.astype("<f8")), **keras2)
save("whole_numbers", layers(change=lambda l, r, v: v.astype("<i4") if l == "stem" else v), **keras2)

with h5py.File("whole_model.h5", "w") as file:
    file.attrs["keras_version"] = "2.8.0"
    file.attrs["model_config"] = '{"class_name": "Functional"}'
    write(file.create_group("model_weights"), layers(), variable=True, backend="tensorflow", keras_version="2.8.0")
    file["model_weights"].create_group("top_level_model_weights").attrs["weight_names"] = np.array([])
    file.create_group("optimizer_weights")["iterations"] = np.int64(3)

inside = layers()
trainable = [w for _, ws in inside for w in ws if "moving" not in w[0]]
others = [w for _, ws in inside for w in ws if "moving" in w[0]]
top = ("dense", [("dense/kernel:0", np.ones((6, 2), "<f4")), ("dense/bias:0", np.zeros(2, "<f4"))])
save("nested_model", [("tiny", trainable + others), top], **keras2)
save("with_top", layers() + [top], **keras2)
stranger = ("extra", [("extra/kernel:0", np.ones((1, 1, 4, 4), "<f4"))])
save("stranger_inside", layers()[:1] + [stranger] + layers()[1:], **keras2)
save("layer_missing", layers()[:-1], **keras2)
save("wrong_shape", layers(change=lambda l, r, v: v[:3] if (l, r) == ("stem_bn", "beta") else v), **keras2)
save("another_network", [("dense_1", [("dense_1/kernel:0", np.ones((2, 2), "<f4"))])], **keras2)

with h5py.File("keras0.h5", "w") as file:
    file.attrs["nb_layers"] = 1
    file.create_group("layer_0")["param_0"] = np.ones(2, "<f4")
with h5py.File("not_keras.h5", "w") as file:
    file["table"] = np.ones(2, "<f4")
with h5py.File("lying_list.h5", "w") as file:
    write(file, layers(), **keras2)
    del file["stem/stem/bias:0"]
