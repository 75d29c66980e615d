# `make demo` and `make test` are all a newcomer needs; each installs what is missing first.

SWIFT ?= swift
BUILD := $(SWIFT) build -c release
SOURCES := Package.swift Sources converters Tests

.PHONY: setup build demo test lint format docs bench clean

setup:
	@.ci/setup

build: setup
	$(BUILD)

test: setup
	$(SWIFT) test -c release --parallel

lint:
	$(SWIFT) format lint --strict --recursive --parallel $(SOURCES)

format:
	$(SWIFT) format format --in-place --recursive --parallel $(SOURCES)

clean:
	rm -rf .build
