"""The sentences that people read when an answer does not fit; the browser gets the same ones."""

from typing import Any

from django.utils.translation import gettext_lazy as _

MESSAGES: dict[str, Any] = {
    "required": _("This question must be answered."),
    "constraint": _("This answer is not possible here."),
    "type_integer": _("Give a whole number."),
    "type_number": _("Give a number."),
    "number_size": _("The number is too large."),
    "type_date": _("Give a date, such as 2026-11-25."),
    "type_time": _("Give a time of day, such as 08:30."),
    "type_moment": _("Give a date with a time of day."),
    "type_text": _("Give a text."),
    "text_length": _("The text is too long: at most %(most)s characters."),
    "text_nul": _("The text contains a character that cannot be stored."),
    "type_choice": _("Choose one of the answers offered."),
    "choice_unknown": _("This answer is not among those offered."),
    "choice_twice": _("An answer is chosen twice."),
    "rank_incomplete": _("Put all answers in order."),
    "range_bounds": _("Give a number from %(start)s to %(end)s."),
    "range_step": _("Give a number in steps of %(step)s."),
    "type_acknowledge": _("Confirm, or leave it open."),
    "type_geopoint": _("Give a place by latitude and longitude."),
    "type_file": _("Choose a file."),
    "answers_shape": _("The answers are not in the expected form."),
    "unknown_question": _("The questionnaire has no such question."),
    "repeat_shape": _("A repeated group must be a list."),
    "repeat_many": _("There are too many entries: at most %(most)s."),
    "too_slow": _("These answers cannot be checked: a pattern of the questionnaire takes too long with them."),
    "values_many": _("There are too many answers: at most %(most)s."),
}


def client_messages() -> dict[str, str]:
    """Code → sentence in the reader's language, with `%(name)s` for what is filled in."""
    return {code: str(message) for code, message in MESSAGES.items()}
