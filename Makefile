# One word for each thing to do; `make` alone lists them.
# LEDGER_BROKERS and LEDGER_BOOK are read from the environment by all of them, as by the commands themselves.

.DEFAULT_GOAL := help
.PHONY: help setup demo example-shanghai test quick faults fuzz generators clients lint format bench generate lock clean

BIN := .venv/bin
READY := .venv/.ready
PYTHON ?=
UV ?= uv
JOBS ?= 2
# The long ones stand first, in tests/acceptance; whichever process is done early takes half of what another has left.
PARALLEL := --numprocesses $(JOBS) --dist worksteal
# Each commit to a book waits for the disk, but for one in memory. Tests that need a disk of a kind make it themselves.
MEMORY := $(shell [ -w /dev/shm ] && [ "$$(df -Pk /dev/shm | awk 'NR == 2 { print $$4 }')" -gt 4000000 ] && echo /dev/shm)
COMPILE := $(UV) pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header

help: ## This list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | while IFS="$$(printf '\t')" read -r name what; do printf '  make %-16s %s\n' "$$name" "$$what"; done

setup: $(READY) ## Install everything into .venv (nothing outside of it)

# Runs again only when what is to be installed has changed.
$(READY): requirements.lock pyproject.toml ops/venv.sh
	ops/venv.sh .venv "$(PYTHON)"
	$(BIN)/python -m pip install --disable-pip-version-check --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation -e .
	@touch $@
	@echo "Ready: $(BIN)/ip-ledger"

demo: setup ## Everything once, from a broker to verified totals
	$(BIN)/ip-ledger demo

example-shanghai: setup ## The published figures of Shanghai, held against constructed events that sum to them
	@examples/shanghai/run.sh shanghai

test quick: export PYTEST_DEBUG_TEMPROOT := $(MEMORY)

test: setup ## All tests, on a real Apache Kafka for each of JOBS=2 processes
	$(BIN)/pytest $(PARALLEL)

quick: setup ## The tests that need no broker
	$(BIN)/pytest $(PARALLEL) -m "not broker" tests/unit tests/property

faults: setup ## The fault matrix, long: SEED=1 draws the same faults again, ROUNDS=20 is how long
	$(BIN)/pytest -m "fault or long" --rounds $(or $(ROUNDS),20) $(addprefix --seed ,$(SEED)) --timeout 0

fuzz: setup ## Values that are nearly events, ever new ones, for the codec: SECONDS=60 (Linux on x86_64)
	$(BIN)/python -m tests.fuzz.fuzz_codec -max_total_time=$(or $(SECONDS),60)

generators: setup ## Types from the published schemas, by six generators (npm, Go, Java), and their page of docs
	tests/generators/install.sh .generators
	$(BIN)/pytest tests/generators -k event
	$(BIN)/python -m tests.generators.page

clients: setup ## The programs of examples/clients, on a real Apache Kafka (Java, Node, Go, Rust)
	tests/clients/install.sh .clients
	$(BIN)/pytest tests/clients

lint: setup ## Style, types, and the direction of imports
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

format: setup ## Put the code into form
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: setup ## How fast the worker is, against its peers in the same run: EVENTS=60000 AGED=1000000
	$(BIN)/python -m benchmarks $(if $(EVENTS),--events $(EVENTS)) $(if $(AGED),--aged $(AGED))

generate: setup ## Write anew what is made from the code: schemas/published, pages of docs, the first fixtures of a new type
	$(BIN)/python docs/generate.py

lock: ## Resolve anew what is installed (needs uv)
	$(COMPILE) pyproject.toml --extra embedded --group dev -o requirements.lock
	echo hatchling | $(COMPILE) pyproject.toml - --constraint requirements.lock -o requirements-runtime.lock

clean: ## Take away what tests and tools leave behind (.venv stays)
	rm -rf demo shanghai dist .clients .fuzz .generators .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -path ./.venv -prune -o -name __pycache__ -type d -exec rm -rf {} +
