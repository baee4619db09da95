"""Commands for those who run the course: `python -m course_utils --help`."""

import sys

from course_utils.instructor.commands import main

sys.exit(main())
