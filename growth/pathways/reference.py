"""The pathways that ship: loaded once, from then on they are the office's own."""

import json
from pathlib import Path
from typing import Any

from django.utils import timezone

from growth.pathways import actions
from growth.pathways.models import Pathway, PathwayMilestone, PathwayStage, PathwayVersion
from talentmap.accounts.models import User
from talentmap.reference import reference_data, schedule

READY = Path(__file__).parent / "ready"


@reference_data
def shipped_pathways() -> str:
    """What the office renamed, changed or retired stays so: a pathway whose code is known is left alone."""
    known = set(Pathway.objects.exclude(code="").values_list("code", flat=True))
    taken = set(Pathway.objects.values_list("title", flat=True))
    for path in sorted(READY.glob("*.json")):
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["code"] not in known and content["title"] not in taken:
            load(content)
    schedule("pathways: read the record again", "growth.pathways.tasks.catch_up_journeys", minute="40")
    return f"{Pathway.objects.count()} pathways"


def load(content: dict[str, Any]) -> PathwayVersion:
    """A published pathway with what `content` says."""
    system, at = User.objects.system(), timezone.now()
    head = {name: content[name] for name in ("code", "title", "audience", "summary")}
    pathway = actions.make(by=system, at=at, **head)
    version: Any = pathway.versions.get()
    for place, each in enumerate(content["stages"], start=1):
        parts = {**each}
        milestones = parts.pop("milestones")
        stage = PathwayStage.objects.create(version=version, position=place, **parts)
        for position, milestone in enumerate(milestones, start=1):
            PathwayMilestone.objects.create(version=version, stage=stage, position=position, **milestone)
    return actions.publish(by=system, at=at, version=version, revision=version.revision)
