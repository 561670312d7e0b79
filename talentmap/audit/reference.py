"""Has every day sealed and the chain verified in the small hours."""

from talentmap.reference import reference_data, schedule


@reference_data
def nightly_seal() -> str:
    schedule("Seal the audit history", "talentmap.audit.seal_days", minute="20", hour="0")
    return "nightly seal of the audit history"
