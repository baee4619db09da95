"""Lesson 11: error clinic."""
