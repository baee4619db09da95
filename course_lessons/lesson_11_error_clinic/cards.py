"""All cards of the error clinic: red errors, yellow reports, and what says nothing."""

from course_lessons.lesson_11_error_clinic import cards_first, cards_red, cards_silent, cards_yellow

CARDS = (*cards_first.CARDS, *cards_red.CARDS, *cards_yellow.CARDS, *cards_silent.CARDS)
