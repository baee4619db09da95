"""Lesson 06: question answering."""
