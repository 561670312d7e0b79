"""An incomplete scheme does not start."""

import pytest

from talentmap.accounts.permissions import Permission
from talentmap.casework import checks, registry
from talentmap.casework.models import Snapshot
from talentmap.casework.scheme import DocumentRule, FormPage, Guide, Scheme, Stage
from tests.casework.sample import PurposeForm, SampleScheme


def faults(**attributes):
    return list(checks.scheme_faults(type("Changed", (SampleScheme,), attributes)()))


def test_the_sample_is_complete():
    assert faults() == []


@pytest.mark.parametrize(
    ("attributes", "said"),
    [
        ({"code": "No Code"}, "code"),
        ({"prefix": "x"}, "prefix"),
        ({"map": "treasure"}, "map"),
        ({"title": ""}, "title"),
        ({"guide": Guide("", "a", "b", "c")}, "who"),
        ({"guide": None}, "no guide"),
        ({"stages": ()}, "no review stage"),
        ({"stages": (Stage("a", "A", Permission.APPROVE, 0),)}, "no working day"),
        ({"stages": (Stage("a", "A", "whatever", 1),)}, "no permission"),
        ({"stages": (Stage("a", "A", Permission.APPROVE, 1),) * 2}, "twice"),
        ({"stages": (Stage("a", "A", Permission.LEND, 1, party="town"),)}, "neither an organisation nor a person"),
        ({"stages": (Stage("a", "A", Permission.APPROVE, 1, passes_on=True),)}, "passes nothing on"),
        ({"decided_by": "chance"}, "decided by none"),
        ({"decided_by": "last_stage"}, "after which nobody decides"),
        ({"documents": (DocumentRule("plan", "P", stages=("township",)),)}, "no party's stage"),
        ({"detail_model": None}, "detail model"),
        ({"detail_model": Snapshot}, "one-to-one"),
        ({"form_pages": (FormPage("a", "A", PurposeForm),) * 2}, "twice"),
        ({"documents": (DocumentRule("purpose", "P"),)}, "twice"),
        ({"tariff_code": "nowhere"}, "nowhere"),
        ({"consent_purposes": ("fun",)}, "fun"),
        ({"facts": Scheme.facts}, "facts"),
        ({"conditions": Scheme.conditions}, "conditions"),
    ],
)
def test_what_is_missing_is_named(attributes, said):
    found = faults(**attributes)
    assert any(said in fault for fault in found), found


def test_a_bare_scheme_is_told_everything_without_breaking():
    assert len(list(checks.scheme_faults(Scheme()))) > 8


def test_the_check_runs_over_the_registry(monkeypatch):
    broken = type("Broken", (SampleScheme,), {"code": "broken", "title": ""})()
    monkeypatch.setitem(registry._schemes, "broken", broken)
    messages = [m.msg for m in checks.schemes_are_complete()]
    assert any("scheme broken: has no title" in m for m in messages)
    assert any("shares the prefix YB" in m for m in messages)


def test_a_code_is_registered_once():
    with pytest.raises(ValueError, match="twice"):
        registry.register(type("Twin", (SampleScheme,), {})())
    with pytest.raises(registry.UnknownScheme):
        registry.get("nothing")
