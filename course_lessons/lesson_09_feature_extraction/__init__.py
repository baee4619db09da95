"""Lesson 09: feature extraction."""
