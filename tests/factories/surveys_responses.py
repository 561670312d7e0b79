"""What tests of responses and tallies need beyond `surveys`: what is run, public links."""

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from needs.surveys.campaigns.models import PublicLink
from tests.factories.accounts import UserFactory
from tests.factories.surveys import CHINESE, CampaignFactory, VersionFactory


def question(key, kind, **more):
    return {"id": key, "type": kind, **more}


def compiled(*items, lists=None):
    """What is run, as docs/surveys.md lays it out: `question(…)`, `{"group": name, "items": […]}`, `{"repeat": …}`."""
    nodes = []
    _add(nodes, items, -1, -1)
    return {
        "format": 1,
        "title": {CHINESE: "调查"},
        "languages": [CHINESE],
        "default_language": CHINESE,
        "nodes": nodes,
        "order": [],
        "lists": {
            name: [{"name": choice, "label": {CHINESE: f"选项{choice}"}} for choice in choices]
            for name, choices in (lists or {}).items()
        },
    }


def _add(nodes, items, parent, repeat):
    for item in items:
        place = len(nodes)
        if "items" in item:
            kind = "repeat" if "repeat" in item else "group"
            node = {"kind": kind, "id": item.get("repeat", ""), "name": item[kind]}
        else:
            node = {"kind": "question", "name": item["id"], "label": {CHINESE: f"问题{item['id']}"}, **item}
        node |= {"i": place, "parent": parent, "repeat": repeat, "children": []}
        nodes.append(node)
        if parent >= 0:
            nodes[parent]["children"].append(place)
        if "items" in item:
            node["appearance"] = item.get("appearance", [])
            node["label"] = {CHINESE: item.get("label", "")}
            _add(nodes, item["items"], place, place if "repeat" in item else repeat)


def version_of(what_is_run, **more):
    return VersionFactory(compiled=what_is_run, **more)


class PublicLinkFactory(DjangoModelFactory):
    class Meta:
        model = PublicLink

    campaign = factory.SubFactory(CampaignFactory)
    token = factory.Sequence(lambda n: f"token{n:027d}")
    made_at = factory.LazyFunction(timezone.now)
    made_by = factory.SubFactory(UserFactory)
