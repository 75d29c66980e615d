"""The Python twin of Sources/Catalog/SyntheticWeights.swift: the same bits from the same seed (needs NumPy)."""
import numpy as np

_MASK = (1 << 64) - 1


def _fnv1a(name):
    value = 0xCBF29CE484222325
    for byte in name.encode():
        value = ((value ^ byte) * 0x100000001B3) & _MASK
    return value


def _units(state, count):
    """The first `count` numbers in [0, 1) of SplitMix64 started at `state`."""
    with np.errstate(over="ignore"):
        bits = np.uint64(state) + np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        bits = bits ^ (bits >> np.uint64(31))
    return (bits >> np.uint64(11)).astype(np.float64) * 2.0**-53


def _range(role, shape):
    def symmetric(numerator, fan_in):
        limit = np.sqrt(np.float64(numerator) / np.float64(fan_in))
        return -limit, limit

    if role == "kernel":
        return symmetric(6, int(np.prod(shape[:3])) if len(shape) == 4 else shape[0])
    if role == "depthwise_kernel":
        return symmetric(3, shape[0] * shape[1])
    if role == "pointwise_kernel":
        return symmetric(3, shape[2])
    return {"gamma": (0.4, 0.9), "moving_variance": (0.5, 1.8), "variance": (0.5, 1.8)}.get(role, (-0.17, 0.17))


def values(seed, layer, role, shape):
    """float32 values of the tensor `<layer>/<role>`; kernels in HWIO order."""
    low, high = _range(role, shape)
    units = _units(seed ^ _fnv1a(f"{layer}/{role}"), int(np.prod(shape)))
    return (low + (high - low) * units).astype(np.float32).reshape(shape)


def role(layer, weight):
    """What an archive calls a weight of a Keras 3 layer: its name, but for depthwise kernels, as they were called, and for the one
    weight of a layer that names none."""
    kind = type(layer).__name__
    if (kind, weight.name) == ("DepthwiseConv2D", "kernel"):
        return "depthwise_kernel"
    return "gamma" if kind == "LayerScale" else weight.name


def fill(model, seed, named=str, gain=1):
    """Sets every weight of a Keras 3 model and of the models in it. `named` makes the catalogue's name of a layer's; `gain` is what
    every gamma of a batch normalisation is multiplied with. A counter of what a normalisation has seen is left as it is."""
    for layer in model.layers:
        if hasattr(layer, "layers"):
            fill(layer, seed, named, gain)
            continue
        for weight in layer.weights:
            if weight.name == "count":
                continue
            numbers = values(seed, named(layer.name), role(layer, weight), tuple(weight.shape))
            isGain = weight.name == "gamma" and type(layer).__name__ == "BatchNormalization"
            weight.assign(numbers * np.float32(gain) if isGain else numbers)
        if hasattr(layer, "finalize_state"):
            layer.finalize_state()
    return model


def image_batch(seed, count, height, width, channels=3):
    """A deterministic input batch [N, H, W, C], float32 in [-1, 1): the twin of `SyntheticWeights.images`."""
    units = _units(seed ^ _fnv1a("images"), count * height * width * channels)
    return (units * 2.0 - 1.0).astype(np.float32).reshape(count, height, width, channels)
