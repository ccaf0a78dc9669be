"""The provincial workbook from a publication: the same edition gives the same bytes, whatever happened since."""

from django.utils import timezone

from indicators.selectors.thresholds import margins_of_rows, thresholds_of
from reports.catalogue_copies import CatalogueCopy, load_copy
from reports.changes import list_frozen
from reports.editions import find_publication
from reports.exports.source import COLUMNS, Beside, Edition, assemble_edition
from reports.models import Publication

_FROZEN = {
    "allocation__series_id": "series_id",
    "allocation__baseline": "baseline",
    "allocation__is_demonstration": "is_decomposed_for_show",
}
FROZEN_COLUMNS = tuple(_FROZEN.get(name, name) for name in COLUMNS)


def find_published_edition(publication: Publication) -> Edition:
    """Return what the workbook of a published edition is made from; nothing is read from live results or catalogues.

    The workbook's own time is that of the newest frozen figure, as with approved results.
    """
    copy = load_copy(publication)
    return assemble_edition(
        programme=copy.programme,
        quarter=publication.quarter,
        results=list_frozen(publication).order_by("place"),
        beside=_read_beside(publication, copy),
        as_of=timezone.localtime(publication.as_of),
        columns=FROZEN_COLUMNS,
        publication=publication,
        earlier=find_publication(
            programme=publication.programme, quarter=publication.quarter, edition=publication.edition - 1
        ),
    )


def _read_beside(publication: Publication, copy: CatalogueCopy) -> Beside:
    root = copy.programme.region
    responsible: dict[tuple[int, str], list[str]] = {}
    for row in sorted(copy.responsibilities, key=lambda row: (row.target_id, row.position)):
        responsible.setdefault((row.target_id, row.responsibility), []).append(row.department.name_zh)
    return Beside(
        due_on=copy.window.due_on if copy.window else None,
        epochs=margins_of_rows(copy.thresholds),
        thresholds=thresholds_of(copy.thresholds, publication.quarter),
        targets=sorted(copy.targets.values(), key=lambda target: target.position),
        responsible=responsible,
        regions={pk: region for pk, region in copy.regions.items() if region.code.startswith(root.code)},
        departments=lambda keys: {pk: department for pk, department in copy.departments.items() if pk in keys},
        sources=copy.sources,
    )
