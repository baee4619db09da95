"""The tests run with every connection blocked but those within this machine."""

import socket
import subprocess
import sys

import pytest

from course_tools.run.running import run_notebooks
from faulty_notebooks import write_notebook

# 192.0.2.1 is an address that belongs to nobody.
LOOK_UP = "import socket; socket.getaddrinfo('huggingface.co', 443)"
CONNECT = "import socket; socket.create_connection(('192.0.2.1', 443), timeout=1)"
BLOCKED = "the course's tests run offline"


@pytest.mark.parametrize("attempt", [LOOK_UP, CONNECT])
def test_this_process_is_blocked(attempt):
    with pytest.raises(PermissionError, match=BLOCKED):
        exec(attempt)


@pytest.mark.parametrize("attempt", [LOOK_UP, CONNECT])
def test_a_child_process_is_blocked(attempt):
    done = subprocess.run([sys.executable, "-c", attempt], capture_output=True, text=True)
    assert done.returncode == 1 and BLOCKED in done.stderr


def test_a_notebook_is_blocked(tmp_path):
    notebook = write_notebook(tmp_path / "online.ipynb", CONNECT)
    (run,) = run_notebooks([notebook], tmp_path / "executed", jobs=1, timeout=30)
    assert BLOCKED in str(run.failure)


def test_loopback_is_open():
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname(), timeout=5).close()


def test_the_hub_is_switched_off():
    from huggingface_hub import constants

    assert constants.HF_HUB_OFFLINE
