"""Lesson 04: fill mask."""
