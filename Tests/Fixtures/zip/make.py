"""Zip archives over the options of Python's zipfile, and archives that mislead. Usage: python make.py"""

import hashlib
import io
import json
import os
import random
import struct
import zipfile
import zlib

here = os.path.dirname(os.path.abspath(__file__))
random.seed(7)
TEXT = ("A weight file in an archive. " * 40).encode()
NOISE = bytes(random.randrange(256) for _ in range(700))
LONG = bytes(random.randrange(8) for _ in range(3000)) * 400  # more than one window
TIME = (2026, 1, 1, 0, 0, 0)


def info(name, method=zipfile.ZIP_STORED):
    member = zipfile.ZipInfo(name, TIME)
    member.compress_type = method
    return member


def archive(members, comment=b"", prefix=b"", force=False, sink=None):
    target = sink or io.BytesIO()
    target.write(prefix)
    with zipfile.ZipFile(target, "w") as z:
        z.comment = comment
        for name, data, method, level in members:
            with z.open(info(name, method), "w", force_zip64=force) as f:
                z._compresslevel = level
                f.write(data)
    return target.getvalue()


class Pipe(io.RawIOBase):
    """A place that cannot be gone back in: sizes then follow the contents."""

    def __init__(self):
        self.bytes = io.BytesIO()

    def writable(self):
        return True

    def write(self, data):
        return self.bytes.write(data)

    def getvalue(self):
        return self.bytes.getvalue()


S, D = zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED
good = {
    "empty": archive([]),
    "stored": archive([("a.txt", TEXT, S, None), ("folder/", b"", S, None), ("folder/b", NOISE, S, None), ("none", b"", S, None)]),
    "deflated": archive([("a.txt", TEXT, D, 9), ("b", NOISE, D, 1), ("long", LONG, D, 6), ("none", b"", D, 9)]),
    "commented": archive([("a.txt", TEXT, D, 6)], comment=b"a comment"),
    "unicode": archive([("Gewichte für Größe.h5", NOISE, D, 6), ("重み.h5", NOISE, S, None)]),
    "piped": archive([("a.txt", TEXT, D, 6), ("b", NOISE, S, None)], sink=Pipe()),
    "forced64": archive([("a.txt", TEXT, D, 6), ("b", NOISE, S, None)], force=True),
    "behind_a_note": archive([("a.txt", TEXT, D, 6)], prefix=b"#!/bin/sh\n"),
}
limits = zipfile.ZIP64_LIMIT, zipfile.ZIP_FILECOUNT_LIMIT
zipfile.ZIP64_LIMIT, zipfile.ZIP_FILECOUNT_LIMIT = 100, 1
good["all64"] = archive([("a.txt", TEXT, D, 6), ("b", NOISE, S, None)], force=True)
zipfile.ZIP64_LIMIT, zipfile.ZIP_FILECOUNT_LIMIT = limits

expected = {}
for name, data in good.items():
    open(f"{here}/{name}.zip", "wb").write(data)
    with zipfile.ZipFile(io.BytesIO(data)) as z:
        expected[name] = [
            {"name": i.filename, "bytes": i.file_size, "packed": i.compress_size, "sha256": hashlib.sha256(z.read(i)).hexdigest()}
            for i in z.infolist()
        ]
json.dump(expected, open(f"{here}/expected.json", "w"), indent=1, ensure_ascii=False)

# What misleads: each from an honest archive of one or two members.
one = archive([("a.txt", TEXT, D, 6)])
two = archive([("a.txt", TEXT, D, 6), ("b.txt", NOISE, S, None)])


def changed(data, *changes):
    """Every change: the signature of the record, which of them, where in it, the bytes there."""
    data = bytearray(data)
    for signature, number, offset, new in changes:
        at = -1
        for _ in range(number + 1):
            at = data.index(signature, at + 1)
        data[at + offset : at + offset + len(new)] = new
    return bytes(data)


LOCAL, CENTRAL, END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
u16, u32 = lambda n: struct.pack("<H", n), lambda n: struct.pack("<I", n)
packed = zipfile.ZipFile(io.BytesIO(one)).infolist()[0].compress_size
raw = zlib.compressobj(9, zlib.DEFLATED, -15)
more = raw.compress(b"\0" * 100_000) + raw.flush()


def renamed(name):
    other = archive([("x" * len(name), TEXT, D, 6)])
    return other.replace(b"x" * len(name), name)


bad = {
    "encrypted": changed(one, (LOCAL, 0, 6, u16(1)), (CENTRAL, 0, 8, u16(1))),
    "bzip2": archive([("a.txt", TEXT, zipfile.ZIP_BZIP2, 9)]),
    "lzma": archive([("a.txt", TEXT, zipfile.ZIP_LZMA, None)]),
    "twice": archive([("a.txt", TEXT, D, 6), ("b.txt", NOISE, S, None)]).replace(b"b.txt", b"a.txt"),
    "dotdot": renamed(b"../a.txt"),
    "dotdot_inside": renamed(b"a/../../b"),
    "backslashes": renamed(b"a\\..\\b"),
    "absolute": renamed(b"/etc/passwd"),
    "drive": renamed(b"C:/weights"),
    "zero_byte": renamed(b"a\0b"),
    "overlapping": changed(two, (CENTRAL, 1, 42, u32(10))),
    "same_bytes": changed(two, (CENTRAL, 1, 42, u32(0))),
    "ratio": changed(one, (LOCAL, 0, 22, u32(1_000_000_000)), (CENTRAL, 0, 24, u32(1_000_000_000))),
    "unpacks_to_more": archive([("a.txt", b"\0" * 100_000, D, 9)]).replace(u32(100_000), u32(100)),
    "unpacks_to_less": archive([("a.txt", b"\0" * 100_000, D, 9)]).replace(u32(100_000), u32(100_001)),
    "stored_lies": changed(two, (CENTRAL, 1, 24, u32(7)), (LOCAL, 1, 22, u32(7))),
    "checksum": changed(one, (LOCAL, 0, 14, u32(7)), (CENTRAL, 0, 16, u32(7))),
    "other_name": changed(one, (LOCAL, 0, 30, b"b.txt")),
    "other_method": changed(one, (LOCAL, 0, 8, u16(0))),
    "other_size": changed(one, (LOCAL, 0, 18, u32(packed - 1))),
    "cut": one[:-1],
    "surplus": one + b"more",
    "split": changed(one, (END, 0, 4, u16(1))),
    "short_directory": changed(one, (END, 0, 12, u32(10))),
    "more_members": changed(one, (END, 0, 8, u16(9)), (END, 0, 10, u16(9))),
    "fewer_members": changed(two, (END, 0, 8, u16(1)), (END, 0, 10, u16(1))),
    "no_stream": changed(one, (LOCAL, 0, 35, b"\xff" * 8)),
}
json.dump({k: v.hex() for k, v in bad.items()}, open(f"{here}/misleading.json", "w"), indent=1)
