# Everything is done inside .venv; nothing outside the project is changed.
VENV := .venv
BIN := $(VENV)/bin

.PHONY: install demo test lint format clean

install: $(BIN)/klantbrug

$(BIN)/klantbrug: pyproject.toml
	./.ci/venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'
	$(BIN)/python -m pip install --quiet --editable . --group dev
	@touch $@

demo: install
	$(BIN)/klantbrug demo

test: install
	$(BIN)/python -m pytest

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: install
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache
