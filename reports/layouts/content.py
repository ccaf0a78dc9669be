"""What is written into a layout: the values of every name, from the same results as the workbook of our own."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from openpyxl import Workbook

from departments.errors import Invalid, Stale
from qscounty.web.times import format_instant
from reports.exports import rollups
from reports.exports.detail import DetailRows
from reports.exports.figures import list_published, load_explanations
from reports.exports.remarks import gather_remarks, quarter_words
from reports.exports.sheet_xml import Value
from reports.exports.source import Edition, stream_results
from reports.exports.styles import Styles
from reports.exports.words import ABSENT, DEMONSTRATION
from reports.layouts.vocabulary import COUNTY, DEPARTMENT, DETAIL, DOMAIN

MOST_ROWS = 40_000
"""A layout is filled in memory; whoever has more results takes the workbook of our own, which is streamed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LayoutContent:
    """Values of single cells by key, and rows of values by key for each block."""

    singles: dict[str, Value]
    blocks: dict[str, list[dict[str, Value]]]


def load_content(edition: Edition) -> LayoutContent:
    """Return the values of an edition. Errors: Invalid for too many results; Stale where they changed meanwhile."""
    if edition.rows > MOST_ROWS:
        words = {"count": edition.rows, "most": MOST_ROWS}
        raise Invalid(_("The layout would get %(count)d rows, at most %(most)d can be filled in.") % words)
    remarks = gather_remarks(edition, explanations=load_explanations(edition), published=list_published(edition))
    detail = DetailRows(edition, remarks, Styles(Workbook()))
    rows = list(detail.list_values(stream_results(edition)))
    if len(rows) != edition.rows:
        raise Stale(_("The results were recomputed while the workbook was being made; ask for it again."))
    blocks, total = {DETAIL: rows}, {}
    columns, tally = detail.tally.columns, detail.tally
    planned: list[tuple[str, rollups.RollUpPlan, Sequence[Hashable]]] = [
        (COUNTY, rollups.plan_regions(edition), tally.regions),
        (DOMAIN, rollups.plan_domains(edition), tally.domains),
        (DEPARTMENT, rollups.plan_departments(edition), tally.departments),
    ]
    for block, plan, keys in planned:
        stored = rollups.store_rollup(rollups.sum_lines(plan, keys, columns), edition.thresholds)
        blocks[block] = _number(plan, stored)
        total = stored[plan.total]
    return LayoutContent(singles=_list_singles(edition, total), blocks=blocks)


def _number(plan: rollups.RollUpPlan, stored: Sequence[dict[str, Value]]) -> list[dict[str, Value]]:
    """Return the lines that add up to everything: a total among them would count twice in a layout's own sum."""
    lines = [(line.name, values) for line, values in zip(plan.lines, stored, strict=True) if not line.is_total]
    return [values | {"number": place, "name": name} for place, (name, values) in enumerate(lines, start=1)]


def _list_singles(edition: Edition, total: dict[str, Value]) -> dict[str, Value]:
    programme, published = edition.programme, edition.publication
    return {
        "programme": programme.name_zh,
        "document": programme.document_number or ABSENT,
        "office": programme.office.name_zh,
        "region": programme.region.name_zh,
        "quarter": quarter_words(edition.quarter),
        "year": edition.quarter.year,
        "quarter_number": edition.quarter.number,
        "due": f"{edition.due_on:%Y年%m月%d日}" if edition.due_on else ABSENT,
        "as_of": format_instant(edition.as_of),
        "basis": "审核通过" if published is None else f"第{published.edition}版发布",
        "mark": DEMONSTRATION if edition.has_demonstration else "",
        **{f"total_{key}": value for key, value in total.items()},
    }
