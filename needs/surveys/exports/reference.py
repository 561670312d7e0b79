"""Has the sweep of exports run every minute."""

from talentmap.reference import reference_data, schedule


@reference_data
def export_sweep() -> str:
    schedule("Make exports that were left over", "needs.surveys.sweep_exports", minute="*")
    return "sweep of exports every minute"
