"""The summary sheet: the conclusion in a sentence, the numbers behind it, what is behind, and three charts.

All of it are formulas over the other sheets, the sentences too.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from qscounty.web.formats import round_half_up, write_plain
from reports.exports import charts, words
from reports.exports.layout import FIRST_ROW, NOTE_ROW, TITLE_ROW, Sheet
from reports.exports.lists import index_formula, match_formula
from reports.exports.pages import Cell, Frame, cells, height_of, merge, set_up_page, sign, write_frame
from reports.exports.rollups import HEADINGS, KEYS, LETTERS, RollUpPlan
from reports.exports.sheet_xml import Value, row
from reports.exports.styles import COUNT, SCORE, SHARE, Look, Styles, colour_ratings

WIDTH = 15
_SHOWN = KEYS[: KEYS.index("rating") + 1]
_SENTENCE_ROW, _WORST_ROW, _HEAD_ROW, _VALUE_ROW, _SECTION_ROW, _LIST_HEAD_ROW = 3, 4, 6, 7, 9, 10
_LIST_ROW = _LIST_HEAD_ROW + 1
MOST_LISTED, SPARE = 8, 2
MOST_BARS = 12
_LIST = (  # column key, heading, first and last column on this sheet
    ("region", "地区", 2, 2),
    ("domain", "领域", 3, 3),
    ("name", "指标名称", 4, 6),
    ("unit", "单位", 7, 7),
    ("expected", "序时目标", 8, 8),
    ("measured", "完成值", 9, 9),
    ("ratio", "完成率", 10, 10),
    ("department", "责任单位", 11, 12),
    ("remark", "备注", 13, WIDTH),
)
_CONCLUSION = (
    ("应报", "due"),
    ("项，已报", "reported"),
    ("项：达标", "green"),
    ("项、接近", "amber"),
    ("项、落后", "red"),
)
_WRAPPED = (("name", 30.0), ("department", 20.0), ("remark", 30.0))
_NUMBERS = {"expected": "#,##0.0##", "measured": "#,##0.0##", "ratio": SHARE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The sheet over one total: the last line of the domains, which every edition has. Counts as in `Edition`."""

    domains: RollUpPlan
    rows: int
    reds: int

    @property
    def total(self) -> int:
        """Place of the total among the lines of the domains."""
        return self.domains.total

    @property
    def listed(self) -> int:
        """Number of rows for what is behind, some to spare for inputs that are changed."""
        return min(MOST_LISTED, self.reds + SPARE)

    @property
    def _chart_row(self) -> int:
        return _LIST_ROW + self.listed + 1

    @property
    def bottom(self) -> int:
        """Last row that is used."""
        return self._chart_row + charts.ROWS_HIGH + 1

    @property
    def span(self) -> str:
        """The range that is used."""
        return f"A1:{get_column_letter(WIDTH + 1)}{self.bottom}"

    def prepare(self, workbook: Workbook, *, title: str, mark: str) -> Worksheet:
        """Add the sheet with everything but rows and charts."""
        sheet = workbook.create_sheet(Sheet.SUMMARY)
        set_up_page(sheet, mark=mark, running_title=title)
        sheet.page_setup.fitToHeight = 1
        last = get_column_letter(WIDTH)
        for place in range(1, WIDTH + 1):
            sheet.column_dimensions[get_column_letter(place)].width = 10
        sheet.column_dimensions[get_column_letter(WIDTH + 1)].hidden = True
        merge(sheet, *(f"A{n}:{last}{n}" for n in (TITLE_ROW, NOTE_ROW, _SENTENCE_ROW, _WORST_ROW, _SECTION_ROW)))
        for number in range(_LIST_HEAD_ROW, _LIST_ROW + self.listed):
            merge(sheet, *(f"{_at(a, number)}:{_at(b, number)}" for _k, _h, a, b in _LIST if a != b))
        sheet.print_area = f"A1:{last}{self.bottom}"
        rating = f"{_at(len(_SHOWN), _VALUE_ROW)}"
        colour_ratings(sheet, f"{rating}:{rating}")
        return sheet

    def add_charts(self, workbook: Workbook, *, departments: RollUpPlan) -> None:
        """Draw the ratings by domain, and beside them those by department, or the scores where there are too many."""
        sheet, top, half = workbook[Sheet.SUMMARY], self._chart_row, WIDTH // 2
        domains = charts.chart_ratings(workbook[Sheet.DOMAINS], self.domains, title="各领域应报指标评级构成")
        charts.place(sheet, domains, first=(1, top), last=(half, top + charts.ROWS_HIGH - 1))
        if len(departments.lines) <= MOST_BARS:
            units = charts.chart_ratings(workbook[Sheet.DEPARTMENTS], departments, title="各责任单位应报指标评级构成")
        else:
            units = charts.chart_scores(workbook[Sheet.DOMAINS], self.domains, title="各领域得分")
        charts.place(sheet, units, first=(half + 1, top), last=(WIDTH, top + charts.ROWS_HIGH - 1))

    def write(
        self, styles: Styles, stored: Sequence[dict[str, Value]], reds: Sequence[dict[str, Value]], *, frame: Frame
    ) -> Iterator[str]:
        """Yield the rows; `stored` are the lines of the domains, `reds` the rows that are behind."""
        yield from write_frame(frame, styles)
        sentence = styles.number(Look.SENTENCE)
        yield row(3, cells(3, [Cell(sentence, *self._conclude(stored[self.total]))]), height=24)
        yield row(4, cells(4, [Cell(sentence, *self._blame(stored))]), height=24)
        header = styles.number(Look.HEADER)
        headings = [Cell(header, text) for text in HEADINGS[: len(_SHOWN)]]
        yield row(_HEAD_ROW, cells(_HEAD_ROW, headings), height=24)
        yield row(_VALUE_ROW, cells(_VALUE_ROW, list(self._totals(styles, stored[self.total]))), height=28)
        section = Cell(styles.number(Look.SECTION), "落后指标（按明细次序，最多列8项，余见明细）")
        yield row(_SECTION_ROW, cells(_SECTION_ROW, [section]), height=22)
        yield row(
            _LIST_HEAD_ROW, self._spread(_LIST_HEAD_ROW, ["序号", *(h for _k, h, _a, _b in _LIST)], header), height=22
        )
        for place in range(self.listed):
            yield self._list_row(place, styles, reds)
        yield sign(self.bottom, width=WIDTH, styles=styles)

    def _totals(self, styles: Styles, stored: dict[str, Value]) -> Iterator[Cell]:
        """Yield the numbers of the whole, taken from the total line of the domains."""
        formats = {"coverage": SHARE, "score": SCORE}
        number = FIRST_ROW + self.total
        for key in _SHOWN:
            look = Look.FIGURE_RATING if key == "rating" else Look.FIGURE
            style = styles.number(look, "General" if key == "rating" else formats.get(key, COUNT))
            yield Cell(style, stored[key], f"'{Sheet.DOMAINS}'!{LETTERS[key]}{number}")

    def _conclude(self, stored: dict[str, Value]) -> tuple[str, str]:
        """Return the first sentence and its formula."""
        at = {key: _at(place, _VALUE_ROW) for place, key in enumerate(_SHOWN, start=1)}
        said = "".join(f"{before}{stored[key]}" for before, key in _CONCLUSION)
        formula = "&".join(f'"{before}"&{at[key]}' for before, key in _CONCLUSION)
        score = stored["score"]
        if isinstance(score, str):
            return f"{said}项，未填报{stored['not_reported']}项；尚不能计算得分。", self._with_score(formula, at)
        shown = _shortest(float(score or 0.0))
        end = f"项，未填报{stored['not_reported']}项；综合得分{shown}分，评级{stored['rating']}。"
        return said + end, self._with_score(formula, at)

    @staticmethod
    def _with_score(formula: str, at: dict[str, str]) -> str:
        scored = f'"项；综合得分"&ROUND({at["score"]},1)&"分，评级"&{at["rating"]}&"。"'
        end = f'IF({at["score"]}="{words.ABSENT}","项；尚不能计算得分。",{scored})'
        return f'{formula}&"项，未填报"&{at["not_reported"]}&{end}'

    def _blame(self, stored: Sequence[dict[str, Value]]) -> tuple[str, str]:
        """Return the second sentence and its formula: where most is behind."""
        first, last = FIRST_ROW, FIRST_ROW + self.total - 1
        reds = f"'{Sheet.DOMAINS}'!${LETTERS['red']}${first}:${LETTERS['red']}${last}"
        names = f"'{Sheet.DOMAINS}'!$B${first}:$B${last}"
        most = f'"落后指标最多的领域是"&INDEX({names},MATCH(MAX({reds}),{reds},0))&"（"&MAX({reds})&"项）。"'
        formula = f'IF(MAX({reds})=0,"没有落后指标。",{most})'
        counts = [int(line["red"] or 0) for line in stored[: self.total]]
        if not counts or not max(counts):
            return "没有落后指标。", formula
        worst = self.domains.lines[counts.index(max(counts))].name
        return f"落后指标最多的领域是{worst}（{max(counts)}项）。", formula

    def _list_row(self, place: int, styles: Styles, reds: Sequence[dict[str, Value]]) -> str:
        """Return the k-th target behind, found on the detail sheet by formulas; blank where there are fewer."""
        number = _LIST_ROW + place
        known = reds[place] if place < len(reds) else None
        at = f"${_at(WIDTH + 1, number)}"
        found = [Cell(styles.number(Look.CENTRED), place + 1)]
        for key, _heading, first, last in _LIST:
            is_text = key not in _NUMBERS
            style = styles.number(Look.TEXT if is_text else Look.NUMBER, _NUMBERS.get(key, "General"))
            value: Value = "" if known is None else (str(known[key] or "") if is_text else known[key])
            found.append(Cell(style, value, index_formula(key, at, rows=self.rows, is_text=is_text)))
            found += [Cell(style)] * (last - first)
        place_there = "" if known is None else known["number"]
        match = match_formula("red_count", place + 1, rows=self.rows)
        found.append(Cell(styles.number(Look.CENTRED), place_there, match))
        texts = [] if known is None else [(known[key], width) for key, width in _WRAPPED]
        return row(number, cells(number, found), height=height_of(texts) or 20.0)

    @staticmethod
    def _spread(number: int, texts: list[str], style: int) -> Iterator[str]:
        found = [Cell(style, texts[0])]
        for text, (_key, _heading, first, last) in zip(texts[1:], _LIST, strict=True):
            found += [Cell(style, text), *([Cell(style)] * (last - first))]
        return cells(number, found)


def register_styles(styles: Styles) -> None:
    """Ask for every style that the rows will use."""
    looks = (Look.SENTENCE, Look.HEADER, Look.SECTION, Look.CENTRED, Look.TEXT, Look.FIGURE_RATING)
    for look in looks:
        styles.number(look)
    for shown in (COUNT, SHARE, SCORE):
        styles.number(Look.FIGURE, shown)
    for shown in _NUMBERS.values():
        styles.number(Look.NUMBER, shown)


def _at(place: int, number: int) -> str:
    return f"{get_column_letter(place)}{number}"


def _shortest(score: float) -> str:
    """Return the score with one decimal as a program writes a number into a text: without a trailing 0."""
    return write_plain(round_half_up(score, 1))
