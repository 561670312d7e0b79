"""What an application said at a submission, kept so that a reviewer sees what changed."""

from datetime import datetime
from typing import Any

from talentmap.casework import rules
from talentmap.casework.models import Application, Document, Snapshot
from talentmap.people.fields import blind_index


def take(application: Application, documents: list[Document], at: datetime) -> Snapshot:
    """Keep the present round. The column's encoder writes dates and amounts as text."""
    return Snapshot.objects.create(
        application=application, round=application.round, at=at, data=_content(application, documents)
    )


def _content(application: Application, documents: list[Document]) -> dict[str, Any]:
    service = application.service
    detail = service.detail(application)
    listed: dict[str, list[dict[str, str]]] = {}
    for document in documents:
        listed.setdefault(document.kind, []).append({"name": document.name, "sha256": document.sha256})
    return {"form": {name: _value(detail, name) for name in service.field_labels}, "documents": listed}


def _value(detail: Any, name: str) -> Any:
    """A field's stored value; of a sensitive one only a digest that shows whether it changed."""
    field = detail._meta.get_field(name)
    value = field.value_from_object(detail)
    return blind_index(str(value)) if getattr(field, "sensitive", False) else value


def documents_now(application: Application, kind: str) -> list[str]:
    """The digests of the documents of a kind that count now."""
    current = Document.objects.filter(application=application, kind=kind).current()
    return sorted(current.values_list("sha256", flat=True))


def documents_sent(application: Application, kind: str) -> list[str]:
    """Those of the last submission."""
    sent = Snapshot.objects.filter(application=application).order_by("-round").first()
    return sorted(d["sha256"] for d in sent.data["documents"].get(kind, [])) if sent else []


def changes(application: Application, round: int | None = None) -> tuple[rules.Change, ...]:
    """What differs between a round, by default the last, and the one before; empty for the first."""
    last = round or application.round
    data = dict(
        Snapshot.objects.filter(application=application, round__in=(last - 1, last)).values_list("round", "data")
    )
    if last not in data or last - 1 not in data:
        return ()
    return rules.difference(data[last - 1], data[last])
