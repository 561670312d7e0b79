"""Has the monthly brief made, unfinished ones taken up again, and the overview counted every minute."""

from talentmap.reference import reference_data, schedule


@reference_data
def dashboard_tasks() -> str:
    schedule("dashboards: monthly brief", "dashboards.ask_monthly_brief", minute="30", hour="6")
    schedule("dashboards: briefs left over", "dashboards.sweep_briefs", minute="*/10")
    schedule("dashboards: count the overview", "dashboards.count_overview", seconds=60)
    return "monthly brief, overview counted every minute"
