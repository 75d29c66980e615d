"""A whole model whose parameters cost something in training, its classifier's too, and where three epochs end: `penalized.h5` and
`penalized.json`. Image `i` is 16x16: pixel (row, column, channel) is (37 row + 11 column + 71 channel + row column + 53 i) mod 256,
its class `i // 2`. Needs Keras 3. Run it in this folder."""
import os
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
import json
import pathlib

import keras
import numpy as np
from keras import constraints as C
from keras import layers as L
from keras import regularizers as R

here = pathlib.Path(__file__).resolve().parent
keras.utils.set_random_seed(5)
# Nothing comes near the constraint, which is not applied.
model = keras.Sequential([
    keras.Input((16, 16, 3)), L.Rescaling(1 / 255),
    L.Conv2D(4, 3, strides=2, activation="relu", name="stem", kernel_regularizer=R.L2(0.03)),
    L.BatchNormalization(momentum=0.8, name="stem_bn", beta_regularizer=R.L1(0.02)),
    L.MaxPooling2D(2), L.Flatten(),
    L.Dense(5, activation="relu", name="hidden", kernel_regularizer=R.L1L2(0.002, 0.01), bias_regularizer=R.L2(0.05)),
    L.BatchNormalization(momentum=0.7, name="hidden_bn", gamma_regularizer=R.L2(0.04)),
    L.Dense(3, activation="softmax", name="scores", kernel_regularizer="l2", kernel_constraint=C.MaxNorm(100.0)),
], name="penalized")
model.save(here / "penalized.h5")
row, column, channel = np.meshgrid(np.arange(16), np.arange(16), np.arange(3), indexing="ij")
images = np.stack([(37 * row + 11 * column + 71 * channel + row * column + 53 * i) % 256 for i in range(6)])
classes = np.eye(3, dtype="float32")[np.arange(6) // 2]
model.compile(keras.optimizers.SGD(0.02, momentum=0.9), "categorical_crossentropy")
history = model.fit(images.astype("float32"), classes, batch_size=4, epochs=3, shuffle=False, verbose=0).history
tensors = {w.path: w.numpy().ravel().astype(float).tolist() for layer in model.layers for w in layer.weights}
(here / "penalized.json").write_text(json.dumps({"loss": history["loss"], "tensors": tensors}, indent=1) + "\n")
