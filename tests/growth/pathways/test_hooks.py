"""What growth paths tell other areas: the copy of one's data, a deletion, figures, notices, deeds and companions."""

from datetime import date, timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.urls import reverse

from growth.pathways import actions, companions, deeds
from growth.pathways.deeds import Deed
from growth.pathways.models import Journey, TickEvidence
from growth.pathways.tasks import catch_up_journeys
from talentmap.accounts.permissions import Role
from talentmap.audit.action import ACTIONS
from talentmap.audit.labels import action_label
from talentmap.dashboards import compute, registry
from talentmap.dashboards.scope import Scope
from talentmap.notices import kinds
from talentmap.people import erasure, takeout
from tests.factories import casework, lending, pathways
from tests.factories.accounts import user_with
from tests.factories.casework import moment, picture
from tests.factories.pathways import STAGES, milestone, stage, ticked
from tests.factories.people import SkillFactory

pytestmark = pytest.mark.django_db
LATER = moment() + timedelta(days=3)


def test_everything_about_a_roadmap_is_taken_along(town):
    row = pathways.journey(town, pathways.published(*STAGES, title="创业路线"))
    tick = ticked(row, "course", text="三月结业")
    actions.send_back(by=town.cadre, at=LATER, tick=tick, note="缺签到表")
    told = "\n".join(" · ".join(entry) for entry in takeout.whole_file(town.talent))
    for words in ("Roadmap 创业路线", "三月结业", "缺签到表", "Roadmap 创业路线 · Step 1", "阶段first"):
        assert words in told, words


def test_a_deletion_ends_the_roadmap_and_empties_the_evidence(town, django_capture_on_commit_callbacks):
    row = pathways.journey(town)
    made = actions.tick(
        by=town.talent.user, at=moment(), journey=row, code="visit", text="走访三家", upload=picture("我的证书.png")
    )
    path = made.evidence.file.name
    assert default_storage.exists(path)
    with django_capture_on_commit_callbacks(execute=True):
        for clearing in erasure.CLEARINGS:
            clearing(by=town.staff, at=LATER, talent=town.talent)
    row.refresh_from_db()
    shown = TickEvidence.objects.get()
    assert row.state == "ended"
    assert (shown.text, shown.name, shown.file.name, shown.erased_at) == ("", "", "", LATER)
    assert not default_storage.exists(path)
    assert row.ticks.count() == 1  # that there was a tick stays


def test_neither_words_nor_file_names_reach_the_history(town):
    row = pathways.journey(town)
    actions.tick(by=town.talent.user, at=moment(), journey=row, code="visit", text="秘密的话", upload=picture("密.png"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT changes::text FROM talentmap_auditentry WHERE table_name = 'growth_tickevidence'")
        written = " ".join(row for (row,) in cursor.fetchall())
    assert written
    assert "秘密" not in written.encode().decode("unicode_escape", "ignore") + written
    assert "密.png" not in written


def test_every_action_has_words_in_the_history():
    ours = [name for name in ACTIONS if name.startswith("growth.pathways.")]
    assert len(ours) > 20
    assert [name for name in ours if action_label(name) == name] == []


def test_notices_name_nobody_and_no_milestone():
    ours = [kind for kind in kinds.registered() if kind.code.startswith("pathway_")]
    assert {kind.code for kind in ours} == {
        "pathway_waits", "pathway_confirmed", "pathway_sent_back", "pathway_taken_back", "pathway_stage",
        "pathway_finished",
    }  # fmt: skip
    assert all(kind.placeholders <= {"date"} for kind in ours)


# Figures: against what is counted by hand ------------------------------------------------------------------------


def figure(code, reader, first=date(2026, 3, 1), last=date(2026, 3, 31)):
    return compute.value(registry.get(f"pathways.{code}"), reader, Scope(first, last))


@pytest.fixture
def county(town):
    """Four people in two townships: one reached the second stage, one waits, one left, one idles."""
    version = pathways.published(stage("one", milestone("a")), stage("two", milestone("b", needs="office")))
    other = pathways.Town()
    ahead, waits, left = (pathways.journey(town, version, town.another()) for _each in range(3))
    pathways.journey(other, version)
    ticked(ahead, "a")
    ticked(waits, "a")
    ticked(waits, "b")
    actions.end(by=town.cadre, at=LATER, journey=left, reason="x")
    second = actions.start(by=town.cadre, at=moment(date(2026, 4, 2)), talent=ahead.talent,
                           pathway=pathways.published().pathway)  # fmt: skip
    assert second.is_active
    return other


def test_figures_are_what_is_counted_by_hand(town, county):
    assert figure("under_way", town.staff) == 3  # one of them on two pathways
    assert figure("started", town.staff) == 4
    assert figure("started", town.staff, date(2026, 4, 1), date(2026, 4, 30)) == 1
    assert figure("met", town.staff) == 2
    assert figure("reached", town.staff) == 2
    assert figure("waiting", town.staff) == 1
    assert figure("met", town.staff, date(2026, 2, 1), date(2026, 2, 28)) == 0


def test_figures_stay_within_reach(town, county):
    assert figure("under_way", town.cadre) == 2
    assert figure("under_way", county.cadre) == 1
    assert figure("met", county.cadre) == 0


def test_the_page_of_figures_opens_into_rows(town, county, client):
    client.force_login(town.staff)
    assert "pathways.under_way" in client.get(reverse("dashboards:growth")).content.decode()
    shown = client.get(reverse("dashboards:figure", args=["pathways.met"])).content.decode()
    assert reverse("pathways:journey", args=[Journey.objects.order_by("pk")[1].pk]) in shown
    client.force_login(user_with(Role.COUNTY_LEADER))
    shown = client.get(reverse("dashboards:figure", args=["pathways.under_way"])).content.decode()
    assert Journey.objects.first().talent.name not in shown  # masked


# Deeds and companions --------------------------------------------------------------------------------------------


@pytest.fixture
def awards():
    """A kind of deed as another capability would tell it."""
    code = "award"

    def told(talent, reader):
        if reader is None or reader.roles & {Role.TALENT, Role.OFFICE_STAFF}:
            yield Deed(key=f"award:{talent.pk}", kind=code, title="创业大奖", day=date(2026, 2, 1), done=True)

    deeds.register(code, "Awards", told)
    yield told
    deeds.forget(code)


def test_another_capabilitys_deeds_appear_and_count(town, awards):
    row = pathways.journey(
        town,
        pathways.published(stage("a", milestone("m", record="deed", record_value="award")), stage("b", milestone("n"))),
    )
    assert row.ticks.get().part == "record"
    assert [deed.key for deed in deeds.of(town.talent, town.talent.user)] == [f"award:{town.talent.pk}"]
    assert deeds.of(town.talent, town.mentor) == []
    with pytest.raises(ValueError, match="twice"):
        deeds.register("award", "Awards", lambda talent, reader: ())


def test_the_latest_deed_comes_first_and_what_has_no_date_last(town, awards):
    SkillFactory(talent=town.talent, name="新证", certified_on=date(2026, 3, 1))
    SkillFactory(talent=town.talent, name="无日期")
    titles = [str(deed.title)[:3] for deed in deeds.of(town.talent, town.talent.user)]
    assert titles == ["新证 ", "创业大", "无日期"]


def test_a_draft_is_nothing_done(town):
    casework.rules_in_force()
    casework.draft(town.talent.user)
    assert deeds.of(town.talent, town.talent.user) == []


def test_an_approved_application_meets_its_milestone():
    who = type("Who", (), casework.people())
    casework.rules_in_force()
    town = pathways.Town(who.talent.talent.region)
    applied = stage("a", milestone("m", record="application", record_value="sample"))
    row = pathways.journey(town, pathways.published(applied, stage("b", milestone("n"))), who.talent.talent)
    assert catch_up_journeys() == 0
    casework.approved(who)
    assert catch_up_journeys() == 1
    row.refresh_from_db()
    assert row.stage.code == "b"


def test_several_providers_are_asked_and_each_mentor_named_once(town):
    assert companions.mentors_of(town.talent) == []
    pair = (town.mentor, town.talent)
    with pathways.accompanied(pair), pathways.accompanied(pair, (town.cadre, town.talent)):
        assert companions.mentors_of(town.talent) == [town.mentor, town.cadre]
        assert companions.talents_of(town.mentor) == [town.talent.pk]
        assert companions.accompanies(town.cadre, town.talent)
    assert not companions.accompanies(town.mentor, town.talent)


def test_a_loan_stands_on_the_roadmap_for_who_may_see_it(town):
    where = lending.market()
    approved, running = lending.approved(where), lending.running(where)
    found = deeds.of(running.talent, running.talent.user, only="loan")
    assert [(deed.key, deed.link, deed.done) for deed in found] == [
        (f"loan:{running.pk}", reverse("loans:loan", args=[running.pk]), True)
    ]
    assert deeds.of(running.talent, town.mentor, only="loan") == []
    assert [deed.done for deed in deeds.of(approved.talent, None, only="loan")] == [False]  # nothing is paid out yet
