"""What Keras predicts with files of strangers for one image, scaled to [-1, 1]: `strangers.json`. Pixels as in make.py, of one
channel those of channel 0. Needs Keras 3. Usage, in this folder: strangers.py FOLDER-OF-THE-FILES"""
import os
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import json
import pathlib
import sys

import keras
import numpy as np

expected = {}
for name in ("mlcommons__pretrainedResnet.h5", "oarriaga__fer2013_mini_XCEPTION.110-0.65.hdf5", "oarriaga__tiny_XCEPTION_KDEF.hdf5"):
    model = keras.models.load_model(pathlib.Path(sys.argv[1]) / name, compile=False)
    row, column, channel = np.meshgrid(*map(np.arange, model.input_shape[1:]), indexing="ij")
    pixels = ((37 * row + 11 * column + 71 * channel + row * column) % 256).astype("float32")[None]
    expected[name] = model.predict(pixels / 127.5 - 1, verbose=0)[0].astype(float).tolist()
pathlib.Path("strangers.json").write_text(json.dumps(expected, indent=1) + "\n")
