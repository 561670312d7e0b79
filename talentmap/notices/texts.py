"""A text message to a number instead of to an account: a code that proves it, a word to one that was given up.

Nothing of it is kept: it is sent in the background right after the commit or not at all.
"""

import uuid

from django.db import transaction

# A code is of no use later, and neither is the number in the queue.
EXPIRES_SECONDS = 300


def send_text(*, mobile: str, subject: str, code: str = "") -> None:
    """Send `subject` to `mobile` once the transaction is committed; a provider's own template may take the `code`."""
    from talentmap.notices.tasks import text

    arguments = (str(uuid.uuid4()), mobile, subject, code)
    transaction.on_commit(lambda: text.apply_async(arguments, retry=False, expires=EXPIRES_SECONDS), robust=True)
