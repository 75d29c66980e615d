"""Small data sets packed by Python's zipfile and tarfile, and what Python and Keras make of them. Usage: python make.py"""

import gzip
import hashlib
import io
import json
import os
import random
import tarfile
import tempfile
import zipfile

from keras.src.legacy.preprocessing.image import ImageDataGenerator
from PIL import Image

here = os.path.dirname(os.path.abspath(__file__))
random.seed(7)
TIME = (2026, 1, 1, 0, 0, 0)


def image(kind):
    pixels = Image.new("RGB", (8, 8))
    pixels.putdata([tuple(random.randrange(256) for _ in range(3)) for _ in range(64)])
    file = io.BytesIO()
    pixels.save(file, kind)
    return file.getvalue()


# What Keras lists, and what is nobody's image.
PHOTOS = {
    "cats/im2.jpg": image("JPEG"), "cats/im10.jpg": image("JPEG"), "cats/im1.JPG": image("JPEG"),
    "cats/a-b/x.png": image("PNG"), "cats/a/y.bmp": image("BMP"), "Humans/a.tiff": image("TIFF"),
    "zebra/folder.png/inside.jpg": image("JPEG"), "été/é.png": image("PNG"),
    f"cats/{'long name ' * 12}.png": image("PNG"), f"{'deep/' * 30}{'long name ' * 15}.png": image("PNG"),
    f"{'deep/' * 30}z.png": image("PNG"),
}
BESIDE = {
    "cats/.hidden.png": b"", "cats/._im2.jpg": b"", "__MACOSX/cats/._im2.jpg": b"", "Humans/b.gif": b"GIF89a",
    "cats/notes.txt": b"notes", "top.png": image("PNG"), ".DS_Store": b"",
}
EMPTY = "empty/"
TREE = {**PHOTOS, **BESIDE}
PARTS = {f"{part}/{name}/{number}.png": image("PNG") for part in ["train", "val", "test"] for name in ["a", "b"] for number in range(2)}


def zipped(files, method=zipfile.ZIP_STORED, folders=()):
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as z:
        for name, data in [(folder, b"") for folder in folders] + list(files.items()):
            member = zipfile.ZipInfo(name, TIME)
            member.compress_type = method
            z.writestr(member, data)
    return sink.getvalue()


def odd_members():
    """A picture, one packed in a way that is not read, and a symbolic link."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as z:
        for name, method, data in [("a", zipfile.ZIP_STORED, one), ("b", zipfile.ZIP_BZIP2, two), ("link", zipfile.ZIP_STORED, b"a.png")]:
            member = zipfile.ZipInfo(f"cats/{name}.png", TIME)
            member.compress_type, member.create_system = method, 3
            member.external_attr = (0o120777 if name == "link" else 0o100644) << 16
            z.writestr(member, data)
    return sink.getvalue()


def info(name, type=tarfile.REGTYPE, size=0, link=""):
    member = tarfile.TarInfo(name)
    member.type, member.size, member.linkname = type, size, link
    return member


def tarred(members, format):
    """Members are names with bytes, or heads without."""
    sink = io.BytesIO()
    with tarfile.open(fileobj=sink, mode="w", format=format) as t:
        for member, data in members:
            head = info(member, size=len(data)) if isinstance(member, str) else member
            t.addfile(head, io.BytesIO(data))
    # Python fills the last 10,240 bytes with zeros; two blocks are enough.
    whole = sink.getvalue().rstrip(b"\0")
    return whole + b"\0" * (-len(whole) % 512 + 1024)


def blocks(head, data=b""):
    """A member with the sum of its head made anew."""
    head = bytearray(head)
    head[148:156] = b" " * 8
    head[148:156] = b"%06o\0 " % sum(head)
    return bytes(head) + data + b"\0" * (-len(data) % 512)


def head(name, size, type=b"0", magic=b"ustar\00000"):
    block = bytearray(info(name, size=size).tobuf(tarfile.USTAR_FORMAT))
    block[156:157], block[257:265] = type, magic
    return block


def record(text):
    """A line of an extended header, with its own length ahead."""
    length = next(n for n in range(len(text) + 3, len(text) + 9) if len(f"{n} {text}\n") == n)
    return f"{length} {text}\n".encode()


END = b"\0" * 1024
tree = [(info(EMPTY, tarfile.DIRTYPE), b"")] + list(TREE.items())
short = {name: data for name, data in TREE.items() if len(name.encode()) < 100}
one, two = image("PNG"), image("PNG")
base256 = head("cats/a.png", 0)
base256[124:136] = b"\x80" + len(one).to_bytes(11, "big")
sparse = head("cats/sparse.png", 512, b"S", b"ustar  \0")
sparse[482] = 1  # one more block of the map
holes = b"".join(record(f"GNU.sparse.{fact}") for fact in ["size=9", "numblocks=1", "map=0,4", "name=cats/pax.png"])
archives = {
    "stored.zip": zipped(TREE, folders=[EMPTY]),
    "deflated.zip": zipped(TREE, zipfile.ZIP_DEFLATED, [EMPTY]),
    "ustar.tar": tarred([(m, d) for m, d in tree if len(os.path.basename(getattr(m, "name", m)).encode()) < 100], tarfile.USTAR_FORMAT),
    "gnu.tar": tarred(tree, tarfile.GNU_FORMAT),
    "pax.tar": tarred(tree, tarfile.PAX_FORMAT),
    # As Unix version 7 wrote them: without a name of the form, folders by a slash at their end.
    "v7.tar": blocks(head(EMPTY, 0, b"\0", b"\0" * 8))
    + b"".join(blocks(head(n, len(d), b"\0", b"\0" * 8), d) for n, d in short.items()) + END,
    "wrapped.zip": zipped({f"animals/{name}": data for name, data in TREE.items()} | {"__MACOSX/animals/._cats": b""}),
    "wrapped.tar": tarred([(f"./animals/{name}", data) for name, data in TREE.items()], tarfile.GNU_FORMAT),
    "odd.zip": odd_members(),
    "parts.zip": zipped(PARTS),
    "parts.tar": tarred([(f"set/{name}", data) for name, data in PARTS.items()], tarfile.PAX_FORMAT),
    "shard.tar": tarred(
        [(f"{n:06}.{e}", d) for n in range(12) for e, d in [("cls", b"%d" % (n % 11)), ("jpg", image("JPEG"))]]
        + [("000012.jpg", image("JPEG"))], tarfile.USTAR_FORMAT),
    "shard-json.tar": tarred(
        [(f"{n:06}.{e}", d) for n, label in enumerate(["dog", "cat", "dog"])
         for e, d in [("jpg", image("JPEG")), ("json", json.dumps({"label": label, "width": 8}).encode()), ("txt", b"a pet")]],
        tarfile.USTAR_FORMAT),
    "twice.tar": tarred([("cats/a.png", one), ("cats/b.png", one), ("./cats/a.png", two)], tarfile.GNU_FORMAT),
    "base256.tar": blocks(base256, one) + END,
    "special.tar": tarred(
        [("cats/a.png", one), (info("cats/link.png", tarfile.SYMTYPE, link="a.png"), b""),
         (info("cats/out.png", tarfile.SYMTYPE, link="/etc/passwd"), b""), (info("cats/hard.png", tarfile.LNKTYPE, link="cats/a.png"), b""),
         (info("cats/pipe.png", tarfile.FIFOTYPE), b""), (info("cats/device.png", tarfile.CHRTYPE), b"")], tarfile.GNU_FORMAT
    )[:-1024] + blocks(sparse) + b"\0" * 512 + b"\1" * 512 + blocks(head("x", len(holes), b"x"), holes)
    + blocks(head("GNUSparseFile.0/pax.png", 4), b"data") + blocks(head("cats/z.png", len(two)), two) + END,
}

expected = {}
for name, data in archives.items():
    open(f"{here}/{name}", "wb").write(data)
    if name.endswith(".zip"):
        with zipfile.ZipFile(io.BytesIO(data)) as z:
            found = {i.filename: z.read(i) for i in z.infolist() if not i.is_dir()}
    else:
        with tarfile.open(fileobj=io.BytesIO(data)) as t:
            found = {os.path.normpath(m.name): t.extractfile(m).read() for m in t if m.type in (b"0", b"\0") and not m.issparse()}
    expected[name] = {name: hashlib.sha256(data).hexdigest() for name, data in found.items()}

with tempfile.TemporaryDirectory() as folder:
    os.makedirs(f"{folder}/{EMPTY}")
    for name, data in PHOTOS.items():
        os.makedirs(os.path.dirname(f"{folder}/{name}"), exist_ok=True)
        open(f"{folder}/{name}", "wb").write(data)
    listed = ImageDataGenerator().flow_from_directory(folder)
    keras = {"classes": sorted(listed.class_indices, key=listed.class_indices.get), "filenames": list(listed.filenames), "labels": [int(n) for n in listed.classes]}

# What misleads, each from an honest archive.
honest = tarred([("a.txt", b"text")], tarfile.GNU_FORMAT)
GNU = b"ustar  \0"
wrong = bytearray(honest)
wrong[0] ^= 1
bad = {
    "checksum": bytes(wrong),
    "no_end": honest[:-1024],
    "in_a_member": honest[: 512 + 2],
    "in_a_header": honest[:-1024] + honest[:100],
    "size_too_large": blocks(head("a.png", 1 << 30), one) + END,
    "size_no_number": blocks(head("a.png", 0)[:124] + b"99999999999\0" + head("a.png", 0)[136:]) + END,
    "size_below_zero": blocks(head("a.png", 0)[:124] + b"\xff" * 12 + head("a.png", 0)[136:]) + END,
    "size_endless": blocks(head("a.png", 0)[:124] + b"\x80" + b"\xff" * 11 + head("a.png", 0)[136:]) + END,
    "dotdot": blocks(head("a/../../b.png", len(one)), one) + END,
    "absolute": blocks(head("/etc/passwd", len(one)), one) + END,
    "no_name": blocks(head("", len(one)), one) + END,
    "long_name": blocks(head("././@LongLink", 5000, b"L", GNU)) + END,
    "pax_no_record": blocks(head("x", 9, b"x"), b"99 path=a") + blocks(head("a.png", 0)) + END,
    "pax_size": blocks(head("x", 18, b"x"), b"18 size=999999999\n") + blocks(head("a.png", 0)) + END,
    "pax_dotdot": blocks(head("x", 13, b"x"), b"13 path=../b\n") + blocks(head("a.png", 0)) + END,
    "pax_long": blocks(head("x", 1 << 21, b"x")) + END,
    "pax_for_all": blocks(head("x", 10, b"g"), b"10 path=a\n") + blocks(head("a.png", 0)) + END,
    "joined": honest + honest,
    "zeros": b"\0" * 2048,
    "sparse_map": blocks(sparse) + (b"\0" * 504 + b"\1" + b"\0" * 7),
}
assert len(b"18 size=999999999\n") == 18 and len(b"10 path=a\n") == 10
json.dump({"archives": expected, "keras": keras}, open(f"{here}/expected.json", "w"), indent=1, ensure_ascii=False)
json.dump({name: gzip.compress(data, mtime=0).hex() for name, data in bad.items()}, open(f"{here}/misleading.json", "w"), indent=1)
