"""Registers the spine's system checks."""

import talentmap.accounts.checks
import talentmap.casework.checks  # noqa: F401
