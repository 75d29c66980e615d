"""Shows Keras's callbacks sequences of measured numbers and writes what they did: expected.json.

The numbers are drawn by Python's generator from a fixed seed and stored with the answers.
"""
import itertools
import json
import os
import random
import tempfile

import keras

here = os.path.dirname(os.path.abspath(__file__))
draw = random.Random(11)


class Model:
    """What the callbacks look at: weights are the number of the epoch they belong to."""

    def __init__(self, rate=0.5):
        self.stop_training = False
        self.optimizer = keras.optimizers.SGD(rate)
        self.weights = None

    def get_weights(self):
        return self.weights

    def set_weights(self, weights):
        self.weights = weights


def sequence(mode):
    """Falls, or rises, to begin with, then wanders; steps are multiples of 1/64."""
    sign = -1 if mode == "min" else 1
    values, value = [], 128
    for index in range(24):
        value += sign * draw.randint(-3, 8) if index < 8 else draw.randint(-4, 4)
        values.append(value / 64)
    return values


early, plateau = [], []
options = itertools.product(["min", "max"], [0, 1, 3], [0, 0.03125], [None, 1.75, 2.5], [0, 4])
for mode, patience, min_delta, baseline, start in options:
    values = sequence(mode)
    callback = keras.callbacks.EarlyStopping(
        monitor="val_loss", mode=mode, patience=patience, min_delta=min_delta, baseline=baseline,
        start_from_epoch=start, restore_best_weights=True)
    model = Model()
    callback.set_model(model)
    callback.on_train_begin()
    for epoch, value in enumerate(values):
        model.weights = epoch
        callback.on_epoch_end(epoch, {"val_loss": value})
        if model.stop_training:
            break
    callback.on_train_end()
    early.append({
        "mode": mode, "patience": patience, "minimumChange": min_delta, "baseline": baseline, "firstEpoch": start,
        "values": values, "stoppedEpoch": callback.stopped_epoch if model.stop_training else None,
        "restoredEpoch": model.weights})

options = itertools.product(["min", "max"], [0.5, 0.1], [1, 2, 4], [1e-4, 0.03125], [0, 3], [0, 0.0625])
for mode, factor, patience, min_delta, cooldown, min_lr in options:
    values = sequence(mode)
    callback = keras.callbacks.ReduceLROnPlateau(
        monitor="val_loss", mode=mode, factor=factor, patience=patience, min_delta=min_delta, cooldown=cooldown,
        min_lr=min_lr)
    # A rate of 0.01 falls to a thousandth that is none in single precision.
    rate = 0.01 if factor == 0.1 else 0.5
    model = Model(rate)
    callback.set_model(model)
    callback.on_train_begin()
    rates = []
    for epoch, value in enumerate(values):
        logs = {"val_loss": value}
        callback.on_epoch_end(epoch, logs)
        rates.append(logs["learning_rate"])
    plateau.append({
        "mode": mode, "rate": rate, "factor": factor, "patience": patience, "minimumChange": min_delta, "cooldown": cooldown,
        "minimumRate": min_lr, "values": values, "rates": rates})

numbers = [0.6412, 1e-05, 1.0, 0.0001, 12345.678, float("nan"), 1e-4, 0.1 + 0.2]
logs = [{"loss": numbers[2 * i], "accuracy": numbers[2 * i + 1]} for i in range(4)]
validated = [log | {"val_loss": 0.5, "val_accuracy": 0.25 * i} for i, log in enumerate(logs)]
tables = []
for rows, again in [(validated, []), (logs, []), (validated[:2], validated[2:])]:
    path = os.path.join(tempfile.mkdtemp(), "log.csv")
    for part, append in [(rows, False), (again, True)]:
        if not part:
            continue
        callback = keras.callbacks.CSVLogger(path, append=append)
        callback.set_model(Model())
        callback.on_train_begin()
        for epoch, log in enumerate(part):
            callback.on_epoch_end(epoch, log)
        callback.on_train_end()
    tables.append(open(path, newline="").read())

with open(os.path.join(here, "expected.json"), "w") as out:
    lines = lambda cases: "[\n" + ",\n".join("  " + json.dumps(case) for case in cases) + "]"
    out.write('{"keras": "%s",\n"earlyStopping": %s,\n"plateau": %s,\n"tables": %s}\n' % (
        keras.__version__, lines(early), lines(plateau), lines(tables)))
