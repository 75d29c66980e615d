"""Values and gradients of Keras's activation functions, by TensorFlow's automatic differentiation.

    VENV/bin/python Tests/Fixtures/activation-gradients/make.py

writes `expected.json`: rows of seven inputs and targets; for every function its values, and the gradient of each row's
mean squared error by the row's inputs. No input lies on a kink.
"""

import json
import os
import pathlib

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["CUDA_VISIBLE_DEVICES"] = ""

import keras
import numpy as np
import tensorflow as tf

A = keras.activations
FUNCTIONS = {name: getattr(A, name) for name in (
    "linear relu sigmoid softmax tanh leaky_relu elu selu hard_sigmoid silu hard_silu gelu softplus softsign mish "
    "exponential").split()}
FUNCTIONS |= {
    "relu6": A.relu6,
    "relu(max_value=1.5, negative_slope=0.1, threshold=0.25)":
        lambda x: A.relu(x, max_value=1.5, negative_slope=0.1, threshold=0.25),
    "leaky_relu(negative_slope=0.3)": lambda x: A.leaky_relu(x, negative_slope=0.3),
    "elu(alpha=0.5)": lambda x: A.elu(x, alpha=0.5),
    "gelu(approximate=true)": lambda x: A.gelu(x, approximate=True),
}


def main():
    generator = np.random.default_rng(15)
    inputs = np.concatenate([
        generator.uniform(-1, 1, (4, 7)), generator.uniform(-4, 4, (4, 7)), generator.uniform(-12, 12, (3, 7)),
    ]).astype(np.float32)
    for kink in (0, 0.25, 1.5, 3, -3, 6):
        assert np.abs(inputs - kink).min() > 1e-3, kink
    targets = generator.uniform(-1, 2, inputs.shape).astype(np.float32)
    functions = {}
    for name, function in FUNCTIONS.items():
        x = tf.Variable(inputs)
        with tf.GradientTape() as tape:
            values = function(x)
            loss = tf.reduce_sum(tf.reduce_mean((values - targets) ** 2, axis=1))
        gradient = tape.gradient(loss, x)
        functions[name] = {
            "values": np.asarray(values).ravel().tolist(), "gradient": np.asarray(gradient).ravel().tolist()}
    rounded = json.loads(json.dumps({
        "width": 7, "inputs": inputs.ravel().tolist(), "targets": targets.ravel().tolist(), "functions": functions,
    }), parse_float=lambda text: float(f"{float(text):.9g}"))
    path = pathlib.Path(__file__).with_name("expected.json")
    path.write_text(json.dumps(rounded, sort_keys=True, separators=(",", ":")) + "\n")


main()
