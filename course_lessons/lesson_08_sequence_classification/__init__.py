"""Lesson 08: sequence classification."""
