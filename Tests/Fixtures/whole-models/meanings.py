"""Models whose numbers mean something else than probabilities, and models that are not converted. Adds to `expected.json`; pixels as in
make.py. Needs Keras 3. Run it after make.py, in this folder."""
import os
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import json
import pathlib

import keras
import numpy as np
from keras import layers as L

here = pathlib.Path(__file__).resolve().parent
row, column, channel = np.meshgrid(np.arange(16), np.arange(16), np.arange(3), indexing="ij")
pixels = ((37 * row + 11 * column + 71 * channel + row * column) % 256).astype("float32")[None]
expected = json.loads((here / "expected.json").read_text())
keras.utils.set_random_seed(12)


def save(name, *layers, shape=(16, 16, 3), loss=None, image=pixels):
    model = keras.Sequential([keras.Input(shape), L.Rescaling(1 / 255), L.Conv2D(4, 3, activation="relu"), L.GlobalAveragePooling2D(), *layers],
                             name=name)
    if loss is not None:
        model.compile(loss=loss)
    model.save(here / f"{name}.h5")
    if image is not None:
        expected[name] = model.predict(image, verbose=0)[0].ravel().astype(float).tolist()


# Scores that are each trained for itself: what is expected is the number, not its sigmoid.
save("several", L.Dense(3), loss=keras.losses.BinaryCrossentropy(from_logits=True))
# Nothing says what the one number is.
save("alone", L.Dense(1))
# Images of any size, which nothing resizes.
save("open", L.Dense(3, activation="softmax"), shape=(None, None, 3))
save("four", L.Dense(3, activation="softmax"), shape=(16, 16, 4), image=None)
image = keras.Input((16, 16, 3))
x = L.GlobalAveragePooling2D()(L.Conv2D(4, 3)(image))
keras.Model(image, [L.Dense(2, name="kind")(x), L.Dense(1, name="age")(x)]).save(here / "two.h5")
(here / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")
