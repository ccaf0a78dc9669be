"""The catalogue of targets as rows of text, one a target, in document order."""

from collections.abc import Iterator

from django.db.models import Prefetch

from indicators.catalogue.schema import COMPARATOR_SIGNS
from indicators.engine.target import Accumulation, Basis, Path, Window
from indicators.models import Target, TargetDepartment
from indicators.models.target import Responsibility
from qscounty.web.formats import write_plain

COLUMNS = [
    "programme",
    "seed",
    "clause",
    "domain",
    "name_zh",
    "name_en",
    "comparator",
    "value",
    "value_hi",
    "unit",
    "baseline",
    "due",
    "path",
    "window",
    "accumulation",
    "basis",
    "scope",
    "lead",
    "supporting",
    "quote",
    "doubt",
]
_SIGNS: dict[int, str] = {code: sign for sign, code in COMPARATOR_SIGNS.items()}


def list_catalogue_rows(*, programme_code: str | None = None) -> Iterator[dict[str, str]]:
    """Yield a mapping of `COLUMNS` to text for every target; absent values are empty."""
    responsibilities = TargetDepartment.objects.select_related("department").order_by("position")
    targets = Target.objects.select_related("programme", "clause", "indicator").prefetch_related(
        Prefetch("responsibilities", responsibilities)
    )
    if programme_code is not None:
        targets = targets.filter(programme__code=programme_code)
    for target in targets.order_by("programme__position", "position"):
        yield _describe(target)


def _describe(target: Target) -> dict[str, str]:
    return {
        "programme": target.programme.code,
        "seed": target.programme.seed,
        "clause": target.clause.number,
        "domain": target.indicator.domain,
        "name_zh": target.indicator.name_zh,
        "name_en": target.indicator.name_en,
        "comparator": _SIGNS[target.comparator],
        "value": write_plain(target.level),
        "value_hi": write_plain(target.level_hi),
        "unit": target.unit_of_level_zh,
        "baseline": write_plain(target.baseline) or target.baseline_zh,
        "due": str(target.due_quarter),
        "path": Path(target.path).name.lower(),
        "window": Window(target.window).name.lower(),
        "accumulation": Accumulation(target.accumulation).name.lower(),
        "basis": Basis(target.basis).name.lower(),
        "scope": target.scope_zh,
        "lead": _departments(target, Responsibility.LEAD),
        "supporting": _departments(target, Responsibility.SUPPORTING),
        "quote": target.quote,
        "doubt": target.doubt_zh,
    }


def _departments(target: Target, responsibility: Responsibility) -> str:
    names = [row.department.name_zh for row in target.responsibilities.all() if row.responsibility == responsibility]
    return "、".join(names)
