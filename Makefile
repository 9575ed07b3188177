# Leyden's commands. `make help` explains each.
SHELL := /bin/bash
PYTHON ?= python3
PORT ?= 8501
ADDRESS ?= 127.0.0.1
VENV := .venv
BIN := $(VENV)/bin
RUN_READY := $(VENV)/.ready-run
DEV_READY := $(VENV)/.ready-dev
# Two tests at a time, each process a stretch of them: those of one file share what they set up.
SIDE_BY_SIDE := -n 2 --dist worksteal

.DEFAULT_GOAL := help
.PHONY: help run setup check format test test-large unit browser clean

help:  ## Show what each target does
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

run: $(RUN_READY)  ## Serve Leyden on http://127.0.0.1:8501 (PORT=, ADDRESS= to change)
	@$(BIN)/python -m leyden serve --port $(PORT) --address $(ADDRESS)

setup: $(DEV_READY)  ## Prepare the environment for running and testing

check: $(DEV_READY)  ## The quick part: ruff, mypy and the core's tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest tests/leyden tests/test_house.py

unit: $(DEV_READY)  ## All tests without a browser
	$(BIN)/python -m pytest $(SIDE_BY_SIDE) -m "not browser and not large"

browser: $(DEV_READY) browser-ready  ## The journeys in a real browser
	$(BIN)/python -m pytest -m "browser and not large"

test: $(DEV_READY) browser-ready  ## Everything: ruff, mypy, unit, page and browser tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest $(SIDE_BY_SIDE) -m "not browser and not large"
	$(BIN)/python -m pytest -m "browser and not large"

test-large: $(DEV_READY) browser-ready  ## What takes longer: faults at random moments, a locked store, a full disk
	$(BIN)/python -m pytest -m large

format: $(DEV_READY)  ## Format the code
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

clean:  ## Remove the environment and caches; the workspace stays
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Leyden needs Python 3.11 or newer; '$(PYTHON)' is $$($(PYTHON) --version 2>&1). Set PYTHON=..." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV) || { echo "Could not make $(VENV); on Debian install python3-venv." >&2; exit 1; }

$(RUN_READY): requirements.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(DEV_READY): requirements.txt requirements-dev.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@ $(RUN_READY)

# The browser tests drive a Chromium that is installed; Debian as root gets one, others are told.
.PHONY: browser-ready
browser-ready:
	@if command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null; then :; \
	elif command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium fonts-noto-cjk >/dev/null; \
	else echo "The browser tests need Chromium: install the package 'chromium' (or Google Chrome) and try again." >&2; exit 1; fi
