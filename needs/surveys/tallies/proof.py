"""The proof that tallies equal the answers: both said in SQL, where they differ as rows.

Nothing of `rules.py` is used: a mistake there shows here.
"""

from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from django.db import connection, transaction

_DIFFERENCES = """
    with recursive question as (
        select version.id as version, (node ->> 'i')::int as i, node ->> 'kind' as kind, node ->> 'id' as key,
               coalesce(node ->> 'type', '') as type, coalesce((node ->> 'repeat')::int, -1) as repeat
          from needs_version version, jsonb_array_elements(version.compiled -> 'nodes') node
         where node ->> 'kind' in ('question', 'repeat') and coalesce(node ->> 'type', '') <> 'note'
           and not coalesce((node ->> 'personal')::boolean, false)
    ),
    -- What is counted at present: clean responses as they are, the others as they were, the new ones not yet.
    counted as (
        select campaign_id as campaign, version_id as version, township_id as township, age_band, occupation, sex,
               state, answers
          from needs_response where not is_dirty and (%(campaign)s is null or campaign_id = %(campaign)s)
        union all
        select r.campaign_id, (r.tallied ->> 'version')::bigint, (r.tallied ->> 'township')::bigint,
               r.tallied ->> 'age_band', r.tallied ->> 'occupation', r.tallied ->> 'sex', r.tallied ->> 'state',
               case when (r.tallied ->> 'revision')::int = r.revision then r.answers else before.answers end
          from needs_response r
          left join needs_responserevision before
                 on before.response_id = r.id and before.number = (r.tallied ->> 'revision')::int
         where r.is_dirty and jsonb_typeof(r.tallied) = 'object'
           and (%(campaign)s is null or r.campaign_id = %(campaign)s)
    ),
    entry as (
        select campaign, version, township, age_band, occupation, sex, state, q.key as key, q.i as repeat,
               element as answers
          from counted join question q using (version), jsonb_array_elements(
                   case when jsonb_typeof(answers -> q.key) = 'array' then answers -> q.key else '[]' end) element
         where q.kind = 'repeat' and q.repeat = -1
        union all
        select campaign, version, township, age_band, occupation, sex, state, q.key, q.i, element
          from entry join question q using (version), jsonb_array_elements(
                   case when jsonb_typeof(answers -> q.key) = 'array' then answers -> q.key else '[]' end) element
         where q.kind = 'repeat' and q.repeat = entry.repeat
    ),
    place as (
        select campaign, version, township, age_band, occupation, sex, state, -1 as repeat, answers from counted
        union all
        select campaign, version, township, age_band, occupation, sex, state, repeat, answers
          from entry where jsonb_typeof(answers) = 'object'
    ),
    -- "offset 0" keeps the planner from opening each response once a question; equal answers go on as one row.
    said as (
        select campaign, version, township, age_band, occupation, sex, state, repeat, key, value
          from (select place.*, one.key, one.value from place, jsonb_each(place.answers) one offset 0) as opened
         where jsonb_typeof(value) <> 'null'
    ),
    answer as (
        select campaign, version, township, age_band, occupation, sex, state, key, type, value as said,
               jsonb_typeof(value) as shape, count(*) as times,
               case when type in ('integer', 'decimal', 'range') and jsonb_typeof(value) = 'number'
                     and abs((value #>> '{}')::numeric) < 1e18 then (value #>> '{}')::numeric end as number
          from said join question using (version, key, repeat)
         where kind = 'question'
         group by campaign, version, township, age_band, occupation, sex, state, key, type, value
    ),
    fact as (
        select campaign, version, township, age_band, occupation, sex, state, '' as question, '' as value,
               1::bigint as times, 0::numeric as total, 0::numeric as squares
          from counted
        union all
        select campaign, version, township, age_band, occupation, sex, state, key, '', 1, 0, 0 from entry
        union all
        select campaign, version, township, age_band, occupation, sex, state, key, one.value, times,
               times * one.total, times * one.squares
          from answer, lateral (
               select '', coalesce(round(number, 12), 0), coalesce(round(number * number, 12), 0)
               union all
               select case when abs(number) < 0.000001 then '0'
                           else trim_scale(to_char(number, '9.9EEEE')::numeric)::text end,
                      round(number, 12), round(number * number, 12)
                where number is not null
               union all
               select left(said #>> '{}', case when type in ('select_one', 'acknowledge') then 120 else 7 end), 0, 0
                where shape = 'string' and said #>> '{}' <> ''
                  and type in ('select_one', 'acknowledge', 'date', 'dateTime', 'today', 'start', 'end')
               union all
               select left(chosen #>> '{}', 120), case when type = 'rank' then nth else 0 end,
                      case when type = 'rank' then nth * nth else 0 end
                 from jsonb_array_elements(case when shape = 'array' and type in ('select_multiple', 'rank')
                                                then said else '[]' end) with ordinality as item (chosen, nth)
                where jsonb_typeof(chosen) = 'string' and chosen #>> '{}' <> ''
          ) as one (value, total, squares)
    ),
    expected as (
        select campaign, version, township, age_band, occupation, sex, state, question, value,
               sum(times) as n, sum(total) as total, sum(squares) as squares
          from fact group by campaign, version, township, age_band, occupation, sex, state, question, value
    ),
    stored as (
        select campaign_id as campaign, version_id as version, township_id as township, age_band, occupation, sex,
               state, question, value, n, total, total_squares as squares
          from needs_tally where %(campaign)s is null or campaign_id = %(campaign)s
    ),
    compared as (
        select campaign, version, township, age_band, occupation, sex, state, question, value,
               coalesce(expected.n, 0) as expected_n, coalesce(stored.n, 0) as stored_n,
               coalesce(expected.total, 0) as expected_total, coalesce(stored.total, 0) as stored_total,
               coalesce(expected.squares, 0) as expected_squares, coalesce(stored.squares, 0) as stored_squares
          from expected full join stored
         using (campaign, version, township, age_band, occupation, sex, state, question, value)
    )
    select *, count(*) over () from compared
     where (expected_n, expected_total, expected_squares) is distinct from (stored_n, stored_total, stored_squares)
     order by campaign, question, value, version, township, age_band, occupation, sex, state
     limit %(most)s
"""
_SIZE = """
    select (select count(*) from needs_response where %(campaign)s is null or campaign_id = %(campaign)s),
           (select count(*) from needs_response
             where is_dirty and (%(campaign)s is null or campaign_id = %(campaign)s)),
           (select count(*) from needs_tally where %(campaign)s is null or campaign_id = %(campaign)s)
"""


@dataclass(frozen=True)
class Difference:
    """One row of counts: what the answers say, and what the tallies say."""

    campaign: int
    version: int
    township: int
    age_band: str
    occupation: str
    sex: str
    state: str
    question: str
    value: str
    expected_n: int
    stored_n: int
    expected_total: Decimal
    stored_total: Decimal
    expected_squares: Decimal
    stored_squares: Decimal


@dataclass(frozen=True)
class Finding:
    """`waiting` responses changed and are not folded yet: they are compared as they were counted last."""

    responses: int
    waiting: int
    tallies: int
    differing: int
    differences: tuple[Difference, ...]

    @property
    def equal(self) -> bool:
        return not self.differing

    def to_json(self) -> dict[str, Any]:
        return {"equal": self.equal, **asdict(self)}


def verify(campaign: int | None = None, most: int = 100) -> Finding:
    """Compare all tallies, or those of one campaign, with the answers; at most `most` differences are listed.

    One statement sees one state of the database, so it may run while people answer and tallies are folded.
    """
    asked = {"campaign": campaign, "most": most}
    with transaction.atomic(), connection.cursor() as cursor:
        # Equal answers are few among many: hashed they are counted in one pass, sorted first they would go to disk.
        cursor.execute("set local work_mem = '128MB'; set local enable_sort = off")
        cursor.execute(_DIFFERENCES, asked)
        rows = cursor.fetchall()
        cursor.execute(_SIZE, asked)
        responses, waiting, tallies = cursor.fetchone()
    return Finding(
        responses, waiting, tallies, rows[0][-1] if rows else 0, tuple(Difference(*row[:-1]) for row in rows)
    )
