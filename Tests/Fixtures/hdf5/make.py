"""Writes the small HDF5 files of the HDF5 tests (needs h5py and NumPy). Run it in this folder."""
import os
import shutil

import h5py
import numpy as np

import random_files

ramp = np.arange(24, dtype="<f4").reshape(2, 3, 4)

with h5py.File("attributes.h5", "w") as file:
    file.attrs["fixed"] = np.array([b"conv1_W_1:0", b"conv1_b_1:0"])  # S11, exactly full: no terminator
    file.attrs["padded"] = np.array([b"a", b"longer"])
    file.attrs["space_padded"] = np.array([b"ab"])
    file.attrs["variable_ascii"] = np.array(["conv1/kernel:0", "b"], dtype=h5py.string_dtype("ascii"))
    file.attrs["variable_utf8"] = np.array(["größe", ""], dtype=h5py.string_dtype("utf-8"))
    file.attrs["scalar_variable"] = "2.2.4"
    file.attrs["scalar_bytes"] = b"tensorflow"
    file.attrs["scalar_numpy_bytes"] = np.bytes_("2.0.0")
    file.attrs["empty"] = np.array([])  # float64 (0,): what Keras writes for a layer without weights
    file.attrs["null"] = h5py.Empty("f")
    file.attrs["number"] = np.int64(7)
    # An attribute whose type says the padding is by spaces.
    kind = h5py.h5t.C_S1.copy()
    kind.set_size(6)
    kind.set_strpad(h5py.h5t.STR_SPACEPAD)
    space = h5py.h5s.create_simple((2,))
    attribute = h5py.h5a.create(file.id, b"spaces", kind, space)
    attribute.write(np.array([b"ab    ", b"abcdef"]), mtype=kind)
    group = file.create_group("fire2").create_group("squeeze1x1")
    group["kernel:0"] = ramp

with h5py.File("datasets.h5", "w") as file:
    file["float32"] = ramp
    file["big_endian"] = ramp.astype(">f4")
    file["float64"] = ramp.astype("<f8")
    file["float16"] = ramp.astype("<f2")
    file["big_endian16"] = ramp.astype(">f2")
    file["int64"] = ramp.astype("<i8")
    file["scalar"] = np.float32(2.5)
    file["empty"] = np.zeros((0, 3), "<f4")
    file["text"] = np.array([b"abc"])
    file.create_dataset("chunked", data=ramp, chunks=(1, 3, 4))
    file.create_dataset("deflate", data=ramp, chunks=(2, 3, 4), compression="gzip", shuffle=True, fletcher32=True)
    file.create_dataset("lzf", data=ramp, chunks=(2, 3, 4), compression="lzf")
    creation = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    creation.set_layout(h5py.h5d.COMPACT)
    compact = h5py.h5d.create(
        file.id, b"compact", h5py.h5t.IEEE_F32LE, h5py.h5s.create_simple(ramp.shape), creation)
    compact.write(h5py.h5s.ALL, h5py.h5s.ALL, ramp)

with h5py.File("hostile.h5", "w") as file:
    file["real"] = ramp
    file["soft"] = h5py.SoftLink("/real")
    file["dangling"] = h5py.SoftLink("/nowhere")
    file["elsewhere"] = h5py.ExternalLink("datasets.h5", "/float32")
    file.create_group("cycle")["again"] = file["/"]
    file.create_dataset("unwritten", shape=(1 << 20, 1 << 20), dtype="<f4")
    file.create_dataset("sparse", shape=(1 << 20, 1 << 20), dtype="<f4", chunks=(1024, 1024))
    file.create_dataset("bomb", data=np.zeros((512, 1024), "<f4"), chunks=(512, 1024), compression="gzip")
    bomb = file.create_dataset("lopsided", shape=(1 << 15, 1 << 15), dtype="<f4", chunks=(64, 64), compression="gzip")
    bomb[0, 0] = 1
    creation = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    creation.set_external(b"elsewhere.bin", 0, 96)
    h5py.h5d.create(file.id, b"external", h5py.h5t.IEEE_F32LE, h5py.h5s.create_simple((2, 3, 4)), creation)
    layout = h5py.VirtualLayout(shape=(2, 3, 4), dtype="<f4")
    layout[:] = h5py.VirtualSource("datasets.h5", "float32", shape=(2, 3, 4))
    file.create_virtual_dataset("virtual", layout)

for version in ("earliest", "latest"):
    with h5py.File(f"superblock_{version}.h5", "w", libver=version, userblock_size=512 if version == "latest" else 0) as file:
        file["values"] = ramp

# Every structure with a checksum: groups and attributes in heaps, chunks with a checksum of their own, open elements.
with h5py.File("sealed.h5", "w", libver=("v110", "v110"), track_order=True) as file:
    file["open"] = ramp
    file.create_dataset("checked", data=ramp, chunks=(1, 2, 4), fletcher32=True)
    file.create_dataset("growing", data=ramp, chunks=(1, 2, 4), maxshape=(None, 3, 4), fletcher32=True)
    file.create_dataset("grown", data=ramp, chunks=(1, 2, 4), maxshape=(None, None, 4), fletcher32=True)
    group = file.create_group("many")
    for index in range(9): group[f"child_{index}"] = file["open"]
    for index in range(9): file.attrs[f"names_{index}"] = np.array([b"conv1", b"b"])

# The first of the random files that are small, and what the newest library sees in each.
shutil.rmtree("random", ignore_errors=True)
os.mkdir("random")
for number in range(160):
    path = f"random/{number:03}.h5"
    random_files.make(path, number)
    if os.path.getsize(path) > 14000: os.remove(path)
    else:
        with open(path + ".txt", "w") as text: text.write(random_files.snapshot(path))
