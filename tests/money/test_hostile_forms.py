"""Every form of money fed with whatever can be typed: an answer in words, never an error of ours."""

from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tests.factories import money as made

ABSURD = [
    "",
    " ",
    "0",
    "-1",
    "1e309",
    "NaN",
    "Infinity",
    "９９",
    "¥1,5",
    "2026-02-30",
    "0001-01-01",
    "9999-12-31",
    "=1+1",
]
values = st.one_of(st.sampled_from(ABSURD), st.text(max_size=60), st.text(min_size=400, max_size=500))

FIELDS = {
    "top_up": ("kind", "amount", "reason", "once_token", "confirmed", "back"),
    "tariff_add": (
        "valid_from",
        "note",
        "value_rent__doctor",
        "value_rent__bachelor",
        "value_months",
        "seen_version",
        "confirmed",
    ),
    "batch_prepare": ("fund", "quarter"),
    "batch_release": ("total",),
    "batch_cancel": ("reason",),
    "batch_export": ("format",),
    "return_import": ("file",),
    "line_answer": ("result", "reason"),
    "payable_correct": ("payee_name", "bank_name", "bank_account", "reason"),
    "recovery_receive": ("amount", "received_on", "reference", "once_token"),
    "recovery_write_off": ("reason",),
}
LISTS = {
    "fund_detail": ("q", "kind", "since", "until", "sort", "page"),
    "commitment_list": ("q", "rest", "sort", "page"),
    "payable_list": ("q", "state", "fund", "account", "sort", "page"),
    "batch_list": ("q", "state", "fund", "sort", "page"),
    "batch_detail": ("q", "outcome", "sort", "page"),
    "recovery_list": ("q", "state", "sort", "page"),
}


class TestHostileForms(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.user = made.both()
        fund, batch, recovery = made.fund(50_000), made.prepared(1), made.recovery()
        released, payable = made.released(1), made.payable(fund)
        made.tariff()
        cls.ids = {
            "top_up": [fund.pk],
            "tariff_add": ["test_rent"],
            "batch_release": [batch.pk],
            "batch_cancel": [batch.pk],
            "batch_export": [batch.pk],
            "return_import": [released.pk],
            "line_answer": [released.lines.get().pk],
            "payable_correct": [payable.pk],
            "recovery_receive": [recovery.pk],
            "recovery_write_off": [recovery.pk],
            "fund_detail": [fund.pk],
            "commitment_list": [fund.pk],
            "batch_detail": [batch.pk],
        }

    def browser(self):
        browser = Client()
        browser.force_login(self.user)
        return browser

    def url(self, name):
        return reverse(f"money:{name}", args=self.ids.get(name, []))

    @settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def test_forms(self, data):
        browser = self.browser()
        for name, fields in FIELDS.items():
            sent = data.draw(st.fixed_dictionaries({}, optional=dict.fromkeys(fields, values)), label=name)
            assert browser.post(self.url(name), sent).status_code < 500, name

    @settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def test_lists(self, data):
        browser = self.browser()
        for name, fields in LISTS.items():
            sent = data.draw(st.fixed_dictionaries({}, optional=dict.fromkeys(fields, values)), label=name)
            assert browser.get(self.url(name), sent).status_code < 500, name
