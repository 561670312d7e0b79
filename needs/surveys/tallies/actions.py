"""Folding: taking what changed about responses into the counts. The only writer of tallies."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import connection

from needs.surveys.campaigns.models import Campaign
from needs.surveys.questionnaires.models import Version
from needs.surveys.responses.models import Response, ResponseRevision
from needs.surveys.tallies import rules
from needs.surveys.tallies.models import Tally
from needs.surveys.tallies.rules import Amount
from talentmap.audit.action import action

BATCH = 500
FOLDING = 3_110_001
"""The advisory lock of whoever folds: one at a time, so that no two ever write the same counts."""

Cell = tuple[int, int, int, str, str, str, str]
"""Campaign, version, township, age band, occupation, sex, state."""
Deltas = dict[tuple[Cell, rules.Key], Amount]

_DIMENSIONS = ("version", "township", "age_band", "occupation", "sex", "state")
_COLUMNS = (
    "pk", "campaign_id", "version_id", "township_id", "age_band", "occupation", "sex", "state", "revision", "answers",
    "tallied",
)  # fmt: skip
_UPSERT = """
    insert into needs_tally (campaign_id, version_id, township_id, age_band, occupation, sex, state,
                             question, value, n, total, total_squares)
    select * from unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[],
                         %s::text[], %s::text[], %s::bigint[], %s::numeric[], %s::numeric[])
        on conflict on constraint needs_tally_cell_unique do update
       set n = needs_tally.n + excluded.n, total = needs_tally.total + excluded.total,
           total_squares = needs_tally.total_squares + excluded.total_squares
"""
_DROP_EMPTY = """
    delete from needs_tally tally
     using unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[],
                  %s::text[], %s::text[])
           as gone (campaign, version, township, age_band, occupation, sex, state, question, value)
     where tally.n = 0 and tally.campaign_id = gone.campaign and tally.version_id = gone.version
       and tally.township_id = gone.township and tally.age_band = gone.age_band
       and tally.occupation = gone.occupation and tally.sex = gone.sex and tally.state = gone.state
       and tally.question = gone.question and tally.value = gone.value
"""
_MARK_CLEAN = """
    update needs_response set is_dirty = false, tallied = counted.as_what
      from unnest(%s::bigint[], %s::jsonb[]) as counted (id, as_what)
     where needs_response.id = counted.id
"""


@action
def fold(*, by: Any, at: datetime, most: int = BATCH) -> int:
    """Count what is new about at most `most` responses; returns how many, 0 also when somebody else is folding.

    Takes back what each counted as before, adds what it counts as now, and says so on it: all in one transaction, so
    that a crash leaves neither half, and again is the same as once.
    """
    if not _alone():
        return 0
    responses = Response.objects.select_for_update(skip_locked=True).filter(is_dirty=True).order_by("pk")
    dirty = list(responses.values(*_COLUMNS)[:most])
    if dirty:
        _write(_deltas(dirty))
        _mark_clean(dirty)
    return len(dirty)


@action
def rebuild(*, by: Any, at: datetime, campaign: Campaign) -> int:
    """Count a campaign from its answers anew, whatever its tallies say; readers see the old counts until it is done.

    Reviews of the campaign wait meanwhile; new responses do not. Returns the number of responses.
    """
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [FOLDING])
    Tally.objects.filter(campaign=campaign).delete()
    Response.objects.filter(campaign=campaign).update(is_dirty=True, tallied=None)
    return sum(iter(lambda: fold(by=by, at=at, most=BATCH * 4), 0))


def _alone() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(%s)", [FOLDING])
        return bool(cursor.fetchone()[0])


def _deltas(dirty: list[dict[str, Any]]) -> Deltas:
    earlier = _earlier_answers(dirty)
    deltas: Deltas = defaultdict(Amount)
    for row in dirty:
        counted = row["tallied"]
        if counted:
            before = earlier.get((row["pk"], counted["revision"]), row["answers"])
            cell = _cell(row["campaign_id"], counted)
            for key, amount in _counts(counted["version"], before):
                deltas[cell, key] += -amount
        cell = _cell(row["campaign_id"], _now(row))
        for key, amount in _counts(row["version_id"], row["answers"]):
            deltas[cell, key] += amount
    return deltas


def _earlier_answers(dirty: list[dict[str, Any]]) -> dict[tuple[int, int], Mapping[str, Any]]:
    """What those said that were corrected since they were counted, by response and revision."""
    corrected = {row["pk"]: row["tallied"]["revision"] for row in dirty if _was_corrected(row)}
    if not corrected:
        return {}
    revisions = ResponseRevision.objects.filter(response__in=corrected, number__in=set(corrected.values()))
    found = {
        (response, number): answers
        for response, number, answers in revisions.values_list("response_id", "number", "answers")
    }
    return {each: found[each] for each in corrected.items()}


def _was_corrected(row: Mapping[str, Any]) -> bool:
    return bool(row["tallied"]) and row["tallied"]["revision"] != row["revision"]


def _now(row: Mapping[str, Any]) -> dict[str, Any]:
    """What the response counts as from now on, as `Response.tallied` keeps it."""
    return {
        "version": row["version_id"],
        "township": row["township_id"],
        **{name: row[name] for name in ("age_band", "occupation", "sex", "state", "revision")},
    }


def _cell(campaign: int, counted: Mapping[str, Any]) -> Cell:
    version, township, age_band, occupation, sex, state = (counted[name] for name in _DIMENSIONS)
    return campaign, version, township, age_band, occupation, sex, state


def _counts(version: int, answers: Mapping[str, Any]) -> Iterable[tuple[rules.Key, Amount]]:
    return rules.contributions(level_of(version), answers).items()


@lru_cache(maxsize=200)
def level_of(version: int) -> rules.Level:
    """A published version never changes, so each process reads it once."""
    return rules.level(Version.objects.values_list("compiled", flat=True).get(pk=version) or {})


def _write(deltas: Deltas) -> None:
    """In the order of the rows' key, as one statement; what nobody says any more is no row."""
    changed = sorted((cell, key) for (cell, key), amount in deltas.items() if amount)
    if not changed:
        return
    keys: list[Any] = [list(column) for column in zip(*((*cell, *key) for cell, key in changed), strict=True)]
    amounts = [deltas[each] for each in changed]
    sums: list[Any] = [
        [each.n for each in amounts],
        [each.total for each in amounts],
        [each.squares for each in amounts],
    ]
    with connection.cursor() as cursor:
        cursor.execute(_UPSERT, [*keys, *sums])
        if any(each.n < 0 for each in amounts):
            cursor.execute(_DROP_EMPTY, keys)


def _mark_clean(dirty: list[dict[str, Any]]) -> None:
    counted = [json.dumps(_now(row)) for row in dirty]
    with connection.cursor() as cursor:
        cursor.execute(_MARK_CLEAN, [[row["pk"] for row in dirty], counted])
