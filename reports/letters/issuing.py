"""Issues letters as a job does: every document is written first, with progress, then all are issued in one act.

A job that was killed after its act finds its letters issued and only packs them; before it, nothing is there.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.utils import timezone

from departments.models import Department, Region
from departments.selectors.clock import read_database_time
from reports.actions.letters import compose_content, find_due, issue_letters
from reports.letters.document import write_letter
from reports.letters.terms import Recipient, hash_of
from reports.models import ExportJob, Letter

Tell = Callable[[int, int], None]
"""Told how many documents of how many are written; raises where the job is not ours any more."""


class Prepared:
    """Documents written ahead, handed out again for the same content, number and day; others are written anew."""

    def __init__(self) -> None:
        self._files: dict[tuple[str, int, date], bytes] = {}

    def write(self, content: Mapping[str, Any], number: int, day: date) -> bytes:
        """Return the Word document of a letter."""
        key = hash_of(content), number, day
        if key not in self._files:
            self._files[key] = write_letter(content, number, day)
        return self._files[key]


def issue_as_job(job: ExportJob, *, tell: Tell) -> list[Letter]:
    """Return the letters that the job has issued, now or before. Errors as for `issue_letters`."""
    issued = list(Letter.objects.filter(job=job).order_by("pk"))
    if issued:
        return issued
    programme, recipient, prepared = job.programme, find_recipient(job.recipient), Prepared()
    due = find_due(programme, recipient=recipient, seen=job.seen)
    today = timezone.localdate(read_database_time())
    tell(0, len(due))
    for place, standing in enumerate(due, start=1):
        prepared.write(*compose_content(programme, standing), today)
        tell(place, len(due))
    return issue_letters(
        programme=programme, seen=job.seen, write=prepared.write, by=job.asked_by, recipient=recipient, job=job
    )


def find_recipient(told: str) -> Recipient | None:
    """Return the recipient that a job names, None for everybody."""
    if not told:
        return None
    kind, _colon, pk = told.partition(":")
    if kind == "region":
        return Recipient(region=Region.objects.get(pk=int(pk)))
    return Recipient(department=Department.objects.select_related("region").get(pk=int(pk)))
