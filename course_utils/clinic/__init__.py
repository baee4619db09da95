"""The error clinic: cards with a symptom to reproduce, and a search by the words of an error."""

from course_utils.clinic.desk import card, cards, contrast, explain_error, rosetta, symptom

__all__ = ["card", "cards", "contrast", "explain_error", "rosetta", "symptom"]
