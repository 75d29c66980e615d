"""Lets Keras fit small models with verbose=1 and verbose=2 and writes what it printed: expected.json, cut where the cursor
returns.

Time is made of the steps themselves: every batch and every validation lasts as long as the case says. What was
measured and when is stored beside the text.
"""
import contextlib
import io
import json
import os
import time

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""

import keras
import numpy as np

here = os.path.dirname(os.path.abspath(__file__))


class Clock(keras.callbacks.Callback):
    """Comes before the progress bar: lets time pass, and notes everything the bar is told."""

    def __init__(self, durations, validation):
        super().__init__()
        self.durations, self.validation = durations, validation
        self.now, self.events = 1000.0, []

    def on_epoch_begin(self, epoch, logs=None):
        self.events.append({"epochBegan": epoch, "now": self.now})

    def on_train_batch_end(self, batch, logs=None):
        self.now += self.durations[batch % len(self.durations)]
        self.events.append({"batchEnded": batch, "now": self.now, "logs": [[k, v] for k, v in logs.items()]})

    def on_epoch_end(self, epoch, logs=None):
        self.now += self.validation
        self.events.append({"epochEnded": epoch, "now": self.now, "logs": [[k, v] for k, v in logs.items()]})


class Zero(keras.losses.Loss):
    """A loss so small that it is printed with an exponent."""

    def call(self, truth, prediction):
        return keras.ops.mean(keras.ops.square(truth - prediction), axis=-1) * 1e-5


class Stop(keras.callbacks.Callback):
    def on_train_batch_end(self, batch, logs=None):
        self.model.stop_training = batch >= 1


def case(samples, batch, epochs, durations, validation=0.25, metrics=("accuracy",), validated=True, loss=None,
         callbacks=(), rate=0.01, steps=None):
    draw = np.random.default_rng(samples)
    x = draw.random((samples, 3), dtype=np.float32)
    y = np.eye(2, dtype=np.float32)[draw.integers(0, 2, samples)]
    texts, clock = [], None
    for verbose in [0, 1, 2]:
        keras.utils.set_random_seed(5)
        model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2, activation="softmax")])
        objects = [keras.metrics.AUC(name="auc") if m == "auc" else m for m in metrics]
        model.compile(keras.optimizers.SGD(rate), loss or "categorical_crossentropy", metrics=objects)
        clock = Clock(durations, validation)
        out = io.StringIO()
        real = time.time
        time.time = lambda: clock.now
        try:
            with contextlib.redirect_stdout(out):
                # In front of the bar: time has passed, learning rates are noted.
                model.fit(x, y, batch_size=batch, epochs=epochs, steps_per_epoch=steps, shuffle=False, verbose=verbose,
                          validation_data=(x, y) if validated else None, callbacks=[*callbacks, clock])
        finally:
            time.time = real
        texts.append(out.getvalue())
    return {"epochs": epochs, "steps": steps or -(-samples // batch), "events": clock.events, "texts": [text.split("\r") for text in texts]}


halve = lambda epoch, rate: rate * 0.1
cases = {
    "as README shows it": case(64, 16, 3, [0.026]),
    "one epoch, no validation": case(40, 8, 1, [0.2, 0.011], validated=False),
    "minutes": case(20, 2, 1, [7.3, 12.5], validation=30.5),
    "hours": case(18, 6, 2, [3000.7, 1700.2], validation=4000),
    "microseconds": case(101, 1, 1, [0.00041, 0.00013], validation=0.0, validated=False),
    "many steps": case(101, 1, 1, [0.00041, 0.00013, 0.06]),
    "nothing takes any time": case(8, 4, 1, [0.0], validation=0.0),
    "learning rates": case(12, 4, 3, [0.06], callbacks=[keras.callbacks.LearningRateScheduler(halve)]),
    "rates on a plateau": case(
        12, 4, 3, [0.06], callbacks=[keras.callbacks.ReduceLROnPlateau(patience=1, min_delta=10)]),
    "many metrics": case(
        30, 6, 2, [0.03], metrics=("accuracy", "auc", keras.metrics.Precision(name="precision"),
                                   keras.metrics.F1Score(average="macro", name="f1_score"))),
    "a small loss": case(30, 6, 2, [0.055, 1.0, 0.2], loss=Zero()),
    "a loss that is none": case(12, 4, 2, [0.5], rate=float("inf")),
    "more steps than data": case(40, 4, 3, [0.03], steps=50),
    "stopped within an epoch": case(50, 5, 2, [0.5], callbacks=[Stop()]),
}
with open(os.path.join(here, "expected.json"), "w", encoding="utf-8") as out:
    lines = ",\n".join("  " + json.dumps({"name": name} | body, ensure_ascii=False) for name, body in cases.items())
    out.write('{"keras": "%s",\n"cases": [\n%s]}\n' % (keras.__version__, lines.replace("NaN", '"nan"')))
