"""Has uploaded tables that nobody confirmed dropped every hour."""

from talentmap.reference import reference_data, schedule


@reference_data
def preview_sweep() -> str:
    schedule("Drop unconfirmed imports", "talentmap.people.drop_old_previews", minute="40")
    return "hourly sweep of unconfirmed imports"
