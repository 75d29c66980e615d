"""Writes the image fixtures: files of every kind beside what Pillow makes of them.

    python make.py             decode/, refused/ and the .json files but the last
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


# TIFF

BYTE, SHORT, LONG = 1, 3, 4


def tiff(order, width, height, bits, photometric, blocks, *, samples=1, compression=1, extra=(), planar=1, fill=1,
         format=None, tile=None, rows=None, colors=None, orientation=None, next=0):
    """A TIFF of stored blocks, strips or tiles, as they are; `order` is < or >."""
    tags = {256: (SHORT, [width]), 257: (SHORT, [height]), 258: (SHORT, [bits] * samples), 259: (SHORT, [compression]),
            262: (SHORT, [photometric]), 277: (SHORT, [samples]), 284: (SHORT, [planar])}
    if fill != 1:
        tags[266] = (SHORT, [fill])
    if orientation:
        tags[274] = (SHORT, [orientation])
    if extra:
        tags[338] = (SHORT, list(extra))
    if format:
        tags[339] = (SHORT, [format] * samples)
    if colors:
        tags[320] = (SHORT, colors)
    places = [8 + sum(map(len, blocks[:i])) for i in range(len(blocks))]
    if tile:
        tags.update({322: (SHORT, [tile[0]]), 323: (SHORT, [tile[1]]), 324: (LONG, places),
                     325: (LONG, [len(block) for block in blocks])})
    else:
        tags.update({273: (LONG, places), 278: (SHORT, [rows or height]), 279: (LONG, [len(block) for block in blocks])})
    body = b"".join(blocks)
    body += bytes(len(body) % 2)
    start = 8 + len(body)
    values_at = start + 2 + 12 * len(tags) + 4
    entries, values = b"", b""
    for tag, (kind, numbers) in sorted(tags.items()):
        data = struct.pack(order + {SHORT: "H", LONG: "I"}[kind] * len(numbers), *numbers)
        entries += struct.pack(order + "HHI", tag, kind, len(numbers))
        if len(data) <= 4:
            entries += data.ljust(4, b"\0")
        else:
            entries += struct.pack(order + "I", values_at + len(values))
            values += data
    head = (b"II" if order == "<" else b"MM") + struct.pack(order + "HI", 42, start)
    return head + body + struct.pack(order + "H", len(tags)) + entries + struct.pack(order + "I", next) + values


def tiffs():
    rng = np.random.default_rng(6)
    image = scene(23, 17)
    for name, converted in [("rgb", image), ("gray", image.convert("L")), ("bits", image.convert("1")),
                            ("palette", image.quantize(40)), ("rgba", image.convert("RGBA")), ("cmyk", image.convert("CMYK")),
                            ("gray_alpha", image.convert("LA"))]:
        yield f"saved_{name}.tiff", saved(converted, "TIFF")
    for compression in ("packbits", "tiff_lzw", "tiff_adobe_deflate", "lzma", "zstd", "jpeg"):
        yield f"{compression}.tiff", saved(image, "TIFF", compression=compression)
    yield "jpeg_gray.tiff", saved(image.convert("L"), "TIFF", compression="jpeg")
    yield "jpeg_ycbcr.tiff", saved(scene(43, 30).convert("YCbCr"), "TIFF", compression="jpeg")
    yield "predictor.tiff", saved(image, "TIFF", compression="tiff_lzw", tiffinfo={317: 2})
    for compression in ("tiff_ccitt", "group3", "group4"):
        yield f"{compression}.tiff", saved(scene(43, 30).convert("1"), "TIFF", compression=compression)
    for order, name in [("<", "little"), (">", "big")]:
        for bits in (1, 2, 4, 8):
            data = rng.integers(0, 256, 7 * ((19 * bits + 7) // 8), np.uint8).tobytes()
            for photometric in (0, 1):
                yield f"gray{bits}_{'white' if photometric == 0 else 'black'}_{name}.tiff", tiff(
                    order, 19, 7, bits, photometric, [data])
            colors = rng.integers(0, 65536, 3 << bits).tolist()
            yield f"palette{bits}_{name}.tiff", tiff(order, 19, 7, bits, 3, [data], colors=colors)
        wide = lambda count: rng.integers(0, 65536, count).astype(order + "u2").tobytes()
        yield f"rgb16_{name}.tiff", tiff(order, 9, 7, 16, 2, [wide(189)], samples=3)
        yield f"associated16_{name}.tiff", tiff(order, 9, 7, 16, 2, [wide(252)], samples=4, extra=[1])
        yield f"cmyk16_{name}.tiff", tiff(order, 9, 7, 16, 5, [wide(252)], samples=4)
        floats = rng.normal(100, 150, 63).astype(order + "f4").tobytes()
        yield f"float_{name}.tiff", tiff(order, 9, 7, 32, 1, [floats], format=3)
    row = lambda count: rng.integers(0, 256, count, np.uint8).tobytes()
    yield "fill_order.tiff", tiff("<", 19, 7, 1, 1, [row(21)], fill=2)
    yield "associated.tiff", tiff("<", 9, 7, 8, 2, [row(252)], samples=4, extra=[1])
    yield "unspecified.tiff", tiff("<", 9, 7, 8, 2, [row(315)], samples=5, extra=[0, 0])
    yield "strips.tiff", tiff("<", 9, 7, 8, 2, [row(81), row(81), row(27)], samples=3, rows=3)
    yield "planar.tiff", tiff("<", 9, 7, 8, 2, [row(27), row(27), row(9)] * 3, samples=3, rows=3, planar=2)
    yield "tiles.tiff", tiff("<", 25, 18, 8, 2, [row(768) for _ in range(4)], samples=3, tile=(16, 16))
    yield "tiles_large.tiff", tiff("<", 9, 7, 8, 1, [row(1024)], tile=(32, 32))
    deflated = zlib.compress(scene(9, 7).tobytes())
    yield "deflate_old.tiff", tiff("<", 9, 7, 8, 2, [deflated], samples=3, compression=32946)
    for value in (3, 6):
        yield f"turned{value}.tiff", tiff(
            "<", 9, 7, 8, 2, [scene(9, 7).tobytes()], samples=3, orientation=value)
    yield "pages.tiff", saved(image, "TIFF", save_all=True, append_images=[scene(5, 4)])
    yield "big.tiff", saved(image, "TIFF", big_tiff=True)
    yield "named_wrongly.jpg", saved(scene(5, 4), "TIFF")
    for name, data in deep_tiffs():
        yield name, data


def deep_tiffs():
    """Gray of more than 8 bits."""
    rng = np.random.default_rng(7)
    values = rng.integers(0, 65536, (11, 13)) >> rng.integers(0, 9, (11, 13))
    for order, name in [("<", "little"), (">", "big")]:
        data = lambda kind: values.astype(order + kind).tobytes()
        yield f"gray16_{name}.tiff", tiff(order, 13, 11, 16, 1, [data("u2")])
        yield f"signed16_{name}.tiff", tiff(order, 13, 11, 16, 1, [data("i2")], format=2)
        signed = (values * 100 - 40000).astype(order + "i4").tobytes()
        yield f"signed32_{name}.tiff", tiff(order, 13, 11, 32, 1, [signed], format=2)
    yield "gray16_white.tiff", tiff("<", 13, 11, 16, 0, [values.astype("<u2").tobytes()])
    yield "gray16_lzw.tiff", saved(Image.fromarray(values.astype(np.uint16)), "TIFF", compression="tiff_lzw")
    yield "gray16_turned.tiff", tiff("<", 13, 11, 16, 1, [values.astype("<u2").tobytes()], orientation=6)


# WebP


def webps():
    image = scene(43, 30)
    yield "lossy.webp", saved(image, "WEBP", quality=80)
    yield "lossless.webp", saved(image, "WEBP", lossless=True)
    yield "one_pixel.webp", saved(scene(1, 1), "WEBP", lossless=True)
    clear = image.convert("RGBA")
    clear.putalpha(Image.fromarray(np.arange(43 * 30, dtype=np.uint16).reshape(30, 43).astype(np.uint8)))
    yield "alpha.webp", saved(clear, "WEBP", quality=70)
    yield "alpha_lossless.webp", saved(clear, "WEBP", lossless=True, exact=True)
    frames = [scene(20, 15), scene(20, 15).rotate(180)]
    yield "animated.webp", saved(frames[0], "WEBP", save_all=True, append_images=frames[1:], lossless=True)
    yield "animated_alpha.webp", saved(
        frames[0].convert("RGBA"), "WEBP", save_all=True, append_images=frames[1:], quality=60)
    yield "named_wrongly.bmp", saved(scene(5, 4), "WEBP")


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
    for maker in (jpegs, pngs, bmps, netpbms, tiffs, webps):
        for name, data in maker():
            write("decode", name, data)
            expected[name] = rgb(data)
    write_json("decode.json", expected)
    write("refused", "picture.gif", saved(scene(8, 6), "GIF"))
    write("refused", "picture.avif", saved(scene(8, 6), "AVIF"))
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
            (f"orientation{value}.webp", saved(scene(12, 7), "WEBP", lossless=True, exif=exif)),
        ]:
            write("oriented", name, data)
            upright = ImageOps.exif_transpose(Image.open(io.BytesIO(data)))
            expected[name] = {"stored": rgb(data), "upright": rgb(saved(upright.convert("RGB"), "BMP"))}
    write_json("oriented.json", expected)


def make_deep_gray():
    """What Keras makes of gray of more than 8 bits when it is asked for gray."""
    from keras.utils import img_to_array, load_img

    names = ["gray16.png", "gray16_interlaced.png", "raw_1000.pgm", "plain_65535.pgm", "raw_65535.pgm"]
    names += [name for name, _ in deep_tiffs()]
    expected = []
    for name in names:
        for size, filter, keeps in [
            (None, "nearest", False), ((5, 9), "nearest", False), ((30, 21), "bilinear", False), ((4, 6), "bilinear", False),
            ((6, 17), "bicubic", False), ((3, 5), "lanczos", True), ((5, 4), "box", False), ((9, 9), "hamming", True),
        ]:
            path = os.path.join(HERE, "decode", name)
            image = load_img(
                path, color_mode="grayscale", target_size=size, interpolation=filter, keep_aspect_ratio=keeps)
            values = img_to_array(image)[:, :, 0]
            expected.append({
                "name": name, "height": values.shape[0], "width": values.shape[1], "filter": filter, "keeps": keeps,
                "values": base64.b64encode(values.astype("<i4").tobytes()).decode()})
    write_json("deep-gray.json", expected)


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
        make_deep_gray()
        make_resizing()
        make_preprocessing()
