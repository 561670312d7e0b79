"""What the audit history calls the actions of loans."""

from django.utils.translation import pgettext_lazy

from talentmap.audit.labels import label_actions

label_actions(
    {
        "growth.loans.apply_as_calculated": pgettext_lazy("action", "Apply for a calculated loan"),
        "growth.loans.book_subsidy": pgettext_lazy("action", "Book interest subsidies"),
        "growth.loans.bring_up_to_date": pgettext_lazy("action", "Bring a loan up to date"),
        "growth.loans.cancel": pgettext_lazy("action", "Give up a loan that was not paid out"),
        "growth.loans.choose_guarantor": pgettext_lazy("action", "Name the guarantor of a loan"),
        "growth.loans.correct_contract": pgettext_lazy("action", "Correct the number of a loan contract"),
        "growth.loans.disburse": pgettext_lazy("action", "Pay out a loan"),
        "growth.loans.enter_row": pgettext_lazy("action", "Enter a row of a bank's file"),
        "growth.loans.extend": pgettext_lazy("action", "Extend a loan"),
        "growth.loans.grant": pgettext_lazy("action", "Grant a loan"),
        "growth.loans.import_repayments": pgettext_lazy("action", "Import a bank's file of repayments"),
        "growth.loans.repay": pgettext_lazy("action", "Enter a repayment"),
        "growth.loans.repay_early": pgettext_lazy("action", "Enter an early repayment"),
        "growth.loans.revoke_grant": pgettext_lazy("action", "Revoke a loan"),
        "growth.loans.settle_subsidy": pgettext_lazy("action", "Settle what is payable of interest subsidies"),
        "growth.loans.set_terms": pgettext_lazy("action", "Set the terms of a loan"),
        "growth.loans.sign": pgettext_lazy("action", "Record a loan contract"),
        "growth.loans.take_back": pgettext_lazy("action", "Take back a wrong repayment"),
        "growth.loans.take_back_extension": pgettext_lazy("action", "Take back an extension"),
        "growth.loans.take_back_payout": pgettext_lazy("action", "Take back a payout"),
        "growth.loans.take_back_write_off": pgettext_lazy("action", "Take back the write-off of a loan"),
        "growth.loans.write_off": pgettext_lazy("action", "Write off a loan"),
        "growth.loans.add_product": pgettext_lazy("action", "Offer a loan product"),
        "growth.loans.close_product": pgettext_lazy("action", "Close a loan product"),
        "growth.loans.revise_product": pgettext_lazy("action", "Change a loan product"),
    }
)
