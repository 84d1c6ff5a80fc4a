# `make run` and `make test` are all a newcomer needs; `make help` lists the rest.

PORT ?= 8000
PYTEST_ARGS ?=

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.coopdec-ready
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq

export PYTHON

.DEFAULT_GOAL := help
.PHONY: help run test lint bench clean

help:
	@echo "make run    lance le service sur http://127.0.0.1:$(PORT) (autre port : make run PORT=8080)"
	@echo "make test   joue tous les essais (choix : make test PYTEST_ARGS='-k mot')"
	@echo "make lint   vérifie le style, les types, les couches, le recueil et les cas"
	@echo "make bench  mesure les temps de réponse"
	@echo "make clean  efface les caches et les paquets construits ; .venv reste"

# An environment that works is kept; a missing or broken one is made again.
$(READY): pyproject.toml constraints.txt
	@python=$$(sh scripts/prerequis.sh) || exit 1; \
	echo "Installation des bibliothèques dans $(VENV) (quelques minutes la première fois)…"; \
	$(BIN)/python -m pip --version >/dev/null 2>&1 || "$$python" -m venv --clear $(VENV)
	@$(PIP) install -c constraints.txt pip
	@$(PIP) install -c constraints.txt --build-constraint constraints.txt -e '.[test,dev]'
	@touch $@

run: $(READY)
	@$(BIN)/coopdec servir --port $(PORT)

test: $(READY)
	@sh scripts/navigateur.sh
	@$(BIN)/python -m pytest -n 2 --dist loadfile $(PYTEST_ARGS)

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/coopdec recueil verifier
	$(BIN)/coopdec recueil formater --verifier
	$(BIN)/coopdec cas
	$(BIN)/coopdec recueil prouver

bench: $(READY)
	@$(BIN)/python -m benchmarks

clean:
	rm -rf build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache .schemathesis
	find . -path ./$(VENV) -prune -o -name __pycache__ -type d -prune -exec rm -rf {} +
