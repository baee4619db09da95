"""Lesson 05: translation."""
