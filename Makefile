# minhbach: every command, each one line of `make`. Needs GNU make and Python 3.11 or newer, nothing else.

EDITION ?= 2022-gia-lai
REPORT_LANG ?=
ENGINE ?=
PYTHON ?= python3

VENV := .venv
RUN := $(VENV)/.installed-run
DEV := $(VENV)/.installed-dev
LAB := $(VENV)/.installed-lab
LOCKED := dev lab

BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install -qq --disable-pip-version-check --no-input --require-hashes
UV_COMPILE = uv pip compile --quiet --no-config --universal --fork-strategy fewest --generate-hashes \
	--python-version 3.11 --no-emit-index-url --no-emit-find-links --no-header --no-annotate
SHARED := facts.lua quarto.lua report.css tables.lua template.typ typst-template.typ
SYSTEM_PACKAGES := chromium libreoffice-calc poppler-utils fonts-liberation softhsm2

.DEFAULT_GOAL := help
.PHONY: help report test check lint bench lab lock extension system clean
.DELETE_ON_ERROR:

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-9s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

report: $(RUN) ## Build the report of one edition: EDITION=2022-gia-lai, REPORT_LANG=vi, en or vi,en, ENGINE=quarto
	@$(BIN)/python pipeline.py run $(EDITION) $(if $(REPORT_LANG),--lang $(REPORT_LANG)) $(if $(ENGINE),--engine $(ENGINE))

test: lint ## Run every check and every test
	@$(BIN)/python -m pytest -n auto --dist loadfile

check: lint ## Run the quick checks: style, types and the rules of the house
	@$(BIN)/python -m pytest tests/test_house*.py

lint: $(DEV) ## Check style and types only
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy

bench: $(DEV) ## Measure how long the stages take
	@set -e; for file in benchmarks/*.py; do echo "$$file"; PYTHONPATH=. $(BIN)/python "$$file"; done

lab: $(LAB) ## Open the notebooks in JupyterLab
	@$(BIN)/jupyter lab notebooks

lock: ## Choose the newest versions and write the lock files again
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT \
	&& $(PYTHON) -m venv "$$folder" && "$$folder/bin/python" -m pip install -qq --disable-pip-version-check uv \
	&& PATH="$$folder/bin:$$PATH" && export PATH \
	&& $(UV_COMPILE) --upgrade requirements.in -o requirements.lock \
	&& for name in $(LOCKED); do \
		$(UV_COMPILE) --upgrade "requirements-$$name.in" -o "requirements-$$name.lock" || exit 1; \
	done && echo "Lock files written. Put the same versions into environment.yml, then run: make test"

extension: ## Copy the shared template and filter into the Quarto extension
	@cp $(addprefix minhbach/render/,$(SHARED)) _extensions/minhbach/

system: ## Install the Debian packages that the tests use (as root)
	@if [ "$$(id -u)" != 0 ]; then echo "make system installs Debian packages: run it as root, for example: sudo make system" >&2; exit 2; fi
	@apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(SYSTEM_PACKAGES)

clean: ## Remove the environment and all caches; data and reports stay
	@rm -rf $(VENV) .hypothesis .mypy_cache .pytest_cache .ruff_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A stamp is newer than its lock file once that lock is installed; a changed lock installs again.
$(RUN): requirements.lock
	@command -v $(PYTHON) >/dev/null 2>&1 || { \
		echo "minhbach needs Python 3.11 or newer, and there is no '$(PYTHON)' here: install it, or say where it is with PYTHON=/path/to/python." >&2; exit 2; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "minhbach needs Python 3.11 or newer, and '$(PYTHON)' is $$($(PYTHON) -V 2>&1): say where a newer one is with PYTHON=/path/to/python." >&2; exit 2; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "'$(PYTHON)' cannot make a virtual environment because its venv module is missing: run 'apt install python3-venv' as root, then this command again." >&2; exit 2; }
	@echo "Installing the packages of a run into $(VENV) (usually one to three minutes, once) ..."
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV)
	@$(PIP) -r $<
	@touch $@

$(DEV): requirements-dev.lock $(RUN)
	@echo "Adding the packages of the tests (usually half a minute, once) ..."
	@$(PIP) -r $<
	@touch $@

$(LAB): requirements-lab.lock $(RUN)
	@echo "Adding JupyterLab (usually half a minute, once) ..."
	@$(PIP) -r $<
	@touch $@
