"""The one way to move money: every write of this area."""

from talentmap.money.actions.ledger import (
    KeyReused,
    Shortfall,
    balances,
    budget_years,
    carry_over,
    commit,
    committed,
    left_before,
    open_fund,
    recover,
    release,
    release_rest,
    top_up,
)
from talentmap.money.actions.payments import (
    Cancelled,
    Prepared,
    cancel_batch,
    cancel_payable,
    cancel_payables,
    correct_payee,
    export_batch,
    owe,
    prepare_batch,
    release_batch,
)
from talentmap.money.actions.recoveries import open_recovery, receive, withdraw_claim, write_off
from talentmap.money.actions.returns import import_return, record_answer
from talentmap.money.actions.tariffs import add_version, load_defaults
from talentmap.money.payees import Payee

__all__ = [
    "Cancelled",
    "KeyReused",
    "Payee",
    "Prepared",
    "Shortfall",
    "add_version",
    "balances",
    "budget_years",
    "cancel_batch",
    "cancel_payable",
    "cancel_payables",
    "carry_over",
    "commit",
    "committed",
    "correct_payee",
    "export_batch",
    "import_return",
    "left_before",
    "load_defaults",
    "open_fund",
    "open_recovery",
    "owe",
    "prepare_batch",
    "receive",
    "record_answer",
    "recover",
    "release",
    "release_batch",
    "release_rest",
    "top_up",
    "withdraw_claim",
    "write_off",
]
