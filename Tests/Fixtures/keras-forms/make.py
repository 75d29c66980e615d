"""Small models in every form in which Keras saves them. Usage: python make.py, with Keras 3.15 first, then once with each
other Keras there are files of.

Most are packed anew (zip with DEFLATE, gzip) to be small, as people pack them to send them.
"""

import gzip
import hashlib
import io
import json
import os
import sys
import zipfile

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import numpy as np

try:
    import keras
    from keras import layers as L
except ImportError:
    from tensorflow import keras

    L = keras.layers

here = os.path.dirname(os.path.abspath(__file__))
version = keras.__version__
isCurrent = version.startswith("3.15")
isKeras3 = version.startswith("3.")
Input = keras.Input


def kinds():
    """A layer of every class that owns weights."""
    i = Input((9, 8, 3), name="image")
    x = L.Normalization(name="own_statistics")
    x.build((None, 9, 8, 3))
    x = x(i)
    x = L.Conv2D(4, 3, use_bias=False)(x)
    x = L.BatchNormalization(name="no_gamma", scale=False)(x)
    x = L.Activation("relu")(x)
    x = L.Conv2D(6, 1, name="second")(x)
    x = L.BatchNormalization(name="no_beta", center=False)(x)
    x = L.DepthwiseConv2D(3, padding="same", depth_multiplier=2)(x)
    x = L.BatchNormalization()(x)
    x = L.SeparableConv2D(5, 3, padding="same", name="apart")(x)
    x = L.PReLU(shared_axes=[1, 2])(x)
    x = L.LayerNormalization(center=False)(x)
    x = L.Conv2DTranspose(4, 2, strides=2)(x)
    x = L.Conv2D(4, 1)(x)
    x = L.Dropout(0.5)(x)
    if hasattr(L, "GroupNormalization"):
        x = L.GroupNormalization(2)(x)
    x = L.TimeDistributed(L.Dense(3, name="inside"), name="every_row")(x)
    x = L.GlobalAveragePooling2D()(x)
    x = L.Dense(5, name="hidden")(x)
    x = L.Dense(2, use_bias=False, name="answer")(x)
    return keras.Model(i, x, name="kinds")


def nested():
    """A model in a model in a model, and more layers of one class than one digit counts."""
    i = Input((7, 7, 3))
    x = i
    for index in range(12):
        x = L.Conv2D(2, 1, name=f"{'zyxwvutsrqpo'[index]}_conv")(x)
    x = L.BatchNormalization()(x)
    inner = keras.Model(i, x, name="innermost")
    middle = keras.Sequential([Input((7, 7, 3)), L.Conv2D(3, 3, padding="same", name="front"), inner, L.Conv2D(3, 1, name="back")], name="middle")
    return keras.Sequential([Input((7, 7, 3)), middle, L.GlobalAveragePooling2D(), L.Dense(4, name="head")], name="outer")


def backbone():
    """A network whose layers have names, for a catalogue to know."""
    i = Input((16, 16, 3), name="input_1")
    x = L.Conv2D(4, 3, strides=2, padding="same", use_bias=False, name="stem_conv")(i)
    x = L.BatchNormalization(name="stem_bn")(x)
    x = L.ReLU(name="stem_relu")(x)
    for index in (1, 2):
        y = L.DepthwiseConv2D(3, padding="same", use_bias=False, name=f"block{index}_depthwise")(x)
        y = L.BatchNormalization(name=f"block{index}_bn")(y)
        y = L.Conv2D(4, 1, name=f"block{index}_project")(y)
        x = L.Add(name=f"block{index}_add")([x, y])
    return keras.Model(i, x, name="small")


def classifier():
    i = Input((16, 16, 3))
    return keras.Model(i, L.Dense(3, name="classes")(L.GlobalAveragePooling2D()(backbone()(i))), name="classifier")


def fill(model):
    """Weights that tell which they are, whatever the machine."""
    draw = np.random.default_rng(5)
    weights = [draw.normal(size=w.shape).astype(np.float32) if w.dtype == np.float32 else w for w in model.get_weights()]
    model.set_weights([np.abs(w) + 0.1 if i % 3 == 0 and w.ndim == 1 else w for i, w in enumerate(weights)])
    return model


def owners(model, path=()):
    """Every layer with weights, by the models it stands in and its name, and what it owns."""
    for layer in model.layers:
        if hasattr(layer, "layers"):
            yield from owners(layer, path + (layer.name,))
        elif layer.weights:
            values = [v for v in layer.get_weights() if np.asarray(v).dtype.kind == "f" and np.asarray(v).ndim]
            yield {"layer": layer.name, "models": list(path), "shapes": [list(v.shape) for v in values],
                   "sha256": [hashlib.sha256(np.ascontiguousarray(v, "<f4").tobytes()).hexdigest() for v in values]}


def repacked(path):
    with zipfile.ZipFile(path) as z:
        members = [(n, z.read(n)) for n in z.namelist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as z:
        for name, data in members:
            z.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)


def save(build, form, name, pack):
    keras.backend.clear_session()
    keras.utils.set_random_seed(1)
    model = fill(build())
    path = f"{here}/{name}"
    if form == "keras":
        model.save(path)
        if pack:
            repacked(path)
    else:
        (model.save if form == "h5" else model.save_weights)(path)
        if pack:
            data = open(path, "rb").read()
            os.remove(path)
            open(path + ".gz", "wb").write(gzip.compress(data, 9, mtime=0))
    return model


index = f"{here}/expected.json"
expected = json.load(open(index)) if os.path.exists(index) else {}
short = ".".join(version.split(".")[:2])


def note(model):
    """The same weights whichever Keras saved them, so one list a model."""
    found = list(owners(model))
    if short != "3.15":
        assert [e["sha256"] for e in expected[model.name]] == [e["sha256"] for e in found], model.name
    else:
        expected[model.name] = found


for build in (kinds, nested, classifier):
    name = build.__name__
    pack = not (isCurrent and build is kinds)
    note(save(build, "keras", f"{name}-{short}.keras", pack))
    save(build, "h5", f"{name}-{short}.h5", True)
    model = save(build, "weights", f"{name}-{short}.weights.h5", pack)
    if isCurrent:
        open(f"{here}/{name}.json", "w").write(model.to_json())

if isCurrent:
    keras.backend.clear_session()
    model = fill(backbone())
    note(model)
    for form in ("h5", "keras"):
        model.save(f"{here}/backbone.{form}")
    model.save_weights(f"{here}/backbone.weights.h5")
    open(f"{here}/backbone.json", "w").write(model.to_json())
    keras.backend.clear_session()
    fill(nested()).save_weights(f"{here}/sharded.weights.json", max_shard_size=400 / 1024**3)
    # What is not converted, each by its name.
    keras.backend.clear_session()
    i = Input((4, 4, 3))
    model = keras.Model(i, L.Dense(5, name="rounded")(L.Flatten()(i)))
    model.quantize("int8")
    model.save(f"{here}/quantized.keras")
    model.save_weights(f"{here}/quantized.weights.h5")
    model.save(f"{here}/quantized.h5")
    model = keras.Model(i, L.Dense(5, name="adapted")(L.Flatten()(i)))
    model.layers[-1].enable_lora(2)
    model.save(f"{here}/lora.h5")
    keras.config.set_dtype_policy("bfloat16")
    i = Input((4, 4, 3))
    model = keras.Model(i, L.Dense(5, name="brain")(L.Flatten()(i)), name="halves")
    model.set_weights([np.linspace(-2, 2, 240).reshape(48, 5), np.arange(5)])
    model.save(f"{here}/bfloat16.keras")
    keras.config.set_dtype_policy("float32")
    from keras.src.saving import saving_lib

    saving_lib.save_model(model, f"{here}/pickled.keras", weights_format="npz")
json.dump(expected, open(index, "w"), indent=1, sort_keys=True)

if isCurrent:
    # One weight file, packed to be sent, as pages pack them for a download.
    data = open(f"{here}/backbone.h5", "rb").read()
    open(f"{here}/backbone.h5.gz", "wb").write(gzip.compress(data, 9, mtime=0))
    with zipfile.ZipFile(f"{here}/backbone.keras") as whole:
        unpacked = [("small/" + name, whole.read(name)) for name in whole.namelist()]
    for name, members in {
        # A '.keras' file that was unpacked to a folder, and the folder packed.
        "folder.zip": [("small/", b"")] + unpacked,
        "backbone.zip": [("models/", b""), ("models/small_notop.h5", data), ("readme.txt", b"weights"), ("__MACOSX/models/._small_notop.h5", b"\0\5\x16\7")],
        "two.zip": [("backbone.h5", data), ("again/backbone.h5", data)],
        "none.zip": [("readme.txt", b"no weights")],
    }.items():
        with zipfile.ZipFile(f"{here}/{name}", "w", zipfile.ZIP_DEFLATED) as z:
            for member, content in members:
                z.writestr(zipfile.ZipInfo(member, (2026, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED, 9)
