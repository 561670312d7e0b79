"""Has webhooks that are due sent every minute."""

from talentmap.reference import reference_data, schedule


@reference_data
def webhook_sweep() -> str:
    schedule("Send webhooks that are due", "needs.surveys.send_due_webhooks", minute="*")
    return "sweep of webhooks every minute"
