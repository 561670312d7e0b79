from django.urls import path

from talentmap.money.views import batches, funds, payables, recoveries, returns, tariffs

app_name = "money"

urlpatterns = [
    path("funds/", funds.fund_list, name="fund_list"),
    path("funds/<int:pk>/", funds.fund_detail, name="fund_detail"),
    path("funds/<int:pk>/export/", funds.ledger_export, name="ledger_export"),
    path("funds/<int:pk>/commitments/", funds.commitment_list, name="commitment_list"),
    path("funds/<int:pk>/commitments/export/", funds.commitment_export, name="commitment_export"),
    path("funds/<int:pk>/top-up/", funds.top_up, name="top_up"),
    path("funds/<int:pk>/carry-over/", funds.carry_over, name="carry_over"),
    path("tariffs/", tariffs.tariff_list, name="tariff_list"),
    path("tariffs/<str:code>/", tariffs.tariff_detail, name="tariff_detail"),
    path("tariffs/<str:code>/add/", tariffs.tariff_add, name="tariff_add"),
    path("payables/", payables.payable_list, name="payable_list"),
    path("payables/export/", payables.payable_export, name="payable_export"),
    path("payables/<int:pk>/", payables.payable_detail, name="payable_detail"),
    path("payables/<int:pk>/correct/", payables.payable_correct, name="payable_correct"),
    path("payables/<int:pk>/from-file/", payables.payable_from_file, name="payable_from_file"),
    path("batches/", batches.batch_list, name="batch_list"),
    path("batches/prepare/", batches.batch_prepare, name="batch_prepare"),
    path("batches/<int:pk>/", batches.batch_detail, name="batch_detail"),
    path("batches/<int:pk>/release/", batches.batch_release, name="batch_release"),
    path("batches/<int:pk>/cancel/", batches.batch_cancel, name="batch_cancel"),
    path("batches/<int:pk>/export/", batches.batch_export, name="batch_export"),
    path("batches/<int:pk>/return/", returns.return_import, name="return_import"),
    path("payments/<int:pk>/answer/", returns.line_answer, name="line_answer"),
    path("returns/<int:pk>/", returns.return_detail, name="return_detail"),
    path("recoveries/", recoveries.recovery_list, name="recovery_list"),
    path("recoveries/export/", recoveries.recovery_export, name="recovery_export"),
    path("recoveries/<int:pk>/", recoveries.recovery_detail, name="recovery_detail"),
    path("recoveries/<int:pk>/receive/", recoveries.recovery_receive, name="recovery_receive"),
    path("recoveries/<int:pk>/write-off/", recoveries.recovery_write_off, name="recovery_write_off"),
]
