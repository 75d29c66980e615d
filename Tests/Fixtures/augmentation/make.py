"""Writes augmentation.json: what Keras's ImageDataGenerator and Pillow make of a small image.

Made with Keras 3.15, SciPy 1.17, NumPy 2.4 and Pillow 13.0.
"""

import base64
import io
import json
import os

import numpy as np
import scipy.ndimage
from keras.src.legacy.preprocessing.image import ImageDataGenerator
from keras.utils import load_img
from PIL import Image, ImageEnhance

HERE = os.path.dirname(os.path.abspath(__file__))

# SciPy took the old name away; Keras still asks for it.
if not hasattr(scipy.ndimage, "interpolation"):
    scipy.ndimage.interpolation = scipy.ndimage


def scene(width, height):
    y, x = np.mgrid[0:height, 0:width]
    red = 255 * x / (width - 1)
    green = 255 * y / (height - 1)
    blue = 127 + 120 * np.sin(x * 0.7) * np.cos(y * 0.9)
    pixels = np.stack([red, green, blue], -1).astype(np.uint8)
    pixels[height // 3:height // 2, width // 4:width // 2] = [250, 20, 60]
    pixels[(x + y) % 7 == 0] = [10, 240, 30]
    return pixels


def floats(array):
    return base64.b64encode(np.ascontiguousarray(array, "<f4").tobytes()).decode()


PARAMETERS = [
    {"theta": 30.0}, {"theta": -77.5}, {"tx": 2.25, "ty": -3.5}, {"tx": 14.0}, {"shear": 20.0}, {"shear": -45.0},
    {"zx": 0.6, "zy": 1.7}, {"zx": 2.5, "zy": 2.5}, {"flip_horizontal": True}, {"flip_vertical": True},
    {"channel_shift_intensity": 35.5}, {"channel_shift_intensity": -60.25}, {"brightness": 0.45},
    {"brightness": 1.6}, {"brightness": 0.0}, {"brightness": 1.0},
    {"theta": 12.0, "tx": -1.5, "ty": 4.0, "shear": 9.0, "zx": 1.2, "zy": 0.8, "flip_horizontal": True,
     "flip_vertical": True, "channel_shift_intensity": 15.0, "brightness": 0.9},
    {"theta": 180.0, "zx": 1.0, "zy": 3.0}, {"theta": 90.0}, {},
]
MODES = ["nearest", "constant", "reflect", "wrap"]


def transforms(pixels):
    cases = []
    for number, parameters in enumerate(PARAMETERS):
        moves = any(key in parameters for key in ("theta", "tx", "ty", "shear", "zx"))
        for mode in MODES if moves else MODES[:1]:
            generator = ImageDataGenerator(fill_mode=mode, cval=70.5)
            made = generator.apply_transform(pixels.astype("float32"), parameters)
            cases.append({"parameters": parameters, "fill_mode": mode, "cval": 70.5, "pixels": floats(made)})
    return cases


def standardized(pixels):
    cases = []
    batch = np.stack([pixels, pixels[::-1], 255 - pixels]).astype("float32")
    for options in (
        {"samplewise_center": True}, {"samplewise_std_normalization": True}, {"featurewise_center": True},
        {"featurewise_std_normalization": True},
        {"rescale": 1 / 255, "featurewise_std_normalization": True},
        {"rescale": 1 / 255, "samplewise_std_normalization": True}, {"rescale": 1 / 255},
    ):
        generator = ImageDataGenerator(**options)
        if generator.featurewise_center:
            generator.fit(batch)
        cases.append({"options": options, "pixels": floats(generator.standardize(batch[0].copy()))})
    return cases


def hue(image, factor):
    """torchvision's `adjust_hue` for Pillow images."""
    h, s, v = image.convert("HSV").split()
    shifted = np.array(h, np.uint8) + np.array(factor * 255).astype(np.int32).astype(np.uint8)
    return Image.merge("HSV", (Image.fromarray(shifted, "L"), s, v)).convert("RGB")


def jitters(pixels):
    image = Image.fromarray(pixels)
    steps = {
        "brightness": lambda factor: ImageEnhance.Brightness(image).enhance(factor),
        "contrast": lambda factor: ImageEnhance.Contrast(image).enhance(factor),
        "saturation": lambda factor: ImageEnhance.Color(image).enhance(factor),
        "hue": lambda factor: hue(image, factor),
    }
    factors = {"brightness": [0, 0.3, 1.4], "contrast": [0, 0.3, 1.9], "saturation": [0, 0.5, 2.2],
               "hue": [-0.5, -0.13, 0.0, 0.27, 0.5]}
    return [
        {"name": name, "factor": factor, "rgb": base64.b64encode(steps[name](factor).tobytes()).decode()}
        for name in steps for factor in factors[name]
    ]


def luma(pixels):
    return base64.b64encode(Image.fromarray(pixels).convert("L").tobytes()).decode()


def aspects(pixels):
    path = io.BytesIO()
    Image.fromarray(pixels).save(path, "png")
    cases = []
    for width, height, filter in ((8, 8, "nearest"), (6, 10, "bilinear"), (20, 5, "bicubic"), (16, 12, "nearest")):
        made = load_img(path, target_size=(height, width), interpolation=filter, keep_aspect_ratio=True)
        cases.append({"width": width, "height": height, "filter": filter,
                      "rgb": base64.b64encode(made.tobytes()).decode()})
    return cases


def main():
    pixels = scene(16, 12)
    with open(os.path.join(HERE, "augmentation.json"), "w") as file:
        json.dump({
            "width": 16, "height": 12, "rgb": base64.b64encode(pixels.tobytes()).decode(),
            "transforms": transforms(pixels), "standardized": standardized(pixels), "jitters": jitters(pixels),
            "luma": luma(pixels), "aspects": aspects(pixels),
        }, file, separators=(",", ":"))


main()
