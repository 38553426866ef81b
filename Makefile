# `make demo` plays a whole trade; `make test` checks everything. Both install what they need.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup debug release demo test lint tsan coverage pairs fuzz bench clean

PYTHON := .build/python/bin/python
# An import that Package.swift does not declare is an error; every debug build is checked in this way.
CHECKED := --explicit-target-dependency-import-check error
# Few tests at once, so that none that waits for something queues behind hundreds: see .ci/test.
FEW := --experimental-maximum-parallelization-width 8

help: ## what can be made
	@sed -n 's/^\([a-z]*\):.*## /    make \1\t/p' Makefile | expand -t 20

setup: ## install the system's and Python's packages that are missing
	@.ci/setup

debug: setup
	swift build --build-tests $(CHECKED)

release: setup
	swift build --configuration release --product tallystick

demo: release ## play five trades on a development chain; `make demo JSON=1` prints JSON lines
	@$(PYTHON) Tests/Demo/demo.py $(if $(JSON),--json)

test: setup ## lint, unit tests, contracts, clauses, development chain, end to end
	@$(PYTHON) .ci/test

lint: debug ## formatting and declared imports
	swift format lint --strict --parallel --recursive Package.swift Sources Tests

tsan: setup ## the Swift tests under the thread sanitizer
	TSAN_OPTIONS=suppressions=$(CURDIR)/.ci/tsan.suppressions swift test $(FEW) --sanitize thread --scratch-path .build/tsan

coverage: setup ## the Swift tests, and how many lines of each file they reach
	@.ci/coverage

pairs: setup ## hold the machine against the tree walker; PAIRS=1000000 programs and inputs, SEED=1 the same again
	@.ci/pairs $(or $(PAIRS),10000) $(SEED)

fuzz: setup ## feed random bytes to every reader of foreign bytes; SECONDS=60 for each
	@.ci/fuzz $(or $(SECONDS),60)

bench: release ## ratios to plain C, simdjson and eth-account; then how long commands, requests and trades take
	@.ci/bench

clean: ## forget everything that was built, not the Python packages
	swift package clean
	rm -rf .build/tsan .build/coverage .build/fuzz .build/reports .build/demo
