"""Gathers the models of money."""

from talentmap.money.models_ledger import (
    Account,
    CommitmentBalance,
    Fund,
    FundBalance,
    LedgerEntry,
    LedgerLine,
)
from talentmap.money.models_payment import BatchLine, Payable, PaymentBatch, ReturnFile, ReturnLine
from talentmap.money.models_recovery import Recovery, RecoveryReceipt
from talentmap.money.models_tariff import Tariff, TariffValue

__all__ = [
    "Account",
    "BatchLine",
    "CommitmentBalance",
    "Fund",
    "FundBalance",
    "LedgerEntry",
    "LedgerLine",
    "Payable",
    "PaymentBatch",
    "Recovery",
    "RecoveryReceipt",
    "ReturnFile",
    "ReturnLine",
    "Tariff",
    "TariffValue",
]
