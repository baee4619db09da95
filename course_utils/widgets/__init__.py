"""Playgrounds: one or two things to vary, a few presets, and a drawing that follows.

`playground.py` is the engine; the other modules hold the playgrounds, each a function that makes
one. A notebook shows it as the last expression of a cell.
"""
