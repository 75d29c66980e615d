"""Selections of a model's input, as Keras 3 writes them: slices.json. Needs Keras 3. Run it in this folder."""
import os
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import json

import keras

cases = {
    "x[..., ::-1]": lambda x: x[..., ::-1], "x[:, :, :, ::-1]": lambda x: x[:, :, :, ::-1], "x[:, ::-1]": lambda x: x[:, ::-1],
    "x[:, :, ::-1]": lambda x: x[:, :, ::-1], "x[:, 1:7]": lambda x: x[:, 1:7], "x[:, ::2, ::2]": lambda x: x[:, ::2, ::2],
    "x[..., ::-2]": lambda x: x[..., ::-2],
}
texts = {}
for name, select in cases.items():
    image = keras.Input((8, 8, 3), name="image")
    texts[name] = keras.Model(image, keras.layers.Conv2D(2, 3, name="conv")(select(image))).to_json()
with open("slices.json", "w") as file:
    json.dump(texts, file, indent=1)
    file.write("\n")
