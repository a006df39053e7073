# `make run` and `make test` do all the set-up; a second call starts at once.
# PYTHON=python3.12 make run   picks another interpreter (3.11 or newer).

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN := $(VENV)/.installed
TEST := $(VENV)/.installed-test
PYTEST := $(BIN)/python -m pytest

.PHONY: run test check bench format clean

run: $(RUN)
	@$(BIN)/tutor

test: $(TEST)
	@$(PYTEST) $(ARGS)

check: $(TEST)
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/lint-imports

bench: $(TEST)
	@$(PYTEST) tests/benchmarks -m bench -s $(ARGS)

format: $(TEST)
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

clean:
	rm -rf $(VENV) build *.egg-info

$(BIN)/python:
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(v < (3, 11) and f"Python 3.11 or newer is needed; $(PYTHON) is {v[0]}.{v[1]}. Try: make PYTHON=python3.12 $(MAKECMDGOALS)")'
	$(PYTHON) -m venv $(VENV)

# A stamp is as old as the last install, so pip runs again only when what it installs has changed.
$(RUN): pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/pip install --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(TEST): pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/pip install --disable-pip-version-check -c constraints.txt -e '.[test]'
	@touch $@ $(RUN)
