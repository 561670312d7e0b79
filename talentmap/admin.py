"""Gathers the admin pages: `/admin/` is for reference data."""

import talentmap.accounts.admin
import talentmap.casework.admin
import talentmap.regions.admin  # noqa: F401
