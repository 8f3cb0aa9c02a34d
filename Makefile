# Anagen: `make` alone lists what there is. Needs only a POSIX shell and Python 3.11 or newer.

SHELL := /bin/sh
.DEFAULT_GOAL := help

VENV  := .venv
BIN   := $(VENV)/bin
PY    := $(BIN)/python
STAMP := $(VENV)/.installed
PAGE  := anagen-demo.html
JOBS  ?= 2

.PHONY: help setup demo test lint format unit fuzz validate numbers calibrate sensitivity picture bench browser lock clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# --- install ---------------------------------------------------------------------------------------------------------

setup: $(STAMP) ## install everything into .venv (once; again when pyproject.toml or the lock changes)

# PYTHON may name an interpreter; otherwise the newest that runs is taken.
# --require-hashes: exactly the files the lock names. The last step writes bytecode even where the environment
# forbids it, because start-up without it takes three times as long.
$(STAMP): requirements.lock pyproject.toml
	@py=''; \
	for c in $(PYTHON) python3 python3.13 python3.12 python3.11 python; do \
	  if "$$c" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' >/dev/null 2>&1; then py=$$c; break; fi; \
	done; \
	if [ -z "$$py" ]; then \
	  echo "Anagen needs Python 3.11, 3.12 or 3.13 with its venv module, and none was found."; \
	  echo "Install one (on Debian or Ubuntu: apt-get install python3 python3-venv) and run make again,"; \
	  echo "or name one: make setup PYTHON=/path/to/python3"; \
	  exit 1; \
	fi; \
	rm -f $(STAMP); \
	if [ -x $(PY) ] && $(PY) -c 'import pip' >/dev/null 2>&1; then :; else \
	  echo "Making $(VENV) with $$($$py --version)"; rm -rf $(VENV); "$$py" -m venv $(VENV); \
	fi
	@echo "Installing the locked packages"
	@$(PY) -m pip install --quiet --disable-pip-version-check --no-compile --only-binary :all: --require-hashes -r requirements.lock
	@$(PY) -m pip install --quiet --disable-pip-version-check --no-compile --no-deps --no-build-isolation --editable .
	@site=$$($(PY) -c 'import sysconfig; print(sysconfig.get_path("purelib"))'); \
	env -u PYTHONDONTWRITEBYTECODE $(PY) -m compileall -q -j 0 "$$site" src >/dev/null || true
	@touch $(STAMP)
	@echo "Ready: $(BIN)/anagen"

lock: ## rewrite requirements.lock from pyproject.toml (needs uv on the PATH, or UV=/path/to/uv)
	@command -v "$(or $(UV),uv)" >/dev/null || { echo "make lock needs uv: pip install uv, or make lock UV=/path/to/uv"; exit 1; }
	"$(or $(UV),uv)" pip compile pyproject.toml --extra dev --universal --python-version 3.11 --fork-strategy fewest \
	  --only-binary :all: --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate --quiet \
	  $(LOCKFLAGS) --output-file requirements.lock
	@if grep -nE '://|index-url|find-links|^-|@ ' requirements.lock; then \
	  echo "requirements.lock names an address or a path (above); it must not"; exit 1; fi
	@echo "requirements.lock written. 'make lock LOCKFLAGS=--upgrade' moves every version forward."

# --- use -------------------------------------------------------------------------------------------------------------

demo: setup ## the treatment analysis of three regimens for one person: ratings here, the page in anagen-demo.html
	@$(BIN)/anagen analyse isotretinoin \
	  --regimen "20 mg once daily with food for 24 weeks" \
	  --regimen "10 mg every other day with food for 24 weeks" \
	  --regimen "1.8 mg every 8 hours with food for 24 weeks" \
	  --weight 70 --seborrheic-dermatitis moderate --weeks 52 -o $(PAGE)
	@echo "The page: $(CURDIR)/$(PAGE) (open it in any browser; it needs no network)"

# --- check -----------------------------------------------------------------------------------------------------------

test: lint browser unit ## everything that must pass: lint, types, tests, doctests, browser, published figures (short)

lint: setup ## ruff (rules and format) and mypy (strict)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy -n $(JOBS)

format: setup ## let ruff repair what it can
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

# Tests run on the processor, and keep their compile cache here, out of the reader's own.
unit validate numbers calibrate sensitivity: export JAX_PLATFORMS ?= cpu
unit validate calibrate sensitivity: export ANAGEN_CACHE_DIR ?= $(CURDIR)/.cache/anagen

unit: setup # the tests alone; the short published figures join as soon as validation/ has a test file
	@$(PY) -m pytest -n $(JOBS) -m "not slow" src/anagen tests $$(ls validation/test_*.py >/dev/null 2>&1 && echo validation)

browser: # finds Chromium or, as root on Debian or Ubuntu, installs it; a missing one fails only where CI is set
	@sh tests/browser/install_chromium.sh

fuzz: setup ## broken and random files for every reader, and requests to the API, some ten minutes (CASES=4000)
	@ANAGEN_FUZZ_EXAMPLES=$(or $(CASES),4000) $(PY) -m pytest tests/fuzz tests/web/test_schema.py -q -n $(JOBS)

validate: setup ## Anagen against published figures, all of them; the page is validation.html
	@$(PY) -m pytest validation tests/calibration -q
	@$(BIN)/anagen validate -o validation.html -o src/anagen/treatments/isotretinoin/validation.json

picture: demo ## the README's picture, from the page of the demo (needs Chromium)
	@$(PY) docs/images/picture.py

numbers: setup ## compute what the model says on each claim, and store it beside the claims (half a minute)
	@$(PY) -m anagen.analysis.computed

calibrate: setup ## fit the parameters to the calibration rows; the page is calibration.html
	@$(PY) -m calibration
	@$(PY) -m anagen.analysis.calibration_page -o calibration.html

sensitivity: setup ## which unknowns decide the outcomes (Sobol indices); the page is unknowns.html
	@$(PY) -m anagen.sensitivity
	@$(PY) -m anagen.analysis.sensitivity_page -o unknowns.html

bench: setup ## start-up, simulate, memory, one cascade, and other programs where they are installed, beside their gates
	@env -u PYTHONDONTWRITEBYTECODE $(PY) -m compileall -q src
	@$(PY) benchmarks/run.py
	@$(PY) -m benchmarks.reference.run
	@$(PY) benchmarks/trial.py
	@$(PY) benchmarks/web.py

clean: ## remove everything that make and the tools wrote
	rm -rf $(VENV) .cache build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis $(PAGE) benchmarks/latest*.json
	find src tests validation benchmarks -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true
