"""The provincial workbook, from an edition to a file: lines up the sheets, decides nothing about their contents.

The detail sheet is streamed first, since everything else sums it up; in the workbook it stands where offices expect it.
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import IO

from django.utils.translation import gettext as _
from openpyxl import Workbook

from departments.errors import Stale
from reports.exports import charts, cover, manifest, rollups, summary
from reports.exports.detail import DetailRows, prepare_detail
from reports.exports.figures import list_published, load_explanations
from reports.exports.layout import SHOWS_RESULTS, Sheet
from reports.exports.lists import (
    WIDTHS,
    PlainSheet,
    list_corrected,
    list_definitions,
    list_sources,
    list_thresholds,
    list_unreported,
    prepare_list,
    register_list_styles,
    write_cells,
)
from reports.exports.package import Package
from reports.exports.pages import Cell, Frame, Table, prepare, register_page_styles, write_rows
from reports.exports.remarks import Remarks, gather_remarks, quarter_words
from reports.exports.source import Edition, stream_results
from reports.exports.styles import Styles
from reports.exports.tally import Tally
from reports.exports.words import DEMONSTRATION

CREATOR = "qscounty"
LEGEND = "蓝字为可改的输入，黑字为公式；点列标上方的“+”可展开计算辅助列。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What went into the file: results, and their fingerprint."""

    rows: int
    fingerprint: str


def write_workbook(edition: Edition, target: IO[bytes]) -> Written:
    """Write the workbook into an open file; it holds few rows at a time.

    Errors: Stale where the results changed while they were read.
    """
    return _Writer(edition).write(target)


class _Writer:
    """One workbook in the making: sheets are prepared in their order, then written as their contents are known."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        self.workbook = Workbook()
        self.workbook.remove(self.workbook.active)
        self.workbook.properties.creator = CREATOR
        self.workbook.properties.title = self.running_title
        self.regions = rollups.plan_regions(edition)
        self.domains = rollups.plan_domains(edition)
        self.departments = rollups.plan_departments(edition)
        self.summary = summary.Summary(domains=self.domains, rows=edition.rows, reds=edition.reds)
        self.remarks: Remarks = gather_remarks(
            edition, explanations=load_explanations(edition), published=list_published(edition)
        )

    @property
    def running_title(self) -> str:
        return f"{self.edition.programme.name_zh}目标完成情况（{quarter_words(self.edition.quarter)}）"

    def frame(self, sheet: Sheet, note: str = "") -> Frame:
        """Return what stands above a sheet's table."""
        edition = self.edition
        by = f"编报单位：{edition.programme.office.name_zh}　　报告期：{quarter_words(edition.quarter)}"
        mark = DEMONSTRATION if edition.has_demonstration and sheet in SHOWS_RESULTS else ""
        return Frame(
            title=f"{edition.programme.short_zh}{TITLES[sheet]}", note=f"{by}　　{note}".rstrip("　"), mark=mark
        )

    def write(self, target: IO[bytes]) -> Written:
        """Prepare every sheet, then write the detail, then what sums it up, then the manifest."""
        styles = Styles(self.workbook)
        plain = self._list_plain(styles)
        tables = self._prepare(plain, styles)
        detail = DetailRows(self.edition, self.remarks, styles)
        package = Package(self.workbook, target, at=self.edition.as_of)
        self._write_table(package, tables[Sheet.DETAIL], styles, detail.write(stream_results(self.edition)))
        tally = detail.tally
        self._check_unchanged(tally)
        self._write_sums(package, tables, styles, detail)
        listed = list_unreported(tally.listed["unreported_count"], styles, rows=self.edition.rows)
        self._write_table(package, tables[Sheet.NOT_REPORTED], styles, write_cells(listed, WIDTHS[Sheet.NOT_REPORTED]))
        for sheet in plain:
            self._write_table(package, tables[sheet.sheet], styles, sheet.write())
        package.write_sheet(
            Sheet.COVER,
            cover.write_cover(self.edition, styles, mark=self.frame(Sheet.COVER).mark),
            count=0,
            span=cover.SPAN,
        )
        rows = manifest.list_manifest(
            self.edition,
            styles,
            parts=package.written,
            fingerprint=detail.fingerprint,
            mark=self.frame(Sheet.MANIFEST).mark,
        )
        self._write_table(package, tables[Sheet.MANIFEST], styles, write_cells(rows, manifest.WIDTHS))
        package.close()
        return Written(rows=self.edition.rows, fingerprint=detail.fingerprint)

    def _check_unchanged(self, tally: Tally) -> None:
        """Refuse where the rows that came are not those that the sheets were laid out for."""
        came = (len(tally), tally.counts["red_count"], tally.counts["unreported_count"])
        if came != (self.edition.rows, self.edition.reds, self.edition.unreported):
            raise Stale(_("The results were recomputed while the workbook was being made; ask for it again."))

    def _list_plain(self, styles: Styles) -> list[PlainSheet]:
        """Return the sheets whose rows do not depend on the results."""
        edition = self.edition
        rows: dict[Sheet, Sequence[Sequence[Cell]]] = {
            Sheet.CORRECTIONS: list_corrected(edition, styles),
            Sheet.DEFINITIONS: list_definitions(edition, styles),
            Sheet.SOURCES: list_sources(self.remarks, styles),
            Sheet.THRESHOLDS: list_thresholds(edition, styles),
        }
        return [
            PlainSheet(sheet=sheet, frame=self.frame(sheet, NOTES.get(sheet, "")), rows=found)
            for sheet, found in rows.items()
        ]

    def _prepare(self, plain: Sequence[PlainSheet], styles: Styles) -> dict[Sheet, Table]:
        """Add every sheet in order, ask for every style, and return the tables."""
        title = self.running_title
        tables: dict[Sheet, Table] = {}
        cover.prepare_cover(self.workbook, mark=self.frame(Sheet.COVER).mark, running_title=title)
        self.summary.prepare(self.workbook, title=title, mark=self.frame(Sheet.SUMMARY).mark)
        for plan in (self.regions, self.domains, self.departments):
            frame = self.frame(plan.sheet, NOTES[Sheet.REGIONS])
            tables[plan.sheet] = rollups.prepare_rollup(self.workbook, plan, frame=frame, running_title=title)
        tables[Sheet.DETAIL] = prepare_detail(
            self.workbook, self.edition, frame=self.frame(Sheet.DETAIL, LEGEND), running_title=title
        )
        unreported = PlainSheet(
            sheet=Sheet.NOT_REPORTED,
            frame=self.frame(Sheet.NOT_REPORTED, NOTES[Sheet.NOT_REPORTED]),
            rows=[()] * self.edition.unreported,
            printed=7,
            is_signed=True,
        )
        for sheet in (unreported, *plain):
            tables[sheet.sheet] = prepare_list(self.workbook, sheet, running_title=title)
        last = manifest.describe_manifest(frame=self.frame(Sheet.MANIFEST, NOTES[Sheet.MANIFEST]), sheets=len(Sheet))
        prepare(self.workbook, last, running_title=title)
        tables[Sheet.MANIFEST] = last
        self.summary.add_charts(self.workbook, departments=self.departments)
        charts.add_below(self.workbook[Sheet.REGIONS], self.regions, title="各地区得分", is_score=True)
        charts.add_below(self.workbook[Sheet.DEPARTMENTS], self.departments, title="各责任单位应报指标评级构成")
        for register in (register_page_styles, register_list_styles, *_REGISTERED):
            register(styles)
        return tables

    def _write_sums(self, package: Package, tables: dict[Sheet, Table], styles: Styles, detail: DetailRows) -> None:
        """Write the roll-ups and the summary over them."""
        tally, edition = detail.tally, self.edition
        columns = tally.columns
        keys: dict[Sheet, Sequence[Hashable]] = {
            Sheet.REGIONS: tally.regions,
            Sheet.DOMAINS: tally.domains,
            Sheet.DEPARTMENTS: tally.departments,
        }
        stored = {}
        for plan in (self.regions, self.domains, self.departments):
            sums = rollups.sum_lines(plan, keys[plan.sheet], columns)
            stored[plan.sheet] = rollups.store_rollup(sums, edition.thresholds)
            body = rollups.write_rollup(plan, stored[plan.sheet], styles, rows=edition.rows)
            self._write_table(package, tables[plan.sheet], styles, body)
        reds = tally.listed["red_count"]
        body = self.summary.write(styles, stored[Sheet.DOMAINS], reds, frame=self.frame(Sheet.SUMMARY))
        package.write_sheet(Sheet.SUMMARY, body, count=self.summary.listed, span=self.summary.span)

    @staticmethod
    def _write_table(package: Package, table: Table, styles: Styles, body: Iterable[str]) -> None:
        package.write_sheet(table.sheet, write_rows(table, styles, body), count=table.rows, span=table.span)


_REGISTERED = (rollups.register_styles, summary.register_styles, cover.register_styles, manifest.register_styles)
TITLES = {
    Sheet.COVER: "",
    Sheet.SUMMARY: "目标完成情况汇总表",
    Sheet.REGIONS: "分地区完成情况表",
    Sheet.DOMAINS: "分领域完成情况表",
    Sheet.DEPARTMENTS: "分责任单位完成情况表",
    Sheet.DETAIL: "目标完成情况明细表",
    Sheet.NOT_REPORTED: "未填报指标清单",
    Sheet.CORRECTIONS: "填报值更正情况表",
    Sheet.DEFINITIONS: "指标口径说明",
    Sheet.SOURCES: "公开数据来源",
    Sheet.THRESHOLDS: "评级阈值与计算规则",
    Sheet.MANIFEST: "校验清单",
}
NOTES = {
    Sheet.REGIONS: "应报＝已报＋未填报；未到期、待上级数据、不适用不计入应报。得分按已评级指标加权。",
    Sheet.NOT_REPORTED: "清单随明细变化：补填后自动移出。",
    Sheet.CORRECTIONS: "审核通过后再次修订的填报值；自首次发布起改为与上一版发布相比。",
    Sheet.DEFINITIONS: "目标原文只摘录数字所在的字句。",
    Sheet.SOURCES: "编号与明细备注中的来源编号一致。",
    Sheet.THRESHOLDS: "改动本表数值，明细和汇总的评级随之重算；“规则”指《完成情况计算规则》的部分。",
    Sheet.MANIFEST: "校验码对应本文件生成时的各工作表；另存后校验码改变，结果指纹不变。",
}
