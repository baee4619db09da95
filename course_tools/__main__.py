"""Commands for those who run the course: `python -m course_tools --help`."""

import io
import sys

from course_tools.commands import main

# Not all that a notebook says can be written in every encoding, such as that of a Windows pipe.
for stream in (sys.stdout, sys.stderr):
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="replace")
sys.exit(main())
