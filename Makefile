# make demo   prints the assessment of patient 4       make test   style, types and tests
# Both set up .venv by themselves; a second run reuses it. PYTHON chooses another interpreter.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check -qq

.PHONY: demo test differential clean

demo: $(VENV)/.ready-to-run
	@$(BIN)/posthma recommend kb/cases/patient-4/record.ttl

test: $(VENV)/.ready-to-test
	$(BIN)/ruff check reasoner tests
	$(BIN)/mypy
	$(BIN)/python -m pytest -q

# The differential tests at length: 2,000 generated ontologies each against owlrl and an answer set program, then the decisions
# of both engines on every record (some five minutes of one core).
differential: $(VENV)/.ready-to-test
	POSTHMA_DIFFERENTIAL=2000 $(BIN)/python -m pytest -q tests/differential
	$(BIN)/python -m tests.oracle.decisions

clean:
	rm -rf $(VENV)

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "posthma needs Python 3.11 or later; '$(PYTHON)' is `$(PYTHON) -V 2>&1`. Install one, or name it: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@rm -rf $(VENV)
	@echo "Setting up $(VENV) (once, about a minute) ..." >&2
	@$(PYTHON) -m venv $(VENV) || { \
	  echo "Python has no venv module; install it (Debian, Ubuntu: python3-venv) and run make again" >&2; exit 1; }
	@touch $@

# The project itself is installed without its own build environment, so that the lock file pins the builder too.
$(VENV)/.ready-to-run: $(VENV)/.made pyproject.toml requirements.lock
	@$(PIP) install -c requirements.lock hatchling
	@$(PIP) install -c requirements.lock --no-build-isolation -e .
	@touch $@

$(VENV)/.ready-to-test: $(VENV)/.ready-to-run
	@$(PIP) install -r requirements.lock
	@touch $@
