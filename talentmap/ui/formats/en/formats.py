"""The same as in Chinese, but for the words between the digits."""

from talentmap.ui.formats.zh_Hans.formats import *  # noqa: F403

YEAR_MONTH_FORMAT = "F Y"
MONTH_DAY_FORMAT = "F j"
