"""The sheets by region, domain and department: counts, coverage, score and colour as formulas over the detail sheet.

Their stored results are rolled up by the engine from the same rows that stand on the detail sheet, so that a sheet
and its source cannot differ. Source: attainment rules section 6.
"""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from indicators.engine.cell import Thresholds, rate_cells
from indicators.engine.rollup import UNITS, Contributions, add_up, roll_up
from indicators.engine.target import Rating
from reports.exports import words
from reports.exports.formulas import NEAR
from reports.exports.layout import (
    AMBER_FROM,
    COVERAGE_FROM,
    FIRST_ROW,
    GREEN_FROM,
    Sheet,
    detail_range,
    threshold,
)
from reports.exports.pages import Cell, Frame, Table, cells, prepare
from reports.exports.sheet_xml import Value, row
from reports.exports.source import Edition
from reports.exports.styles import COUNT, GENERAL, SCORE, SHARE, Look, Styles, colour_ratings
from reports.exports.tally import Columns, department_key, region_key

HEADINGS = (
    *("指标数", "应报", "已报", "填报率", *words.OUTCOMES, "否决项落后", "得分", "评级"),
    *("汇总键", "已评级", "计分权重", "加权完成"),
)
KEYS = (
    *("total", "due", "reported", "coverage", "green", "amber", "red", "not_due", "awaiting", "not_reported"),
    *("not_applicable", "not_computable", "vetoes", "score", "rating", "criterion", "rated", "weight", "attained"),
)
PRINTED = 17  # name, then up to the colour
LETTERS = {key: get_column_letter(place) for place, key in enumerate(KEYS, start=3)}
_OUTCOME_KEYS = KEYS[4:12]
_WIDTHS = (6, 22, 7, 7, 7, 8, *([8] * 3), *([8.5] * 5), 9, 8, 11, 24, 8, 10, 10)
EVERYTHING = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row: its name, the criterion it is found by on the detail sheet, and the keys that it sums."""

    name: str
    criterion: str
    members: frozenset[Hashable]
    is_total: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RollUpPlan:
    """A sheet by one key column of the detail sheet: what its lines are, before a row of results is read."""

    sheet: Sheet
    heading: str
    key: str
    lines: Sequence[Line]

    @property
    def total(self) -> int:
        """Place of the line that holds everything."""
        return next(place for place, line in enumerate(self.lines) if line.criterion == EVERYTHING)


def plan_regions(edition: Edition) -> RollUpPlan:
    """Return the sheet by region: a region's line holds everything below it, 本级 what is its own."""
    regions = list(edition.regions.values())
    lines = []
    for region in regions:
        below = frozenset(other.pk for other in regions if other.code.startswith(region.code))
        is_root = region.pk == edition.programme.region_id
        name = words.TOTAL if is_root else region.short_zh
        criterion = EVERYTHING if is_root else f"{region.code}*"
        lines.append(Line(name=name, criterion=criterion, members=below, is_total=len(below) > 1 or is_root))
        if len(below) > 1 and region.pk in edition.own_regions:
            own = f"{region.short_zh}本级"
            lines.append(Line(name=own, criterion=region_key(region.code), members=frozenset({region.pk})))
    return RollUpPlan(sheet=Sheet.REGIONS, heading="地区", key="region_key", lines=lines)


def plan_domains(edition: Edition) -> RollUpPlan:
    """Return the sheet by domain, in the order of the domains, and their total."""
    lines = [
        Line(name=words.DOMAINS[domain], criterion=words.DOMAINS[domain], members=frozenset({domain}))
        for domain in edition.domains
    ]
    lines.append(_total(edition.domains))
    return RollUpPlan(sheet=Sheet.DOMAINS, heading="领域", key="domain", lines=lines)


def plan_departments(edition: Edition) -> RollUpPlan:
    """Return the sheet by reporting department, in customary order, and their total."""
    order = sorted(edition.departments.values(), key=lambda d: (d.region.position, d.region.code, d.position, d.code))
    lines = [Line(name=d.name_zh, criterion=department_key(d), members=frozenset({d.pk})) for d in order]
    lines.append(_total(edition.departments))
    return RollUpPlan(sheet=Sheet.DEPARTMENTS, heading="责任单位", key="department_key", lines=lines)


def _total(keys: Iterable[Hashable]) -> Line:
    return Line(name=words.TOTAL, criterion=EVERYTHING, members=frozenset(keys), is_total=True)


def sum_lines(plan: RollUpPlan, keys: Sequence[Hashable], columns: Columns) -> Contributions:
    """Return one row of sums for each line. Shapes: `keys` and every one of the `columns` have one entry a result."""
    places = {key: place for place, key in enumerate(dict.fromkeys(keys))}
    place = np.fromiter((places[key] for key in keys), dtype=np.intp, count=len(keys))
    own = roll_up(place, len(places), **columns)
    pairs = [(places[key], number) for number, line in enumerate(plan.lines) for key in line.members if key in places]
    taken = [place for place, _number in pairs]
    rows = Contributions(**{name: getattr(own, name)[taken] for name in own.__slots__})
    return add_up(rows, place=np.array([number for _place, number in pairs], dtype=np.intp), cells=len(plan.lines))


def count_chart_rows(plan: RollUpPlan) -> int:
    """Return the rows left below a table for its chart: more lines need more room; one line needs none."""
    bars = len(plan.lines) - 1
    if bars < 2 or plan.sheet is Sheet.DOMAINS:
        return 0
    return 17 if plan.sheet is Sheet.REGIONS else max(12, bars + 4)


def prepare_rollup(workbook: Workbook, plan: RollUpPlan, *, frame: Frame, running_title: str) -> Table:
    """Add the sheet with everything but its rows."""
    page = Table(
        sheet=plan.sheet,
        frame=frame,
        headings=("序号", plan.heading, *HEADINGS),
        widths=_WIDTHS,
        rows=len(plan.lines),
        printed=PRINTED,
        frozen=2,
        below=count_chart_rows(plan),
    )
    sheet = prepare(workbook, page, running_title=running_title)
    colour_ratings(sheet, f"{LETTERS['rating']}{FIRST_ROW}:{LETTERS['rating']}{page.last_row}")
    return page


def write_rollup(plan: RollUpPlan, stored: Sequence[dict[str, Value]], styles: Styles, *, rows: int) -> Iterator[str]:
    """Yield the rows with their stored values; `rows` is the number of rows of the detail sheet."""
    for place, line in enumerate(plan.lines):
        number = FIRST_ROW + place
        formulas = write_formulas(plan.key, number, rows=rows)
        look = _TOTAL if line.is_total else _PLAIN
        found = [Cell(styles.number(look[3]), place + 1), Cell(styles.number(look[0]), line.name)]
        for key in KEYS:
            style = styles.number(*_style_of(key, look))
            if key == "criterion":
                found.append(Cell(style, line.criterion))
            else:
                found.append(Cell(style, stored[place][key], formulas[key]))
        yield row(number, cells(number, found))


_PLAIN = (Look.TEXT, Look.NUMBER, Look.RATING, Look.CENTRED)
_TOTAL = (Look.TOTAL_TEXT, Look.TOTAL_NUMBER, Look.TOTAL_RATING, Look.TOTAL_CENTRED)
_FORMATS = {"coverage": SHARE, "score": SCORE, "weight": GENERAL, "attained": GENERAL}


def _style_of(key: str, look: tuple[Look, ...]) -> tuple[Look, str]:
    if key == "rating":
        return look[2], GENERAL
    if key == "criterion":
        return look[0], GENERAL
    return look[1], _FORMATS.get(key, COUNT)


def register_styles(styles: Styles) -> None:
    """Ask for every style that the rows will use: afterwards it is too late."""
    for look in (_PLAIN, _TOTAL):
        styles.number(look[0])
        styles.number(look[3])
        for key in KEYS:
            styles.number(*_style_of(key, look))


def write_formulas(key: str, number: int, *, rows: int) -> dict[str, str]:
    """Return the formulas of one line by key. Source: attainment rules section 6."""
    at = {key: f"${letter}{number}" for key, letter in LETTERS.items()}
    keys, ratings = detail_range(key, rows), detail_range("rating", rows)
    mine = f"{keys},{at['criterion']}"
    formulas = {
        outcome: f'COUNTIFS({mine},{ratings},"{word}")'
        for outcome, word in zip(_OUTCOME_KEYS, words.OUTCOMES, strict=True)
    }
    formulas["total"] = f"COUNTIFS({mine})"
    formulas["rated"] = f"{at['green']}+{at['amber']}+{at['red']}"
    formulas["reported"] = f"{at['rated']}+{at['not_computable']}"
    formulas["due"] = f"{at['reported']}+{at['not_reported']}"
    formulas["coverage"] = f'IF({at["due"]}=0,"{words.ABSENT}",{at["reported"]}/{at["due"]})'
    vetoes = f'{detail_range("veto", rows)},"{words.YES}"'
    formulas["vetoes"] = f'COUNTIFS({mine},{ratings},"{words.RED}",{vetoes})'
    formulas["weight"] = f"SUMIFS({detail_range('rated_weight', rows)},{mine})"
    formulas["attained"] = f"SUMIFS({detail_range('attained', rows)},{mine})"
    formulas["score"] = f'IF({at["weight"]}<=0,"{words.ABSENT}",100*{at["attained"]}/{at["weight"]})'
    formulas["rating"] = _write_rating(at)
    return formulas


def _write_rating(at: dict[str, str]) -> str:
    """The cell's own colour: a red veto, too little to say, then the score against the thresholds.

    Each ratio was cut to nine decimals, so the score is given half a unit each. Source: engine.cell.rate_cells.
    """
    generous = f"100*({at['attained']}+0.5E-9*{at['rated']})"
    nearly = f"{at['weight']}*(1-{NEAR})"
    amber = f'IF({generous}>={threshold(AMBER_FROM)}*{nearly},"{words.AMBER}","{words.RED}")'
    scored = f'IF({generous}>={threshold(GREEN_FROM)}*{nearly},"{words.GREEN}",{amber})'
    # The coverage is compared as a product: it is a word where nothing is due.
    little = f"{at['reported']}<{threshold(COVERAGE_FROM)}*{at['due']}*(1-{NEAR})"
    silent = f'IF(OR({at["rated"]}=0,{at["weight"]}<=0,{little}),"{words.TOO_LITTLE}",{scored})'
    return f'IF({at["vetoes"]}>0,"{words.RED}",{silent})'


def store_rollup(parts: Contributions, thresholds: Thresholds) -> list[dict[str, Value]]:
    """Return the values of every line by key, by the engine."""
    verdicts = rate_cells(parts, thresholds=thresholds)
    stored: list[dict[str, Value]] = []
    for place in range(len(parts)):
        counts = dict(zip(_OUTCOME_KEYS, parts.counts[place].tolist(), strict=True))
        due, reported = int(parts.due[place]), int(parts.reported[place])
        score = float(verdicts.score[place])
        rating = Rating(int(verdicts.rating[place]))
        stored.append(
            counts
            | {
                "total": int(parts.counts[place].sum()),
                "due": due,
                "reported": reported,
                "rated": int(parts.rated[place]),
                "coverage": reported / due if due else words.ABSENT,
                "vetoes": int(parts.vetoes[place]),
                "weight": float(parts.weight_rated[place]) / UNITS,
                "attained": float(parts.attained[place]) / UNITS,
                "score": score if np.isfinite(score) else words.ABSENT,
                "rating": words.RATINGS.get(rating, words.TOO_LITTLE),
            }
        )
    return stored
