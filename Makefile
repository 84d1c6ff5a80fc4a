# `make run` and `make test` are all a newcomer needs; `make help` lists the rest.

PORT ?= 8000
PYTEST_ARGS ?=
EFFORT ?= 1

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.coopdec-ready
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq

# durable_rules 2.0.28 calls a C function that Python 3.13 removed; its exact equivalent has another
# name (docs/decisions/0002).  The package overwrites CFLAGS, so that the definition goes through
# CPPFLAGS, beside whatever CC and CPPFLAGS the user chose.
EXTENSION := -DPyEval_CallObject=PyObject_CallObject

export PYTHON

# An interpreter asked for with PYTHON= that is not the environment's makes the environment again.
version = $(shell $(1) -c 'import sys; print(sys.version_info[:2])' 2>/dev/null)
ifdef PYTHON
ifneq ($(call version,$(PYTHON)),$(call version,$(BIN)/python))
.PHONY: $(READY)
OTHER := yes
endif
endif

.DEFAULT_GOAL := help
.PHONY: help run test lint bench pression release clean

help:
	@echo "make run    lance le service sur http://127.0.0.1:$(PORT) (autre port : make run PORT=8080)"
	@echo "make test   joue tous les essais (choix : make test PYTEST_ARGS='-k mot')"
	@echo "make test EFFORT=8          tire huit fois plus de scénarios au hasard (long)"
	@echo "make lint   vérifie le style, les types, les couches, le recueil et les cas"
	@echo "make bench  mesure les temps de réponse (JSON=FICHIER les garde, COMPARER=\"A B\" les compare)"
	@echo "make pression  mesure ce que le service devient sous la charge (JSON=FICHIER, AVIS=20000)"
	@echo "make release  construit la version dans dist/ : paquet, sources, sommes, SBOM, licences (ESSAI=1 : pour voir)"
	@echo "make … PYTHON=python3.13   avec cet interpréteur (3.11 à 3.14) plutôt que celui du système"
	@echo "make clean  efface les caches et les paquets construits ; .venv reste"

# An environment that works is kept; a missing or broken one is made again.
$(READY): pyproject.toml constraints.txt
	@python=$$(sh scripts/prerequis.sh) || exit 1; \
	echo "Installation des bibliothèques dans $(VENV) (quelques minutes la première fois)…"; \
	test -z "$(OTHER)" && $(BIN)/python -m pip --version >/dev/null 2>&1 || \
		"$$python" -m venv --clear $(VENV)
	@$(PIP) install -c constraints.txt pip
	@CPPFLAGS="$$CPPFLAGS $(EXTENSION)" \
		$(PIP) install -c constraints.txt --build-constraint constraints.txt -e '.[test,dev]'
	@touch $@

run: $(READY)
	@$(BIN)/coopdec servir --port $(PORT)

test: $(READY)
	@sh scripts/navigateur.sh
	@EFFORT=$(EFFORT) $(BIN)/python -m pytest -n 2 --dist worksteal $(PYTEST_ARGS)

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/coopdec recueil verifier
	$(BIN)/coopdec recueil formater --verifier
	$(BIN)/coopdec cas
	$(BIN)/coopdec recueil prouver

# JSON=FICHIER keeps the run; COMPARER="A B" puts two of them side by side.
bench: $(READY)
	@$(BIN)/python -m benchmarks $(if $(JSON),--json $(JSON)) $(if $(COMPARER),--comparer $(COMPARER))

pression: $(READY)
	@$(BIN)/python -m benchmarks.pressure $(if $(JSON),--json $(JSON)) $(if $(AVIS),--avis $(AVIS))

# ESSAI=1: also from a checkout that is not to be released, to see.
release: $(READY)
	@$(BIN)/python -m scripts.release $(if $(ESSAI),--essai)

clean:
	rm -rf build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache .schemathesis
	find . -path ./$(VENV) -prune -o -name __pycache__ -type d -prune -exec rm -rf {} +
