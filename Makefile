# `make demo` and `make test` are all that is needed at first; each installs what is missing.

SWIFT ?= swift
BUILD := $(SWIFT) build -c release $(SWIFTFLAGS)
PREFIX ?= /usr/local
SOURCES := Package.swift Sources converters Tests
SCRIPTS := .ci/catalog .ci/setup .ci/run .ci/demo .ci/docs .ci/install .ci/dist Tests/Portability/run Tests/Portability/dist Tests/HDF5Tests/check Tests/Soak/run Tests/Fuzz/run Tests/Engines/slurm
export SWIFT

.PHONY: help setup build dist check-dist install uninstall demo test lint format catalog docs bench peers parity parity-torch parity-onnx parity-training parity-export check-kernels check-neon check-hdf5 check-slurm check-kubernetes check-engines soak fuzz clean

help:
	@echo "make demo    every step on synthetic weights: build, convert, verify, train, predict"
	@echo "make test    every test, in release mode"
	@echo "make build   the tools: .build/release/zoo and .build/release/zoo-bench"
	@echo "make install     zoo, its manual pages and shell completions, into PREFIX (/usr/local); DESTDIR is put ahead"
	@echo "make uninstall   removes them"
	@echo "make dist    a zoo for Linux that needs nothing but glibc, into .build/dist: .tar.xz, .deb, a container's files"
	@echo "make check-dist ROOTS=\"DIR ...\"   that zoo in the roots of other systems; .ci/dist says how to have it for an older glibc"
	@echo "make lint    checks the format of all sources"
	@echo "make format  formats all sources"
	@echo "make catalog builds the entries of zoo/ in: after adding or removing a file there"
	@echo "make docs    the library's documentation, into .build/docs"
	@echo "make bench   the benchmarks"
	@echo "make peers   the networks against other engines, which pip installs into .build/peers"
	@echo "make parity  every network's features against Keras's own; ENTRIES=\"a b\" for some; needs Python with Keras"
	@echo "make parity-torch   the same for networks of torchvision and timm; NETWORKS=\"a timm/b\" for some; needs Python with both"
	@echo "make parity-onnx    ONNX models of PyTorch and our own converted, against ONNX Runtime; NETWORKS=\"a b\" for some"
	@echo "make parity-training   where fine-tuning ends against where Keras's ends, for six networks; needs the same"
	@echo "make parity-export   every network and trained heads exported: ONNX Runtime's and Keras's numbers against zoo's"
	@echo "make check-kernels, check-neon   the C kernels against their definitions: here, and AArch64's under qemu"
	@echo "make check-hdf5   thousands of HDF5 files, whole and damaged, read by us and by the library"
	@echo "make check-slurm, check-engines   features in shards: under Slurm (as root), GNU parallel, xargs, Ray, Dask, Spark"
	@echo "make check-kubernetes   the printed jobs against the schemas of Kubernetes, which pip installs into .build/kubernetes"
	@echo "make soak    every sweep in full, kills, full disks; SECONDS=N bounds the kills"
	@echo "make fuzz TARGET=hdf5 SECONDS=N   libFuzzer on one reader; Tests/Fuzz/README.md lists them"
	@echo "make clean   remove what was built"

setup:
	@.ci/setup

dist: setup
	@.ci/dist

build: setup
	$(BUILD)

check-dist:
	Tests/Portability/dist $(ROOTS)

install: build
	@.ci/install "$(DESTDIR)$(PREFIX)"

uninstall:
	@.ci/install --remove "$(DESTDIR)$(PREFIX)"

demo: build
	@.ci/demo

test: setup
	$(SWIFT) test -c release --parallel

lint:
	$(SWIFT) format lint --strict --recursive --parallel $(SOURCES)
	@for script in $(SCRIPTS); do sh -n $$script || exit 1; done

format:
	$(SWIFT) format format --in-place --recursive --parallel $(SOURCES)

catalog:
	@.ci/catalog

docs: setup
	@.ci/docs

bench: build
	.build/release/zoo-bench

peers: build
	python3 Tests/Peers/compare.py

parity: build
	python3 Tests/Parity/compare.py $(ENTRIES)

parity-torch: build
	python3 Tests/Parity/torch_networks.py $(NETWORKS)

parity-onnx: build
	python3 Tests/Parity/onnx_in.py $(NETWORKS)

parity-training: build
	python3 Tests/Parity/fine_tuning.py $(ENTRIES)

parity-export: build
	python3 Tests/Parity/export.py $(ENTRIES)
	python3 Tests/Parity/export_keras.py $(ENTRIES)

check-kernels:
	Tests/Portability/run

check-neon:
	Tests/Portability/run aarch64

check-hdf5: setup
	Tests/HDF5Tests/check

check-slurm: build
	Tests/Engines/slurm

check-kubernetes: build
	python3 -m venv .build/kubernetes && .build/kubernetes/bin/pip install -q kubernetes-validate
	.build/kubernetes/bin/python Tests/Engines/kubernetes.py

check-engines: build
	python3 Tests/Engines/engines.py

soak: build
	Tests/Soak/run $(SECONDS)

fuzz: setup
	Tests/Fuzz/run $(TARGET) $(SECONDS)

clean:
	rm -rf .build
