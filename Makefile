# `make run` installs and opens the program, `make test` installs and runs every test.
# Each environment is installed once, and again when pyproject.toml changes.
#   make PYTHON=/path/to/python3 …   builds them with that Python
#   make test ARGS='-k quote'        passes ARGS to pytest (run, demo and bench take ARGS too)

SHELL := /bin/sh
.DEFAULT_GOAL := install
INVOICES := $(CURDIR)/.kept-invoices

.PHONY: install run demo test check format-check lint types layers unit check-long bench format clean help

# Installations write to the same build folder: one thing at a time, even with -j.
.NOTPARALLEL:

PY := .venv-test/bin/python
EXTRAS =
# Many tests wait for a screen or a program: three keep two cores busy.
JOBS ?= 3
PYTEST := $(PY) -m pytest -rs
LONG := $(PYTEST) -m long -n 2 --dist worksteal

# An environment whose Python has gone (system upgrade) is built again.
GONE := $(shell for d in .venv-run .venv-test .venv-bench; do \
	if [ -e $$d/stamp ] && [ ! -x $$d/bin/python ]; then echo $$d/stamp; fi; done)
.PHONY: $(GONE)

install: .venv-run/stamp
	@echo "Installed. make run opens the program; make help lists the rest." >&2

run: .venv-run/stamp
	@.venv-run/bin/python -m codial_tui $(ARGS)

demo: .venv-run/stamp
	@.venv-run/bin/python -m codial_tui demo $(ARGS)

# Quick tests three at a time, long ones two: no test measures time; with ARGS, what ARGS say.
test: .venv-test/stamp
ifeq ($(strip $(ARGS)),)
	@status=0; \
	$(PYTEST) -m "not long" -n $(JOBS) || status=$$?; \
	$(LONG) || status=$$?; \
	exit $$status
else
	@$(PYTEST) $(ARGS)
endif

check: format-check lint types layers unit

format-check: .venv-test/stamp
	$(PY) -m ruff format --check .

lint: .venv-test/stamp
	$(PY) -m ruff check .

types: .venv-test/stamp
	$(PY) -m mypy

layers: .venv-test/stamp
	$(PY) -c "from importlinter.cli import lint_imports_command as run; run()" --no-logo

# The invoices that tests validate are kept: check-long holds them to veraPDF and the official rules.
unit: .venv-test/stamp
	@rm -rf $(INVOICES)
	KEPT_INVOICES=$(INVOICES) $(PYTEST) -m "not long" -n $(JOBS)

check-long: .venv-test/stamp
	KEPT_INVOICES=$(INVOICES) $(LONG)

# One JSON object on standard output. BENCH_PYTHON, without extras, is for start and memory.
bench: .venv-test/stamp .venv-bench/stamp
	@BENCH_PYTHON="$(CURDIR)/.venv-bench/bin/python" $(PY) -m bench $(ARGS)

format: .venv-test/stamp
	$(PY) -m ruff format .
	$(PY) -m ruff check --fix .

.venv-test/stamp: EXTRAS := dev
.venv-run/stamp .venv-test/stamp .venv-bench/stamp: pyproject.toml .ci/venv.py
	@python=$$(sh .ci/find-python "$(PYTHON)") && "$$python" .ci/venv.py $(@D) $(EXTRAS)

clean:
	rm -rf .venv-run .venv-test .venv-bench build *.egg-info $(INVOICES)
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

help:
	@echo "make run         install and open the program"
	@echo "make demo        open it on an invented company"
	@echo "make test        install and run every test (ARGS='…' goes to pytest)"
	@echo "make check       formatting, lint, types, import contracts, quick tests"
	@echo "make check-long  load, fault, terminal and server tests"
	@echo "make bench       measurements, one JSON object on standard output"
	@echo "make format      format the code and mend what lint can mend"
	@echo "make clean       remove the environments and caches (never data)"
