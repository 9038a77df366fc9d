# Everything is done inside .venv; nothing outside the project is changed.
VENV := .venv
BIN := $(VENV)/bin

# The seed of the generated requests; another one tries others.
SEED ?= 1
# Tests run in so many processes.
JOBS ?= 2

.PHONY: install demo test contract faults parity-fuzz bench mutations lint audit format clean

install: $(BIN)/klantbrug

$(BIN)/klantbrug: pyproject.toml
	./.ci/venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'
	$(BIN)/python -m pip install --quiet --editable . --group dev
	@touch $@

demo: install
	$(BIN)/klantbrug demo

test: install
	$(BIN)/python -m pytest -n $(JOBS) --dist worksteal

# The whole specification against a running KlantBrug of each dialect: minutes.
contract: install
	SEED=$(SEED) $(BIN)/python -m pytest -n $(JOBS) -m contract tests/contract tests/promises

# Every fault at every register call of every write, and writers under load: an hour.
faults: install
	$(BIN)/python -m pytest -n $(or $(FAULT_JOBS),6) -m faults tests/faults tests/journal

# Random histories, held to what holds of any server of this API; with REFERENCE_URL (and REFERENCE_TOKEN) of a
# test server also compared with what that one answers: it is emptied! FUZZ="--seed 7 --histories 500" does others.
parity-fuzz: install
	$(BIN)/python -m tests.parity.fuzz $(FUZZ)

# Ratios to other ways of doing the same, on this machine: minutes. BENCH="--rounds 3 serving" does less.
bench: install
	$(BIN)/python -m pip install --quiet --group bench
	$(BIN)/python -m benchmarks $(BENCH)

# What notices a broken mapping: every way to break one, dialect by dialect. QUICK=--quick asks only check and test.
DIALECT ?= vng
SHARE ?= 1
mutations: install
	$(BIN)/python -m tests.mutations $(DIALECT) $(SHARE) $(QUICK)

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	./.ci/design-rules $(VENV)/spectral

# Known vulnerabilities of what is installed; AUDIT=required fails when no advisories can be reached.
audit: install
	./.ci/audit $(VENV)

format: install
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache
