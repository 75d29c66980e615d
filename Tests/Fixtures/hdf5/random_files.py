"""Writes HDF5 files over all that h5py can do, each from its number alone, and beside each what the library sees in it:
`random_files.py FOLDER COUNT`.

Needs h5py and NumPy; with netCDF4 every twentieth file is one of netCDF-4. A third number of files are damaged: bytes of
a file are changed, and what the library then sees is written, unless it sees an error or dies. `make check-hdf5` runs it
and holds our reader against the library on every file.
"""
import os
import resource
import sys
import zlib

import h5py
import numpy as np

LIBVERS = ["earliest", ("v108", "v108"), ("v108", "v110"), ("v110", "v110"), ("v112", "v112"), ("v114", "v114")]
NUMBERS = ["<f4", ">f4", "<f8", ">f8", "<f2", ">f2", "<i1", "<i2", ">i2", "<i4", ">i4", "<i8", ">i8", "<u1", "<u2",
           ">u4", "<u8", "?"]


def brain(order="<"):
    """bfloat16 as an HDF5 type."""
    kind = h5py.h5t.IEEE_F32LE.copy() if order == "<" else h5py.h5t.IEEE_F32BE.copy()
    kind.set_fields(15, 7, 8, 0, 7)
    kind.set_precision(16)
    kind.set_size(2)
    kind.set_ebias(127)
    return kind


def values(random, shape, dtype):
    count = int(np.prod(shape, dtype=np.int64))
    if dtype == "?":
        return random.integers(0, 2, count).astype(bool).reshape(shape)
    if "f" in dtype:
        return random.standard_normal(count).astype(dtype).reshape(shape)
    return random.integers(0, 100, count).astype(dtype).reshape(shape)


def name(random, index):
    return random.choice(["kernel:0", "größe", "a b", "x" * 40, "conv1", "n"]) + f"_{index}"


def attribute(random, attributes, index):
    """One attribute of a random kind."""
    kind = random.integers(0, 12)
    key = name(random, index)
    count = int(random.integers(1, 5))
    words = [random.choice(["", "a", "conv1/kernel:0", "größe", "y" * 300]) for _ in range(count)]
    if kind == 0: attributes[key] = np.array([word.encode() for word in words] + [b"z"])
    elif kind == 1: attributes[key] = np.array(words, dtype=h5py.string_dtype("utf-8"))
    elif kind == 2: attributes[key] = str(words[0])
    elif kind == 3: attributes[key] = np.bytes_(b"scalar")
    elif kind == 4: attributes[key] = np.zeros((0,))
    elif kind == 5: attributes[key] = h5py.Empty("f")
    elif kind == 6: attributes[key] = values(random, (count,), str(random.choice(NUMBERS)))
    elif kind == 7: attributes[key] = np.array(words, dtype=h5py.string_dtype("ascii" if all(word.isascii() for word in words) else "utf-8"))
    elif kind == 8: attributes[key] = np.array([(1, 2.0)], dtype=[("a", "<i4"), ("b", "<f8")])
    elif kind == 9: attributes.create(key, [b"abc", b"de"], dtype="S5")
    elif kind == 10: attributes[key] = "j" * int(random.integers(1, 20000))
    else: attributes.create(key, np.arange(6).reshape(2, 3), dtype="<i8")


def dataset(random, group, key):
    """One dataset of a random layout."""
    dtype = str(random.choice(NUMBERS))
    rank = int(random.integers(0, 5))
    shape = tuple(int(extent) for extent in random.integers(1, [40, 40, 12, 8, 6][rank] + 1, rank))
    layout = random.integers(0, 10)
    if layout == 0 or rank == 0:
        return group.create_dataset(key, data=values(random, shape, dtype))
    if layout == 1:
        creation = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        creation.set_layout(h5py.h5d.COMPACT)
        made = h5py.Dataset(h5py.h5d.create(
            group.id, key.encode(), h5py.h5t.py_create(np.dtype(dtype), logical=True), h5py.h5s.create_simple(shape), creation))
        made[...] = values(random, shape, dtype)
        return made
    if layout == 2:
        return group.create_dataset(key, shape=shape, dtype=dtype, fillvalue=None if random.integers(0, 2) else 1)
    if layout == 3:
        return group.create_dataset(key, data=values(random, (0,) + shape, dtype))
    options = {"chunks": tuple(int(random.integers(1, extent + 1)) for extent in shape)}
    bounds = random.integers(0, 5)
    if bounds == 1: options["maxshape"] = (None,) + shape[1:]
    elif bounds == 2: options["maxshape"] = shape[:-1] + (None,)
    elif bounds == 3: options["maxshape"] = (None,) * rank
    elif bounds == 4: options["maxshape"] = tuple(extent * 2 + 1 for extent in shape)
    if bounds == 0 and random.integers(0, 3) == 0: options["chunks"] = shape
    if random.integers(0, 2): options["compression"] = "gzip"; options["compression_opts"] = int(random.integers(0, 10))
    if random.integers(0, 2): options["shuffle"] = True
    if random.integers(0, 3) == 0: options["fletcher32"] = True
    if random.integers(0, 3) == 0: options["fillvalue"] = 1
    made = group.create_dataset(key, shape=shape, dtype=dtype, **options)
    if random.integers(0, 3) == 0:  # only some chunks
        corner = tuple(slice(0, int(random.integers(0, extent + 1))) for extent in shape)
        made[corner] = values(random, made[corner].shape, dtype)
    else:
        made[...] = values(random, shape, dtype)
    if bounds in (1, 3) and random.integers(0, 3) == 0:
        made.resize(max(1, shape[0] // 2), axis=0)
    if bounds == 1 and random.integers(0, 3) == 0:
        made.resize(shape[0] * 3, axis=0)
    return made


def other(random, group, key):
    """What is none of our types, and links that nobody follows."""
    kind = random.integers(0, 9)
    if kind == 0: group[key] = np.array([b"abc", b"d"])
    elif kind == 1: group.create_dataset(key, data=["a", "bcd"], dtype=h5py.string_dtype())
    elif kind == 2: group[key] = np.array([(1, 2.0)], dtype=[("a", "<i4"), ("b", "<f8")])
    elif kind == 3: group[key] = h5py.Empty("<f4")
    elif kind == 4: group[key] = h5py.SoftLink("/nowhere")
    elif kind == 5: group[key] = h5py.ExternalLink("other.h5", "/x")
    elif kind == 6: group[key] = np.dtype("<f4"); group.create_dataset(key + "_typed", data=np.float32([1, 2]), dtype=group[key])
    elif kind == 7:
        order = "<>"[int(random.integers(0, 2))]
        kind = brain(order)
        made = h5py.h5d.create(group.id, key.encode(), kind, h5py.h5s.create_simple((5,)))
        made.write(h5py.h5s.ALL, h5py.h5s.ALL, random.integers(0, 65536, 5).astype(order + "u2"), mtype=kind)
    else: group[key] = np.array([group.ref], dtype=h5py.ref_dtype)


def fill(random, group, depth):
    many = random.integers(0, 6) == 0
    for index in range(int(random.integers(9, 60)) if many else int(random.integers(0, 5))):
        key = name(random, index)
        kind = random.integers(0, 10)
        if kind < 5: made = dataset(random, group, key)
        elif kind < 8:
            made = group.create_group(key, track_order=bool(random.integers(0, 2)))
            if depth < 3 and not many: fill(random, made, depth + 1)
        else:
            other(random, group, key)
            continue
        if random.integers(0, 3) == 0:
            for number in range(int(random.integers(1, 14))): attribute(random, made.attrs, number)
        if random.integers(0, 8) == 0: group[key + "_again"] = made
    if random.integers(0, 8) == 0 and len(group): del group[next(iter(group))]


def netcdf(path, random):
    import netCDF4
    with netCDF4.Dataset(path, "w") as file:
        file.createDimension("time", None)
        file.createDimension("x", 7)
        file.title = "größe"
        for index in range(int(random.integers(1, 6))):
            variable = file.createVariable(f"v{index}", random.choice(["f4", "f8", "i2", "i4"]), ("time", "x"),
                                           zlib=bool(random.integers(0, 2)), shuffle=True)
            variable.units = "m"
            variable[0:int(random.integers(1, 9))] = index
        file.createGroup("inner").createVariable("w", "f4", ("x",))[:] = random.standard_normal(7)


def matlab(path, random):
    with h5py.File(path, "w", userblock_size=512, libver="earliest") as file:
        for index in range(int(random.integers(1, 5))):
            made = file.create_dataset(f"m{index}", data=random.standard_normal((3, 4)), chunks=(3, 4), compression="gzip")
            made.attrs["MATLAB_class"] = np.bytes_("double")
        made = file.create_dataset("flag", data=np.uint8([[1]]))
        made.attrs["MATLAB_class"] = np.bytes_("logical")
        made.attrs["MATLAB_int_decode"] = np.int32(1)
        cells = file.create_group("#refs#")
        cells["a"] = random.standard_normal((2, 2))
        file["cell"] = np.array([[cells["a"].ref]], dtype=h5py.ref_dtype)
    with open(path, "r+b") as file:
        file.write(b"MATLAB 7.3 MAT-file, Platform: GLNXA64, HDF5 schema 1.00 .".ljust(124) + b"\0\2IM")


def make(path, number):
    random = np.random.default_rng(number)
    if number % 20 == 7:
        try: return netcdf(path, random)
        except ImportError: pass
    if number % 20 == 13: return matlab(path, random)
    libver = LIBVERS[number % len(LIBVERS)]
    with h5py.File(path, "w", libver=libver, track_order=bool(random.integers(0, 2)),
                   userblock_size=int(random.choice([0, 0, 0, 512, 2048]))) as file:
        for index in range(int(random.integers(0, 14))): attribute(random, file.attrs, index)
        fill(random, file, 0)


def content(kind):
    """What an attribute's elements are, in the words of our reader."""
    if kind.get_class() == h5py.h5t.STRING:
        return "variableStrings" if kind.is_variable_str() else f"fixedStrings(size: {kind.get_size()})"
    return {h5py.h5t.FLOAT: "float", h5py.h5t.INTEGER: "integer"}.get(kind.get_class(), "other")


def strings(attribute, kind):
    if attribute.get_space().get_select_npoints() == 0: return ""
    if kind.get_class() != h5py.h5t.STRING: return "-"
    if kind.is_variable_str():
        found = np.empty(attribute.shape, h5py.string_dtype())
        attribute.read(found)
        found = [text or b"" for text in np.atleast_1d(found).ravel()]
    else:
        raw = np.zeros(attribute.shape, f"V{kind.get_size()}")
        attribute.read(raw, mtype=kind)
        found = [bytes(text) for text in np.atleast_1d(raw).ravel()]
    found = [text.split(b"\0")[0] for text in found]
    if not kind.is_variable_str() and kind.get_strpad() == h5py.h5t.STR_SPACEPAD: found = [text.rstrip(b" ") for text in found]
    return "|".join(text.decode() for text in found)


def scalar_type(kind):
    size = kind.get_size()
    if kind.get_class() == h5py.h5t.INTEGER and kind.get_precision() == 8 * size:
        return ("int" if kind.get_sign() == h5py.h5t.SGN_2 else "uint") + str(8 * size)
    if kind.get_class() == h5py.h5t.FLOAT:
        return {(63, 52, 11, 0, 52, 1023): "float64", (31, 23, 8, 0, 23, 127): "float32", (15, 10, 5, 0, 10, 15): "float16",
                (15, 7, 8, 0, 7, 127): "bfloat16"}.get(kind.get_fields() + (kind.get_ebias(),))
    if kind.get_class() == h5py.h5t.ENUM and size == 1 and kind.get_nmembers() == 2:
        members = {kind.get_member_name(index): kind.get_member_value(index) for index in range(2)}
        return "bool" if members == {b"FALSE": 0, b"TRUE": 1} else None
    return None


def see_attributes(item, path, lines):
    for key in sorted(h5py.AttributeManager(item).keys()):
        found = h5py.h5a.open(item.id, key.encode())
        kind = found.get_type()
        lines.append(f"{path} @{key}: {content(kind)} x {found.get_space().get_select_npoints()}: {strings(found, kind)}")


def see_dataset(item, path, lines):
    kind, space = item.id.get_type(), item.id.get_space()
    scalar = scalar_type(kind)
    if scalar is None or space.get_simple_extent_type() == h5py.h5s.NULL:
        lines.append(f"{path}: elements of another type")
        return
    memory = kind.copy()
    if kind.get_class() != h5py.h5t.ENUM: memory.set_order(h5py.h5t.ORDER_LE)
    raw = np.zeros(item.shape, f"V{kind.get_size()}")
    if raw.size: item.id.read(h5py.h5s.ALL, h5py.h5s.ALL, raw, mtype=memory)
    lines.append(f"{path}: {list(item.shape)} {scalar} {zlib.crc32(raw.tobytes())}")
    see_attributes(item, path, lines)


def see(group, path, lines):
    """Line by line what is in a group; links in circles are followed to a depth of 6."""
    lines.append(f"{path}: a group")
    see_attributes(group, path, lines)
    if len([step for step in path.split("/") if step]) >= 6: return
    keys = []
    group.id.links.iterate(keys.append, idx_type=h5py.h5.INDEX_NAME, order=h5py.h5.ITER_NATIVE)
    for key in keys:
        inside = ("" if path == "/" else path) + "/" + key.decode()
        if group.id.links.get_info(key).type != h5py.h5l.TYPE_HARD:
            lines.append(f"{inside}: another link")
            continue
        item = group[key]
        if isinstance(item, h5py.Group): see(item, inside, lines)
        elif isinstance(item, h5py.Dataset): see_dataset(item, inside, lines)
        else: lines.append(f"{inside}: a named type")


def snapshot(path):
    lines = []
    with h5py.File(path) as file: see(file, "/", lines)
    return "\n".join(lines) + "\n"


def damage(source, path, number):
    """Changes a few bytes, most of them before the elements, and lets a process of its own look."""
    random = np.random.default_rng(number)
    data = bytearray(open(source, "rb").read())
    for _ in range(int(random.integers(1, 4))):
        width = int(random.choice([1, 1, 2, 4, 8]))
        at = int(random.integers(0, len(data) - width)) if random.integers(0, 2) else int(random.integers(8, min(4096, len(data) - width)))
        old = int.from_bytes(data[at:at + width], "little")
        flipped = old ^ 1 << int(random.integers(0, 8 * width))
        # Not NumPy's choice, which makes floats of numbers this large.
        new = [0, 2 ** (8 * width) - 1, old + 1, old - 1, flipped][int(random.integers(0, 5))]
        data[at:at + width] = (new % 2 ** (8 * width)).to_bytes(width, "little")
    with open(path, "wb") as file: file.write(data)
    child = os.fork()
    if child: return os.waitpid(child, 0)
    try:
        resource.setrlimit(resource.RLIMIT_CPU, (5, 5))
        resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        text = snapshot(path)
        with open(path + ".txt", "w") as file: file.write(text)
    finally:
        os._exit(0)


if __name__ == "__main__":
    folder, count = sys.argv[1], int(sys.argv[2])
    damaged = int(sys.argv[3]) if len(sys.argv) > 3 else 0
    os.makedirs(folder + "/damaged", exist_ok=True)
    for number in range(count):
        path = f"{folder}/{number:06}.h5"
        make(path, number)
        with open(path + ".txt", "w") as file: file.write(snapshot(path))
    for number in range(damaged): damage(f"{folder}/{number % count:06}.h5", f"{folder}/damaged/{number:06}.h5", number)
