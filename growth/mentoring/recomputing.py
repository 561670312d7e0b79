"""An assignment round computed again from what it kept, so that anybody can see that nobody was put before others."""

from dataclasses import dataclass

from growth.mentoring import inputs, rules
from growth.mentoring.models import Proposal, Round


@dataclass(frozen=True)
class Again:
    """How many applications were computed, the ids of those for which the round says something else, and how many
    lines the office has changed since."""

    count: int
    differing: tuple[int, ...]
    changed: int = 0


def again(row: Round) -> Again | None:
    """Compare a round with what `rules.assign` makes of its inputs today; None for a round of before they were kept.

    Whom the office put in on a line is its own decision: of such a line only the computed mentor is compared.
    """
    if not row.inputs:
        return None
    seekers, candidates = inputs.from_json(row.inputs)
    found = rules.assign(seekers, candidates, inputs.weights_from_json(row.weights))
    lines = {line.application_id: line for line in row.proposals.all()}
    differing = [pk for pk in found.keys() | lines.keys() if not _is_same(lines.get(pk), found.get(pk), pk in found)]
    return Again(len(found), tuple(sorted(differing)), sum(line.is_changed for line in lines.values()))


def _is_same(line: Proposal | None, fit: rules.Fit | None, was_there: bool) -> bool:
    if line is None or not was_there:
        return False
    if line.computed_id != (fit.mentor if fit else None):
        return False
    return line.changed_by_id is not None or line.fit == (fit.as_json() if fit else {})
