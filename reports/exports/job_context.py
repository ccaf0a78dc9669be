"""What a job is about, as the pages know it: the whole programme, seen by whoever asked."""

from departments.permissions import scope_of
from reports.catalogue_copies import load_copy
from reports.editions import list_published
from reports.models import ExportJob
from reports.scopes import APPROVED, PageContext, list_quarters


def make_context(job: ExportJob) -> PageContext:
    """Return the context of the job's programme, quarter and basis; asking has checked that all of it may be seen."""
    programme, edition = job.programme, job.publication
    frozen = load_copy(edition) if edition is not None else None
    root = programme.region
    return PageContext(
        user=job.asked_by,
        scope=scope_of(job.asked_by),
        programmes=[programme],
        programme=frozen.programme if frozen else programme,
        quarters=list_quarters(programme=programme, root=root, department_ids=None),
        quarter=job.quarter,
        basis=edition.basis if edition is not None else APPROVED,
        editions=list_published(programme=programme, quarter=job.quarter),
        publication=edition,
        frozen=frozen,
        root=frozen.regions.get(root.pk, root) if frozen else root,
    )
