"""Every text that people read passes through `tr`, `trn` or `mark`, so that it can be translated.

What looks like a text and is none stands in one of the tables below, with the reason.
"""

import ast
import re
import string
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

from desktop.domain.wording import STAGES

ROOT = Path(__file__).parents[2]
CODE = {
    path.relative_to(ROOT / "desktop").as_posix(): path.read_text("utf-8")
    for path in sorted((ROOT / "desktop").rglob("*.py"))
}
MARKS = ("tr", "trn", "mark")

# Modules in which no literal is for the user of the window.
OTHERS = {
    "cli/*": "commands speak English: scripts read them",
    "crashes.py": "a report for those who mend the program",
    "logs.py": "the form of a line of the log",
    "worker.py": "told to who starts a worker by hand",
    "selftest/*": "what a bundle proves of itself, for those who made it",
    "*/self_check.py": "what a bundle proves of itself, for those who made it",
    "engine/limits.py": "what a bundle proves of itself, for those who made it",
    "engine/fake.py": "a script for tests",
    "engine/trial.py": "a text that the model reads",
    "engine/runtime.py": "a text that the model reads",
    "engine/prompt/plain.py": "texts that the model reads",
    "services/bench/workload.py": "texts that the model reads",
    "services/chat/titler.py": "a text that the model reads",
    "domain/layout.py": "texts that the model reads",
    "domain/attachments.py": "texts that the model reads",
    "models/catalogue.py": "for who writes a file of the catalogue",
    "models/jobs/gguf_header.py": "causes of an error, for the log",
    "models/jobs/gguf_tokenizer.py": "regular expressions",
    "models/jobs/layer_names.py": "XML",
    "storage/*": "SQL; its Problems are looked after by a test of their own",
    "exporters/html_format.py": "HTML and CSS",
    "ui/stylesheet.py": "style sheets",
}

# Literals that look like texts: parts of the module and of the literal, and why it is none.
LITERALS = {
    ("exporters/", "UTC"): "a time zone",
    ("exporters/", "<p"): "HTML",
    ("models/machine.py", "model name"): "a key of /proc/cpuinfo",
    ("models/jobs/compress.py", "Applying Weight Compression"): "what NNCF calls it",
    ("models/jobs/proof.py", ""): "a text that the model reads, and what OpenVINO says",
    ("models/jobs/export/seclusion.py", ""): "a bug of a library, for the log",
    ("models/jobs/gguf_facts.py", "a model that can read nothing"): "a cause, for the log",
    ("models/jobs/fetch/connection.py", "Bearer"): "a header of HTTP",
    ("engine/baseline/worker.py", "The cellar is"): "a text that the model reads",
    ("importers/json_stream.py", "Unterminated string"): "what Python says",
    ("services/contacts.py", "under way"): "an id",
    ("services/shelf/offers.py", ""): "ids",
    ("services/tokens.py", "model hub"): "a name in the keyring",
    ("settings/table.py", "The models that guess"): "of a setting that no dialog shows",
    ("settings/table.py", "The compressed models"): "of a setting that no dialog shows",
    ("settings/table.py", "Where the window was"): "of a setting that no dialog shows",
    ("settings/table.py", "The newest crash report"): "of a setting that no dialog shows",
    ("ui/", "rgba("): "a style",
    ("ui/", "text-align:"): "a style",
    ("ui/", "QFrame#"): "a style",
    ("ui/transcript/item.py", ""): "ids",
    ("ui/transcript/tools.py", ""): "ids",
    ("ui/transcript/message_entry.py", ""): "ids",
    (
        "ui/transcript/markdown.py",
        "[image: ",
    ): "in an answer, for a picture",
}

# Methods of Qt and helpers whose texts are seen, also when they are one word.
SHOWN = re.compile(
    "^(set(Text|ToolTip|PlaceholderText|WindowTitle|AccessibleName|AccessibleDescription|Title"
    "|Suffix|Prefix|SpecialValueText|StatusTip|WhatsThis|NameFilter|InformativeText)"
    "|Q(Label|PushButton|ToolButton|CheckBox|RadioButton|GroupBox|Action|Menu)"
    "|addAction|addMenu|addSection|addItem|addTab|text_label|button|announce|Choice|Fact)$"
)
NO_WORDS = re.compile(r"^([^A-Za-z]*|Cellar|[A-Z]+[0-9]*|int4|int8|fp16)$")  # signs, names

ID = re.compile("[a-z][A-Za-z]*")  # the first argument of some

Found = tuple[int, str]


def skeleton(node: ast.expr) -> str | None:
    """What a literal says, each value in it as {}; None for anything else."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        parts = [each.value if isinstance(each, ast.Constant) else "{}" for each in node.values]
        return "".join(map(str, parts))
    return None


def name_of(call: ast.Call) -> str:
    return getattr(call.func, "id", getattr(call.func, "attr", ""))


def calls_of(tree: ast.AST, *names: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and name_of(node) in names:
            yield node


class Texts(ast.NodeVisitor):
    """Finds literals that may be texts: with letters and a space, and not marked."""

    def __init__(self) -> None:
        self.found: list[Found] = []

    def visit_Expr(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):  # not a docstring
            self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value:
            self.visit(node.value)

    def visit_arg(self, node: ast.arg) -> None:
        """A type is no text."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        for child in (*node.decorator_list, node.args, *node.body):
            self.visit(child)

    def visit_Call(self, node: ast.Call) -> None:
        owner = getattr(getattr(node.func, "value", None), "id", "")
        name = name_of(node)
        if owner in ("log", "_log", "re", "logging") or name.endswith("Error"):
            return  # nobody but a developer reads it
        if name in ("cast", "setObjectName", "TypeVar"):
            return
        count = len(node.args) if name in MARKS else 0
        for child in (*node.args[count:], *(each.value for each in node.keywords), node.func):
            self.visit(child)

    def visit_Constant(self, node: ast.Constant) -> None:
        self._note(node)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        self._note(node)
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                self.visit(part.value)

    def _note(self, node: ast.expr) -> None:
        text = skeleton(node)
        if text and " " in text and re.search("[A-Za-z]{2}", text.replace("{}", "")):
            self.found.append((node.lineno, text))


def unmarked(source: str) -> list[Found]:
    finder = Texts()
    finder.visit(ast.parse(source))
    return finder.found


def is_known(module: str, text: str) -> bool:
    known = any(part in module and piece in text for part, piece in LITERALS)
    return known or text in STAGES


def is_other(module: str) -> bool:
    return any(fnmatch(module, pattern) for pattern in OTHERS)


OURS = {module: source for module, source in CODE.items() if not is_other(module)}


@pytest.mark.parametrize("module", OURS)
def test_every_text_is_marked(module: str) -> None:
    wrong = [found for found in unmarked(OURS[module]) if not is_known(module, found[1])]
    assert wrong == []


def test_every_exception_is_needed() -> None:
    found = {module: unmarked(source) for module, source in CODE.items()}
    assert [p for p in OTHERS if not any(fnmatch(module, p) for module in CODE)] == []
    needless = [
        (part, piece)
        for part, piece in LITERALS
        if not any(piece in text for module in CODE if part in module for _, text in found[module])
    ]
    assert needless == []


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ('what = "A text to read"', "A text to read"),
        ('say(f"{count} chats")', "{} chats"),
        ('tr("Marked", value="Not marked")', "Not marked"),
        ('tr(f"{count} chats")', None),
        ('mark("A text to read")', None),
        ('log.info("the chat %s", 1)', None),
        ('def f(x: "int | None" = 1) -> "int | None":\n    """A docstring."""', None),
        ('raise ValueError("a bug of ours")', None),
    ],
)
def test_the_search_finds_what_is_not_marked(source: str, text: str | None) -> None:
    assert [found for _, found in unmarked(source)] == ([] if text is None else [text])


def bare(source: str, names: re.Pattern[str]) -> list[Found]:
    """Literals with letters that go to such a call as they are."""
    return [
        (argument.lineno, text)
        for call in ast.walk(ast.parse(source))
        if isinstance(call, ast.Call) and names.match(name_of(call))
        for argument in call.args
        if (text := skeleton(argument)) is not None and not NO_WORDS.match(text.replace("{}", ""))
    ]


@pytest.mark.parametrize("module", [name for name in OURS if name.startswith("ui/")])
def test_what_a_widget_shows_is_translated(module: str) -> None:
    found = bare(OURS[module], SHOWN)
    assert [(line, text) for line, text in found if not ID.fullmatch(text)] == []


@pytest.mark.parametrize("module", [n for n in CODE if not n.startswith(("cli/", "engine/fake"))])
def test_a_problem_is_translated(module: str) -> None:
    calls = re.compile(r"^(Usage)?Problem$|^(world|storage)_problem$|^(reading|writing)$")
    assert bare(CODE[module], calls) == []


def test_those_searches_find_what_is_not_translated() -> None:
    assert bare('label.setText("Word")', SHOWN) == [(1, "Word")]
    assert bare('label.setText(tr("Word") + f"{number} ×")', SHOWN) == []
    assert bare('raise Problem(f"No {name}.", tr("Look."))', re.compile("Problem")) == [
        (1, "No {}.")
    ]


def given_to(call: ast.Call) -> list[ast.expr]:
    return call.args[: 2 if name_of(call) == "trn" else 1]


@pytest.mark.parametrize("module", CODE)
def test_what_is_translated_can_be_collected(module: str) -> None:
    """A literal, or the name of something that was marked in a table: never put together."""
    wrong = []
    for call in calls_of(ast.parse(CODE[module]), *MARKS):
        names = (ast.Name, ast.Attribute, ast.Subscript, ast.Call) if name_of(call) == "tr" else ()
        for text in given_to(call):
            literal = isinstance(text, ast.Constant) and isinstance(text.value, str)
            if not literal and not isinstance(text, names):
                wrong.append((call.lineno, ast.unparse(text)))
    assert wrong == []


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("module", CODE)
def test_a_text_gets_the_values_that_it_names(module: str) -> None:
    wrong = []
    for call in calls_of(ast.parse(CODE[module]), "tr", "trn"):
        if any(each.arg is None for each in call.keywords):
            continue
        given = {each.arg for each in call.keywords}
        texts = [each.value for each in given_to(call) if isinstance(each, ast.Constant)]
        if name_of(call) == "tr" and texts and given != (fields(str(texts[0])) if given else given):
            wrong.append((call.lineno, texts[0]))
        if name_of(call) == "trn" and given != fields(str(texts[1])) - {"count"}:
            wrong.append((call.lineno, texts[1]))
    assert wrong == []


def at_import(tree: ast.AST) -> Iterator[ast.Call]:
    """Calls of `tr` and `trn` that run when a module is imported: before a language is chosen."""
    for child in ast.iter_child_nodes(tree):
        if isinstance(child, (ast.FunctionDef, ast.Lambda)):
            defaults = [*child.args.defaults, *filter(None, child.args.kw_defaults)]
            for default in defaults:
                yield from calls_of(default, "tr", "trn")
        else:
            if isinstance(child, ast.Call) and name_of(child) in ("tr", "trn"):
                yield child
            yield from at_import(child)


@pytest.mark.parametrize("module", CODE)
def test_nothing_is_translated_before_the_language_is_known(module: str) -> None:
    assert [call.lineno for call in at_import(ast.parse(CODE[module]))] == []


def test_that_search_finds_what_is_too_early() -> None:
    source = 'A = tr("a")\ndef f(x=tr("b")):\n    return tr("c")\n'
    assert [call.lineno for call in at_import(ast.parse(source))] == [1, 2]
