# The commands of the playbook; each is one line over the tools below it. `make` alone lists them.
PYTHON ?= python3
BIN := .venv/bin
.DEFAULT_GOAL := help
.PHONY: help serve site print check test peers bench lint format lock schema clean

help: ## list the commands
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

serve: .venv/installed ## show the site at http://127.0.0.1:8000/ and rebuild it on every change
	$(BIN)/playbook serve

site: .venv/installed ## build the whole site into site/
	$(BIN)/playbook build

print: .venv/installed ## build the whole site with a PDF of every checklist (needs Pango)
	$(BIN)/playbook print

check: .venv/installed ## check the data alone
	@$(BIN)/playbook check

test: .venv/installed-test ## run every test, the browser's included, in two processes
	$(BIN)/python -m pytest -n 2 --dist loadfile

peers: .venv/installed-peers tests/peers/node_modules/.package-lock.json ## check the exports against the programs that read them; needs node
	$(BIN)/python -m pytest -n 2 tests/peers

bench: .venv/installed-test ## measure building, reading and searching; takes some minutes
	$(BIN)/python -m tests.bench

lint: .venv/installed-test ## check the code's style
	$(BIN)/ruff check . && $(BIN)/ruff format --check .

format: .venv/installed-test ## mend the code's style
	$(BIN)/ruff check --fix . && $(BIN)/ruff format .

schema: .venv/installed ## write the JSON Schemas for editors
	$(BIN)/playbook schema

lock: ## renew the lock files from pyproject.toml and tests/peers/package.json (needs uv and npm)
	uv pip compile -q -U --universal --python-version 3.11 --generate-hashes --no-header --extra install -o requirements.txt pyproject.toml
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --extra install --extra test -c requirements.txt -o requirements-test.txt pyproject.toml
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --extra peers -c requirements-test.txt -o requirements-peers.txt pyproject.toml
	cd tests/peers && npm update --silent --no-audit --no-fund --ignore-scripts

clean: ## remove everything that was installed or built
	rm -rf .venv .site site .cache export tests/peers/node_modules

.venv/bin/python:
	@echo "creating .venv"
	@$(PYTHON) -c 'import sys; sys.exit("the playbook needs Python 3.11 or newer; name it with make PYTHON=python3.11" if sys.version_info < (3, 11) else 0)'
	@$(PYTHON) -m venv .venv

.venv/installed: requirements.txt pyproject.toml | .venv/bin/python
	@echo "installing what the site needs (once; about half a minute)"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.txt
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/installed-test: requirements-test.txt .venv/installed
	@echo "installing what the tests need, a browser included (once; about a minute)"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-test.txt
	@$(BIN)/python -m tests.browser
	@touch $@

.venv/installed-peers: requirements-peers.txt .venv/installed-test
	@echo "installing what reads the exports (once; some seconds)"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-peers.txt
	@touch $@

# npm writes this file itself, last of all.
tests/peers/node_modules/.package-lock.json: tests/peers/package-lock.json tests/peers/package.json
	@command -v npm >/dev/null || { echo "make peers needs node and npm" >&2; exit 1; }
	@cd tests/peers && npm ci --silent --no-audit --no-fund --ignore-scripts
	@touch $@
