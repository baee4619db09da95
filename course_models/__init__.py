"""What is in a checkpoint's folder, on the hub and in the Auto classes' tables.

It knows nothing of the course: no lesson, no exercise, no task.
"""
