"""Registers the spine's figures."""

import talentmap.casework.figures
import talentmap.money.figures
import talentmap.people.figures  # noqa: F401
