"""Fills in file names as Python does and writes the results: names.json."""
import json
import os

NUMBERS = {"epoch": 7, "val_loss": 0.11249, "accuracy": 1.0, "loss": 12345.678}
TEMPLATES = [
    "plain", "{epoch}", "{epoch:02d}", "{epoch:03d}-{val_loss:.2f}.c", "{val_loss:.4f}", "{loss:.3e}",
    "{accuracy:.0f}", "{epoch:5d}", "{loss:09.1f}", "a/{epoch:02d}/{accuracy:.3f}", "{val_loss}", "{accuracy}",
    "{loss:.3g}", "{epoch:02}", "{loss:.4e}x{epoch:d}",
]
here = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(here, "names.json"), "w") as out:
    json.dump({template: template.format(**NUMBERS) for template in TEMPLATES}, out, indent=1)
    out.write("\n")
