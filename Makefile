# The commands of the README are `make call`, `make phone` and `make test`. Each sets up .venv first.
# Needs: Python >= 3.11 (with venv) and make. Nothing else.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check --quiet

.DEFAULT_GOAL := help
.PHONY: help setup call phone demo docs test types all-tests test-quick bench chaos drill screenshots mutate mutate-flow lock clean

help:            ## show this list
	@sed -n 's/^\([a-z-]*\): .*## \(.*\)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

setup: $(VENV)/installed   ## create .venv and install the line and the simulator from the hashed lock file

call: $(VENV)/installed    ## call the line from this terminal; KEYS="1 1 5003" plays a call without a person
	@$(BIN)/ivr call $(if $(KEYS),--keys "$(KEYS)") $(ARGS)

phone: $(VENV)/installed   ## a phone in the browser; ARGS="http://127.0.0.1:3000/voice" for a webhook of your own
	@$(BIN)/ivr phone $(ARGS)

demo: $(VENV)/installed   ## the line, its console and a phone at once, with a month of made-up records
	@$(BIN)/ivr demo $(ARGS)

docs: $(VENV)/installed-docs   ## build the documentation; open build/docs/index.html from disk
	$(BIN)/python -m tests.docs.command_reference
	$(BIN)/sphinx-build -q -W --keep-going -c docs . build/docs
	@echo "Open build/docs/index.html in a browser."

test: $(VENV)/installed-dev   ## lint, types, then every test with branch coverage
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	@$(MAKE) --no-print-directory -j2 types all-tests

types: $(VENV)/installed-dev
	$(BIN)/mypy

# Three workers on two cores: where one waits for a browser or a server, the others go on.
all-tests: $(VENV)/installed-dev
	$(BIN)/pytest -n $$(( $$(getconf _NPROCESSORS_ONLN) * 3 / 2 )) --dist worksteal --cov --cov-report=term $(ARGS)

test-quick: $(VENV)/installed-dev   ## lint, and the tests of a call: its flow, its prompts, its TwiML (under a minute)
	$(BIN)/ruff check .
	$(BIN)/pytest -q -n auto --no-cov $(addprefix tests/,calls flow prompts twilio_voice) $(ARGS)

bench: $(VENV)/installed-dev   ## measure the line and the simulator against what one would otherwise use (5 minutes)
	$(BIN)/python -m benchmarks $(ARGS)

chaos: $(VENV)/installed-dev   ## break the real server in every way of docs/chaos.md while it is called; report goes there (2 to 20 minutes)
	$(BIN)/python -m tests.chaos --report docs/chaos.md $(ARGS)
	$(BIN)/python -m tests.chaos.strangers

drill: $(VENV)/installed-dev   ## kill one of two instances behind nginx, reload the other, under 60 requests a second (2 minutes)
	$(BIN)/python -m tests.deploy.drill

screenshots: $(VENV)/installed-dev   ## take the pictures of docs/phone.md, docs/console.md and the README anew (needs Chromium)
	$(BIN)/python -m tests.phone_page.demo_pictures docs/images
	IVR_SCREENSHOTS=docs/images $(BIN)/pytest -q tests/phone_page/test_screenshots.py tests/web/console/test_screenshots.py

mutate-flow: $(VENV)/installed-dev   ## damage the bundled flow 320 times at random and count what `ivr check` catches (7 minutes)
	$(BIN)/python -m tests.check.mutation --damages 320

mutate: $(VENV)/installed-dev   ## mutation testing of flow, calls, twilio_voice and directory with mutmut (1 to 2 hours); report goes to docs/mutants.md
	rm -f mutants/mutmut-stats.json  # which test runs through what: else not looked at again when a test changes
	$(BIN)/mutmut run --max-children 2
	$(BIN)/python -m tests.mutants > docs/mutants.md

lock: $(VENV)/installed-dev   ## resolve the dependencies of pyproject.toml anew into requirements/*.lock (needs uv)
	$(PYTHON) -m uv pip compile pyproject.toml --group build --extra line $(LOCK_OPTIONS) -o requirements/run.lock
	$(PYTHON) -m uv pip compile pyproject.toml --group build --group dev --extra line $(LOCK_OPTIONS) -c requirements/run.lock -o requirements/dev.lock
	$(PYTHON) -m uv pip compile pyproject.toml --group build --extra line --extra postgres $(LOCK_OPTIONS) -c requirements/dev.lock -o requirements/postgres.lock
	$(PYTHON) -m uv pip compile pyproject.toml --group build --group docs --extra line $(LOCK_OPTIONS) -c requirements/dev.lock -o requirements/docs.lock
	$(PYTHON) -m uv pip compile pyproject.toml --group build --extra line --extra planner --extra cluster $(LOCK_OPTIONS) -c requirements/dev.lock -o requirements/planner.lock

LOCK_OPTIONS := --universal --generate-hashes --no-header --no-annotate --no-strip-extras --python-version 3.11 --quiet

clean:           ## remove everything that was made here
	rm -rf $(VENV) mutants .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage* dist build

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

$(VENV)/installed-docs: requirements/docs.lock $(VENV)/installed
	@echo "Adding the documentation's generator ..."
	@$(PIP) install --require-hashes -r requirements/docs.lock
	@touch $@
