"""Whole exports, read back by other libraries."""

import csv
import hashlib
import io
import zipfile
from datetime import timedelta
from pathlib import Path

import openpyxl
import pyreadstat
import pytest
from django.db import connection
from django.utils import timezone

from needs.surveys.exports import making, spss, writers
from needs.surveys.exports.models import ExportJob
from needs.surveys.exports.options import EACH, FLAGGED, Filters
from needs.surveys.exports.tasks import forgotten
from needs.surveys.results.models import WeightCell, WeightRun
from talentmap.accounts.permissions import Role
from tests.factories import surveys_exports as factory
from tests.factories.accounts import TownshipFactory, user_with

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def campaign():
    """One answer to each version, the second with two family members."""
    campaign = factory.two_versions()
    factory.answer(campaign, campaign.first, age=61, crop="silk", trained="=缫丝", lacks=["growing"], state="approved")
    factory.answer(
        campaign,
        personal={"phone": "13800138000", "member": [{"member_name": "张三"}, {"member_name": "张四"}]},
        wish="电商，直播",
        age=33,
        crop="fruit",
        lacks=["growing", "selling"],
        member=[{"member_age": 60}, {"member_age": 8}],
    )
    return campaign


def read_csv(content):
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def unzipped(job):
    with zipfile.ZipFile(job.file.path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_csv_of_both_versions_has_a_column_a_question_and_repeats_in_a_file_of_their_own(campaign):
    job = factory.made(campaign)
    assert (job.state, job.rows_expected, job.rows_written, job.error) == ("ready", 2, 2, "")
    files = unzipped(job)
    main, members = (read_csv(content) for content in files.values())
    assert sorted(files) == [f"answers-{campaign.pk}-{job.pk}-member.csv", f"answers-{campaign.pk}-{job.pk}.csv"]
    first, second = main
    assert [first[name] for name in ("version", "age", "crop", "trained", "wish", "lacks")] == [
        "1", "61", "silk", "'=缫丝", "", "growing",
    ]  # fmt: skip
    assert [second[name] for name in ("version", "age", "crop", "trained", "wish", "lacks")] == [
        "2", "33", "fruit", "", "电商，直播", "growing selling",
    ]  # fmt: skip
    assert [(row["uuid"], row["member_index"], row["member_age"]) for row in members] == [
        (second["uuid"], "1", "60"),
        (second["uuid"], "2", "8"),
    ]
    assert b"13800138000" not in b"".join(files.values())
    assert "张三".encode() not in b"".join(files.values())


def test_a_file_without_repeats_is_plain_csv_and_proves_itself(campaign):
    job = factory.made(campaign, columns=("age",))
    content = Path(job.file.path).read_bytes()
    assert job.file.name.endswith(".csv")
    assert [row["age"] for row in read_csv(content)] == ["61", "33"]
    assert job.sha256 == hashlib.sha256(content).hexdigest()
    assert job.size == len(content)
    assert job.expires_at - job.finished_at == timedelta(days=7)


def test_personal_answers_come_with_a_reason_that_enters_the_access_log(campaign):
    from talentmap.audit.models import AccessLog

    job = factory.made(campaign, with_personal=True, reason="回访核实")
    main, members = (read_csv(content) for content in unzipped(job).values())
    assert [row["phone"] for row in main] == ["", "13800138000"]
    assert [row["member_name"] for row in members] == ["张三", "张四"]
    logged = AccessLog.objects.get()
    assert (logged.user, logged.subject_id, logged.field, logged.reason) == (
        job.made_by, str(job.pk), "with_personal", "回访核实",
    )  # fmt: skip


def test_xlsx_in_labels_has_repeats_on_their_own_sheet(campaign):
    job = factory.made(campaign, format="xlsx", words="labels", language=factory.ENGLISH)
    book = openpyxl.load_workbook(job.file.path)
    main, members = (list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets)
    assert len(book.sheetnames) == 2
    first = dict(zip(main[0], main[1], strict=True))
    assert first["您的年龄"] == 61
    assert first["主要种什么"] == "Silk"
    assert first["参加过什么培训"] == "=缫丝"
    assert members[1][1:3] == (1, 60)
    assert [cell.data_type for cell in book.worksheets[0][2]].count("f") == 0


def test_xlsx_goes_on_in_another_sheet_below_excels_last_row(campaign, monkeypatch):
    monkeypatch.setattr(writers, "SHEET_ROWS", 1)
    monkeypatch.setattr(writers.XlsxWriter.__init__, "__kwdefaults__", {"sheet_rows": 1})
    job = factory.made(campaign, format="xlsx", columns=("age",))
    book = openpyxl.load_workbook(job.file.path)
    assert [[row[0] for row in sheet.iter_rows(min_col=2, values_only=True)] for sheet in book] == [
        ["age", 61],
        ["age", 33],
    ]


def test_spss_has_labels_numbers_for_choices_and_missing_values(campaign):
    job = factory.made(campaign, format="sav", multiple=EACH)
    files = unzipped(job)
    path = Path(job.file.path).parent / "main.sav"
    path.write_bytes(files[f"answers-{campaign.pk}-{job.pk}.sav"])
    frame, meta = pyreadstat.read_sav(str(path))
    assert frame["age"].tolist() == [61, 33]
    assert frame["crop"].tolist() == [2, 3]
    assert meta.variable_value_labels["crop"] == {1: "茶叶", 2: "蚕桑", 3: "水果"}
    assert meta.column_names_to_labels["crop"] == "主要种什么"
    assert frame["lacks_selling"].tolist() == [0, 1]
    assert frame["trained"].tolist() == ["=缫丝", ""]
    assert frame["wish"].tolist() == ["", "电商，直播"]


def test_spss_without_an_answer_is_missing_and_long_exports_are_several_files(campaign, monkeypatch):
    factory.answer(campaign)
    monkeypatch.setattr(spss.SpssWriter.__init__, "__kwdefaults__", {"part_rows": 2})
    job = factory.made(campaign, format="sav", columns=("age", "crop"))
    frames = []
    for name, content in unzipped(job).items():
        path = Path(job.file.path).parent / name
        path.write_bytes(content)
        frames.append(pyreadstat.read_sav(str(path))[0])
    assert [len(frame) for frame in frames] == [2, 1]
    assert frames[1]["age"].isna().tolist() == [True]


def test_the_questionnaire_goes_with_a_codebook_of_all_versions(campaign):
    from needs.surveys.xlsform import import_document, read

    job = factory.made(campaign, format="xlsform")
    files = unzipped(job)
    forms = {name: content for name, content in files.items() if "-v" in name}
    assert job.state == "ready", job.error
    assert len(forms) == 2
    for name, content in forms.items():
        imported = import_document(read(io.BytesIO(content), name))
        assert "crop" in str(imported.document)
    codebook = next(content for name, content in files.items() if name not in forms)
    rows = list(openpyxl.load_workbook(io.BytesIO(codebook)).active.iter_rows(values_only=True))
    assert ["crop", "select_one", "主要种什么"] in [list(row[:3]) for row in rows]
    assert ("fruit", 3, "水果") in [row[6:9] for row in rows]


def test_filters_by_state_day_township_flag_and_version(campaign):
    other = TownshipFactory()
    factory.answer(campaign, age=18, township=other, flags=["too_fast"])

    def ages(**options):
        job = factory.made(campaign, columns=("age",), **options)
        return [row["age"] for row in read_csv(Path(job.file.path).read_bytes())]

    by = user_with(Role.OFFICE_STAFF)
    assert ages(by=by, filters=Filters(states=("approved",))) == ["61"]
    assert ages(by=by, filters=Filters(townships=(other.pk,))) == ["18"]
    assert ages(by=by, filters=Filters(flags=FLAGGED)) == ["18"]
    assert ages(by=by, version=campaign.first.pk) == ["61"]
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    assert ages(by=by, filters=Filters(since=tomorrow)) == []
    assert ages(by=by, filters=Filters(until=tomorrow)) == ["61", "33", "18"]


def test_weights_come_from_the_chosen_run(campaign):
    run = WeightRun.objects.create(
        campaign=campaign, number=1, made_at=timezone.now(), made_by=user_with(Role.OFFICE_STAFF), margins={},
        options={}, n=2, n_eff=2, design_effect=1, iterations=1,
    )  # fmt: skip
    township = campaign.townships.get().region
    WeightCell.objects.create(
        run=run, township=township, age_band="35_44", occupation="farming", sex="female", n=2, weight=1.25
    )
    job = factory.made(campaign, columns=("age",), weights=run.pk)
    assert [row["weight"] for row in read_csv(Path(job.file.path).read_bytes())] == ["1.25", "1.25"]


def test_a_cadre_exports_the_own_township_only(campaign):
    other = TownshipFactory()
    factory.answer(campaign, age=18, township=other)
    cadre = user_with(Role.TOWNSHIP_CADRE, region=other)
    job = factory.made(campaign, cadre, columns=("age",))
    assert [row["age"] for row in read_csv(Path(job.file.path).read_bytes())] == ["18"]


def test_hostile_answers_come_back_as_they_were(campaign):
    long = "长" * 40_000
    factory.answer(campaign, trained=long, wish='a"b,c\r\nd\\n\t\x7f', age=12345678901234567890)
    job = factory.made(campaign, columns=("trained", "wish", "age"))
    row = read_csv(Path(job.file.path).read_bytes())[-1]
    assert (row["trained"], row["wish"], row["age"]) == (long, 'a"b,c\r\nd\\n\t\x7f', "12345678901234567890")
    for kind in ("xlsx", "sav"):
        assert factory.made(campaign, format=kind).state == "ready"


def test_who_lost_the_role_meanwhile_gets_no_file(campaign):
    cadre = user_with(Role.TOWNSHIP_CADRE, region=campaign.townships.get().region)
    job = factory.asked(campaign, cadre)
    cadre.memberships.update(ended_at=timezone.now(), ended_by=cadre)
    making.make(job.pk, timezone.now)
    job.refresh_from_db()
    assert (job.state, bool(job.file)) == ("failed", False)


def test_a_job_is_made_once_and_another_process_leaves_it_alone(campaign):
    job = factory.asked(campaign)
    from needs.surveys.exports.reading import jobs_at_work, snapshot

    with snapshot(job.pk) as held:
        assert held is not None
        assert jobs_at_work() == {job.pk}
        assert making.make(job.pk, timezone.now) is False
    assert making.make(job.pk, timezone.now) is True
    assert making.make(job.pk, timezone.now) is False
    assert ExportJob.objects.get().attempts == 1


def test_one_that_is_cancelled_while_it_is_made_leaves_nothing_behind(campaign, monkeypatch):
    job = factory.asked(campaign)
    from needs.surveys.exports import actions

    def cancelled(*args):
        actions.cancel(by=job.made_by, at=timezone.now(), job=job)
        return real(*args)

    real = making._sha256
    monkeypatch.setattr(making, "_sha256", cancelled)
    making.make(job.pk, timezone.now)
    job.refresh_from_db()
    folder = making.work_folder(job.pk)
    assert job.state == "cancelled"
    assert not folder.exists()
    assert [path for path in folder.parent.parent.rglob("*") if path.is_file()] == []


def test_the_third_interruption_is_the_last(campaign):
    job = factory.asked(campaign)
    ExportJob.objects.filter(pk=job.pk).update(state="running", attempts=3)
    making.make(job.pk, timezone.now)
    job.refresh_from_db()
    assert job.state == "failed"


def test_a_database_that_goes_away_in_the_middle_costs_an_attempt_and_no_export(campaign, monkeypatch):
    """The server ends the session that reads; the job is left as a killed worker leaves it, and made when asked again.
    What fails for any other reason is failed at once."""
    from needs.surveys.exports.reading import Snapshot

    job = factory.asked(campaign, columns=("age",))
    real = Snapshot.pass_on

    def ended(self, found, take):
        with connection.cursor() as cursor:
            cursor.execute("select pg_terminate_backend(%s)", [self.database.connection.info.backend_pid])
        return real(self, found, take)

    with monkeypatch.context() as broken:
        broken.setattr(Snapshot, "pass_on", ended)
        assert making.make(job.pk, timezone.now) is False
    assert forgotten(timezone.now()) == [job.pk]
    assert making.make(job.pk, timezone.now) is True
    job.refresh_from_db()
    assert (job.state, job.rows_written, job.attempts) == ("ready", 2, 2)

    other = factory.asked(campaign, columns=("age",))
    with monkeypatch.context() as broken:
        broken.setattr(Snapshot, "pass_on", lambda self, found, take: take(None))
        assert making.make(other.pk, timezone.now) is True
    other.refresh_from_db()
    assert other.state == "failed"


def test_rows_that_arrive_meanwhile_are_of_the_next_export(campaign, monkeypatch):
    from needs.surveys.exports.reading import Snapshot

    job = factory.asked(campaign, columns=("age",))
    real = Snapshot.pass_on

    def late(self, found, take):
        factory.answer(campaign, age=99)
        return real(self, found, take)

    monkeypatch.setattr(Snapshot, "pass_on", late)
    making.make(job.pk, timezone.now)
    job.refresh_from_db()
    assert (job.state, job.rows_expected, job.rows_written) == ("ready", 2, 2)
