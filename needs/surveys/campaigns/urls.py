from django.urls import path

from needs.surveys.campaigns.views import coverage, days, linking, listing, planning, running, staffing

urlpatterns = [
    path("campaigns/", listing.campaign_list, name="campaign_list"),
    path("campaigns/new/", running.campaign_new, name="campaign_new"),
    path("campaigns/<int:pk>/", coverage.campaign, name="campaign"),
    path("campaigns/<int:pk>/coverage.xlsx", coverage.coverage_export, name="coverage_export"),
    path("campaigns/<int:pk>/remind/<int:region_pk>/", staffing.campaign_remind, name="campaign_remind"),
    path("campaigns/<int:pk>/edit/", running.campaign_edit, name="campaign_edit"),
    path("campaigns/<int:pk>/last-day/", running.campaign_extend, name="campaign_extend"),
    path("campaigns/<int:pk>/version/", running.campaign_version, name="campaign_version"),
    path("campaigns/<int:pk>/step/<slug:step>/", running.campaign_step, name="campaign_step"),
    path("campaigns/<int:pk>/days/", days.campaign_days, name="campaign_days"),
    path("campaigns/<int:pk>/interviewers/", staffing.campaign_interviewers, name="campaign_interviewers"),
    path("campaigns/<int:pk>/interviewers.xlsx", staffing.interviewers_export, name="interviewers_export"),
    path("campaigns/<int:pk>/assignments/", staffing.campaign_assignments, name="campaign_assignments"),
    path("campaigns/<int:pk>/assignments/new/", staffing.assignment_new, name="assignment_new"),
    path("campaigns/<int:pk>/assignments/all/", staffing.assign_cadres, name="assign_cadres"),
    path("campaigns/<int:pk>/assignments/<int:assignment_pk>/end/", staffing.assignment_end, name="assignment_end"),
    path("campaigns/<int:pk>/quotas/", planning.campaign_quotas, name="campaign_quotas"),
    path("campaigns/<int:pk>/quotas.xlsx", planning.quotas_export, name="quotas_export"),
    path("campaigns/<int:pk>/quotas/of/<int:region_pk>/", planning.quotas_edit, name="quotas_edit"),
    path("campaigns/<int:pk>/quotas/margins/", planning.quotas_spread, name="quotas_spread"),
    path("campaigns/<int:pk>/quotas/upload/", planning.quotas_upload, name="quotas_upload"),
    path("campaigns/<int:pk>/quotas/copy/", planning.quotas_copy, name="quotas_copy"),
    path("campaigns/<int:pk>/links/", linking.campaign_links, name="campaign_links"),
    path("campaigns/<int:pk>/links/new/", linking.link_new, name="link_new"),
    path("campaigns/<int:pk>/links/<int:link_pk>/poster.pdf", linking.link_poster, name="link_poster"),
    path("campaigns/<int:pk>/links/<int:link_pk>/codes/", linking.link_codes, name="link_codes"),
    path("campaigns/<int:pk>/links/<int:link_pk>/close/", linking.link_close, name="link_close"),
    path("campaigns/<int:pk>/links/<int:link_pk>/reopen/", linking.link_reopen, name="link_reopen"),
]
