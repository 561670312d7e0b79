import json
import os
import subprocess
import sys
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from growth.loans.schedules import DayCount, Method, schedule, totals
from tests.growth.loans.test_schedules import terms

LOAN = {"principal": "5000", "rate": "12", "months": "18", "disbursed": "2022-11-01", "first-due": "2022-12-01"}


def run(*flags: str, **changes: str) -> str:
    options = {**LOAN, "method": "equal-instalment", **{key.replace("_", "-"): value for key, value in changes.items()}}
    out = StringIO()
    call_command("loan_schedule", *(f"--{key}={value}" for key, value in options.items()), *flags, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("method", Method)
@pytest.mark.parametrize("day_count", DayCount)
def test_it_prints_the_schedule(method, day_count):
    rows = schedule(terms(method, grace=3, day_count=day_count))
    printed = json.loads(run("--json", method=method, grace="3", day_count=day_count))
    assert [
        (row["number"], row["due"], row["days"], Decimal(row["principal"]), Decimal(row["interest"]), row["closing"])
        for row in printed["rows"]
    ] == [
        (row.number, row.due.isoformat(), row.days, row.principal, row.interest, f"{row.closing:.2f}") for row in rows
    ]
    sums = printed["totals"]
    assert tuple(map(Decimal, (sums["principal"], sums["interest"], sums["total"]))) == totals(rows)


def test_the_vector_of_an_instalment_chosen_by_hand():
    printed = json.loads(run("--json", instalment="305"))
    assert printed["rows"][0]["principal"] == "255.00"
    assert printed["rows"][-1]["total"] == "303.22"
    assert printed["totals"] == {"principal": "5000.00", "interest": "488.22", "total": "5488.22"}


def test_the_table_is_for_people():
    lines = run(instalment="305").splitlines()
    assert len(lines) == 20
    assert lines[1].split() == ["1", "2022-12-01", "30", "5,000.00", "255.00", "50.00", "305.00", "4,745.00"]
    assert lines[-1].split()[1:] == ["5,000.00", "488.22", "5,488.22"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"principal": "-5"}, "--principal: "),
        ({"principal": "5,000"}, "5,000"),
        ({"principal": "NaN"}, "--principal: "),
        ({"rate": "twelve"}, "--rate: “twelve”"),
        ({"rate": "-1"}, "--rate: "),
        ({"months": "1.5"}, "--months: “1.5”"),
        ({"months": "9" * 5000}, "--months: "),
        ({"months": "²"}, "--months: "),
        ({"grace": "18"}, "--grace: "),
        ({"instalment": "40"}, "--instalment: "),
        ({"disbursed": "2022-02-30"}, "--disbursed: “2022-02-30”"),
        ({"first_due": "2022-11-01"}, "--first-due: "),
        ({"first_due": "1"}, "--first-due: “1”"),
        ({"method": "balloon"}, "balloon"),
        ({"day_count": "actual/360"}, "actual/360"),
    ],
)
def test_what_is_wrong_is_said(changes, said):
    with pytest.raises(CommandError) as refused:
        run(**changes)
    assert said in str(refused.value)


def test_from_a_shell_it_starts_no_servers(tmp_path):
    """In a checkout that has none yet, and with none in the environment."""
    state = tmp_path / "state"
    nowhere = {"DATABASE_URL": "", "REDIS_URL": "", "TALENTMAP_STATE_DIR": str(state)}
    options = [f"--{key}={value}" for key, value in {**LOAN, "method": "equal-instalment"}.items()]
    printed = subprocess.run(
        [sys.executable, "manage.py", "loan_schedule", "--json", *options],
        cwd=Path(settings.BASE_DIR),
        env=os.environ | nowhere,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert len(json.loads(printed.stdout)["rows"]) == 18
    assert not (state / "postgres").exists() and not (state / "valkey").exists()
