"""Registers the support map's schemes."""

import support.housing.scheme  # noqa: F401
