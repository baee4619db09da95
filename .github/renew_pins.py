"""Write the pins of constraints.txt into pyproject.toml, where uv looks for them.

pip reads constraints from a file and uv those of a project from pyproject.toml only, so they stand
in both; tests/test_versions_agree.py compares the two.
"""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PINS = re.compile(r"(?<=^constraint-dependencies = \[\n).*?(?=^\]$)", re.MULTILINE | re.DOTALL)

lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
pins = "".join(f'    "{line}",\n' for line in lines if line and not line.startswith("#"))
project = ROOT / "pyproject.toml"
text = project.read_text(encoding="utf-8")
project.write_text(PINS.sub(lambda _: pins, text, count=1), encoding="utf-8", newline="\n")
