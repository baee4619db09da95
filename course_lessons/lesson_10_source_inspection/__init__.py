"""Lesson 10: source inspection."""
