"""Numbers that a browser sends beside the forms."""

LONGEST = 18  # digits that any whole number of the database holds


def number_from(text: str | None) -> int:
    """A number of an address or a hidden field, such as a row's key; nonsense is 0, which nothing has."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= LONGEST else 0
