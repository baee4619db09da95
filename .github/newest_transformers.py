"""Print the newest release of transformers 5 on PyPI, for ci.yml."""

import json
import urllib.request

with urllib.request.urlopen("https://pypi.org/pypi/transformers/json") as page:
    releases = json.load(page)["releases"]
numbers = [
    tuple(map(int, name.split(".")))
    for name, files in releases.items()
    if name.startswith("5.")
    and name.replace(".", "").isdigit()
    and files
    and not files[0]["yanked"]
]
print(".".join(map(str, max(numbers))))
