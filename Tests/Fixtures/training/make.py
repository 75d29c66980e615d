"""Trains small heads with Keras and writes what the Swift trainer must reproduce: expected.json (needs Keras 3).

Data and initial weights come from the twin of SyntheticWeights (../synthetic_weights.py), so only results are
stored. No shuffling, no dropout: from the same weights and batches, 50 steps must end in the same place.
"""
import json
import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import keras
import numpy as np
import synthetic_weights as synthetic

SEED = 11
SAMPLES, FEATURES, HIDDEN, CLASSES = 40, 12, 8, 3
BATCH, EPOCHS = 16, 17  # 3 steps an epoch, the last one of 8 samples: 51 steps
HELD_OUT = 10

OPTIMIZERS = {
    "sgd": lambda: keras.optimizers.SGD(0.05),
    "sgd_momentum": lambda: keras.optimizers.SGD(0.02, momentum=0.9),
    "sgd_nesterov": lambda: keras.optimizers.SGD(0.02, momentum=0.9, nesterov=True),
    "adam": lambda: keras.optimizers.Adam(0.01),
    "rmsprop": lambda: keras.optimizers.RMSprop(0.01),
    "rmsprop_momentum": lambda: keras.optimizers.RMSprop(0.002, momentum=0.9),
    "rmsprop_centered": lambda: keras.optimizers.RMSprop(0.01, centered=True),
}
LOSSES = {
    "categorical_crossentropy": (CLASSES, "softmax", False),
    "sparse_categorical_crossentropy": (CLASSES, "softmax", False),
    "binary_crossentropy": (1, "sigmoid", False),
    "categorical_crossentropy_logits": (CLASSES, "linear", True),
    "sparse_categorical_crossentropy_logits": (CLASSES, "linear", True),
    "binary_crossentropy_logits": (1, "linear", True),
    "binary_crossentropy_multilabel": (CLASSES, "sigmoid", False),
}
CLASSES_OF_LOSS = {
    "categorical": keras.losses.CategoricalCrossentropy,
    "sparse": keras.losses.SparseCategoricalCrossentropy,
    "binary": keras.losses.BinaryCrossentropy,
}


def features(count, name):
    return synthetic.values(SEED, name, "data", (count, FEATURES)) * np.float32(6)


def classes(x):
    """Which of three fixed directions a sample points along most: learnable, but not trivially."""
    directions = synthetic.values(SEED, "directions", "data", (FEATURES, CLASSES))
    return np.argmax(x @ directions, axis=1)


def labels(loss, x):
    index = classes(x)
    if loss.startswith("sparse"):
        return index
    if loss.endswith("multilabel"):
        directions = synthetic.values(SEED, "directions", "data", (FEATURES, CLASSES))
        return (x @ directions > 0).astype(np.float32)
    if loss.startswith("binary"):
        return (index == 0).astype(np.float32)[:, None]
    return np.eye(CLASSES, dtype=np.float32)[index]


def build(units, activation, hidden="relu"):
    layers = keras.layers
    model = keras.Sequential([
        keras.Input((FEATURES,)),
        layers.Dense(HIDDEN, activation=hidden, name="dense"),
        layers.Dense(units, activation=activation, name="dense_1"),
    ])
    for layer in model.layers:
        layer.set_weights([
            synthetic.values(SEED, layer.name, w.name, tuple(w.shape)) for w in layer.weights])
    return model


def run(optimizer, loss, hidden="relu"):
    units, activation, logits = LOSSES[loss]
    model = build(units, activation, hidden)
    model.compile(
        optimizer=OPTIMIZERS[optimizer](), loss=CLASSES_OF_LOSS[loss.split("_")[0]](from_logits=logits),
        metrics=["accuracy"])
    x, held = features(SAMPLES, "train"), features(HELD_OUT, "held_out")
    history = model.fit(
        x, labels(loss, x), batch_size=BATCH, epochs=EPOCHS, shuffle=False, verbose=0,
        validation_data=(held, labels(loss, held))).history
    return {
        "optimizer": optimizer, "loss": loss, "hidden": hidden,
        "history": {key: [float(v) for v in values] for key, values in history.items()},
        "weights": [[float(v) for v in w.flatten()] for w in model.get_weights()],
        "predictions": [float(v) for v in model.predict(held, verbose=0).flatten()],
    }


def pooled(kind):
    """A head on feature maps: one forward pass and one SGD step through pooling or flattening."""
    layers = keras.layers
    front = {
        "flatten": [layers.Flatten()],
        "global_average_pooling": [layers.GlobalAveragePooling2D()],
        "global_max_pooling": [layers.GlobalMaxPooling2D()],
        "dense_then_average": [layers.Dense(5, activation="tanh", name="first"), layers.GlobalAveragePooling2D()],
        "dense_then_max": [layers.Dense(5, activation="gelu", name="first"), layers.GlobalMaxPooling2D()],
    }[kind]
    model = keras.Sequential([keras.Input((2, 3, 4)), *front, layers.Dense(CLASSES, activation="softmax", name="last")])
    for layer in model.layers:
        if layer.weights:
            layer.set_weights([
                synthetic.values(SEED, layer.name, w.name, tuple(w.shape)) for w in layer.weights])
    model.compile(optimizer=keras.optimizers.SGD(0.1), loss="categorical_crossentropy")
    x = synthetic.image_batch(SEED, 6, 2, 3, 4)
    y = np.eye(CLASSES, dtype=np.float32)[np.arange(6) % CLASSES]
    before = model.predict(x, verbose=0)
    model.fit(x, y, batch_size=6, epochs=5, shuffle=False, verbose=0)
    return {
        "kind": kind, "predictions": [float(v) for v in before.flatten()],
        "weights": [[float(v) for v in w.flatten()] for w in model.get_weights()],
    }


def rounded(value):
    """Nine significant digits, which hold a float32 exactly."""
    if isinstance(value, float):
        return float(f"{value:.9g}")
    if isinstance(value, list):
        return [rounded(v) for v in value]
    if isinstance(value, dict):
        return {key: rounded(v) for key, v in value.items()}
    return value


runs = [run(optimizer, loss) for loss in LOSSES for optimizer in OPTIMIZERS]
runs += [run("adam", "categorical_crossentropy", hidden) for hidden in ("sigmoid", "tanh", "leaky_relu", "gelu")]
maps = [pooled(kind) for kind in (
    "flatten", "global_average_pooling", "global_max_pooling", "dense_then_average", "dense_then_max")]
document = {"keras": keras.__version__, "runs": runs, "maps": maps}
with open(os.path.join(os.path.dirname(__file__), "expected.json"), "w") as file:
    lines = ",\n".join(json.dumps(rounded(r), separators=(",", ":")) for r in runs)
    last = ",\n".join(json.dumps(rounded(m), separators=(",", ":")) for m in maps)
    file.write(f'{{"keras":"{keras.__version__}","runs":[\n{lines}\n],"maps":[\n{last}\n]}}\n')
