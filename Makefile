# gansmith: everything from a fresh clone, with only Python >= 3.11 and make.
#
#   make demo      train on the embedded digits for a few minutes and show where the pictures are
#   make test      lint, types, floors and tests
#   make package   build the wheel and the sdist, install and try each outside the tree
#   make lint      the checks of `make test` without the tests
#   make clean     remove the environment, builds and caches (never runs/)
#
# Variables: PYTHON (interpreter for the environment), VENV (where it is made), DEMO (the command
# of `make demo`), CONSTRAINTS (empty to let pip choose the versions, as for a GPU build of torch),
# WORKERS (processes of pytest), PYTEST_ARGS.

OLD_ENOUGH  := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON      ?= $(firstword $(shell for p in python3 python3.13 python3.12 python3.11 python; do \
                 $$p -c '$(OLD_ENOUGH)' >/dev/null 2>&1 && echo $$p; done))
VENV        ?= .venv
CONSTRAINTS ?= -c constraints.txt
DEMO        ?= gansmith train dcgan --data mnist --minutes 4
WORKERS     ?= 2
PYTEST_ARGS ?=

BIN     := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check $(CONSTRAINTS)

.PHONY: demo test lint package clean
.DELETE_ON_ERROR:

demo: $(VENV)/.run-stamp
	@run=runs/demo; n=2; \
	while [ -e "$$run" ]; do run=runs/demo-$$n; n=$$((n + 1)); done; \
	echo "$(DEMO) --run $$run"; \
	$(BIN)/$(DEMO) --run "$$run" && \
	echo && echo "The pictures:" && \
	find "$$run" -maxdepth 1 \( -name '*.png' -o -name '*.gif' \) | sort | sed 's/^/  /' && \
	if [ -d "$$run/samples" ]; then echo "  $$run/samples/"; fi

# One thread a worker: otherwise each worker's torch starts a thread for every core.
test: lint
	OMP_NUM_THREADS=1 MKL_NUM_THREADS=1 $(BIN)/python -m pytest -n $(WORKERS) $(PYTEST_ARGS)

lint: $(VENV)/.dev-stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	PYRIGHT_PYTHON_IGNORE_WARNINGS=1 $(BIN)/pyright --pythonpath $(BIN)/python
	$(BIN)/lint-imports --no-logo

package: $(VENV)/.dev-stamp
	$(BIN)/python scripts/check_package.py $(CONSTRAINTS)

clean:
	rm -rf $(VENV) build dist .pytest_cache .ruff_cache .import_linter_cache
	find src tests scripts -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.run-stamp: pyproject.toml constraints.txt | $(BIN)/pip
	$(INSTALL) -e .
	@touch $@

$(VENV)/.dev-stamp: pyproject.toml constraints.txt | $(BIN)/pip
	$(INSTALL) -e '.[dev]'
	@touch $@ $(VENV)/.run-stamp

# pip comes last into an environment, so where it is, the environment is whole.
$(BIN)/pip:
	@if [ -z "$(PYTHON)" ]; then \
		echo "No Python 3.11 or later was found; name one: make PYTHON=/path/to/python" >&2; exit 1; fi
	@$(PYTHON) -c '$(OLD_ENOUGH)' || \
		{ echo "$(PYTHON) is older than Python 3.11; name another: make PYTHON=..." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
