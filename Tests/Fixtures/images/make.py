"""Writes the image fixtures: files of every kind beside what Pillow makes of them.

    python make.py             decode/, refused/, decode.json, oriented.json, resize.json, preprocessing.json
    python make.py PHOTOGRAPHS photographs.json: checksums of a sample of the photographs in that folder

Made with Pillow 13.0 (libjpeg-turbo 3.2) and NumPy; preprocessing.json with Keras 3.15.
"""

import base64
import io
import json
import os
import random
import struct
import sys
import zlib

import numpy as np
from PIL import Image, ImageOps

HERE = os.path.dirname(os.path.abspath(__file__))
FILTERS = {
    "nearest": Image.Resampling.NEAREST, "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC, "box": Image.Resampling.BOX,
    "hamming": Image.Resampling.HAMMING, "lanczos": Image.Resampling.LANCZOS,
}


def scene(width, height):
    """An image with smooth and with sharp parts."""
    y, x = np.mgrid[0:height, 0:width]
    red = 255 * x / max(width - 1, 1)
    green = 255 * y / max(height - 1, 1)
    blue = 127 + 120 * np.sin(x * 0.7) * np.cos(y * 0.9)
    pixels = np.stack([red, green, blue], -1).astype(np.uint8)
    pixels[height // 3:height // 2, width // 4:width // 2] = [250, 20, 60]
    pixels[(x + y) % 11 == 0] = [0, 255, 0]
    return Image.fromarray(pixels)


def saved(image, kind, **options):
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def rgb(data):
    image = Image.open(io.BytesIO(data)).convert("RGB")
    return {"width": image.width, "height": image.height, "rgb": base64.b64encode(image.tobytes()).decode()}


# JPEG


def patched_adobe(data, transform):
    """The same stream under another Adobe color transform: 0 none, 1 YCbCr, 2 YCCK."""
    at = data.index(b"Adobe")
    return data[:at + 11] + bytes([transform]) + data[at + 12:]


def without_adobe(data):
    at = data.index(b"Adobe") - 4
    length = struct.unpack(">H", data[at + 2:at + 4])[0]
    return data[:at] + data[at + 2 + length:]


def jpegs():
    image = scene(43, 30)
    for subsampling, name in enumerate(["444", "422", "420"]):
        yield f"baseline_{name}.jpg", saved(image, "JPEG", quality=85, subsampling=subsampling)
        yield f"progressive_{name}.jpg", saved(
            image, "JPEG", quality=70, subsampling=subsampling, progressive=True)
    yield "odd_size.jpg", saved(scene(17, 13), "JPEG", quality=50)
    yield "one_pixel.jpg", saved(scene(1, 1), "JPEG")
    yield "gray.jpg", saved(image.convert("L"), "JPEG", quality=80)
    yield "gray_progressive.jpg", saved(image.convert("L"), "JPEG", quality=80, progressive=True)
    yield "restarts.jpg", saved(image, "JPEG", quality=80, restart_marker_blocks=2)
    yield "rgb.jpg", saved(image, "JPEG", quality=90, keep_rgb=True)
    inks = np.random.default_rng(5).integers(0, 256, (9, 12, 4), np.uint8).repeat(3, 0).repeat(3, 1)
    cmyk = saved(Image.fromarray(inks, "CMYK"), "JPEG", quality=90)
    yield "cmyk_adobe.jpg", cmyk
    yield "ycck_adobe.jpg", patched_adobe(cmyk, 2)
    yield "cmyk_plain.jpg", without_adobe(cmyk)
    yield "trailing_bytes.jpg", saved(image, "JPEG", quality=85) + b"anything"
    yield "named_wrongly.png", saved(scene(5, 4), "JPEG")


# PNG


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width, height, depth, color, interlaced=False, extra=b"", level=9):
    """Random bytes as image data: every filter, every sample value."""
    rng = random.Random(f"{width} {height} {depth} {color}")
    bits = depth * {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[color]
    passes = [(0, 0, 1, 1)] if not interlaced else [
        (0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
    data = b""
    for x, y, dx, dy in passes:
        columns, rows = -(-(width - x) // dx), -(-(height - y) // dy)
        if columns <= 0 or rows <= 0:
            continue
        for _ in range(rows):
            data += bytes([rng.randrange(5)]) + bytes(
                rng.randrange(256) if rng.random() < 0.5 else rng.randrange(2)
                for _ in range((columns * bits + 7) // 8))
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, int(interlaced)))
        + extra + chunk(b"IDAT", zlib.compress(data, level)) + chunk(b"IEND", b""))


def palette(count):
    rng = random.Random(count)
    return chunk(b"PLTE", bytes(rng.randrange(256) for _ in range(3 * count)))


def pngs():
    kinds = [(0, d) for d in (1, 2, 4, 8, 16)] + [(3, d) for d in (1, 2, 4, 8)] + [
        (2, 8), (2, 16), (4, 8), (4, 16), (6, 8), (6, 16)]
    names = {0: "gray", 2: "rgb", 3: "palette", 4: "gray_alpha", 6: "rgba"}
    for color, depth in kinds:
        extra = palette(1 << depth) if color == 3 else b""
        for interlaced in (False, True):
            name = f"{names[color]}{depth}{'_interlaced' if interlaced else ''}.png"
            yield name, png(17, 13, depth, color, interlaced, extra)
    yield "palette8_short.png", png(9, 7, 8, 3, extra=palette(20))
    yield "palette8_transparent.png", png(9, 7, 8, 3, extra=palette(256) + chunk(b"tRNS", bytes(range(100))))
    yield "gray8_transparent.png", png(9, 7, 8, 0, extra=chunk(b"tRNS", b"\0\1"))
    yield "gray16_transparent.png", png(9, 7, 16, 0, extra=chunk(b"tRNS", b"\0\1"))
    yield "rgb8_transparent.png", png(9, 7, 8, 2, extra=chunk(b"tRNS", b"\0\1\0\1\0\1"))
    yield "rgb8_gamma.png", png(9, 7, 8, 2, extra=chunk(b"gAMA", struct.pack(">I", 100000)))
    yield "interlaced_1x1.png", png(1, 1, 8, 2, True)
    yield "interlaced_3x2.png", png(3, 2, 8, 2, True)
    yield "saved.png", saved(scene(17, 13), "PNG")


# BMP


def bmp(width, height, bits, rows, colors=b"", compression=0, masks=b"", core=False, top_down=False, used=0):
    """`rows` from the first stored one."""
    body = rows if isinstance(rows, bytes) else b"".join(row + bytes(-len(row) % 4) for row in rows)
    if core:
        info = struct.pack("<IHHHH", 12, width, height, 1, bits)
    else:
        info = struct.pack(
            "<IiiHHIIiiII", 40, width, -height if top_down else height, 1, bits, compression, len(body), 0, 0,
            used, 0)
    offset = 14 + len(info) + len(masks) + len(colors)
    return struct.pack("<2sIHHI", b"BM", offset + len(body), 0, 0, offset) + info + masks + colors + body


def bmps():
    rng = random.Random(3)
    colors = lambda count, pad=b"\0": b"".join(bytes(rng.randrange(256) for _ in range(3)) + pad for _ in range(count))
    rows = lambda width, height, bits: [
        bytes(rng.randrange(256) for _ in range((width * bits + 7) // 8)) for _ in range(height)]
    for bits in (1, 4, 8):
        yield f"palette{bits}.bmp", bmp(19, 7, bits, rows(19, 7, bits), colors(1 << bits))
        yield f"palette{bits}_core.bmp", bmp(
            19, 7, bits, rows(19, 7, bits), colors(1 << bits, b""), core=True)
    yield "palette8_short.bmp", bmp(19, 7, 8, rows(19, 7, 8), colors(20), used=20)
    for bits in (16, 24, 32):
        yield f"rgb{bits}.bmp", bmp(19, 7, bits, rows(19, 7, bits))
        yield f"rgb{bits}_top_down.bmp", bmp(19, 7, bits, rows(19, 7, bits), top_down=True)
    yield "rgb24_core.bmp", bmp(19, 7, 24, rows(19, 7, 24), core=True)
    for name, bits, masks in [
        ("565", 16, (0xF800, 0x7E0, 0x1F)), ("555", 16, (0x7C00, 0x3E0, 0x1F)),
        ("xrgb", 32, (0xFF0000, 0xFF00, 0xFF)), ("rgbx", 32, (0xFF000000, 0xFF0000, 0xFF00)),
    ]:
        yield f"fields_{name}.bmp", bmp(
            19, 7, bits, rows(19, 7, bits), compression=3, masks=struct.pack("<III", *masks))
    run8 = (
        bytes([12, 7, 0, 0, 0, 3, 1, 2, 3, 0, 9, 200, 0, 0, 0, 4, 5, 6, 7, 8, 8, 9, 0, 0])
        + bytes([2, 1, 0, 2, 3, 1, 7, 4, 0, 0, 12, 3, 0, 0, 12, 5, 0, 1]))
    yield "run_length8.bmp", bmp(12, 6, 8, run8, colors(256), compression=1)
    run4 = bytes([9, 0x12, 0, 0, 0, 5, 0x34, 0x56, 0x70, 0, 4, 0xAB, 0, 0, 9, 0xCD, 0, 1])
    yield "run_length4.bmp", bmp(9, 3, 4, run4, colors(16), compression=2)
    yield "saved_gray.bmp", saved(scene(17, 13).convert("L"), "BMP")
    yield "saved_bits.bmp", saved(scene(17, 13).convert("1"), "BMP")
    yield "saved_rgb.bmp", saved(scene(17, 13), "BMP")
    yield "saved_rgba.bmp", saved(scene(17, 13).convert("RGBA"), "BMP")


# PBM, PGM, PPM


def netpbms():
    rng = random.Random(4)
    values = lambda count, largest: [rng.randrange(largest + 1) for _ in range(count)]
    text = lambda numbers: " ".join(map(str, numbers)).encode()
    yield "plain.pbm", b"P1\n# comment\n5 3\n0 1 0 1 1\n11001\n1 0 0 0 1\n"
    yield "raw.pbm", b"P4 11 3\n" + bytes(values(6, 255))
    for largest in (1, 15, 100, 255, 256, 1000, 65535):
        wide = largest > 255
        for plain, magic in [(True, "P2"), (False, "P5")]:
            numbers = values(35, largest)
            body = text(numbers) + b"\n" if plain else (
                np.array(numbers, ">u2" if wide else "u1").tobytes())
            yield f"{'plain' if plain else 'raw'}_{largest}.pgm", f"{magic}\n7 5\n{largest}\n".encode() + body
        for plain, magic in [(True, "P3"), (False, "P6")]:
            numbers = values(105, largest)
            body = text(numbers) + b"\n" if plain else (
                np.array(numbers, ">u2" if wide else "u1").tobytes())
            yield f"{'plain' if plain else 'raw'}_{largest}.ppm", f"{magic} 7 5 {largest}\n".encode() + body
    yield "raw_above_largest.pgm", b"P5 4 1 100\n" + bytes([0, 100, 101, 255])
    yield "comments.ppm", b"P6\n# one\n2 # two\n1\n#three\n255\n" + bytes(range(6))
    yield "plain_comment_inside.pgm", b"P2 3 1 255\n1 # skip 99\n2\n3"


def write(folder, name, data):
    path = os.path.join(HERE, folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(data)


def write_json(name, value):
    with open(os.path.join(HERE, name), "w") as file:
        json.dump(value, file, indent=1, sort_keys=True)
        file.write("\n")


def make_decoding():
    expected = {}
    for maker in (jpegs, pngs, bmps, netpbms):
        for name, data in maker():
            write("decode", name, data)
            expected[name] = rgb(data)
    write_json("decode.json", expected)
    for name, kind in [("image.webp", "WEBP"), ("image.gif", "GIF"), ("image.tiff", "TIFF")]:
        write("refused", name, saved(scene(8, 6), kind))
    write("refused", "many_scans.jpg", many_scans(120))


def many_scans(count):
    """A large gray image whose last scan, a pass over all coefficients in 23 bytes, stands there `count` times."""
    data = saved(Image.new("L", (1600, 1600), 128), "JPEG", progressive=True)
    last = data.rindex(b"\xff\xda")
    scan = data[last:-2]
    return data[:last] + scan * count + data[-2:]


def make_orientations():
    expected = {}
    for value in range(1, 9):
        exif = Image.Exif()
        exif.endian = "<" if value % 2 else ">"
        exif[0x0112] = value
        options = {"exif": exif, "quality": 95, "subsampling": 0}
        for name, data in [
            (f"orientation{value}.jpg", saved(scene(12, 7), "JPEG", **options)),
            (f"orientation{value}.png", saved(scene(12, 7), "PNG", exif=exif)),
        ]:
            write("oriented", name, data)
            upright = ImageOps.exif_transpose(Image.open(io.BytesIO(data)))
            expected[name] = {"stored": rgb(data), "upright": rgb(saved(upright.convert("RGB"), "BMP"))}
    write_json("oriented.json", expected)


def make_resizing():
    rng = np.random.default_rng(9)
    noise = (rng.integers(0, 2, (350, 3, 3)) * 255).astype(np.uint8)
    sharp = np.array(scene(37, 29))
    sharp[::3] = rng.integers(0, 2, (10, 37, 3)) * 255
    cases = [(Image.fromarray(sharp), [(19, 14), (7, 5), (45, 40), (37, 10), (10, 29), (37, 60), (1, 1), (2, 90)]),
             (Image.fromarray(noise), [(5, 40), (2, 12), (3, 100), (9, 350), (1, 351)]),
             (scene(1, 1), [(3, 2)])]
    expected = []
    for image, sizes in cases:
        for size in sizes:
            for name, filter in FILTERS.items():
                resized = image.resize(size, filter)
                expected.append({
                    "filter": name, "width": size[0], "height": size[1], "source": cases.index((image, sizes)),
                    "rgb": base64.b64encode(resized.tobytes()).decode()})
    write_json("resize.json", {
        "sources": [rgb(saved(image, "BMP")) for image, _ in cases], "resized": expected})


def make_preprocessing():
    from keras.applications.imagenet_utils import preprocess_input

    image = scene(9, 5)
    values = np.asarray(image, dtype=np.float32)
    every = np.arange(256, dtype=np.float32)
    table = np.stack([every, every[::-1], np.roll(every, 77)], -1).reshape(1, 256, 3)
    expected = {"pixels": base64.b64encode(table.astype(np.uint8).tobytes()).decode()}
    for mode in ("caffe", "tf", "torch"):
        output = preprocess_input(table.copy(), data_format="channels_last", mode=mode)
        expected[mode] = base64.b64encode(np.ascontiguousarray(output, dtype="<f4").tobytes()).decode()
    expected["rescale"] = base64.b64encode((table * np.float32(1 / 255)).astype("<f4").tobytes()).decode()
    write_json("preprocessing.json", expected)


def make_photographs(folder):
    paths = sorted(
        os.path.relpath(os.path.join(root, name), folder)
        for root, _, names in os.walk(folder) for name in names if name.lower().endswith((".jpg", ".png")))
    expected = {}
    for path in paths[::len(paths) // 30]:
        image = Image.open(os.path.join(folder, path)).convert("RGB")
        record = {"width": image.width, "height": image.height, "decoded": zlib.crc32(image.tobytes())}
        for name in ("nearest", "bilinear", "bicubic", "box"):
            record[name] = zlib.crc32(image.resize((224, 224), FILTERS[name]).tobytes())
        expected[path] = record
    write_json("photographs.json", expected)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        make_photographs(sys.argv[1])
    else:
        make_decoding()
        make_orientations()
        make_resizing()
        make_preprocessing()
