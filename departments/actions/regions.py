"""Loads the administrative regions from the project's own table."""

import csv
from pathlib import Path

from departments.actions import audit
from departments.actions.acts import act
from departments.models import Region

REGIONS_FILE = Path(__file__).resolve().parent.parent / "regions.csv"
_FIELDS = ["parent", "level", "name_zh", "name_en", "short_zh", "position", "valid_from", "valid_to"]


@act
def load_regions(*, path: Path = REGIONS_FILE) -> int:
    """Bring the regions in line with the file and return how many rows it has; repeating changes nothing.

    Regions that the file no longer names are kept: figures may hang on them.
    """
    with path.open(encoding="utf-8", newline="") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: len(row["code"]))
    known = {region.code: region for region in Region.objects.all()}
    changed = 0
    for row in rows:
        wanted = _read_row(row, known)
        region = known.get(wanted.code)
        if region is None:
            wanted.save(force_insert=True)
            known[wanted.code] = wanted
            changed += 1
        elif any(getattr(region, field) != getattr(wanted, field) for field in _FIELDS):
            Region.objects.filter(pk=region.pk).update(**{field: getattr(wanted, field) for field in _FIELDS})
            changed += 1
    if changed:
        audit.record(audit.Act(event="regions_loaded", details={"rows": len(rows), "changed": changed}))
    return len(rows)


def _read_row(row: dict[str, str], known: dict[str, Region]) -> Region:
    return Region(
        code=row["code"],
        parent=known[row["parent"]] if row["parent"] else None,
        level=row["level"],
        name_zh=row["name_zh"],
        name_en=row["name_en"],
        short_zh=row["short_zh"],
        position=int(row["position"]),
        valid_from=int(row["valid_from"]) if row["valid_from"] else None,
        valid_to=int(row["valid_to"]) if row["valid_to"] else None,
    )
