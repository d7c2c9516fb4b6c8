# One word for each task; `make` alone lists them.
# All targets read LEDGER_BROKERS and LEDGER_BOOK from the environment, like the commands themselves.

.DEFAULT_GOAL := help
.PHONY: help setup demo example-shanghai test quick faults fuzz generators clients lint format bench generate lock clean

BIN := .venv/bin
READY := .venv/.ready
PYTHON ?=
UV ?= uv
JOBS ?= 2
# The long tests come first, in tests/acceptance; a process that finishes early takes half of another one's remaining tests.
PARALLEL := --numprocesses $(JOBS) --dist worksteal
# Each commit to a book waits for the disk, except in memory. Tests that need a special disk create it themselves.
MEMORY := $(shell [ -w /dev/shm ] && [ "$$(df -Pk /dev/shm | awk 'NR == 2 { print $$4 }')" -gt 4000000 ] && echo /dev/shm)
COMPILE := $(UV) pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header

help: ## List the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | while IFS="$$(printf '\t')" read -r name what; do printf '  make %-16s %s\n' "$$name" "$$what"; done

setup: $(READY) ## Install everything into .venv, nothing outside

# Runs again only after a change of these files.
$(READY): requirements.lock pyproject.toml ops/venv.sh
	ops/venv.sh .venv "$(PYTHON)"
	$(BIN)/python -m pip install --disable-pip-version-check --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation -e .
	@touch $@
	@echo "Ready: $(BIN)/ip-ledger"

demo: setup ## Show everything once, from a broker to verified totals
	$(BIN)/ip-ledger demo

example-shanghai: setup ## Compare Shanghai's published figures with constructed events that sum to them
	@examples/shanghai/run.sh shanghai

test quick: export PYTEST_DEBUG_TEMPROOT := $(MEMORY)

test: setup ## Run all tests, in JOBS=2 processes with a real Apache Kafka each
	$(BIN)/pytest $(PARALLEL)

quick: setup ## Run the tests that need no broker
	$(BIN)/pytest $(PARALLEL) -m "not broker" tests/unit tests/property

faults: setup ## Run the fault matrix for hours: SEED=1 repeats a run, ROUNDS=20 sets its length
	$(BIN)/pytest -m "fault or long" --rounds $(or $(ROUNDS),20) $(addprefix --seed ,$(SEED)) --timeout 0

fuzz: setup ## Fuzz the codec with almost valid events: SECONDS=60 (Linux on x86_64)
	$(BIN)/python -m tests.fuzz.fuzz_codec -max_total_time=$(or $(SECONDS),60)

generators: setup ## Generate types from the published schemas with six generators (npm, Go, Java), and their page of docs
	tests/generators/install.sh .generators
	$(BIN)/pytest tests/generators -k event
	$(BIN)/python -m tests.generators.page

clients: setup ## Run the programs of examples/clients on a real Apache Kafka (Java, Node, Go, Rust)
	tests/clients/install.sh .clients
	$(BIN)/pytest tests/clients

lint: setup ## Check style, types, and the direction of imports
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

format: setup ## Format the code
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: setup ## Measure the worker and its peers in the same run: EVENTS=60000 AGED=1000000
	$(BIN)/python -m benchmarks $(if $(EVENTS),--events $(EVENTS)) $(if $(AGED),--aged $(AGED))

generate: setup ## Generate schemas/published, pages of docs, and the fixtures of new types from the code
	$(BIN)/python docs/generate.py

lock: ## Write the locks again from pyproject.toml (needs uv)
	$(COMPILE) pyproject.toml --extra embedded --group dev -o requirements.lock
	echo hatchling | $(COMPILE) pyproject.toml - --constraint requirements.lock -o requirements-runtime.lock

clean: ## Remove what tests and tools leave behind (.venv stays)
	rm -rf demo shanghai dist .clients .fuzz .generators .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -path ./.venv -prune -o -name __pycache__ -type d -exec rm -rf {} +
