# The commands of the project. Everything they make lies in .venv/, .uv/, .data/ and caches that git ignores.
PORT ?= 8000
PYTHON ?= python3
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules --no-print-directory

BIN := .venv/bin
STAMP := .venv/.installed
# A uv that works is taken from the PATH; else pip brings one of its own into .uv/.
UV := $(if $(shell uv --version 2>/dev/null),uv,.uv/bin/uv)
UV_VERSION := 0.13.9
# pyright comes with the lock: it never asks whether there is a newer one.
export PYRIGHT_PYTHON_IGNORE_WARNINGS := 1

.PHONY: help
help:
	@echo 'Commands (each installs what it needs first):'
	@sed -nE 's/^([a-z-]+):.*## (.*)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

.PHONY: demo
demo: $(STAMP) ## load demo data, serve it on http://127.0.0.1:8000 (PORT=8000) and print tokens to try it with
	@$(BIN)/servicespace demo --port $(PORT)

.PHONY: demo-tmf
demo-tmf: $(STAMP) ## the same with tickets, bills and components behind TM Forum's APIs, which Prism serves
	@$(BIN)/python -m tests.prism.demo --port $(PORT) $(if $(SPECIFICATIONS),--specifications $(SPECIFICATIONS))

.PHONY: setup
setup: $(STAMP) ## install everything into .venv; nothing to do when nothing changed

.PHONY: test
test: $(STAMP) ## run all tests, with branch coverage
	@$(BIN)/pytest -n auto --cov --cov-report=term --cov-fail-under=95

.PHONY: test-long
test-long: $(STAMP) ## run the property tests with many more examples
	@$(BIN)/pytest -n auto --hypothesis-profile=long

.PHONY: mutants
mutants: $(STAMP) ## remove each check of coverage once and see a test notice (half an hour); writes docs/coverage.md
	@$(BIN)/python -m tests.removed_checks.run

.PHONY: check
check: $(STAMP) ## lint, formatting, types (mypy and pyright), import contracts, news fragments
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/pyright
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/towncrier build --draft --version next >/dev/null

.PHONY: fix
fix: $(STAMP) ## repair what ruff can: formatting, order of imports, simple rules
	@$(BIN)/ruff check --fix-only
	@$(BIN)/ruff format

.PHONY: schema
schema: $(STAMP) ## write schema.graphql from the code
	@$(BIN)/servicespace schema > .venv/schema.graphql
	@mv .venv/schema.graphql schema.graphql

.PHONY: bless
bless: $(STAMP) ## record answers, upstream calls, the policy table, personas' schemas and the README's answers anew; read the diff
	@$(BIN)/pytest tests/operations tests/policy tests/schema/test_own.py tests/docs --bless

.PHONY: bench
bench: $(STAMP) ## measure against peers on the same data (ten minutes); writes bench/results.md
	@$(BIN)/python -m bench

.PHONY: bench-joined
bench-joined: $(STAMP) ## measure the dashboard with systems behind HTTP (three minutes); writes bench/joined.md
	@$(BIN)/python -m bench.joined

.PHONY: wheel
wheel: $(STAMP) ## build the wheel, install it into a fresh environment and start it there
	@UV=$(UV) $(BIN)/pytest -m wheel tests/wheel

.PHONY: lock
lock: $(UV) ## write requirements.lock from pyproject.toml; UPGRADE=1 takes newer versions
	@$(UV) pip compile --quiet --universal --generate-hashes --no-header --group dev \
	  $(if $(UPGRADE),--upgrade) --output-file requirements.lock pyproject.toml

$(STAMP): requirements.lock pyproject.toml | $(BIN)/python
	@$(UV) pip sync --quiet --python $(BIN)/python --require-hashes requirements.lock
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

$(BIN)/python: | python $(UV)
	@$(UV) venv --quiet --no-python-downloads --python "$$(command -v $(PYTHON))" .venv

.PHONY: python
python:
	@[[ -x $(BIN)/python ]] || $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo 'servicespace needs Python 3.11 or newer; name one: make setup PYTHON=python3.11' >&2; exit 1; }

# Without ensurepip, as on a plain Debian, pip may still be there to install beside itself.
.uv/bin/uv: | python
	@echo 'Fetching uv into .uv/'
	@{ $(PYTHON) -m venv .uv && .uv/bin/python -m pip install --quiet 'uv==$(UV_VERSION)'; } >/dev/null 2>&1 \
	  || { rm -rf .uv && $(PYTHON) -m pip install --quiet --target .uv 'uv==$(UV_VERSION)'; } \
	  || { rm -rf .uv; echo 'uv is missing and pip cannot fetch it: install uv, or python3-venv' >&2; exit 1; }

# A uv on the PATH needs no rule of its own.
uv: ;
