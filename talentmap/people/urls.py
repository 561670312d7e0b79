from django.urls import path

from talentmap.people import (
    views_file,
    views_import,
    views_organisations,
    views_own,
    views_register,
    views_requests,
)

app_name = "people"

urlpatterns = [
    # My file
    path("my/file/", views_own.my_file, name="my_file"),
    path("my/file/download/<slug:form>/", views_own.download, name="my_download"),
    path("my/file/correction/", views_own.ask_correction, name="ask_correction"),
    path("my/file/deletion/", views_own.ask_deletion, name="ask_deletion"),
    # The register
    path("people/", views_register.talent_list, name="talent_list"),
    path("people/export/", views_register.export, name="talent_export"),
    path("people/export/full/", views_register.export_full, name="talent_export_full"),
    path("people/find/", views_register.find, name="talent_find"),
    path("people/new/", views_register.talent_new, name="talent_new"),
    path("people/import/", views_import.upload, name="talent_import"),
    path("people/import/template/", views_import.template, name="import_template"),
    path("people/import/<int:preview_pk>/", views_import.preview, name="import_preview"),
    path("people/import/<int:preview_pk>/faults/", views_import.faults, name="import_faults"),
    path("people/import/<int:preview_pk>/confirm/", views_import.confirm, name="import_confirm"),
    path("people/import/<int:preview_pk>/discard/", views_import.discard, name="import_discard"),
    path("people/requests/", views_requests.data_request_list, name="data_request_list"),
    path("people/requests/<int:request_pk>/", views_requests.data_request, name="data_request"),
    path("people/<int:talent_pk>/", views_register.talent_detail, name="talent_detail"),
    path("people/<int:talent_pk>/edit/", views_register.talent_edit, name="talent_edit"),
    path("people/<int:talent_pk>/verify/", views_register.verify, name="talent_verify"),
    path("people/<int:talent_pk>/number/clear/", views_register.clear_number, name="talent_clear_number"),
    path("people/<int:talent_pk>/account/", views_register.link_account, name="talent_link_account"),
    # One section, one entry: for the person and for staff alike
    path("people/<int:talent_pk>/section/<slug:section>/", views_file.edit_section, name="section"),
    path("people/<int:talent_pk>/unmask/", views_file.unmask, name="unmask"),
    path("people/<int:talent_pk>/skills/new/", views_file.skill_new, name="skill_new"),
    path("people/<int:talent_pk>/skills/<int:skill_pk>/remove/", views_file.skill_remove, name="skill_remove"),
    path("people/<int:talent_pk>/family/new/", views_file.family_new, name="family_new"),
    path("people/<int:talent_pk>/family/<int:member_pk>/remove/", views_file.family_remove, name="family_remove"),
    path("people/<int:talent_pk>/consents/<slug:purpose>/", views_file.consent, name="consent"),
    # Organisations
    path("organisations/", views_organisations.organisation_list, name="organisation_list"),
    path("organisations/names/", views_organisations.names, name="organisation_names"),
    path("organisations/export/", views_organisations.export, name="organisation_export"),
    path("organisations/new/", views_organisations.organisation_new, name="organisation_new"),
    path("organisations/<int:organisation_pk>/", views_organisations.organisation_detail, name="organisation_detail"),
    path("organisations/<int:organisation_pk>/edit/", views_organisations.organisation_edit, name="organisation_edit"),
]
