# The portal's commands. `make run` and `make test` work on a machine that has only Python 3.11 or newer and make.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

BIN := .venv/bin
PY := $(BIN)/python
STACK := $(PY) -m cluster_portal.stack

# The first Python on the path that is new enough; only asked when the environment is made.
FIND_PYTHON = for python in "$${PYTHON:-python3}" python3.13 python3.12 python3.11 python3.14; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$python" && exit; \
	done; echo "Python 3.11 or newer is needed and was not found; name one with PYTHON=/path/to/python." >&2; exit 1

LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest \
	--generate-hashes --no-emit-index-url --no-emit-find-links --no-header
INSTALL := $(BIN)/uv pip install --quiet --python $(PY) --require-hashes

.PHONY: help setup browser run test bench lint fmt lock demo-reset

help:  ## List the commands.
	@sed -nE 's/^([a-z-]+):.*## (.*)/  make \1 | \2/p' $(MAKEFILE_LIST) | column -t -s '|'

setup: .venv/.installed node_modules/.installed  ## Make .venv and fetch the front-end packages; nothing to do when nothing changed.

# uv first, by pip and with the hashes of the lock; then uv installs the rest in seconds.
.venv/.installed: requirements-dev.lock
	@test -x $(PY) || { python="$$( $(FIND_PYTHON) )"; echo "Making .venv with $$("$$python" --version)"; "$$python" -m venv .venv; }
	@sed -n '/^uv==/,/^    # via/p' requirements-dev.lock > .venv/uv.lock
	@$(BIN)/uv --version 2>/dev/null | grep -qF "$$(sed -nE 's/^uv==([^ ]+).*/ \1 /p' .venv/uv.lock)" \
		|| $(PY) -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r .venv/uv.lock
	@echo "Installing the Python packages of requirements-dev.lock"
	@$(BIN)/uv pip sync --quiet --compile-bytecode --python $(PY) --require-hashes requirements-dev.lock
	@$(PY) -c 'import site, pathlib; pathlib.Path(site.getsitepackages()[0], "cluster_portal.pth").write_text("$(CURDIR)\n")'
	@touch $@

node_modules/.installed: package-lock.json package.json | .venv/.installed
	@echo "Fetching the front-end packages of package-lock.json"
	@if command -v npm >/dev/null; then npm ci --silent; else \
		$(INSTALL) -r requirements-node.lock; PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/npm ci --silent; fi
	@touch $@

browser: setup  ## Find or install Chromium for the browser tests.
	@$(PY) -m tests.browser.chromium

run: setup  ## Start the portal with everything it needs; Ctrl-C stops it.
	@$(STACK) run

test: browser  ## Run every test, browser tests included. ARGS="-k places" is handed to pytest.
	@$(BIN)/pytest -n auto $(ARGS)

bench: setup  ## Measure speed against a floor; ARGS="--only lists --sizes 1000" measures less.
	@$(STACK) exec -- $(PY) -m bench $(ARGS)

# Settings as on a server: `check --deploy` must find nothing to say about them.
PRODUCTION := env -u DEBUG -u DEMO SECRET_KEY=$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(50))') \
	PUBLIC_URL=https://portal.example ALLOWED_HOSTS=portal.example EMAIL_URL=smtp://mail.example \
	DATABASE_URL=postgresql://db.example/portal REDIS_URL=redis://redis.example

SEAMS = $(filter-out tests/%,$(wildcard \
	cluster_portal/stack/*.py */actions.py */actions/*.py */permissions.py */permissions/*.py */tasks.py))

lint: setup  ## Check style, types, layers, templates, migrations and production settings.
	$(BIN)/ruff check --quiet .
	$(BIN)/ruff format --check --quiet .
	$(BIN)/djlint --quiet --check --lint templates
	$(BIN)/lint-imports --no-logo
	$(STACK) exec -- $(BIN)/mypy $(SEAMS)
	$(STACK) exec -- $(PY) manage.py makemigrations --check --dry-run
	$(PRODUCTION) $(PY) manage.py check --deploy --fail-level WARNING

fmt: setup  ## Format code and templates.
	@$(BIN)/ruff check --fix --quiet . || true
	@$(BIN)/ruff format .
	@$(BIN)/djlint --quiet --reformat templates || true

lock:  ## Resolve requirements*.in anew; UPGRADE=1 takes newer releases.
	@test -x $(BIN)/uv || $(MAKE) --no-print-directory .venv/.installed
	@$(LOCK) $(if $(UPGRADE),--upgrade) requirements.in -o requirements.lock
	@$(LOCK) $(if $(UPGRADE),--upgrade) requirements-dev.in -c requirements.lock -o requirements-dev.lock
	@$(LOCK) $(if $(UPGRADE),--upgrade) requirements-node.in -o requirements-node.lock
	@npm install --package-lock-only --silent

demo-reset: setup  ## Throw the local data away and load the demo consortium anew.
	@$(STACK) reset
	@DEBUG=1 DEMO=1 $(STACK) exec -- $(PY) -m cluster_portal.stack prepare
