"""Lesson 00: overview."""
