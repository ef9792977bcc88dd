# make run: set-up and the demonstration. make test: set-up and every test. make help lists the rest.
SHELL := /bin/bash
PORT ?= 8000
BIN := .venv/bin

.PHONY: help setup setup-dev run test lint bench migration messages

help: ## this list
	@grep -hE '^[a-z-]+:.*##' Makefile | sed -E 's/:[^#]*## /: /'

setup: ## the environment in .venv and the assets in static/vendor; touches no database
	@bash scripts/setup.sh

setup-dev: setup ## what the tests and checks need besides
	@bash scripts/setup-dev.sh

run: setup ## migrates, loads the demonstration once, serves on 127.0.0.1:$(PORT)
	@PORT=$(PORT) bash scripts/run.sh

test: setup-dev ## every test, on SQLite and PostgreSQL
	@$(BIN)/python -m pytest -n 2 --dist loadgroup

lint: setup-dev ## ruff, mypy, import-linter, djLint, translations
	@bash scripts/lint.sh

bench: setup-dev ## the measurements of docs/benchmarks.md, one JSON object a line
	@for file in benchmarks/bench_*.py; do PYTHONPATH=. $(BIN)/python $$file || exit 1; done

migration: ## a new migration from the models: make migration m="what changes"
	@$(BIN)/flask --app wsgi db migrate -m "$(m)"

messages: ## extract the texts and update the four catalogues
	@bash scripts/messages.sh
