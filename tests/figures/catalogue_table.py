"""Writes the table of the catalogue into README.md, between its two markers.

`.venv/bin/python tests/figures/catalogue_table.py` runs it; a test tells when that is due.
"""

from collections.abc import Sequence
from pathlib import Path

from desktop.domain.catalogue import WEIGHTS, Entry, SourceKind, best_source
from desktop.domain.sizes import needs
from desktop.domain.wording import megabytes
from desktop.models.catalogue import read_catalogue

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
BEGIN, END = "<!-- models -->\n", "<!-- /models -->\n"
HEAD = (
    "| model | parameters | reads, tokens | weights | on disk | in memory | comes as | licence |",
    "| --- | ---: | ---: | --- | ---: | ---: | --- | --- |",
)
COMES_AS = {
    SourceKind.OPENVINO: "ready",
    SourceKind.OPENVINO_FP16: "compressed here",
    SourceKind.GGUF: "GGUF",
    SourceKind.PYTORCH: "converted here",
}


def table(entries: Sequence[Entry]) -> str:
    """The table, with a line for each model."""
    return "\n".join([*HEAD, *map(row, entries)]) + "\n"


def row(entry: Entry) -> str:
    """One model, in the smallest weights that it can be had in."""
    offered = entry.offered or entry.formats(convertible=True) or WEIGHTS
    weights = entry.starter.weights if entry.starter else offered[0]
    need = needs(entry, weights)
    cells = (
        f"[{entry.name}]({entry.homepage})" + (", thinks" if entry.thinking else ""),
        parameters(entry.parameters),
        f"{entry.context_length:,}",
        weights.upper(),
        megabytes(need.disk),
        megabytes(need.memory),
        comes_as(entry, weights),
        f"[{entry.licence.name}]({entry.licence.url})",
    )
    return f"| {' | '.join(cells)} |"


def parameters(count: int) -> str:
    """A number of parameters as people say it."""
    return f"{count / 1e6:.0f} M" if count < 999.5e6 else f"{count / 1e9:.1f} B"


def comes_as(entry: Entry, weights: str) -> str:
    """What is downloaded, or why nothing is."""
    if entry.starter:
        return "with Cellar"
    if entry.unsupported:
        return "not yet"
    source = best_source(entry, weights, convertible=True)
    if source is None:
        return "not yet"
    return COMES_AS[source.kind] + (", with a token" if source.gated else "")


def with_table(readme: str, made: str) -> str:
    """The README with this table in place of the one that it has."""
    before, _, rest = readme.partition(BEGIN)
    after = rest.partition(END)[2]
    return before + BEGIN + made + END + after


def main() -> None:
    """Write the table anew."""
    made = table(read_catalogue(ROOT / "resources" / "catalogue"))
    README.write_text(with_table(README.read_text("utf-8"), made), encoding="utf-8")


if __name__ == "__main__":
    main()
