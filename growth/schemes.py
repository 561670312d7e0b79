"""Registers the growth map's schemes."""

import growth.loans.scheme
import growth.mentoring.scheme  # noqa: F401
