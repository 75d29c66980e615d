"""Makes the golden archive of format 1.0 from the specification alone, and asks the safetensors library about it.

golden.zoo.safetensors  written here as Sources/TensorArchive/Format.md says; our writer must give the same bytes
golden.json             what Python's safetensors library finds in it: metadata, and every tensor's bytes
plain.safetensors       written by the safetensors library, with metadata of its own
plain.json              the tensors it was given

Needs numpy and safetensors. The golden file is version 1.0's for ever: run this only to check it (`--check`), or
beside a new folder for a new version.
"""
import hashlib
import json
import pathlib
import struct
import sys
import zlib

import numpy as np
import safetensors
import safetensors.numpy

HERE = pathlib.Path(__file__).parent
SIZES = {"F32": 4, "I64": 8, "U8": 1, "F16": 2, "BF16": 2}


def pattern(count, seed):
    return bytes((31 * i + 97 * seed) % 251 for i in range(count))


def quote(text):
    out = b'"'
    for byte in text.encode():
        if byte == 0x22:
            out += b'\\"'
        elif byte == 0x5C:
            out += b"\\\\"
        elif byte == 0x0A:
            out += b"\\n"
        elif byte < 0x20 or byte == 0x7F:
            out += b"\\u%04x" % byte
        else:
            out += bytes([byte])
    return out + b'"'


def members(pairs):
    return b"{" + b",".join(quote(key) + b":" + value for key, value in pairs) + b"}"


def in_byte_order(mapping):
    return sorted(mapping.items(), key=lambda item: item[0].encode())


def rank(tensor):
    name, (dtype, shape, data) = tensor
    return (0, 0, name.encode()) if len(data) % 64 == 0 else (1, -SIZES[dtype], name.encode())


def archive(tensors, strings):
    """The canonical bytes: Format.md, section 6."""
    ordered = sorted(tensors.items(), key=rank)
    payload = b"".join(data for _, (_, _, data) in ordered)
    digits = "0" * 64
    strings = dict(strings)
    strings["zoo.archive.sha256"] = digits
    strings["zoo.crc32"] = " ".join(f"{zlib.crc32(data):08x}" for _, (_, _, data) in ordered)
    strings["zoo.format"] = "1.0"
    strings["zoo.payload.sha256"] = hashlib.sha256(payload).hexdigest()
    header = [("__metadata__", members((k, quote(v)) for k, v in in_byte_order(strings)))]
    end = 0
    for name, (dtype, shape, data) in ordered:
        start, end = end, end + len(data)
        entry = '{"dtype":"%s","shape":[%s],"data_offsets":[%d,%d]}' % (
            dtype, ",".join(map(str, shape)), start, end)
        header.append((name, entry.encode()))
    text = members(header)
    text += b" " * (-(8 + len(text)) % 64)
    head = struct.pack("<Q", len(text)) + text
    assert head[47:111] == digits.encode()
    return head[:47] + hashlib.sha256(head).hexdigest().encode() + head[111:] + payload


def golden():
    source = in_byte_order({
        "fileName": quote('tiny "quoted" \\ é.h5'),
        "byteCount": b"1234",
        "md5": quote("0123456789abcdef" * 2),
        "sha256": quote("0123456789abcdef" * 4),
        "era": quote("keras-2"),
        "converter": quote("model-zoo test"),
        "licence": quote("CC-BY-4.0"),
        "attribution": quote("A. Author, 2015"),
        "details": members([("graph", quote("B")), ("kernels", quote("theano"))]),
    })
    strings = {
        "zoo.producer": "model-zoo test",
        "zoo.source": members(source).decode(),
        "zoo.section.entry": '{"name": "tiny",\n\t"layers": []}\n',
        "zoo.section.labels": '["äpfel","\x01\x7f"]',
    }
    tensors = {
        "conv/kernel": ("F32", [2, 2, 2, 4], pattern(128, 1)),
        "conv/bias": ("F32", [4], pattern(16, 2)),
        "bn/beta": ("F32", [3], pattern(12, 3)),
        "bn/count": ("I64", [], pattern(8, 4)),
        "mask": ("U8", [5], pattern(5, 5)),
        "empty": ("F32", [0, 3], b""),
    }
    return archive(tensors, strings)


def described(path):
    """What the safetensors library finds in a file."""
    with safetensors.safe_open(path, framework="np") as file:
        tensors = {name: file.get_tensor(name) for name in file.keys()}
        return {
            "metadata": file.metadata(),
            "tensors": {
                name: {"dtype": str(value.dtype), "shape": list(value.shape), "bytes": value.tobytes().hex()}
                for name, value in sorted(tensors.items())
            },
        }


def plain():
    generator = np.random.default_rng(7)
    return safetensors.numpy.save(
        {
            "z.weight": generator.standard_normal((3, 5)).astype(np.float32),
            "a.half": generator.standard_normal((2, 2)).astype(np.float16),
            "long": np.arange(-3, 4, dtype=np.int64),
            "flags": np.array([True, False, True]),
            "scalar": np.array(0.1, np.float64),
            "none": np.zeros((0, 4), np.float32),
        },
        metadata={"format": "np", "note": "written by the safetensors library"},
    )


def main():
    check = "--check" in sys.argv
    for name, data in (("golden.zoo.safetensors", golden()), ("plain.safetensors", plain())):
        path = HERE / name
        if check:
            assert path.read_bytes() == data or name.startswith("plain"), f"{name} has changed"
        else:
            path.write_bytes(data)
        text = json.dumps(described(path), indent=1, sort_keys=True, ensure_ascii=True) + "\n"
        target = HERE / (name.split(".")[0] + ".json")
        if check:
            assert target.read_text() == text, f"{target.name} has changed"
        else:
            target.write_text(text)


if __name__ == "__main__":
    main()
