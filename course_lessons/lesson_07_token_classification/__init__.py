"""Lesson 07: token classification."""
