"""What TensorFlow makes of small images when it resizes them without antialiasing: tf_resize.json. Needs TensorFlow. Run it in this folder."""
import os
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import base64
import json

import numpy as np
import tensorflow as tf

rng = np.random.default_rng(5)
cases = []
for height, width in [(5, 7), (1, 1), (16, 9), (19, 24)]:
    image = rng.integers(0, 256, (height, width, 3), dtype=np.uint8)
    for rows, columns in [(3, 2), (11, 13), (height, 8), (1, 1), (7, 10), (21, 5)]:
        for name, method in [("tf-bilinear", "bilinear"), ("tf-nearest", "nearest")]:
            resized = tf.image.resize(image, (rows, columns), method=method, antialias=False)
            cases.append({"filter": name, "width": width, "height": height, "rgb": base64.b64encode(image.tobytes()).decode(),
                          "newWidth": columns, "newHeight": rows,
                          "floats": base64.b64encode(np.asarray(resized).astype("<f4").tobytes()).decode()})
with open("tf_resize.json", "w") as file:
    json.dump(cases, file, indent=0)
    file.write("\n")
