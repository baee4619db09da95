"""How much longer do the notebooks take than their imports, and how much do warm kernels save?

Runs the notebooks, and as many that only import the same classes, both with
`pytest --nbmake -n 2 --cold`, and both two at a time with warm kernels, in turns, and prints the
ratios: seconds differ between machines and hours, their ratio much less.
"""

import ast
import re
import shutil
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree
from importlib.util import find_spec
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

ROUNDS = 2
NOTEBOOKS = Path("notebooks")
OUT = Path("build/bench")
# What a notebook has loaded and needed by its end, asked in a cell after its last one. Modules are
# those that define a class which the notebook used, and sacremoses: MarianTokenizer imports it (a
# second of compiling patterns) when the first one is made, and cannot be used without it.
QUESTION = """
import resource, sys
_unit = 1 if sys.platform == "darwin" else 1024
_models = r"transformers\\.models\\.\\w+\\.(modeling|tokenization)_\\w+|sacremoses"
{
    "modules": sorted(
        name
        for name, module in sys.modules.items()
        if __import__("re").fullmatch(_models, name) and module.__name__ == name  # no old aliases
    ),
    "bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _unit,
}
"""


def main() -> None:
    shutil.rmtree(OUT, ignore_errors=True)
    for name in ("asked", "course", "imports"):
        (OUT / name).mkdir(parents=True)
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        nbformat.write(notebook, OUT / "course" / path.name)
        notebook.cells.append(new_code_cell(QUESTION, id="question"))
        nbformat.write(notebook, OUT / "asked" / path.name)

    print("Warming up, and asking what each notebook imports …", flush=True)
    execute("asked", "--overwrite")
    memory = {}
    for path in sorted((OUT / "asked").glob("*.ipynb")):
        answer = ast.literal_eval(
            nbformat.read(path, as_version=4).cells[-1].outputs[-1].data["text/plain"]
        )
        memory[path.stem] = answer["bytes"]
        write_imports(path, OUT / "imports" / path.name, answer["modules"])

    wall = {"course": 0.0, "imports": 0.0}
    warm = dict(wall)
    each: dict[str, dict[str, float]] = {kind: {} for kind in wall}
    for turn in range(ROUNDS):
        for kind in wall:
            print(f"Round {turn + 1} of {ROUNDS}: {kind} …", flush=True)
            seconds, single = execute(kind)
            wall[kind] += seconds
            warm[kind] += execute_warm(kind)
            for name, value in single.items():
                each[kind][name] = each[kind].get(name, 0.0) + value / ROUNDS

    print(f"\n{'notebook':<28} {'seconds':>8} {'imports':>8} {'ratio':>6} {'peak MB':>8}")
    for name, seconds in sorted(each["course"].items()):
        imports = each["imports"][name]
        print(
            f"{name:<28} {seconds:8.1f} {imports:8.1f} {seconds / imports:6.2f} "
            f"{memory[name] / 1e6:8.0f}"
        )
    print(
        f"\nAll together, -n 2: {wall['course'] / ROUNDS:.1f} s ÷ {wall['imports'] / ROUNDS:.1f} s "
        f"for their imports alone = {wall['course'] / wall['imports']:.2f} (aim: at most 1.2)"
    )
    for kind, name in (("course", "The notebooks"), ("imports", "Their imports")):
        print(
            f"{name} with warm kernels, two at a time: {warm[kind] / ROUNDS:.1f} s ÷ "
            f"{wall[kind] / ROUNDS:.1f} s cold = {warm[kind] / wall[kind]:.2f} (aim: at most 0.3)"
        )


def write_imports(source: Path, target: Path, modules: list[str]) -> None:
    """A notebook with nothing but the imports of `source`, and the model modules it ended with."""
    imports = []
    for cell in nbformat.read(source, as_version=4).cells[:-1]:
        if cell.cell_type == "code" and "raises-exception" not in cell.metadata.get("tags", []):
            code = "\n".join(
                line for line in cell.source.splitlines() if not re.match(r"[%!]", line)
            )
            imports += [
                ast.unparse(node)
                for node in ast.parse(code).body
                if isinstance(node, ast.Import | ast.ImportFrom) and _is_installed(node)
            ]
    # A lesson's first cell makes importing quicker; the comparison shall not gain from that.
    lines = ["from course_utils.environment import check_environment", 'check_environment("en")']
    lines += [*imports, *(f"import {module}" for module in modules)]
    notebook = nbformat.read(source, as_version=4)
    cells = [new_code_cell("\n".join(lines), id="imports")]
    nbformat.write(new_notebook(cells=cells, metadata=notebook.metadata), target)


def _is_installed(node: ast.Import | ast.ImportFrom) -> bool:
    """Whether the module exists outside the notebook (one lesson writes a module of its own)."""
    name = node.module if isinstance(node, ast.ImportFrom) else node.names[0].name
    return find_spec(name.partition(".")[0]) is not None


def execute(kind: str, *options: str) -> tuple[float, dict[str, float]]:
    """Wall seconds of one `pytest --nbmake -n 2 --cold`, and seconds of each notebook in it."""
    report = OUT / f"{kind}.xml"
    command = [sys.executable, "-m", "pytest", "--nbmake", "-n", "2", "--cold", "-q", *options]
    start = time.perf_counter()
    done = subprocess.run(
        [*command, f"--junitxml={report}", str(OUT / kind)], capture_output=True, text=True
    )
    seconds = time.perf_counter() - start
    if done.returncode:
        sys.exit(
            f"The notebooks in {OUT / kind} do not run, so there is nothing to measure:\n"
            f"{done.stdout[-3000:]}"
        )
    cases = ElementTree.parse(report).iter("testcase")
    return seconds, {Path(case.get("name")).stem: float(case.get("time")) for case in cases}


def execute_warm(kind: str) -> float:
    """Wall seconds of one `python -m course_tools run`, the server's start included."""
    command = [sys.executable, "-m", "course_tools", "run", "--jobs", "2"]
    notebooks = sorted((OUT / kind).glob("*.ipynb"))
    start = time.perf_counter()
    done = subprocess.run(
        [*command, "--out", str(OUT / "warm"), *map(str, notebooks)], capture_output=True, text=True
    )
    if done.returncode or done.stderr:  # a kernel that started cold is said on stderr
        sys.exit(f"The notebooks in {OUT / kind} do not run warm:\n{done.stdout}{done.stderr}")
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
