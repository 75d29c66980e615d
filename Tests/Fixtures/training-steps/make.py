"""Trains small heads with Keras and writes where they end up: expected.json (needs Keras 3).

Every optimizer with every loss, then schedules, regularisers, batch and unit normalisation, class and sample
weights, and epochs that are shorter than the data. Data and initial weights come from ../synthetic_weights.py, so only results
are stored: the last epoch's measures and all weights after at least 50 steps without shuffling.
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

SEED = 23
SAMPLES, FEATURES, HIDDEN, CLASSES = 20, 6, 4, 3
BATCH, EPOCHS = 8, 17  # 3 steps an epoch, the last one of 4 samples: 51 steps
HELD_OUT = 10

o, s, L, R = keras.optimizers, keras.optimizers.schedules, keras.losses, keras.regularizers
OPTIMIZERS = {
    "sgd": lambda: o.SGD(0.05),
    "sgd_momentum": lambda: o.SGD(0.02, momentum=0.9),
    "sgd_nesterov": lambda: o.SGD(0.02, momentum=0.9, nesterov=True),
    "sgd_clipnorm": lambda: o.SGD(0.05, clipnorm=0.2),
    "sgd_global_clipnorm": lambda: o.SGD(0.05, momentum=0.5, global_clipnorm=0.3),
    "sgd_weight_decay": lambda: o.SGD(0.05, weight_decay=0.1),
    "adam": lambda: o.Adam(0.01),
    "adam_amsgrad": lambda: o.Adam(0.01, beta_2=0.9, amsgrad=True),
    "adam_clipvalue": lambda: o.Adam(0.01, clipvalue=0.05),
    "adamw": lambda: o.AdamW(0.01, weight_decay=0.05),
    "adagrad": lambda: o.Adagrad(0.05),
    "rmsprop": lambda: o.RMSprop(0.01),
    "rmsprop_momentum": lambda: o.RMSprop(0.002, momentum=0.9),
    "rmsprop_centered": lambda: o.RMSprop(0.01, rho=0.8, momentum=0.5, centered=True),
}
LOSSES = {  # units, activation, loss, labels
    "categorical_crossentropy": (CLASSES, "softmax", lambda: L.CategoricalCrossentropy(), "one_hot"),
    "sparse_categorical_crossentropy": (
        CLASSES, "softmax", lambda: L.SparseCategoricalCrossentropy(), "classes"),
    "binary_crossentropy": (1, "sigmoid", lambda: L.BinaryCrossentropy(), "binary"),
    "categorical_crossentropy_logits": (
        CLASSES, "linear", lambda: L.CategoricalCrossentropy(from_logits=True), "one_hot"),
    "binary_crossentropy_logits": (1, "linear", lambda: L.BinaryCrossentropy(from_logits=True), "binary"),
    "categorical_crossentropy_smoothed": (
        CLASSES, "softmax", lambda: L.CategoricalCrossentropy(label_smoothing=0.1), "one_hot"),
    "categorical_crossentropy_logits_smoothed": (
        CLASSES, "linear", lambda: L.CategoricalCrossentropy(from_logits=True, label_smoothing=0.2), "one_hot"),
    "binary_crossentropy_smoothed": (
        1, "sigmoid", lambda: L.BinaryCrossentropy(label_smoothing=0.1), "binary"),
    "binary_crossentropy_logits_smoothed": (
        1, "linear", lambda: L.BinaryCrossentropy(from_logits=True, label_smoothing=0.2), "binary"),
    "binary_crossentropy_multilabel": (CLASSES, "sigmoid", lambda: L.BinaryCrossentropy(), "multilabel"),
    "hinge": (1, "linear", lambda: L.Hinge(), "binary"),
    "hinge_tanh": (1, "tanh", lambda: L.Hinge(), "binary"),
    "hinge_one_hot": (CLASSES, "linear", lambda: L.Hinge(), "one_hot"),
    "squared_hinge": (1, "linear", lambda: L.SquaredHinge(), "binary"),
    "squared_hinge_one_hot": (CLASSES, "linear", lambda: L.SquaredHinge(), "one_hot"),
    "categorical_hinge": (CLASSES, "linear", lambda: L.CategoricalHinge(), "one_hot"),
    "categorical_hinge_softmax": (CLASSES, "softmax", lambda: L.CategoricalHinge(), "one_hot"),
    "mean_squared_error": (1, "sigmoid", lambda: L.MeanSquaredError(), "binary"),
    "mean_squared_error_softmax": (CLASSES, "softmax", lambda: L.MeanSquaredError(), "one_hot"),
    "mean_squared_error_regression": (2, "linear", lambda: L.MeanSquaredError(), "values"),
}
SCHEDULES = {
    "piecewise_constant": lambda: s.PiecewiseConstantDecay([10, 30], [0.1, 0.03, 0.01]),
    "exponential_decay": lambda: s.ExponentialDecay(0.1, 20, 0.5),
    "exponential_decay_staircase": lambda: s.ExponentialDecay(0.1, 20, 0.5, staircase=True),
    "inverse_time_decay": lambda: s.InverseTimeDecay(0.1, 10, 0.7),
    "inverse_time_decay_staircase": lambda: s.InverseTimeDecay(0.1, 10, 0.7, staircase=True),
    "polynomial_decay": lambda: s.PolynomialDecay(0.1, 40, 0.001, power=2.0),
    # 16, whose inverse is exact: compiled, Keras divides by multiplying, and rounds some quotients up a cycle.
    "polynomial_decay_cycle": lambda: s.PolynomialDecay(0.1, 16, 0.001, cycle=True),
    "cosine_decay": lambda: s.CosineDecay(0.1, 40, alpha=0.1),
    "cosine_decay_warmup": lambda: s.CosineDecay(0.01, 30, alpha=0.05, warmup_target=0.1, warmup_steps=10),
}
HEADS = {
    "dense(4, relu, l2=0.02), dense(3, softmax, l1=0.01)": [
        ("dense", dict(units=4, activation="relu", kernel_regularizer=R.L2(0.02))),
        ("dense", dict(units=3, activation="softmax", kernel_regularizer=R.L1(0.01)))],
    "dense(4, relu, l1=0.01, l2=0.02), dense(3, softmax, l2=0.05, bias_l2=0.03, bias_l1=0.002)": [
        ("dense", dict(units=4, activation="relu", kernel_regularizer=R.L1L2(0.01, 0.02))),
        ("dense", dict(
            units=3, activation="softmax", kernel_regularizer=R.L2(0.05), bias_regularizer=R.L1L2(0.002, 0.03)))],
    "batch_normalization, dense(3, softmax)": [
        ("batch_normalization", {}), ("dense", dict(units=3, activation="softmax"))],
    "dense(4), batch_normalization(momentum=0.9, epsilon=0.01), relu, dense(3, softmax)": [
        ("dense", dict(units=4)), ("batch_normalization", dict(momentum=0.9, epsilon=0.01)),
        ("activation", dict(activation="relu")), ("dense", dict(units=3, activation="softmax"))],
    "batch_normalization(center=false), dense(4, relu), batch_normalization(scale=false, momentum=0.8), "
    "dense(3, softmax)": [
        ("batch_normalization", dict(center=False)), ("dense", dict(units=4, activation="relu")),
        ("batch_normalization", dict(scale=False, momentum=0.8)), ("dense", dict(units=3, activation="softmax"))],
    "dense(4, relu), batch_normalization(center=false, scale=false), dense(3, softmax)": [
        ("dense", dict(units=4, activation="relu")), ("batch_normalization", dict(center=False, scale=False)),
        ("dense", dict(units=3, activation="softmax"))],
    "unit_normalization, dense(4, relu), dense(3, softmax)": [
        ("unit_normalization", {}), ("dense", dict(units=4, activation="relu")),
        ("dense", dict(units=3, activation="softmax"))],
    "dense(4, tanh), unit_normalization, dense(3, softmax)": [
        ("dense", dict(units=4, activation="tanh")), ("unit_normalization", {}),
        ("dense", dict(units=3, activation="softmax"))],
}
MAP_HEADS = {
    "batch_normalization, global_average_pooling, dense(3, softmax)": [
        ("batch_normalization", {}), ("global_average_pooling", {}), ("dense", dict(units=3, activation="softmax"))],
    "batch_normalization(momentum=0.5), flatten, dense(3, softmax)": [
        ("batch_normalization", dict(momentum=0.5)), ("flatten", {}), ("dense", dict(units=3, activation="softmax"))],
    "dense(5), unit_normalization, global_average_pooling, dense(3, softmax)": [
        ("dense", dict(units=5)), ("unit_normalization", {}), ("global_average_pooling", {}),
        ("dense", dict(units=3, activation="softmax"))],
}
LAYERS = {
    "dense": keras.layers.Dense, "batch_normalization": keras.layers.BatchNormalization,
    "unit_normalization": keras.layers.UnitNormalization,
    "activation": keras.layers.Activation, "flatten": keras.layers.Flatten,
    "global_average_pooling": keras.layers.GlobalAveragePooling2D,
}


def features(count, name):
    return synthetic.values(SEED, name, "data", (count, FEATURES)) * np.float32(6)


def labels(kind, x):
    """Projections on three fixed directions decide."""
    scores = x @ synthetic.values(SEED, "directions", "data", (FEATURES, CLASSES))
    index = np.argmax(scores, axis=1)
    if kind == "classes":
        return index
    if kind == "one_hot":
        return np.eye(CLASSES, dtype=np.float32)[index]
    if kind == "binary":
        return (index == 0).astype(np.float32)[:, None]
    if kind == "multilabel":
        return (scores > 0).astype(np.float32)
    return scores[:, :2] * np.float32(0.5)


def build(layers, shape):
    counts = {}
    model = keras.Sequential([keras.Input(shape)])
    for kind, options in layers:
        number = counts.get(kind, 0)
        counts[kind] = number + 1
        model.add(LAYERS[kind](name=f"{kind}_{number}" if number else kind, **options))
    for layer in model.layers:
        if layer.weights:
            layer.set_weights([
                synthetic.values(SEED, layer.name, w.name, tuple(w.shape)) + np.float32(w.name == "moving_variance")
                for w in layer.weights])
    return model


def plain(units, activation):
    return [("dense", dict(units=HIDDEN, activation="relu")), ("dense", dict(units=units, activation=activation))]


def result(model, history, **names):
    return {
        **names,
        "history": {key: values[-1] for key, values in history.items() if "accuracy" not in key},
        "weights": [[float(v) for v in w.flatten()] for w in model.get_weights()],
    }


def run(layers, optimizer, loss, kind, names, fit=None, metrics=()):
    model = build(layers, (FEATURES,))
    model.compile(optimizer=optimizer, loss=loss, metrics=list(metrics))
    x, held = features(SAMPLES, "train"), features(HELD_OUT, "held_out")
    history = model.fit(
        x, labels(kind, x), verbose=0, shuffle=False, validation_data=(held, labels(kind, held)),
        **{"batch_size": BATCH, "epochs": EPOCHS, **(fit or {})}).history
    return result(model, history, **names)


def maps(head):
    model = build(MAP_HEADS[head], (2, 3, 4))
    model.compile(optimizer=o.SGD(0.05, momentum=0.9), loss="categorical_crossentropy")
    x = synthetic.image_batch(SEED, 6, 2, 3, 4)
    y = np.eye(CLASSES, dtype=np.float32)[np.arange(6) % CLASSES]
    history = model.fit(x, y, batch_size=4, epochs=25, shuffle=False, verbose=0, validation_data=(x, y)).history
    return result(model, history, head=head)


def weighted(name, loss, fit):
    units, activation, make, kind = LOSSES[loss]
    return run(plain(units, activation), OPTIMIZERS["sgd_momentum"](), make(), kind,
               dict(name=name, loss=loss), fit, metrics=["accuracy"])


def steps(name, steps_per_epoch, validation_steps, epochs):
    """The whole history, where an epoch is not a pass over the data."""
    units, activation, make, kind = LOSSES["categorical_crossentropy"]
    model = build(plain(units, activation), (FEATURES,))
    model.compile(optimizer=OPTIMIZERS["sgd_momentum"](), loss=make())
    x, held = features(SAMPLES, "train"), features(HELD_OUT, "held_out")
    history = model.fit(
        x, labels(kind, x), verbose=0, shuffle=False, validation_data=(held, labels(kind, held)), batch_size=4,
        epochs=epochs, steps_per_epoch=steps_per_epoch, validation_steps=validation_steps).history
    return {"name": name, "loss": history["loss"], "val_loss": history["val_loss"]}


def rounded(value):
    if isinstance(value, float):
        return float(f"{value:.7g}")
    if isinstance(value, list):
        return [rounded(v) for v in value]
    if isinstance(value, dict):
        return {key: rounded(v) for key, v in value.items()}
    return value


SAMPLE_WEIGHTS = np.array([(i % 4) * 0.5 for i in range(SAMPLES)], np.float32)
sections = {
    "pairs": [
        run(plain(units, activation), OPTIMIZERS[optimizer](), make(), kind, dict(optimizer=optimizer, loss=loss))
        for loss, (units, activation, make, kind) in LOSSES.items() for optimizer in OPTIMIZERS],
    "schedules": [
        run(plain(CLASSES, "softmax"), o.SGD(make()), "categorical_crossentropy", "one_hot", dict(schedule=name))
        for name, make in SCHEDULES.items()],
    "heads": [
        run(layers, o.SGD(0.05, momentum=0.9), "categorical_crossentropy", "one_hot", dict(head=head))
        for head, layers in HEADS.items()],
    "maps": [maps(head) for head in MAP_HEADS],
    "weighted": [
        weighted("class_weight", "categorical_crossentropy", dict(class_weight={0: 0.5, 2: 3.0})),
        weighted("class_weight", "binary_crossentropy", dict(class_weight={0: 0.5, 1: 3.0})),
        weighted("class_weight", "categorical_hinge", dict(class_weight={0: 0.5, 2: 3.0})),
        weighted("sample_weight", "categorical_crossentropy", dict(sample_weight=SAMPLE_WEIGHTS)),
        weighted("sample_weight", "mean_squared_error", dict(sample_weight=SAMPLE_WEIGHTS)),
    ],
    "steps": [
        steps("shorter", 2, None, 6), steps("dividing", 5, None, 3), steps("longer", 9, None, 3),
        steps("validation", None, 2, 2), steps("both", 3, 1, 4),
    ],
}
with open(os.path.join(os.path.dirname(__file__), "expected.json"), "w") as file:
    parts = []
    for name, entries in sections.items():
        lines = ",\n".join(json.dumps(rounded(e), separators=(",", ":")) for e in entries)
        parts.append(f'"{name}":[\n{lines}\n]')
    file.write(f'{{"keras":"{keras.__version__}",\n' + ",\n".join(parts) + "}\n")
