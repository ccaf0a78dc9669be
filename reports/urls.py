"""Addresses of the pages that read."""

from django.urls import path

from reports import (
    bulletin_views,
    compare_views,
    export_job_views,
    export_views,
    leader_views,
    letter_views,
    publication_views,
    study_views,
    table_views,
    views,
)
from reports.api.description import show_interface

app_name = "reports"

urlpatterns = [
    path("", views.show_overview, name="overview"),
    path("leader/", leader_views.show_leader, name="leader"),
    path("regions/", views.list_regions, name="region-list"),
    path("regions/<str:code>/", views.show_region, name="region"),
    path("domains/", views.list_domains, name="domain-list"),
    path("domains/<slug:domain>/", views.show_domain, name="domain"),
    path("departments/", views.list_offices, name="department-list"),
    path("departments/<str:region>/<slug:code>/", views.show_department, name="department"),
    path("targets/", views.list_targets, name="target-list"),
    path("targets/file.xlsx", table_views.download_targets, name="target-file"),
    path("targets/<int:pk>/", views.show_target, name="target"),
    path("programme/", views.show_programme, name="programme"),
    path("matrix/", study_views.show_matrix, name="matrix"),
    path("matrix/cells.json", study_views.send_cells, name="matrix-cells"),
    path("league/", study_views.show_league, name="league"),
    path("league/<int:target>/", study_views.show_funnel, name="league-share"),
    path("compare/", compare_views.show_comparison, name="compare"),
    path("cascade/", study_views.show_cascade, name="cascade"),
    path("search/", study_views.search, name="search"),
    path("reports/", publication_views.list_publications, name="publication-list"),
    path("reports/ask/", publication_views.ask, name="publication-ask"),
    path("reports/publish/", publication_views.confirm, name="publication-confirm"),
    path("reports/<int:edition>/", publication_views.show_publication, name="publication"),
    path("bulletins/", bulletin_views.list_bulletins, name="bulletin-list"),
    path("bulletins/start/", bulletin_views.start, name="bulletin-start"),
    path("bulletins/<int:pk>/", bulletin_views.show_bulletin, name="bulletin"),
    path("bulletins/<int:pk>/save/", bulletin_views.save, name="bulletin-save"),
    path("bulletins/<int:pk>/issue/", bulletin_views.issue, name="bulletin-issue"),
    path("bulletins/<int:pk>/file/", bulletin_views.download, name="bulletin-file"),
    path("letters/", letter_views.list_letters, name="letter-list"),
    path("letters/issue/", letter_views.issue_all, name="letter-issue-all"),
    path("letters/<str:kind>/<int:pk>/issue/", letter_views.issue, name="letter-issue"),
    path("letters/<int:pk>/file/", letter_views.download, name="letter-file"),
    path("exports/", export_job_views.list_exports, name="export-list"),
    path("exports/table/", export_job_views.show_table, name="export-table"),
    path("exports/ask/", export_job_views.ask, name="export-ask"),
    path("exports/<int:pk>/cancel/", export_job_views.cancel, name="export-cancel"),
    path("exports/<int:pk>/retry/", export_job_views.retry, name="export-retry"),
    path("exports/<int:pk>/file/", export_job_views.download, name="export-file"),
    path("export/province.xlsx", export_views.download_province, name="export-province"),
    path("api/", show_interface, name="interface"),
]
