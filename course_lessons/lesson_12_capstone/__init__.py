"""Lesson 12: capstone."""
