"""Strings of Django that our catalogue says again: Django's own Chinese lacks them, or addresses people otherwise.

Nothing reads this module at run time: it only puts the strings into the catalogue, which comes before Django's.
"""

from django.utils.translation import gettext_noop, ngettext_lazy

SAID_AGAIN = (
    gettext_noop("This field is required."),
    ngettext_lazy(
        "This password is too short. It must contain at least %d character.",
        "This password is too short. It must contain at least %d characters.",
        2,
    ),
    ngettext_lazy(
        "Your password must contain at least %(min_length)d character.",
        "Your password must contain at least %(min_length)d characters.",
        2,
    ),
    gettext_noop("The password is too similar to the %(verbose_name)s."),
    gettext_noop("Your password can’t be too similar to your other personal information."),
    gettext_noop("This password is too common."),
    gettext_noop("Your password can’t be a commonly used password."),
    gettext_noop("This password is entirely numeric."),
    gettext_noop("Your password can’t be entirely numeric."),
)
