"""Lesson 03: text generation."""
