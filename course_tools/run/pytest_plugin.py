"""What `pytest --nbmake` needs to be trusted and quick; pyproject.toml loads it with `-p`."""

from typing import Any

import pytest

KERNELS = pytest.StashKey()
COLD_STARTS = pytest.StashKey()  # lines that the workers of xdist have said


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--cold",
        action="store_true",
        help="with --nbmake: let each kernel import everything itself",
    )


def pytest_configure(config: pytest.Config) -> None:
    if not config.getoption("nbmake", default=False):
        return
    runs_itself = hasattr(config, "workerinput") or getattr(config.option, "dist", "no") == "no"
    if runs_itself and not config.getoption("cold"):  # else xdist's workers do
        from course_tools.run.warm import warm_kernels

        kernels = warm_kernels()
        config.stash[KERNELS] = kernels.__enter__()
        config.add_cleanup(lambda: kernels.__exit__(None, None, None))
    _trust_nbmake()


def _trust_nbmake() -> None:
    from nbmake.nb_result import NotebookError, NotebookResult
    from nbmake.nb_run import NotebookRun

    from course_tools.run.reliability import cure_nbclient, hidden_problems

    cure_nbclient()
    execute = NotebookRun.execute

    def execute_and_look(run: NotebookRun) -> NotebookResult:
        result = execute(run)
        if result.error is None:
            for problem in hidden_problems(result.nb):
                index = problem.cell or 0
                cell = result.nb.cells[index]
                trace = f"cell {cell.id!r}: {problem.summary}\n\n{cell.source}"
                return NotebookResult(result.nb, NotebookError(problem.summary, trace, index))
        return result

    NotebookRun.execute = execute_and_look


def pytest_sessionfinish(session: pytest.Session) -> None:
    kernels = session.config.stash.get(KERNELS, None)
    if kernels and hasattr(session.config, "workeroutput"):
        session.config.workeroutput["cold_starts"] = kernels.cold_starts()


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    lines = getattr(node, "workeroutput", {}).get("cold_starts", [])
    node.config.stash.setdefault(COLD_STARTS, []).extend(lines)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    stash = terminalreporter.config.stash
    kernels = stash.get(KERNELS, None)
    for line in [*stash.get(COLD_STARTS, []), *(kernels.cold_starts() if kernels else ())]:
        terminalreporter.write_line(line)
