"""Grad-CAM by TensorFlow's GradientTape on small feature maps and heads of every kind: expected.json.

Features and weights come from the twin of SyntheticWeights (../synthetic_weights.py), so only maps are stored. The
head's last activation is left off while the gradient is taken, as Keras's own example does it.
"""
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import keras
import numpy as np
import synthetic_weights as synthetic
import tensorflow as tf
from keras import layers

SEED, HEIGHT, WIDTH, CHANNELS = 31, 4, 5, 6
features = np.abs(synthetic.values(SEED, "features", "data", (1, HEIGHT, WIDTH, CHANNELS)))

# text of the head, Keras's layers without the last activation, output, whether a sigmoid's no is explained
CASES = [
    ("global_average_pooling, dense(3, softmax)",
     [layers.GlobalAveragePooling2D(), layers.Dense(3)], 1, False),
    ("global_max_pooling, dense(3, softmax)",
     [layers.GlobalMaxPooling2D(), layers.Dense(3)], 2, False),
    ("flatten, dense(7, relu), dropout(0.5), dense(3, softmax)",
     [layers.Flatten(), layers.Dense(7, activation="relu"), layers.Dropout(0.5), layers.Dense(3)], 0, False),
    ("dense(4, tanh), flatten, dense(1, sigmoid)",
     [layers.Dense(4, activation="tanh"), layers.Flatten(), layers.Dense(1)], 0, False),
    ("dense(4, tanh), flatten, dense(1, sigmoid)",
     [layers.Dense(4, activation="tanh"), layers.Flatten(), layers.Dense(1)], 0, True),
    ("global_average_pooling, dense(5, gelu), dense(2)",
     [layers.GlobalAveragePooling2D(), layers.Dense(5, activation=lambda x: keras.activations.gelu(x, approximate=False)),
      layers.Dense(2)], 1, False),
]


def grad_cam(head, output, opposite):
    inputs = tf.constant(features)
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        score = head(inputs, training=False)[:, output]
        score = -score if opposite else score
    gradient = tape.gradient(score, inputs)
    pooled = tf.reduce_mean(gradient, axis=(0, 1, 2))
    heat = tf.squeeze(features[0] @ pooled[..., tf.newaxis])
    heat = tf.maximum(heat, 0)
    largest = tf.reduce_max(heat)
    return (heat / largest if largest > 0 else heat).numpy()


cases = []
for text, stack, output, opposite in CASES:
    head = keras.Sequential([keras.Input((HEIGHT, WIDTH, CHANNELS))] + stack)
    count = 0
    for layer in stack:
        if isinstance(layer, layers.Dense):
            name = "dense" if count == 0 else f"dense_{count}"
            count += 1
            layer.set_weights([
                synthetic.values(SEED, name, "kernel", layer.kernel.shape),
                synthetic.values(SEED, name, "bias", layer.bias.shape)])
    heat = grad_cam(head, output, opposite)
    cases.append({"head": text, "output": output, "isOpposite": opposite,
                  "heat": [float(v) for v in heat.flatten()]})

path = os.path.join(os.path.dirname(__file__), "expected.json")
with open(path, "w") as file:
    json.dump({"made_with": f"tensorflow {tf.__version__}, keras {keras.__version__}", "cases": cases}, file,
              indent=1)
    file.write("\n")
