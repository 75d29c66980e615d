"""Whole models of many endings: for each what Keras gives for one image at the tensor where features end, pooled (`features`) and not
(`unpooled`), what it gives in the end as probabilities (`scores`), and what has to be said: `expected.json`. The image is that of
`../tops/make.py`. Needs Keras 3.10 or later. Run it in this folder; names of models make these alone."""
import gzip
import json
import os
import pathlib
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import keras
import numpy as np

here = pathlib.Path(__file__).resolve().parent
row, column, channel = np.meshgrid(np.arange(16), np.arange(16), np.arange(3), indexing="ij")
pixels = ((37 * row + 11 * column + 71 * channel + row * column) % 256).astype("float32")[None]
expected = json.loads((here / "expected.json").read_text()) if sys.argv[1:] else {}
L = keras.layers
mean, largest = L.GlobalAveragePooling2D, L.GlobalMaxPooling2D


def value(image, tensor):
    return keras.Model(image, tensor).predict(pixels, verbose=0)[0]


def numbers(array):
    return [float(f"{number:.8g}") for number in np.asarray(array, "float64").ravel()]


def case(name, build, features="body", unpooled=None, pool=None, scores=None, loss=None, says=None, other=None, gives=None, learnt=True, layers=()):
    """`features`, `unpooled`: the layers where they end, with pooling and without; `pool`: how the model pools the first, if it does;
    `scores`: how its numbers become probabilities; `says`: a part of the sentence; `other`: the layer that is offered instead;
    `gives`: what it gives that predicts nothing; `layers`: layers whose own output is kept, too, the classifier's among them."""
    if sys.argv[1:] and name not in sys.argv[1:]:
        return
    keras.utils.set_random_seed(len(name))
    image = keras.Input((16, 16, 3))
    x = L.Rescaling(1 / 255, name="scale")(image)
    if learnt:
        x = L.Conv2D(4, 3, strides=2, activation="relu", name="stem")(x)
        x = L.Conv2D(6, 3, activation="tanh", name="body")(x)
    model = keras.Model(image, build(x), name=name)
    rng = np.random.default_rng(len(name))
    for layer in model.layers:
        if layer.get_weights():
            layer.set_weights([rng.uniform(0.5, 1.5, w.shape) if w.ndim == 1 else rng.normal(0, 0.5, w.shape) for w in layer.get_weights()])
    if loss:
        model.compile("sgd", loss)
    path = here / f"{name}.keras"
    model.save(path)
    (here / f"{name}.keras.gz").write_bytes(gzip.compress(path.read_bytes(), 9, mtime=0))
    path.unlink()
    record = {"says": says, "other": other, "gives": gives}
    if layers:
        record["layers"] = {layer: numbers(value(image, model.get_layer(layer).output)) for layer in layers}
    if features:
        found = value(image, model.get_layer(features).output)
        if found.ndim == 3:
            pooled = found.max((0, 1)) if pool == "max" else found.mean((0, 1))
        record["features"] = numbers(pooled if found.ndim == 3 else found)
        record["unpooled"] = numbers(value(image, model.get_layer(unpooled or features).output))
    if scores:
        logits = np.asarray(value(image, model.output), "float64").ravel()
        record["scores"] = numbers({"given": logits, "percent": logits / 100, "softmax": np.exp(logits) / np.exp(logits).sum(), "sigmoid": 1 / (1 + np.exp(-logits)), "two": np.append(1 - logits, logits)}[scores])
    expected[name] = {key: value for key, value in record.items() if value is not None}


def classes(name="classes", **settings):
    return L.Conv2D(4, 1, name=name, **settings)


def dense(name="dense", units=4, **settings):
    return L.Dense(units, name=name, **settings)


def pair(join, row):
    return join([dense("first")(row), dense("second")(row)])


def maps(join, x, **settings):
    return join([classes("first", **settings)(x), L.Conv2D(4, 3, padding="same", name="second", **settings)(x)])


def triplet_semihard_loss(truth, found):
    return keras.ops.mean(found)


logits = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
soft = L.Softmax
tells, guess, doubt = "since a softmax or sigmoid ends it", "is taken for scores of classes", "may be scores of classes as well as features"

# What is normalised behind the pooling is normalised there, whoever reads it.
norm = lambda pool, x: L.LayerNormalization(name="norm")(pool()(x))
case("norm", lambda x: dense(activation="softmax")(norm(mean, x)), "norm", "body", scores="given", says=tells)
case("norm_branches", lambda x: soft()(pair(L.Add(), norm(mean, x))), "norm", "body", scores="given", says=tells)
case("norm_branches_max", lambda x: soft()(pair(L.Average(), norm(largest, x))), "norm", "body", scores="given", says=tells)
case("voices", lambda x: pair(L.Add(), mean()(x)), scores="softmax", says="the dense layers behind that are taken for a classifier")
case("percent", lambda x: L.Rescaling(100.0)(L.Average()([dense("first", activation="sigmoid")(mean()(x)), dense("second", activation="sigmoid")(largest()(x))])), scores="percent", says="multiplied by 100.0 at the end, which is left out")
case("kept_pixel", lambda x: L.Multiply()([dense("first", activation="softmax")(L.Flatten()(x)), dense("second", activation="sigmoid")(mean(keepdims=True)(x))]), scores="given", says=tells)
# Maps of classes in several branches, and behind what moves or merges maps.
case("twins", lambda x: soft()(L.Add()([mean()(classes("first")(x)), mean()(classes("second")(x))])), scores="given", says=tells)
case("twins_bare", lambda x: L.Add(name="sum")([mean()(classes("first")(x)), mean()(classes("second")(x))]), scores="softmax", says=guess, other="sum")
case("joined", lambda x: L.Concatenate(name="both")([mean()(classes("first")(x)), largest()(classes("second")(x))]), "both", says=doubt, other="body", gives="undecided")
for name, layer in {"raised": L.UpSampling2D(), "padded": L.ZeroPadding2D(), "cropped": L.Cropping2D(), "standardised": L.BatchNormalization()}.items():
    case(name, lambda x: soft()(mean()(layer(classes()(x)))), scores="given", says=tells)
case("raised_bare", lambda x: mean(name="pool")(L.UpSampling2D()(classes()(x))), scores="softmax", says=guess, other="pool")
case("padded_loss", lambda x: mean()(L.ZeroPadding2D()(classes()(x))), loss=logits, scores="softmax", says="it was trained with sparse_categorical_crossentropy")
case("standardised_bare", lambda x: mean()(L.BatchNormalization(name="bn")(classes()(x))), "bn", says=doubt, other="body", gives="undecided")
for name, join in {"summed": L.Add, "averaged": L.Average, "weighted": L.Multiply}.items():
    case(name, lambda x: soft()(mean()(maps(join(), x))), scores="given", says=tells)
    case(name + "_bare", lambda x: mean()(maps(join(name="join"), x)), "join", says=doubt, other="body", gives="undecided")
case("sigmoids", lambda x: mean()(maps(L.Average(), x, activation="sigmoid")), scores="given", says=tells)
# A convolution at the very end.
case("open", lambda x: L.Conv2D(5, 3, name="last")(x), "last", says=doubt, other="body", gives="undecided")
case("open_sigmoid", lambda x: L.Conv2D(5, 3, activation="sigmoid", name="last")(x), says=tells, gives="pixels")
case("widened", lambda x: mean()(L.Conv2D(9, 1, name="wide")(x)), "wide", says=doubt, other="body", gives="undecided")
case("depthwise", lambda x: mean()(L.DepthwiseConv2D(3, name="last")(x)), "last", says="nothing at its end gives scores", gives="features")
# Nothing was learnt ahead of the scores.
nothing = "nothing was learnt ahead of what gives the scores"
case("lone", lambda x: mean()(classes()(x)), "classes", says=doubt, gives="undecided", learnt=False)
case("lone_softmax", lambda x: soft()(mean()(classes()(x))), None, scores="given", says=nothing, learnt=False)
case("image", lambda x: dense(activation="softmax")(L.Flatten()(x)), None, scores="given", says=nothing, learnt=False)
case("images", lambda x: L.Average()([dense("first", activation="softmax")(L.Flatten()(x)), dense("second", activation="softmax")(mean()(x))]), None, scores="given", says=nothing, learnt=False)
# Embeddings.
case("unit", lambda x: L.UnitNormalization(name="unit")(dense(units=8)(mean()(x))), "unit", says="unit brings all numbers to length 1", gives="embedding")
case("unit_loss", lambda x: L.UnitNormalization(name="unit")(dense()(mean()(x))), loss=logits, scores="softmax")
case("triplet", lambda x: dense(units=8)(mean()(x)), "dense", loss=triplet_semihard_loss, says="it was trained with triplet_semihard_loss", gives="embedding")
case("embedding", lambda x: dense(units=8)(mean(name="pool")(x)), scores="softmax", says="if they make an embedding, ask for the layer dense")
# Classifiers of which not all can stand by itself: every layer that stays in the network gives what it gives in Keras.
case("sloped", lambda x: dense("out", activation="softmax")(L.PReLU(name="slope")(dense("hidden", 6)(mean(name="pool")(x)))), scores="given", says=tells, layers=["pool", "hidden", "slope", "out"])
case("sloped_one", lambda x: dense("out", 1, activation="sigmoid")(L.PReLU(name="slope")(dense("hidden", 6)(L.Flatten(name="row")(x)))), scores="two", says=tells, layers=["row", "hidden", "slope", "out"])
case("grouped", lambda x: L.Dropout(0.5)(dense("out", activation="softmax")(L.GroupNormalization(2, name="groups")(dense("hidden", 6)(mean(name="pool")(x))))), scores="given", says=tells, layers=["pool", "hidden", "groups", "out"])
case("softened", lambda x: soft(name="out")(mean(name="pool")(maps(L.Add(name="join"), x))), scores="given", says=tells, layers=["first", "second", "pool", "out"])
case("averaged_rows", lambda x: soft(name="out")(L.Average(name="join")([dense("first")(mean()(x)), dense("second")(largest()(x))])), scores="given", says=tells, layers=["first", "second", "join", "out"])
case("squashed", lambda x: L.Reshape((1, 4), name="shape")(L.Activation("sigmoid", name="out")(pair(L.Add(name="join"), mean()(x)))), scores="given", says=tells, layers=["first", "join", "out", "shape"])
# Numbers of a regression are what the network gives, whatever makes them.
case("numbers", lambda x: dense("out", 3)(mean()(x)), "out", loss="mse", says="it was trained with mean_squared_error; they are numbers of their own", gives="numbers")
case("numbers_list", lambda x: dense("out", 3)(L.Flatten()(x)), "out", loss=["mae"], says="it was trained with mean_absolute_error; they are", gives="numbers")
case("numbers_named", lambda x: dense("out", 3)(largest()(x)), "out", loss={"out": keras.losses.Huber()}, says="it was trained with huber; they are", gives="numbers")
case("numbers_pooled", lambda x: mean(name="out")(classes()(x)), "out", loss="cosine_similarity", says="it was trained with cosine_similarity; they are", gives="numbers")
case("numbers_maps", lambda x: classes("out")(x), "out", loss="mse", says="it was trained with mean_squared_error; they are", gives="numbers")
case("number", lambda x: dense("out", 1)(mean()(x)), "out", says="its one output has no activation, and nothing says that it is a score", gives="numbers")
# A model inside the model, and what is normalised behind the pooling at the very end.
case("inside", lambda x: dense(activation="softmax")(mean()(keras.Sequential([keras.Input((5, 5, 6)), L.Conv2D(4, 3, activation="relu", name="deep")], name="inner")(x))), "inner", scores="given", says=tells)
case("norm_end", lambda x: norm(mean, x), "norm", "body", says="nothing at its end gives scores", gives="features")
case("norm_end_max", lambda x: L.ReLU(name="act")(L.LayerNormalization(name="norm")(L.Reshape((1, 6))(largest()(x)))), "act", "body", says="nothing at its end gives scores", gives="features")

lines = [f"{json.dumps(name)}: {json.dumps(record)}" for name, record in expected.items()]
(here / "expected.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")
