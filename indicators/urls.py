"""Addresses of entry, review and progress."""

from django.urls import path

from indicators.views import acts, calendar, denominators, entry, evidence, notices, progress, review, workbooks

app_name = "indicators"

urlpatterns = [
    path("entry/", entry.entry, name="entry"),
    path("entry/open/<slug:programme>/<int:department>/<str:quarter>/", entry.entry_open, name="entry-open"),
    path("entry/<int:pk>/", entry.entry_form, name="entry-form"),
    path("entry/<int:pk>/cells/", entry.entry_cells, name="entry-cells"),
    path("entry/<int:pk>/summary/", entry.entry_summary, name="entry-summary"),
    path("entry/<int:pk>/live/", entry.entry_live, name="entry-live"),
    path("entry/<int:pk>/paste/", entry.entry_paste, name="entry-paste"),
    path("entry/<int:pk>/check/", acts.entry_check, name="entry-check"),
    path("entry/<int:pk>/submit/", acts.entry_submit, name="entry-submit"),
    path("entry/<int:pk>/withdraw/", acts.entry_withdraw, name="entry-withdraw"),
    path("entry/<int:pk>/form.xlsx", workbooks.entry_workbook, name="entry-workbook"),
    path("entry/<int:pk>/upload/", workbooks.entry_upload, name="entry-upload"),
    path("entry/<int:pk>/evidence/<int:series>/", evidence.entry_evidence, name="entry-evidence"),
    path("entry/<int:pk>/denominators/", denominators.entry_denominators, name="entry-denominators"),
    path("evidence/<int:pk>/", evidence.evidence_file, name="evidence-file"),
    path("evidence/<int:pk>/remove/", evidence.evidence_remove, name="evidence-remove"),
    path("uploads/", workbooks.upload_list, name="upload-list"),
    path("uploads/apply/", workbooks.upload_apply_ready, name="upload-apply-ready"),
    path("uploads/<int:pk>/", workbooks.upload_detail, name="upload-detail"),
    path("uploads/<int:pk>/apply/", workbooks.upload_apply, name="upload-apply"),
    path("entry/<int:pk>/trail/<int:series>/", review.entry_trail, name="entry-trail"),
    path("review/", review.review, name="review"),
    path("review/<int:pk>/", review.review_form, name="review-form"),
    path("review/<int:pk>/approve/", acts.review_approve, name="review-approve"),
    path("review/<int:pk>/check/", acts.review_check, name="review-check"),
    path("review/<int:pk>/return/", acts.review_return, name="review-return"),
    path("review/<int:pk>/reopen/", acts.review_reopen, name="review-reopen"),
    path("review/<int:pk>/ask/", acts.review_ask, name="review-ask"),
    path("progress/", progress.progress, name="progress"),
    path("progress/<slug:programme>/<str:quarter>/remind/", progress.progress_remind, name="progress-remind"),
    path("notices/", notices.notices, name="notices"),
    path("notices/read/", notices.notice_read_all, name="notice-read-all"),
    path("notices/<int:pk>/read/", notices.notice_read, name="notice-read"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/extensions/<int:pk>/confirm/", calendar.calendar_confirm, name="calendar-confirm"),
    path("calendar/<slug:programme>/<str:quarter>/", calendar.calendar_quarter, name="calendar-quarter"),
    path("calendar/<slug:programme>/<str:quarter>/dates/", calendar.calendar_dates, name="calendar-dates"),
    path("calendar/<slug:programme>/<str:quarter>/close/", calendar.calendar_close, name="calendar-close"),
    path("calendar/<slug:programme>/<str:quarter>/extend/", calendar.calendar_extend, name="calendar-extend"),
]
