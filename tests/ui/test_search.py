"""What is typed into a search stands in the address, in the history and in the server's log."""

import pytest

from growth.loans.filters import LoanFilter, RepaymentFileFilter
from growth.pathways.filters import JourneyFilter
from support.housing.filters import EntitlementFilter
from talentmap.money.filters import CommitmentFilter, PayableFilter, RecoveryFilter

pytestmark = pytest.mark.django_db
OF_PEOPLE = (JourneyFilter, EntitlementFilter, CommitmentFilter, PayableFilter, RecoveryFilter)


def refused(filterset, typed):
    model = filterset.Meta.model
    return "q" in filterset({"q": typed}, queryset=model._default_manager.all()).errors


@pytest.mark.parametrize("filterset", OF_PEOPLE)
def test_lists_of_people_take_no_id_number_and_no_whole_phone(filterset):
    assert refused(filterset, "51152519900307123X")
    assert refused(filterset, "139 9096 0001")
    for typed in ("张三", "zhangsan", "0001", "ZF-2026-000123"):
        assert not refused(filterset, typed), typed


def test_what_a_bank_names_by_digits_is_found():
    assert not refused(RepaymentFileFilter, "20260410")
    assert not refused(LoanFilter, "202600001234")
