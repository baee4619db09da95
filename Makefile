# The course's commands. `make help` lists them. GNU make 3.81 (as on macOS) is enough.
#
#   PYTHON=python3.12   the interpreter that .venv is made with
#   TORCH=cpu           take PyTorch's CPU wheels (Linux's default ones bring gigabytes of CUDA)
#   JOBS=4              how many notebooks run at once
#   TIMEOUT=300         seconds that one cell may take
#   WARM=0              each notebook's kernel imports torch and transformers itself; otherwise
#                       they are forked from one process that has (Linux, without a GPU)
#   FOLDER=path         the class that `make grade` grades
#   SEED=7              which mutants `make mutants` draws
#   CONSTRAINTS=FILE    other pinned versions than constraints.txt; /dev/null: the newest allowed

PYTHON = python3
TORCH =
JOBS = 2
TIMEOUT = 120
WARM = 1
FOLDER = submissions
CONSTRAINTS = constraints.txt
REPO =
BRANCH = main
SEED = 7

# Relative paths only: make cannot handle a target whose path has spaces.
VENV = .venv
PY = $(VENV)/bin/python
INSTALLED = $(VENV)/installed
SETTINGS = $(PYTHON) $(TORCH) $(CONSTRAINTS)
COLD_0 = --cold
PIP = $(PY) -m pip install --disable-pip-version-check --constraint "$(CONSTRAINTS)"

.DEFAULT_GOAL = help
.PHONY: help course test test-hub lab lint format bench proof test-lowest test-colab \
    test-platforms upload badges grade test-nbgrader browser mutants translate test-pseudo clean FORCE

help:
	@echo "make course    execute the notebooks and build the HTML book in build/"
	@echo "make test      run all tests, offline"
	@echo "make test-hub  run the notebooks with the hub's originals (3.2 GB; needs a network)"
	@echo "make test-lowest  the same on the lowest supported transformers (from PyPI)"
	@echo "make test-colab   run what \`make upload\` writes, on the versions of Colab's image"
	@echo "make test-platforms  does each Python and system find wheels; are the workflows sound?"
	@echo "make browser   try a playground in JupyterLab, in a Chromium without a window"
	@echo "make lab       open the course in JupyterLab"
	@echo "make upload    write notebooks that stand alone, for Colab and Kaggle, to build/upload"
	@echo "make badges REPO=owner/name  link the notebooks to Colab and Kaggle; REPO=none takes it back"
	@echo "make translate   bring the catalogues and the Chinese edition up to date"
	@echo "make test-pseudo  can all of the course be translated? (each lesson in a marked language)"
	@echo "make lint      check code and notebooks"
	@echo "make format    format code and notebooks, strip outputs"
	@echo "make bench     how much longer the notebooks take than their imports, and how much less warm"
	@echo "make mutants   break the lessons at random (SEED=7): do their tests notice?"
	@echo "make proof     do warm kernels show the same as cold ones, and leave nothing behind?"
	@echo "make grade     grade a class's notebooks: FOLDER=path (see docs/instructor_guide.md)"
	@echo "make test-nbgrader   are the notebooks right for a school that runs nbgrader?"
	@echo "make clean     remove build/ and .venv/"
	@echo ""
	@echo "Options: PYTHON=python3.12  TORCH=cpu  JOBS=4  TIMEOUT=300  WARM=0  (see the top of the Makefile)"

# A failing notebook keeps neither the others from running nor the book from being made.
course: $(INSTALLED)
	$(PY) -m course_tools course --jobs $(JOBS) --timeout $(TIMEOUT) $(COLD_$(WARM))

test: $(INSTALLED)
	@rm -rf build/test && mkdir -p build/test/notebooks && cp -r notebooks/* build/test/notebooks
	@status=0; \
	$(PY) -m pytest --nbmake --overwrite --nbmake-timeout=$(TIMEOUT) -n $(JOBS) $(COLD_$(WARM)) \
	    build/test/notebooks || status=1; \
	$(PY) -m pytest -n $(JOBS) tests || status=1; \
	exit $$status

# With a network: 3.2 GB go into huggingface_hub's cache.
test-hub: $(INSTALLED)
	@status=0; export COURSE_CHECKPOINTS=hub; \
	$(PY) -m course_tools originals || status=1; \
	$(PY) -m course_tools run --jobs 1 --timeout 3600 --out build/hub || status=1; \
	exit $$status

# Packages in build/versions/ are found before those of .venv.
test-lowest: $(INSTALLED) build/versions/lowest
	PYTHONPATH="$(CURDIR)/build/versions/lowest" COURSE_EXPECTS="transformers==5.0.0" \
	    $(MAKE) test PYTHON="$(PYTHON)" TORCH="$(TORCH)" CONSTRAINTS="$(CONSTRAINTS)"

test-colab: $(INSTALLED) build/versions/colab
	PYTHONPATH="$(CURDIR)/build/versions/colab" \
	COURSE_EXPECTS="$$(grep -E '^(transformers|numpy|pandas|ipython|ipywidgets)==' tests/versions/colab.txt)" \
	    $(PY) -m pytest -n $(JOBS) tests/test_expected_versions.py tests/course_tools/test_uploads.py \
	        tests/course_lessons/test_playgrounds.py

build/versions/%: tests/versions/%.txt
	rm -rf $@
	$(PY) -m pip install --disable-pip-version-check --quiet --no-deps --target $@ -r $<

# Screenshots are left in build/browser/.
browser: $(VENV)/browser
	$(PY) -m pytest tests/browser

# With a network: the package index is asked what it has for each system; nothing is installed but
# the programs that ask.
test-platforms: $(VENV)/platforms
	$(PY) -m pytest tests/platforms

lab: $(INSTALLED)
	$(PY) -m course_tools lab

upload: $(INSTALLED)
	$(PY) -m course_tools upload

# The links lead to stand-alone copies in colab/: commit that folder with the notebooks.
badges: $(INSTALLED)
	$(PY) -m course_tools badges "$(REPO)" --branch "$(BRANCH)"

# Needs no Chinese: what has changed shows English until somebody translates it.
translate: $(INSTALLED)
	$(PY) -m course_tools translate

# Compares with the executed notebooks of `make test`.
test-pseudo: $(INSTALLED)
	COURSE_PSEUDO=all $(PY) -m pytest tests/translations/test_pseudo_language.py

lint: $(INSTALLED)
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(VENV)/bin/lint-imports --no-cache

format: $(INSTALLED)
	$(PY) -m nbstripout --keep-id notebooks/*.ipynb
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

bench: $(INSTALLED)
	$(PY) bench/notebook_speed.py
	$(PY) bench/grading.py

proof: $(INSTALLED)
	$(PY) -m course_tools run --jobs $(JOBS) --timeout $(TIMEOUT) --out build/proof/warm
	$(PY) -m course_tools run --jobs $(JOBS) --timeout $(TIMEOUT) --out build/proof/cold --cold
	$(PY) tests/same_outputs.py build/proof/warm/executed build/proof/cold/executed
	$(PY) bench/fifty_runs.py

grade: $(INSTALLED)
	$(PY) -m course_tools grade "$(FOLDER)" --jobs $(JOBS)

# Makes an environment with nbgrader in build/, which needs a network the first time.
test-nbgrader: $(INSTALLED)
	$(PY) tests/nbgrader_agrees.py

# Breaks lessons in ways that SEED chooses: do their tests notice?
mutants: $(INSTALLED)
	$(PY) tests/mutation_judge.py --seed $(SEED)

clean:
	rm -rf build $(VENV) *.egg-info

# .venv is reused until the versions, the interpreter or the options change.
$(INSTALLED): pyproject.toml constraints.txt $(VENV)/settings
	@echo "Installing the course and what it needs into $(VENV) (once; some minutes)"
	$(TORCH_$(TORCH))
	@$(PIP) --editable ".[test,book]" || { echo "The course could not be installed: the reason" \
	    "stands above. Without a network nothing can be; with one, try again." >&2; exit 1; }
	@touch $@

# PyTorch in a step of its own, since pip would ask a second index for every package. A host that
# does not answer is found out by one question; pip would repeat it with longer and longer pauses.
CPU_INDEX = https://download.pytorch.org/whl/cpu
TORCH_cpu = @if $(PY) -c "import urllib.request as r; r.urlopen('$(CPU_INDEX)/torch/', timeout=5)" \
    2>/dev/null && $(PIP) --no-deps --index-url $(CPU_INDEX) torch; then :; else \
    echo "PyTorch's own index cannot be used from here: taking PyPI's wheel of torch."; fi

$(VENV)/browser $(VENV)/platforms: $(VENV)/%: $(INSTALLED)
	$(PIP) --editable ".[$*]"
	@touch $@

$(VENV)/settings: FORCE
	@if [ "$$(cat $@ 2>/dev/null)" != "$(SETTINGS)" ]; then \
	    "$(PYTHON)" -c "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))" || \
	        { echo "$(PYTHON) is not Python 3.11 or newer with venv: install one (on Debian also" \
	          "python3-venv), then say make PYTHON=python3.x" >&2; exit 1; }; \
	    rm -rf $(VENV) && "$(PYTHON)" -m venv $(VENV) && echo "$(SETTINGS)" > $@; \
	fi
