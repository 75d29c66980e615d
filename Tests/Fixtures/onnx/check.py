"""ONNX Runtime's results against Keras's, for every layer of `Tests/Fixtures/layers/cases.safetensors`.

    UPDATE_GOLDEN=1 swift test -c release --filter LayerModelTests
    VENV/bin/python Tests/Fixtures/onnx/check.py

The test writes a model for each case into `.build/onnx`, and the SHA-256 of each into `digests.json`, which it is held to from then on.
This script has onnx's checker and its inference of shapes look at each of these very models, runs them, and compares what they give
with what Keras gave. Needs numpy, onnx, onnxruntime and safetensors."""
import hashlib
import json
import pathlib
import sys

import numpy as np
import onnx
import onnxruntime
from safetensors.numpy import load_file

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
LIMIT = 1e-5


def main():
    tensors = load_file(HERE.parent / "layers/cases.safetensors")
    digests = json.loads((HERE / "digests.json").read_text())
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    worst, operators, wrong = 0.0, set(), []
    for name, digest in sorted(digests.items()):
        data = (ROOT / ".build/onnx" / f"{name}.onnx").read_bytes()
        if hashlib.sha256(data).hexdigest() != digest:
            wrong.append(f"{name}: not the model that digests.json is of")
            continue
        model = onnx.load_from_string(data)
        operators |= {node.op_type for node in model.graph.node}
        try:
            onnx.checker.check_model(model, full_check=True)
            session = onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
            found = session.run(None, {"images": tensors[f"{name}:input"]})[0]
        except Exception as error:
            wrong.append(f"{name}: {error}")
            continue
        expected = tensors[f"{name}:output"]
        if found.shape != expected.shape:
            wrong.append(f"{name}: shape {found.shape}, expected {expected.shape}")
            continue
        difference = float(np.abs(found.astype("f8") - expected).max() / np.abs(expected).max())
        worst = max(worst, difference)
        if difference > LIMIT:
            wrong.append(f"{name}: {difference:.2g} of the largest")
    print(f"{len(digests)} models of {len(operators)} operators; they differ by {worst:.2g} of the largest at most")
    print("\n".join(wrong))
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
