"""Lesson 01: choosing a class."""
