"""A learner in JupyterLab: run a notebook, move a control with the keyboard, see what changes.

Needs `playwright` and a Chromium; `make browser` runs it. Screenshots stay in build/browser/.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path
from time import monotonic, sleep

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, sync_playwright

from executed import ROOT, SOURCES

SCREENSHOTS = ROOT / "build" / "browser"
NOTEBOOKS = ["03_text_generation"]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
SETTINGS = {
    # Cells that are out of sight are otherwise not in the page at all.
    "notebook-extension/tracker": {"windowingMode": "none"},
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
}
READY = "window.jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'"
ERRORS = """() => window.jupyterapp.shell.currentWidget.content.widgets
    .filter(cell => cell.model.type === 'code'
        && !(cell.model.getMetadata('tags') || []).includes('raises-exception'))
    .flatMap(cell => cell.model.outputs.toJSON().filter(one => one.output_type === 'error')
        .map(one => cell.model.id + ': ' + one.ename))"""
ALL_RUN_OR_FAILED = f"""() => {{
    const panel = window.jupyterapp.shell.currentWidget;
    const code = panel.content.widgets.filter(
        cell => cell.model.type === 'code' && cell.model.sharedModel.source.trim());
    return panel.sessionContext.session.kernel.status === 'idle'
        && (code.every(cell => cell.model.executionCount !== null) || ({ERRORS})().length > 0);
}}"""
CELL = """id => window.jupyterapp.shell.currentWidget.content.widgets
    .find(cell => cell.model.id === id).node.setAttribute('data-cell', id)"""


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """Address of a JupyterLab with copies of the notebooks and nobody's settings."""
    home = tmp_path_factory.mktemp("lab")
    shutil.copytree(SOURCES, home / "notebooks")
    for name, values in SETTINGS.items():
        file = home / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True)
        file.write_text(json.dumps(values))
    folders = {
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_DATA_DIR": "data",
        "JUPYTER_RUNTIME_DIR": "runtime",
        "IPYTHONDIR": "ipython",
        "JUPYTERLAB_SETTINGS_DIR": "settings",
        "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
    }
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    options = ["--no-browser", "--ip=127.0.0.1", f"--port={port}", "--IdentityProvider.token=test"]
    options += ["--allow-root", f"--ServerApp.root_dir={home / 'notebooks'}"]
    options += ["--expose-app-in-browser", "--ServerApp.terminals_enabled=False"]
    options += ["--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]
    path = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]  # this course, no other
    with open(home / "log", "w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyter", "lab", *options],
            env=os.environ
            | {key: str(home / folder) for key, folder in folders.items()}
            | {"PYTHONPATH": os.pathsep.join(path)},
            stdout=log,
            stderr=log,
        )
        try:
            _wait_for(f"http://127.0.0.1:{port}/api/status?token=test", server, home / "log")
            yield f"http://127.0.0.1:{port}/lab/tree/{{}}.ipynb?token=test&reset"
        finally:
            server.terminate()
            server.wait(120)  # it ends its kernels first


def _wait_for(address: str, server: subprocess.Popen, log: Path) -> None:
    end = monotonic() + 120
    while server.poll() is None and monotonic() < end:
        try:
            urllib.request.urlopen(address, timeout=2).close()
            return
        except OSError:
            sleep(0.3)
    pytest.fail(f"JupyterLab did not start:\n{log.read_text()[-2000:]}")


@pytest.fixture(scope="module")
def browser():
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        pytest.fail("There is no Chromium here: install it (on Debian `apt-get install chromium`).")
    options = "--no-sandbox --disable-gpu --disable-background-networking --disable-sync"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, args=options.split())
        yield started
        started.close()


@pytest.fixture
def page(browser):
    with browser.new_context(viewport={"width": 1280, "height": 1600}) as context:
        context.set_default_timeout(300_000)  # a cold kernel on a busy machine
        yield context.new_page()


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_control_moved_with_the_keyboard_changes_the_drawing(lab, page, name):
    outside = []
    page.on("request", lambda asked: outside.append(asked.url))
    page.goto(lab.format(name))
    page.wait_for_selector(".jp-NotebookPanel-notebook .jp-Cell")
    page.wait_for_function(READY)
    page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')")
    page.wait_for_function(ALL_RUN_OR_FAILED)
    assert page.evaluate(ERRORS) == []
    answer_a_question(page)

    page.evaluate(CELL, "playground")
    playground = page.locator("[data-cell=playground] .jp-OutputArea-output").first
    playground.scroll_into_view_if_needed()
    preset = playground.get_by_label("Preset")
    first = preset.input_value()
    drawing = playground.locator(".widget-output, .jupyter-widgets-output-area").first
    before = drawing.inner_text()
    assert before.strip() and "Error" not in before
    screenshots(page, playground, name)

    slider = playground.get_by_role("slider").first
    slider.focus()
    page.keyboard.press("ArrowRight")
    after = changed(page, drawing, before)
    page.wait_for_function(
        "([list, first]) => list.value !== first", arg=[preset.element_handle(), first]
    )
    preset.focus()
    page.keyboard.press("Home")
    changed(page, drawing, after)
    assert drawing.inner_text() == before

    assert [
        url
        for url in outside
        if not url.startswith(("http://127.0.0.1", "ws://127.0.0.1", "data:", "blob:"))
    ] == []


def answer_a_question(page: Page) -> None:
    page.evaluate(CELL, "warm-up-questions")
    questions = page.locator("[data-cell=warm-up-questions] .jp-OutputArea-output").first
    questions.get_by_role("button").first.focus()
    page.keyboard.press("Enter")
    verdict = questions.get_by_role("status").first
    verdict.wait_for()
    assert verdict.inner_text()[0] in "✓✗"


def changed(page: Page, drawing, before: str) -> str:
    page.wait_for_function(
        "([node, before]) => node.innerText.trim() && node.innerText !== before",
        arg=[drawing.element_handle(), before],
    )
    return drawing.inner_text()


def screenshots(page: Page, playground, name: str) -> None:
    """Keep the playground in both themes, and let axe-core look for what hides it from readers."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    for theme, light in (("JupyterLab Light", "true"), ("JupyterLab Dark", "false")):
        page.evaluate(
            "theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})", theme
        )
        page.wait_for_function(f"() => document.body.dataset.jpThemeLight === '{light}'")
        sleep(0.5)  # style sheets
        kind = "light" if light == "true" else "dark"
        playground.screenshot(path=SCREENSHOTS / f"{name}-{kind}.png")
        found = Axe().run(page, context="[data-cell=playground] .jp-OutputArea-output")
        serious = [
            f"{one['id']}: {node['html'][:200]}"
            for one in found.response["violations"]
            if one["impact"] in ("serious", "critical")
            for node in one["nodes"]
            # ipywidgets writes a slider's label beside its handle, and gives the handle no name.
            if not (one["id"] == "aria-input-field-name" and "noUi-handle" in node["html"])
        ]
        assert serious == [], theme
