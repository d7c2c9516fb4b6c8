# One word for each task; `make` alone lists them.
# All targets read LEDGER_BROKERS and LEDGER_BOOK from the environment, like the commands themselves.

.DEFAULT_GOAL := help
.PHONY: help setup demo up example-shanghai example-evaluator test quick faults fuzz generators clients spark spark-short lint format bench generate lock clean

BIN := .venv/bin
READY := .venv/.ready
PYTHON ?=
JOBS ?= 6
# Tests wait more than they compute. The long ones come first, in tests/acceptance;
# a process that finishes early takes half of another one's remaining tests.
PARALLEL = --numprocesses $(JOBS) --dist worksteal
# Each commit to a book waits for the disk, except in memory. Tests that need a special disk create it themselves.
MEMORY := $(shell [ -w /dev/shm ] && [ "$$(df -Pk /dev/shm | awk 'NR == 2 { print $$4 }')" -gt 4000000 ] && echo /dev/shm)
COMPILE := $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header

help: ## List the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | while IFS="$$(printf '\t')" read -r name what; do printf '  make %-16s %s\n' "$$name" "$$what"; done

setup: $(READY) ## Install everything into .venv, nothing outside

# Runs again only after a change of these files.
$(READY): requirements.lock requirements-uv.lock pyproject.toml ops/venv.sh ops/install.sh
	ops/venv.sh .venv "$(PYTHON)"
	UV_COMPILE_BYTECODE=1 ops/install.sh .venv requirements.lock
	$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation -e .
	@touch $@
	@echo "Ready: $(BIN)/ip-ledger"

demo: setup ## Show everything once, from a broker to verified totals and the live dashboard
	$(BIN)/ip-ledger demo

up: setup ## Keep a broker, a worker and the dashboard running, until Ctrl-C
	@$(BIN)/ip-ledger broker start >/dev/null && $(BIN)/ip-ledger topics create && \
	{ $(BIN)/ip-ledger worker & worker=$$!; trap "kill $$worker; wait $$worker; $(BIN)/ip-ledger broker stop" EXIT INT TERM; \
	$(BIN)/ip-ledger serve; }

example-shanghai: setup ## Check 137 printed figures of Shanghai
	@examples/shanghai/run.sh shanghai

example-evaluator: setup ## Value real patents, by real grants and constructed prices
	@examples/evaluator/run.sh valuations

# Compiled modules are kept: else each of some 2,000 processes compiles what it imports.
test quick: export PYTEST_DEBUG_TEMPROOT := $(MEMORY)
test quick spark spark-short: export PYTHONDONTWRITEBYTECODE :=
# A third of the examples of each property; a tenth in `make quick`, and no slow test.
test: export EFFORT ?= 0.3
quick: export EFFORT := 0.1

test: setup ## Run all tests, on a real Apache Kafka (JOBS=6 EFFORT=0.3)
	$(BIN)/pytest $(PARALLEL)

quick: JOBS := 2
quick: setup ## Run the quick tests that need no broker
	$(BIN)/pytest $(PARALLEL) -m "not broker and not slow" tests/unit tests/property

faults: setup ## Run the fault matrix for hours (SEED=1 ROUNDS=20)
	$(BIN)/pytest -m "fault or long" --rounds $(or $(ROUNDS),20) $(addprefix --seed ,$(SEED)) --timeout 0

fuzz: setup ## Fuzz the codec (SECONDS=60; Linux on x86_64)
	$(BIN)/python -m tests.fuzz.fuzz_codec -max_total_time=$(or $(SECONDS),60)

generators: setup ## Try six type generators on the schemas (npm, Go, Java)
	tests/generators/install.sh .generators
	$(BIN)/pytest tests/generators -k "event or asyncapi"
	$(BIN)/python -m tests.generators.page

clients: setup ## Run examples/clients (Java, Node, Go, Rust) and clients/typescript
	tests/clients/install.sh .clients
	$(BIN)/pytest tests/clients

SPARK := .spark/.ready
$(SPARK): $(READY) requirements-spark.lock tests/spark/install.sh
	tests/spark/install.sh .spark
	@touch $@

spark: export SPARK_EVENTS := $(or $(EVENTS),2000)
spark: $(SPARK) ## Install Apache Spark (490 MB) and run its tests (Java 17; EVENTS=2000)
	.spark/bin/python -m pytest tests/spark --timeout 0

spark-short: export SPARK_EVENTS := $(or $(EVENTS),300)
spark-short: export JAVA_HOME := $(CURDIR)/.spark/java
spark-short: $(SPARK) ## Install Spark, and run only its test of kills (no Java needed; EVENTS=300)
	.spark/bin/python -m pytest tests/spark/test_kills.py --timeout 0

lint: setup ## Check style, types, and the direction of imports
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

format: setup ## Format the code
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: setup ## Measure the speed (EVENTS=60000 AGED=1000000)
	$(BIN)/python -m benchmarks $(if $(EVENTS),--events $(EVENTS)) $(if $(AGED),--aged $(AGED))

generate: setup ## Write schemas, docs, fixtures and the client's models that come from the code
	$(BIN)/python docs/generate.py
	$(BIN)/python clients/python/generate.py

lock: setup ## Write the locks again from pyproject.toml
	echo uv | $(COMPILE) - -o requirements-uv.lock
	$(COMPILE) pyproject.toml --extra embedded --extra otel --extra parquet --group dev -o requirements.lock
	$(COMPILE) pyproject.toml --extra spark --group spark --constraint requirements.lock -o requirements-spark.lock
	echo datasette | $(COMPILE) - -o ops/explore/requirements.lock
	echo hatchling | $(COMPILE) pyproject.toml - --constraint requirements.lock -o requirements-runtime.lock

clean: ## Remove leftovers of tests and tools (.venv stays)
	rm -rf demo screens shanghai valuations dist .clients .fuzz .generators .spark .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -path ./.venv -prune -o -name __pycache__ -type d -exec rm -rf {} +
