# The two commands of the README are `make call` and `make test`. Both set up .venv first.
# Needs: Python >= 3.11 (with venv) and make. Nothing else.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check --quiet

.DEFAULT_GOAL := help
.PHONY: help setup call test check lock clean

help:            ## show this list
	@sed -n 's/^\([a-z-]*\): .*## \(.*\)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

setup: $(VENV)/installed   ## create .venv and install the line and the simulator from the hashed lock file

call: $(VENV)/installed    ## call the line from this terminal; KEYS="1 1 5003 1" plays a call without a person
	@$(BIN)/ivr call $(if $(KEYS),--keys "$(KEYS)") $(ARGS)

test: $(VENV)/installed-dev   ## lint, types, then every test with branch coverage
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest -n auto --cov --cov-report=term $(ARGS)

lock: $(VENV)/installed-dev   ## resolve the dependencies of pyproject.toml anew into requirements/*.lock (needs uv)
	$(PYTHON) -m uv pip compile pyproject.toml --group build $(LOCK_OPTIONS) -o requirements/run.lock
	$(PYTHON) -m uv pip compile pyproject.toml --group build --group dev $(LOCK_OPTIONS) -c requirements/run.lock -o requirements/dev.lock

LOCK_OPTIONS := --universal --generate-hashes --no-header --no-annotate --python-version 3.11 --quiet

clean:           ## remove everything that was made here
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage* dist build

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed; name one with: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	@echo "Setting up $(VENV) (once, about half a minute) ..."
	@$(PYTHON) -m venv $(VENV)

$(VENV)/installed: requirements/run.lock pyproject.toml | $(VENV)/bin/python
	@$(PIP) install --require-hashes -r requirements/run.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/installed-dev: requirements/dev.lock $(VENV)/installed
	@echo "Adding the test tools ..."
	@$(PIP) install --require-hashes -r requirements/dev.lock
	@touch $@
