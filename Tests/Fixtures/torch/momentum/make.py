"""`momentum.json`: how much of their averages batch normalisations keep in PyTorch's networks, by entry and graph, as Keras counts it (1 less
PyTorch's momentum), from the modules of torchvision and timm themselves; graphs without batch normalisations are left out.
The title of a weight set says which network it is of. Usage: python make.py, with torch, torchvision and timm."""
import json
import pathlib
import re

import timm
import torch
import torchvision

here = pathlib.Path(__file__).resolve().parent
found = {}
for path in sorted((here.parents[3] / "zoo").glob("*/weights/*.json")):
    weights = json.loads(path.read_text())
    if weights["era"] != "pytorch":
        continue
    name = re.search(r"(?:torchvision\.models\.|create_model\(['\"]|timm's )([A-Za-z0-9_]+)", weights["title"]).group(1)
    with torch.device("meta"):
        if "torchvision" in weights["title"]:
            more = {"init_weights": False} if name == "inception_v3" else {}
            model = getattr(torchvision.models, name)(weights=None, **more)
        else:
            model = timm.create_model(name)
    momenta = {module.momentum for module in model.modules() if isinstance(module, torch.nn.modules.batchnorm._BatchNorm)}
    assert len(momenta) <= 1, (name, momenta)
    if momenta:
        found[f"{path.parts[-3]} {weights['graph']}"] = round(1 - momenta.pop(), 6)
(here / "momentum.json").write_text(json.dumps(found, indent=1, sort_keys=True) + "\n")
print(len(found), sorted(set(found.values())))
