"""Lesson 02: config and parameters."""
