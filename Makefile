# Everything sets up its own environment in .venv first; PYTHON names the interpreter it is made with.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
GUARD := $(BIN)/fdcpa-guard

.PHONY: demo test test-spark lint bench docs clean setup

setup: $(VENV)/.installed

$(VENV)/.installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[parquet,test]"
	touch $@

demo: setup ## audit a dialer's own export against the law; the report opens in a browser
	$(GUARD) audit demo/vicidial_export.tsv --from vicidial --zone America/New_York \
		--collector-kind third_party_collector --accounts demo/accounts.csv --events demo/events.csv --actions demo/actions.csv \
		--out demo-report || test $$? -eq 1
	@echo
	@echo "The report: demo-report/report.html"

test: setup ## the whole suite, rules and their cases included
	$(BIN)/python -m pytest -n auto --dist worksteal --ignore tests/spark
	$(GUARD) test rules tests/scenarios

test-spark: setup ## audits on Spark, which is large to install and wants Java: without Java they are skipped
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[spark]"
	$(BIN)/python -m pytest tests/spark

lint: setup
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[lint]"
	$(BIN)/ruff check src tests scripts bench hatch_build.py
	$(BIN)/mypy
	$(GUARD) rules check
	$(GUARD) rules format --check rules

bench: setup
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[bench]"
	$(BIN)/python -m bench

docs: setup
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[docs]"
	$(BIN)/python scripts/make_docs.py
	$(BIN)/mkdocs build --strict

clean:
	rm -rf $(VENV) site demo-report build dist src/fdcpa_guard/prepared.rules
