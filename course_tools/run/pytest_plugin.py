"""What `pytest --nbmake` needs to be trusted and quick; pyproject.toml loads it with `-p`."""

import pytest

KERNELS = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--cold",
        action="store_true",
        help="with --nbmake: let each kernel import everything itself",
    )


def pytest_configure(config: pytest.Config) -> None:
    if not config.getoption("nbmake", default=False):
        return
    if not config.getoption("cold") and not hasattr(config, "workerinput"):
        from course_tools.run.warm import warm_kernels

        # In the process that starts xdist's workers, which find the kernels in their environment.
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


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    kernels = terminalreporter.config.stash.get(KERNELS, None)
    for line in kernels.cold_starts() if kernels else ():
        terminalreporter.write_line(line)
