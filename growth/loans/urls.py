from django.urls import path

from growth.loans import views_calculator, views_import, views_keeping, views_loans, views_products

app_name = "loans"

urlpatterns = [
    path("", views_loans.loan_list, name="loan_list"),
    path("export/", views_loans.loan_export, name="loan_export"),
    path("repayments/import/", views_import.repayment_import, name="repayment_import"),
    path("repayments/files/", views_import.repayment_file_list, name="repayment_file_list"),
    path("repayments/files/<int:pk>/", views_import.repayment_file, name="repayment_file"),
    path("applications/<int:pk>/terms/", views_keeping.terms, name="terms"),
    path("applications/<int:pk>/guarantor/", views_keeping.guarantor, name="guarantor"),
    path("<int:pk>/", views_loans.loan, name="loan"),
    path("<int:pk>/contract/", views_keeping.sign, name="sign"),
    path("<int:pk>/contract/number/", views_keeping.correct_contract, name="correct_contract"),
    path("<int:pk>/disburse/", views_keeping.disburse, name="disburse"),
    path("<int:pk>/repay/", views_keeping.repay, name="repay"),
    path("<int:pk>/repay-early/", views_keeping.early, name="early"),
    path("<int:pk>/extend/", views_keeping.extend, name="extend"),
    path("<int:pk>/write-off/", views_keeping.write_off, name="write_off"),
    path("<int:pk>/write-off/take-back/", views_keeping.take_back_write_off, name="take_back_write_off"),
    path("<int:pk>/cancel/", views_keeping.cancel, name="cancel"),
    path("<int:pk>/repayments/<int:repayment_pk>/take-back/", views_keeping.take_back, name="take_back"),
    path("<int:pk>/payouts/<int:payout_pk>/take-back/", views_keeping.take_back_payout, name="take_back_payout"),
    path(
        "<int:pk>/extensions/<int:extension_pk>/take-back/",
        views_keeping.take_back_extension,
        name="take_back_extension",
    ),
    path("<int:pk>/book-subsidy/", views_keeping.book_subsidy, name="book_subsidy"),
    path("calculator/", views_calculator.calculator, name="calculator"),
    path("calculator/export/", views_calculator.calculator_export, name="calculator_export"),
    path("calculator/apply/", views_calculator.calculator_apply, name="calculator_apply"),
    path("products/", views_products.product_list, name="product_list"),
    path("products/export/", views_products.product_export, name="product_export"),
    path("products/new/", views_products.product_new, name="product_new"),
    path("products/<int:pk>/", views_products.product, name="product"),
    path("products/<int:pk>/change/", views_products.product_revise, name="product_revise"),
    path("products/<int:pk>/close/", views_products.product_close, name="product_close"),
]
