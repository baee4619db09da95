"""Commands for those who run the course: `python -m course_tools --help`."""

import sys

from course_tools.commands import main

sys.exit(main())
