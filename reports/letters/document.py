"""The Word document of a letter, composed from its frozen content alone: the same content gives the same bytes."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from reports.documents.blocks import Block, Grid, Heading, Paragraph, Signatures, Title
from reports.documents.writer import write_document
from reports.exports.words import DOMAINS
from reports.letters import words
from reports.models import Letter

Content = Mapping[str, Any]
LONG = 40
"""Regions that are the same as in the row above are not named again if their names are longer."""
_NUMERALS = "一二三四五六七八九十"
_WIDTHS = {"no": 11, "name": 48, "clause": 22, "bound": 23, "due": 29, "role": 13, "lead": 25, "help": 31}


def write_letter(content: Content, number: int, day: date) -> bytes:
    """Return the Word document of a letter or addendum from its frozen content."""
    name = f"{content['recipient']['name']}{words.name_title(number)}"
    return write_document(compose_letter(content, number, day), name=name, on=day)


def name_file(letter: Letter) -> str:
    """Return the name under which the file is handed out."""
    title = words.name_title(letter.number)
    return f"{letter.programme.short_zh}_{letter.content['recipient']['name']}_{title}.docx"


def compose_letter(content: Content, number: int, day: date) -> Iterator[Block]:
    """Yield title, who gives what to whom, the targets by domain or the changes, what is asked, and who signs."""
    yield Title(words.name_title(number), f"（{content['programme']['name']}）")
    yield Paragraph(f"{content['recipient']['name']}：", is_indented=False)
    yield Paragraph(_write_opening(content, number))
    if number:
        yield from _list_changes(content)
        yield Heading(words.HOLDS)
    else:
        yield from _list_targets(content)
    for text in words.DUTIES if not number else words.ADDENDUM_DUTIES:
        yield Paragraph(text)
    if any(term["is_decomposed_for_show"] for term in content["terms"]):
        yield Paragraph(words.SHOWN)
    yield Paragraph(
        words.ISSUED.format(
            title=words.ADDENDUM_TITLE if number else words.TITLE, office=content["office"], day=words.write_day(day)
        )
    )
    yield Signatures([(words.GIVER, content["giver"]), (words.TAKER, content["recipient"]["name"])])


def _write_opening(content: Content, number: int) -> str:
    programme, count = content["programme"], len(content["terms"])
    document = f"（{programme['document']}）" if programme["document"] else ""
    basis = f"《{programme['name']}》{document}"
    if not number:
        first, last = programme["first"], programme["last"]
        span = f"{last}年" if first == last else f"{first}—{last}年"
        return words.OPENING.format(basis=basis, span=span, count=count)
    since = words.write_day(date.fromisoformat(content["since"]))
    opening = words.ADDENDUM_OPENING.format(basis=basis, since=since, changes=len(content["changes"]))
    return opening + (words.LEFT.format(count=count) if count else words.NOTHING_LEFT)


def _list_targets(content: Content) -> Iterator[Block]:
    """Yield one table a domain, in the order of the domains; a number runs through all of them."""
    is_department = content["recipient"]["kind"] == "department"
    place, done = 0, 0
    for domain, name in DOMAINS.items():
        terms = [term for term in content["terms"] if term["domain"] == domain]
        if terms:
            yield Heading(f"{_NUMERALS[place]}、{name}（{len(terms)}项）")
            yield _make_grid(terms, is_department=is_department, start=done)
            place, done = place + 1, done + len(terms)
    parts = _list_parts(content)
    if parts:
        yield Heading(f"{_NUMERALS[place]}、{words.PARTS}")
        yield parts[0]
    yield Heading(f"{_NUMERALS[place + len(parts)]}、{words.ASKED}")


def _make_grid(terms: Sequence[Content], *, is_department: bool, start: int) -> Grid:
    columns = ["no", "name", "clause", "bound", "due", *(["role"] if is_department else []), "lead", "help"]
    heads = {
        "no": "序号",
        "name": words.NAME,
        "clause": words.CLAUSE,
        "bound": words.BOUND,
        "due": words.DUE,
        "role": words.ROLE,
        "lead": words.LEADING,
        "help": words.HELPING,
    }
    fields = {"name": "name", "clause": "clause", "bound": "bound", "due": "due", "role": "role", "lead": "lead"}
    rows = []
    for number, term in enumerate(terms, start=start + 1):
        cells = {key: term[field] for key, field in fields.items()}
        cells |= {"no": str(number), "help": term["supporting"] or words.DASH}
        cells["name"] += words.STAR if term["is_decomposed_for_show"] else ""
        rows.append([cells[column] for column in columns])
    align = "".join("l" if column in ("name", "lead", "help") else "c" for column in columns)
    return Grid(
        heads=[heads[column] for column in columns],
        widths=[_WIDTHS[column] for column in columns],
        rows=rows,
        align=align,
    )


def _list_parts(content: Content) -> list[Grid]:
    """Return what the department's regions are given, one row a target and level; no table where there is nothing."""
    lines: list[tuple[str, str, str]] = []
    for term in content["terms"]:
        groups: dict[str, list[str]] = {}
        for region, bound in term["parts"]:
            groups.setdefault(bound, []).append(region)
        lines += [(term["name"], bound, _name_regions(regions)) for bound, regions in groups.items()]
    above = ["", *(regions for _name, _bound, regions in lines)]
    rows = [
        [name, bound, words.AS_ABOVE if regions == before and len(regions) > LONG else regions]
        for (name, bound, regions), before in zip(lines, above, strict=False)
    ]
    heads = [words.NAME, words.BOUND, words.REGIONS]
    return [Grid(heads=heads, widths=[48, 26, 82], rows=rows, align="lcl")] if rows else []


def _name_regions(regions: Sequence[str]) -> str:
    names = words.SEPARATOR.join(regions)
    return f"{names}（共{len(regions)}个）" if len(regions) > 1 else names


def _list_changes(content: Content) -> Iterator[Block]:
    yield Heading(words.CHANGES)
    rows = [
        [str(number), change["kind"], f"{change['name']}（{change['clause']}）", *_write_change(change)]
        for number, change in enumerate(content["changes"], start=1)
    ]
    yield Grid(
        heads=["序号", "变动", words.NAME, "事项", "原为", "改为"],
        widths=[10, 14, 46, 22, 32, 32],
        rows=rows,
        align="cclcll",
    )


def _write_change(change: Mapping[str, str]) -> list[str]:
    what = words.DASH if change["kind"] == change["what"] else change["what"]
    return [what, change["before"] or words.DASH, change["after"] or words.DASH]
