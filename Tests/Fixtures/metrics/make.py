"""Judges outputs with scikit-learn, and the top two with Keras, which lets ties in: expected.json.

Outputs are made of few distinct values, so that many are tied.
"""
import json
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
import keras
import numpy as np
from sklearn import metrics
from sklearn.utils.class_weight import compute_class_weight

GENERATOR = np.random.default_rng(5)


def row(values):
    return [round(float(v), 10) for v in values]


def report(truth, predicted, classes):
    table = metrics.precision_recall_fscore_support(truth, predicted, labels=range(classes), zero_division=0)
    means = {
        name: row(metrics.precision_recall_fscore_support(
            truth, predicted, labels=range(classes), average=name, zero_division=0)[:3])
        for name in ("macro", "weighted")}
    return {
        "confusion": metrics.confusion_matrix(truth, predicted, labels=range(classes)).tolist(),
        "precision": row(table[0]), "recall": row(table[1]), "f1": row(table[2]), "support": table[3].tolist(),
        **means}


def several(samples, classes, absent=None):
    truth = GENERATOR.integers(0, classes, samples)
    if absent is not None:
        truth[truth == absent] = 0
    scores = GENERATOR.integers(1, 8, (samples, classes)).astype(float)
    scores[np.arange(samples), truth] += GENERATOR.integers(0, 5, samples)
    outputs = (scores / scores.sum(axis=1, keepdims=True)).astype(np.float32)
    predicted = outputs.argmax(axis=1)
    present = [c for c in range(classes) if 0 < (truth == c).sum() < samples]
    return {
        "width": classes, "labels": truth.tolist(), "outputs": [float(v) for v in outputs.flatten()],
        "accuracy": metrics.accuracy_score(truth, predicted),
        "top2": float(np.mean(keras.metrics.sparse_top_k_categorical_accuracy(truth, outputs, k=2))),
        "auc": float(np.mean([metrics.roc_auc_score(truth == c, outputs[:, c]) for c in present])),
        **report(truth, predicted, classes)}


def single(samples):
    truth = GENERATOR.integers(0, 2, samples)
    outputs = ((GENERATOR.integers(0, 12, samples) + 4 * truth) / 16).astype(np.float32)
    predicted = (outputs > 0.5).astype(int)
    return {
        "width": 1, "labels": truth.tolist(), "outputs": [float(v) for v in outputs],
        "accuracy": metrics.accuracy_score(truth, predicted), "auc": metrics.roc_auc_score(truth, outputs),
        **report(truth, predicted, 2)}


def balanced(labels):
    classes = sorted(set(labels))
    weights = compute_class_weight("balanced", classes=np.array(classes), y=np.array(labels))
    return {"labels": labels, "weights": dict(zip(map(str, classes), row(weights)))}


def curve(outputs, truths, is_logit=False):
    """Keras's own area after every batch of 7: the mean over the classes that are there and not everywhere."""
    running = []
    for end in [*range(7, len(outputs), 7), len(outputs)]:
        areas = []
        for output, truth in zip(outputs[:end].T, truths[:end].T):
            if 0 < truth.sum() < end:
                area = keras.metrics.AUC(from_logits=is_logit)
                area.update_state(truth, output)
                areas.append(float(area.result()))
        running.append(float(np.mean(areas)) if areas else 0)
    labels = truths.argmax(axis=1) if truths.shape[1] > 1 else truths[:, 0]
    return {
        "width": outputs.shape[1], "isLogit": is_logit, "labels": labels.astype(int).tolist(),
        "outputs": [float(v) for v in outputs.flatten()], "running": running}


def drawn(samples, classes):
    """Probabilities that are not all different, 0 and 1 and thresholds among them."""
    labels = GENERATOR.integers(0, max(2, classes), samples)
    truths = np.eye(classes)[labels] if classes > 1 else labels[:, None].astype(float)
    outputs = np.clip(np.round(GENERATOR.normal(0.4 + 0.3 * truths, 0.3) * 199) / 199, 0, 1)
    return outputs.astype(np.float32), truths


cases = [several(60, 4), several(40, 3, absent=2), several(7, 2), single(50), single(9)]
binary, truths = drawn(60, 1)
curves = [curve(*drawn(50, 3)), curve(binary, truths), curve((binary * 9 - 4).astype(np.float32), truths, True)]
weights = [balanced([0, 0, 0, 1, 1, 2]), balanced([3, 3, 1, 1, 1, 1, 1]), balanced([0] * 17 + [1])]
with open(os.path.join(os.path.dirname(__file__), "expected.json"), "w") as file:
    file.write('{"cases":[\n' + ",\n".join(json.dumps(c) for c in cases) + '\n],"weights":[\n')
    file.write(",\n".join(json.dumps(w) for w in weights) + '\n],"curves":[\n')
    file.write(",\n".join(json.dumps(c) for c in curves) + "\n]}\n")
