# The front door. `make` alone tells what there is.
.DEFAULT_GOAL := help
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-print-directory

VENV := .venv
BIN := $(VENV)/bin
STAMPS := $(VENV)/.stamps
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' 2>/dev/null && { echo $$p; break; }; done)
# A Node.js that `make test` had to bring stands in .venv/bin; the machine's own goes first.
export PATH := $(PATH):$(CURDIR)/$(BIN)
# Byte code is written at first use, also where the machine (a container, mostly) says not to: each start would compile for seconds.
export PYTHONDONTWRITEBYTECODE :=
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input -qq
WORKERS ?= 4
BENCH ?= *
APP := src/relance/web/dist/index.html
SEEDS ?= 1:2000

##@ Use
.PHONY: setup demo scenarios
setup: $(STAMPS)/package $(APP)  ## install relance into .venv (.venv/bin/relance) and build its web app

demo: setup  ## the whole product on made shop traffic, on 127.0.0.1; Ctrl-C ends it
	$(BIN)/relance demo

scenarios: setup  ## run the scenario folders through `relance simulate`
	$(BIN)/python tests/acceptance/scenarios/check_scenarios.py --relance $(BIN)/relance

##@ Develop
.PHONY: check format test simulation bench golden lock clean
check: $(STAMPS)/dev  ## format, lint, types, import floors, the web app's sources, documentation
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	bash web/npm.sh check
	$(BIN)/python -m pytest -q tests/unit/docs

format: $(STAMPS)/dev  ## put the code in form, mend what lint can mend
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .
	bash web/npm.sh format

test: $(STAMPS)/dev $(APP)  ## every test, with the servers, the browser and the clients they need
	bash tests/prepare.sh
	bash web/npm.sh test e2e
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal

bench: $(STAMPS)/dev  ## measure against the budgets (takes long; wants a quiet machine; BENCH=ingest for one)
	bash tests/prepare.sh
	@failed=0; for bench in benchmarks/bench_$(BENCH).py; do \
		echo "== $$bench"; $(BIN)/python $$bench || failed=1; done; exit $$failed

simulation: $(STAMPS)/dev  ## the live engine in SEEDS=1:2000 made worlds with faults; a seed that fails can be played again
	$(BIN)/python -m relance.testing.simulation --seeds $(SEEDS) --jobs $(WORKERS)

golden: $(STAMPS)/dev  ## write what is made from the code anew: golden statements, schema, pages; review with git diff
	$(BIN)/python -m relance.definitions.schema
	$(BIN)/python docs/definitions_page.py
	$(BIN)/python docs/commands_page.py
	$(BIN)/python docs/segment_templates_page.py
	$(BIN)/python docs/api_types.py
	RELANCE_WRITE_GOLDEN=1 $(BIN)/python -m pytest -q tests -k golden

lock: $(STAMPS)/dev  ## resolve the lock files again (UPGRADE=--upgrade takes newer versions)
	$(LOCK) --group pyproject.toml:build --group pyproject.toml:dev --output-file requirements-dev.lock pyproject.toml
	$(LOCK) --group pyproject.toml:build --constraint requirements-dev.lock --output-file requirements.lock pyproject.toml
	$(LOCK) --group pyproject.toml:node --output-file requirements-node.lock

clean:  ## remove what was built and cached, but not the data
	rm -rf $(VENV) dist web/node_modules $(dir $(APP)) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find src tests -name __pycache__ -prune -exec rm -rf {} +

##@ Help
.PHONY: help
help:  ## this list
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n%s\n", substr($$0, 5)} \
		/^[a-z]+:.*## / {split($$1, name, ":"); printf "  make %-10s %s\n", name[1], $$2}' $(MAKEFILE_LIST)

LOCK = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	--no-emit-index-url --no-emit-find-links $(UPGRADE)

# ------------------------------------------------------------------------------------------------- what is installed
# A stamp is younger than what it was made from, so a second `make setup` does nothing.
$(STAMPS)/venv:
	@test -n "$(PYTHON)" || { echo "relance needs Python 3.11 to 3.14; set PYTHON=/path/to/python3"; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@mkdir -p $(STAMPS) && touch $@

# The locks are complete: nothing is resolved (--no-deps). Byte code is written at first use: half a minute less (--no-compile).
$(STAMPS)/runtime: requirements.lock | $(STAMPS)/venv
	@echo "installing what relance needs (half a minute)"
	@$(PIP) install --no-deps --no-compile --require-hashes --only-binary :all: -r requirements.lock
	@touch $@

$(STAMPS)/package: pyproject.toml $(STAMPS)/runtime
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@# Byte code of what is used, ten seconds once: where it may not be written later, every command would compile it anew.
	@$(BIN)/python -c 'import relance.app, relance.cli, relance.cli.demo_run, relance.simulate.run, relance.conditions.columns.statements, \
		relance.predictions.families, relance.predictions.live.worker, lightgbm, sklearn.linear_model, scipy.optimize, scipy.special'
	@touch $@

$(STAMPS)/dev: requirements-dev.lock $(STAMPS)/package
	@echo "installing what the tests need (half a minute)"
	@# dkimpy, for one test, comes as source alone
	@$(PIP) install --no-deps --no-compile --require-hashes --only-binary :all: --no-binary dkimpy -r requirements-dev.lock
	@$(BIN)/python -m pip check
	@touch $@

# The build writes index.html anew each time, so it is its own stamp.
$(APP): $(shell find web/src web/public -type f) $(wildcard web/*.ts web/*.cjs web/*.sh) web/index.html web/package-lock.json \
		| $(STAMPS)/venv
	@echo "building the web app (a minute)"
	@bash web/npm.sh build
