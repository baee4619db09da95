"""What is in a checkpoint's folder, on the hub and in the Auto classes' tables.

Beneath the course: no lesson, no exercise and no task is known here. What all packages share lies
here too: errors of one sentence, and the language in which they are said.
"""
