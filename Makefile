# The course's commands. `make help` lists them. GNU make 3.81 (as on macOS) is enough.
#
#   PYTHON=python3.12   the interpreter that .venv is made with
#   TORCH=cpu           take PyTorch's CPU wheels (Linux's default ones bring gigabytes of CUDA)
#   JOBS=4              how many notebooks run at once
#   TIMEOUT=300         seconds that one cell may take
#   CONSTRAINTS=FILE    other pinned versions than constraints.txt; /dev/null: the newest allowed

PYTHON = python3
TORCH =
JOBS = 2
TIMEOUT = 120
CONSTRAINTS = constraints.txt

# Relative paths only: make cannot handle a target whose path has spaces.
VENV = .venv
PY = $(VENV)/bin/python
INSTALLED = $(VENV)/installed
SETTINGS = $(PYTHON) $(TORCH) $(CONSTRAINTS)
INDEX_cpu = --extra-index-url https://download.pytorch.org/whl/cpu

.DEFAULT_GOAL = help
.PHONY: help course test browser colab lab lint format bench clean FORCE

help:
	@echo "make course    execute the notebooks and build the HTML book in build/"
	@echo "make test      run all tests, offline"
	@echo "make browser   try a playground in JupyterLab, in a Chromium without a window"
	@echo "make colab     try the playgrounds with Colab's ipywidgets and IPython"
	@echo "make lab       open the course in JupyterLab"
	@echo "make lint      check code and notebooks"
	@echo "make format    format code and notebooks, strip outputs"
	@echo "make bench     how much longer the notebooks take than their imports"
	@echo "make clean     remove build/ and .venv/"
	@echo ""
	@echo "Options: PYTHON=python3.12  TORCH=cpu  JOBS=4  TIMEOUT=300  (see the top of the Makefile)"

# A failing notebook keeps neither the others from running nor the book from being made.
course: $(INSTALLED)
	@status=0; \
	$(PY) -m course_utils run --jobs $(JOBS) --timeout $(TIMEOUT) || status=1; \
	$(PY) -m course_utils book || status=1; \
	exit $$status

test: $(INSTALLED)
	@rm -rf build/test && mkdir -p build/test/notebooks && cp notebooks/*.ipynb build/test/notebooks
	@status=0; \
	$(PY) -m pytest --nbmake --overwrite --nbmake-timeout=$(TIMEOUT) -n $(JOBS) \
	    build/test/notebooks || status=1; \
	$(PY) -m pytest -n $(JOBS) tests || status=1; \
	exit $$status

# Screenshots are left in build/browser/.
browser: $(VENV)/browser
	$(PY) -m pytest tests/browser

# Colab keeps an old ipywidgets and IPython; here they hide the newer ones from the widgets' tests.
COLAB = ipywidgets==7.7.1 ipython==7.34.0 ipykernel==6.17.1 \
    ipython_genutils backcall pickleshare decorator nest_asyncio

colab: $(INSTALLED)
	@rm -rf build/colab
	$(PY) -m pip install --disable-pip-version-check --no-deps --target build/colab $(COLAB)
	PYTHONPATH="$(CURDIR)/build/colab" $(PY) -m pytest tests/test_playgrounds.py

lab: $(INSTALLED)
	$(PY) -m jupyter lab notebooks/00_overview.ipynb

lint: $(INSTALLED)
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .

format: $(INSTALLED)
	$(PY) -m nbstripout --keep-id notebooks/*.ipynb
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

bench: $(INSTALLED)
	$(PY) bench/notebook_speed.py

clean:
	rm -rf build $(VENV) *.egg-info

# .venv is reused until the versions, the interpreter or the options change.
$(INSTALLED): pyproject.toml constraints.txt $(VENV)/settings
	@echo "Installing the course and what it needs into $(VENV) (once; some minutes)"
	$(PY) -m pip install --disable-pip-version-check --constraint "$(CONSTRAINTS)" \
	    $(INDEX_$(TORCH)) --editable ".[test,book]"
	@touch $@

$(VENV)/browser: $(INSTALLED)
	$(PY) -m pip install --disable-pip-version-check --constraint "$(CONSTRAINTS)" \
	    $(INDEX_$(TORCH)) --editable ".[browser]"
	@touch $@

$(VENV)/settings: FORCE
	@if [ "$$(cat $@ 2>/dev/null)" != "$(SETTINGS)" ]; then \
	    "$(PYTHON)" -c "import sys, venv; sys.exit(sys.version_info < (3, 11))" || \
	        { echo "$(PYTHON) is not Python 3.11 or newer with venv: install one (on Debian also" \
	          "python3-venv), then say make PYTHON=python3.x" >&2; exit 1; }; \
	    rm -rf $(VENV) && "$(PYTHON)" -m venv $(VENV) && echo "$(SETTINGS)" > $@; \
	fi
