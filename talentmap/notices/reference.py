"""Has the sweep run every minute."""

from talentmap.reference import reference_data, schedule


@reference_data
def notice_sweep() -> str:
    schedule("Send messages that are due", "talentmap.notices.deliver_due", minute="*")
    return "sweep of messages every minute"
