"""Makes one export in a process of its own, so that its memory is its own, and says how much that was."""

import json
import sys
import time
from pathlib import Path

import django
from django.utils import timezone


def main(campaign_pk: int, user_pk: int) -> int:
    from needs.surveys.campaigns.models import Campaign
    from needs.surveys.exports import actions, making
    from needs.surveys.exports.options import CODES, Options
    from needs.surveys.exports.queries import layout_of, versions_of
    from talentmap.accounts.models import User

    campaign, user = Campaign.objects.get(pk=campaign_pk), User.objects.get(pk=user_pk)
    options = Options(columns=tuple(layout_of(versions_of(campaign)).codes), words=CODES)
    job = actions.ask(by=user, at=timezone.now(), campaign=campaign, format="csv", options=options, with_personal=False)
    begin = time.perf_counter()
    making.make(job.pk, timezone.now)
    seconds = time.perf_counter() - begin
    job.refresh_from_db()
    print(json.dumps({"state": job.state, "rows": job.rows_written, "seconds": seconds, "peak_mb": _peak()}))
    return 0


def _peak() -> int:
    """Megabytes. `getrusage` would count what the parent held when it forked."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM:")).split()[1]) // 1024


if __name__ == "__main__":
    django.setup()
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
