"""The house rules that can be read off the source: direction of imports, the five laws, where writes may stand.

Source: docs/adr/0001-the-house.md.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("qscounty", "departments", "indicators", "reports")

# Who may import whom, between packages. A longer prefix wins over a shorter one.
ALLOWED_PACKAGES = {
    "qscounty.web": set(),
    "qscounty": {"qscounty", "departments", "indicators", "reports"},
    "departments": {"departments", "qscounty.web"},
    "indicators.engine": {"indicators.engine"},
    "indicators.reading": {"indicators.engine", "indicators.reading", "indicators.domains"},
    "indicators.catalogue": {"indicators.engine", "indicators.catalogue", "indicators.domains"},
    "indicators.demonstration": {"indicators.engine", "indicators.demonstration"},
    "indicators": {"indicators", "departments", "qscounty.web"},
    "reports": {"reports", "indicators", "departments", "qscounty.web"},
}
# Inside an application, from the top down: a layer imports itself and what stands below it.
LAYERS = (
    {
        "views",
        "urls",
        "forms",
        "tables",
        "presenters",
        "excel",
        "exports",
        "tasks",
        "management",
        "charts",
        "overview",
        "api",
    },
    {"actions"},
    {"selectors", "permissions", "policies"},
    {"models"},
)
ENGINE_MAY_IMPORT = {"numpy", "indicators"}
WRITES = {
    "save", "delete", "create", "update", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "aupdate",
    "asave", "adelete", "acreate",
}  # fmt: skip


def list_sources(*, under: str = "") -> list[Path]:
    """Return the project's Python files, without migrations."""
    roots = [ROOT / under] if under else [ROOT / package for package in PACKAGES]
    return sorted(path for root in roots for path in root.rglob("*.py") if "migrations" not in path.parts)


def name_of(path: Path) -> str:
    """Return the dotted name of a source file."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def list_imports(path: Path) -> Iterator[str]:
    """Yield the dotted names that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield resolve(node, path)


def resolve(node: ast.ImportFrom, path: Path) -> str:
    """Return the absolute name of what a from-import names, relative ones included."""
    if not node.level:
        return node.module or ""
    package = name_of(path).split(".")
    if path.name != "__init__.py":
        package = package[:-1]
    base = package[: len(package) - node.level + 1]
    return ".".join([*base, *([node.module] if node.module else [])])


def rule_for(name: str) -> str:
    """Return the longest key of the table that covers a module."""
    return max((key for key in ALLOWED_PACKAGES if name == key or name.startswith(f"{key}.")), key=len)


def is_covered(name: str, prefixes: set[str]) -> bool:
    """Return whether a name lies in one of the packages."""
    return any(name == prefix or name.startswith(f"{prefix}.") for prefix in prefixes)


SOURCES = [pytest.param(path, id=name_of(path)) for path in list_sources()]


@pytest.mark.parametrize("path", SOURCES)
def test_imports_point_down(path):
    name = name_of(path)
    allowed = ALLOWED_PACKAGES[rule_for(name)] | {rule_for(name)}
    ours = [other for other in list_imports(path) if other.split(".")[0] in PACKAGES]
    wrong = [other for other in ours if not is_covered(other, allowed)]
    assert not wrong, f"{name} imports {wrong}; it may import {sorted(allowed)}"


def layer_of(name: str) -> int | None:
    """Return the layer of a module inside its application, or None if it stands outside the layers."""
    parts = name.split(".")
    if len(parts) < 2 or parts[0] == "qscounty":
        return None
    return next((place for place, names in enumerate(LAYERS) if parts[1] in names), None)


@pytest.mark.parametrize("path", SOURCES)
def test_layers_point_down(path):
    name = name_of(path)
    layer = layer_of(name)
    if layer is None:
        return
    application = name.split(".")[0]
    above = [
        other
        for other in list_imports(path)
        if other.startswith(f"{application}.") and (found := layer_of(other)) is not None and found < layer
    ]
    assert not above, f"{name} imports {above}, which stand above it"


@pytest.mark.parametrize("path", [pytest.param(p, id=name_of(p)) for p in list_sources(under="indicators/engine")])
def test_engine_is_pure(path):
    import sys

    roots = {name.split(".")[0] for name in list_imports(path)}
    foreign = roots - ENGINE_MAY_IMPORT - set(sys.stdlib_module_names)
    assert not foreign, f"the engine imports {foreign}"
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\b(datetime|date)\.(now|today|utcnow)\b|\btime\.time\b", text), "the engine knows no clock"


def list_calls(path: Path) -> Iterator[ast.Call]:
    """Yield every call in a file."""
    return (node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call))


def writes_rows(call: ast.Call) -> bool:
    """Return whether a call looks like a write through the ORM.

    `update` of a dictionary or a hash takes positional arguments; the ORM's takes keywords only.
    """
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in WRITES:
        return False
    if call.func.attr == "update":
        return bool(call.keywords) and not call.args
    if call.func.attr == "save":
        return not call.args or any(keyword.arg == "update_fields" for keyword in call.keywords)
    return True


OUTSIDE_ACTIONS = [
    pytest.param(path, id=name_of(path))
    for path in list_sources()
    if name_of(path).split(".")[0] in {"departments", "indicators", "reports"}
    and "actions" not in path.parts
    and "engine" not in path.parts
    and "exports" not in path.parts  # workbooks are saved and sheets are created there; test_exports holds the rest
]


@pytest.mark.parametrize("path", OUTSIDE_ACTIONS)
def test_rows_are_written_in_actions_only(path):
    lines = [call.lineno for call in list_calls(path) if writes_rows(call)]
    assert not lines, f"{name_of(path)} writes in lines {lines}; writes stand in actions/"


@pytest.mark.parametrize("path", SOURCES)
def test_no_signal_receivers_and_no_save_overrides(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert not any(name.startswith("django.db.models.signals") for name in list_imports(path))
    receivers = [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        for decorator in node.decorator_list
        if "receiver" in ast.unparse(decorator)
    ]
    assert not receivers
    if "models" in path.parts:
        overrides = [
            node.name
            for node in ast.walk(tree)
            if isinstance(node, ast.FunctionDef) and node.name in {"save", "delete", "clean", "full_clean"}
        ]
        assert not overrides, f"{name_of(path)} overrides {overrides}"


@pytest.mark.parametrize("path", [pytest.param(p, id=name_of(p)) for p in list_sources() if "actions" in p.parts])
def test_public_actions_are_keyword_only(path):
    """`record` of the trail takes its one act; everything else names its arguments."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    wrong = [
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and len(node.args.args) > 2
    ]
    assert not wrong, f"{name_of(path)}: more than two positional parameters in {wrong}"


PARTS_OF_ACTS = {
    "approve_figures",
    "download_table",
    "forget_typed",
    "put_job",
    "request_scope_recompute",
    "save_figure",
    "schedule_export",
}
"""Parts of an act, doors to one, and what keeps a refusal before it raises it."""


@pytest.mark.parametrize("path", [pytest.param(p, id=name_of(p)) for p in list_sources() if "actions" in p.parts])
def test_what_somebody_does_is_one_act(path):
    """Whatever takes `by` commits as a whole and is repeated after a deadlock. Source: trust rules 2 and 8."""
    wrong = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.FunctionDef):
            continue
        decorators = {ast.unparse(decorator) for decorator in node.decorator_list}
        arguments = {argument.arg for argument in (*node.args.args, *node.args.kwonlyargs)}
        is_public_act = "by" in arguments and not node.name.startswith(("_", "check_"))
        if is_public_act and "act" not in decorators and node.name not in PARTS_OF_ACTS:
            wrong.append(node.name)
        if any(decorator.startswith("transaction.atomic") for decorator in decorators):
            wrong.append(f"{node.name} (transaction.atomic)")
    assert not wrong, f"{name_of(path)}: decorate with `act` of departments.actions.acts: {wrong}"


@pytest.mark.parametrize("path", OUTSIDE_ACTIONS)
def test_transactions_are_opened_in_actions_only(path):
    opened = [call.lineno for call in list_calls(path) if ast.unparse(call.func).endswith("transaction.atomic")]
    assert not opened or "selectors" in path.parts, f"{name_of(path)} opens transactions in lines {opened}"


@pytest.mark.parametrize("path", SOURCES)
def test_every_module_opens_with_a_sentence(path):
    text = path.read_text(encoding="utf-8")
    if text.strip():
        assert ast.get_docstring(ast.parse(text)), f"{name_of(path)} has no docstring"


@pytest.mark.parametrize("path", SOURCES)
def test_modules_stay_within_the_budget(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300


@pytest.mark.parametrize("path", SOURCES)
def test_select_for_update_says_no_key(path):
    """A plain FOR UPDATE blocks inserts that point at the row. Source: trust rule 6."""
    for call in list_calls(path):
        if isinstance(call.func, ast.Attribute) and call.func.attr == "select_for_update":
            assert any(keyword.arg == "no_key" for keyword in call.keywords), f"line {call.lineno}"


TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


@pytest.mark.parametrize("path", [pytest.param(p, id=str(p.relative_to(ROOT))) for p in TEMPLATES])
def test_templates_never_trust_text(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\|\s*safe\b|{%\s*autoescape off|\son[a-z]+=|javascript:", text)


FORBIDDEN_NAMES = {"utils", "helpers", "common", "manager", "data", "info", "new"}


def test_no_module_is_named_for_nothing():
    named = [name_of(path) for path in list_sources() if path.stem in FORBIDDEN_NAMES]
    assert not named


def test_nothing_names_a_machine_or_the_steering_folder():
    pattern = re.compile(r"\.\./shared|/work/main|/root/|claude|pypi\.org/simple", re.IGNORECASE)
    paths = [p for p in ROOT.rglob("*") if p.is_file() and p.suffix in {".py", ".md", ".toml", ".html", ".js", ".css"}]
    skipped = {".venv", ".git", "var", ".mypy_cache", ".ruff_cache", ".pytest_cache"}
    wrong = [
        str(path.relative_to(ROOT))
        for path in paths
        if not skipped & set(path.relative_to(ROOT).parts)
        and path != Path(__file__)
        and pattern.search(path.read_text(encoding="utf-8"))
    ]
    assert not wrong


@pytest.mark.parametrize(
    ("source", "is_write"),
    [
        ("Figure.objects.create(a=1)", True),
        ("figure.save()", True),
        ("Figure.objects.filter(pk=1).update(a=2)", True),
        ("rows.delete()", True),
        ("known.update(other)", False),
        ("workbook.save(path)", False),
        ("digest.update(b'x')", False),
        ("Figure.objects.filter(pk=1)", False),
    ],
)
def test_the_check_for_writes_tells_them_apart(source, is_write):
    call = next(node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    assert writes_rows(call) is is_write


@pytest.mark.parametrize(
    ("module", "imported", "is_allowed"),
    [
        ("indicators.engine.rating", "indicators.models", False),
        ("indicators.engine.rating", "indicators.engine.target", True),
        ("departments.models.user", "indicators.models", False),
        ("departments.models.user", "qscounty.web.language", True),
        ("departments.models.user", "qscounty.settings", False),
        ("indicators.views", "reports.selectors", False),
        ("reports.views", "indicators.selectors.programmes", True),
        ("qscounty.web.formats", "indicators.labels", False),
        ("indicators.demonstration.figures", "indicators.models", False),
    ],
)
def test_the_import_table_tells_up_from_down(module, imported, is_allowed):
    assert is_covered(imported, ALLOWED_PACKAGES[rule_for(module)] | {rule_for(module)}) is is_allowed
