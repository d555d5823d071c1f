# Two commands do all the set-up: `make packs` and `make test`. Python 3.11+ and make are enough.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
CASES ?= data/us_federal_2015 data/example

.PHONY: help packs test test-long lab lint bench docs pictures clean
.DEFAULT_GOAL := help

help:
	@echo "make packs      decision packs of the shipped cases, one per business unit, under packs/"
	@echo "make test       the tests, properties on a few instances each"
	@echo "make test-long  what make test leaves out: long runs, and properties on all their instances"
	@echo "make lab        JupyterLab at the list of notebooks"
	@echo "make lint       ruff, mypy and the notebooks' style"
	@echo "make bench      benchmarks, each as a ratio to a reference measured in the same run"
	@echo "make docs       the documentation site, under site/; it opens from there without a server"
	@echo "make pictures   the picture of a pack that the README shows"
	@echo "make clean      remove the environment and all packs"

$(READY): requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or newer is wanted; got " + sys.version.split()[0] + ". Hint: make PYTHON=python3.12 packs")'
	$(PYTHON) -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

packs: $(READY)
	@for case in $(CASES); do $(BIN)/sourcing packs $$case --out packs/$$(basename $$case) || exit $$?; done

test: $(READY)
	$(BIN)/python -m pytest -n 2 -m "not slow"

test-long: $(READY)
	SOURCING_TESTS=long $(BIN)/python -m pytest -n 2 -m slow

lab: $(READY)
	$(BIN)/sourcing lab

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/nbstripout --keep-id --verify notebooks/*.ipynb
	@$(BIN)/python tests/advise_lengths.py

bench: $(READY)
	$(BIN)/python -m benchmarks

docs: $(READY)
	$(BIN)/python -m sourcing.pack.style.style_page data docs/style
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet
	@echo "Open site/index.html"

pictures: $(READY)
	$(BIN)/sourcing packs data/us_federal_2015 --units general_services --out packs/pictures
	$(BIN)/python docs/take_picture.py packs/pictures/general_services/pack.html docs/pack.png

clean:
	rm -rf .venv packs site docs/style
