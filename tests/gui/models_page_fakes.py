"""A catalogue, jobs and models for the tests of the models page, and a page with who listens."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget

from desktop.domain.catalogue import Architecture, Entry, Licence, Source, SourceKind, best_source
from desktop.domain.events import Stage
from desktop.domain.fit import Verdict
from desktop.domain.model import Model, ModelFile, Quality
from desktop.domain.repository import RepositoryFacts, RepositoryFile
from desktop.services.shelf.notices import Choice, Examined, Job, JobState, Offer, Offered
from desktop.ui.icons import IconSet
from desktop.ui.library.add_panel import AddPanel
from desktop.ui.library.catalogue_view import CatalogueView
from desktop.ui.library.format_row import FormatRow
from desktop.ui.library.model_table import ModelTable
from desktop.ui.library.models_page import ModelsPage
from desktop.ui.library.offer_columns import Place
from desktop.ui.theme import Theme

GB = 1_000_000_000
SOURCE = "hf:owner/name"
OFFLINE = "The hub would have to be asked, and Cellar is offline. Start it without --offline."
APACHE = Licence("Apache-2.0", "https://example.org/apache")
LLAMA = Licence("Llama 3.2", "https://example.org/llama", "Built with Llama", gated=True)


def entry(name: str, billions: float, **facts: Any) -> Entry:
    """A model whose id is made from its name."""
    entry_id = name.lower().replace(" ", "-")
    gated = facts.get("licence", APACHE).gated
    sources = (
        Source(SourceKind.OPENVINO, f"owner/{entry_id}-int4", "int4", checked=True, gated=gated),
        Source(SourceKind.OPENVINO_FP16, f"owner/{entry_id}-fp16", "fp16", gated=gated),
    )
    known: dict[str, Any] = {
        "family": name.split(maxsplit=1)[0],
        "context_length": 32_768,
        "languages": ("en", "de"),
        "licence": APACHE,
        "summary": f"{name} is good at something.",
        "sources": sources,
    }
    return Entry(
        id=entry_id,
        name=name,
        parameters=round(billions * 1e9),
        homepage=f"https://example.org/{entry_id}",
        architecture=Architecture(28, 2048, 8, 128, 150_000),
        **known | facts,
    )


def offer(of: Entry, weights: str = "int4", verdict: Verdict = Verdict.FITS, **facts: Any) -> Offer:
    """An entry in a weight format; its numbers follow from its parameters."""
    size = of.parameters * {"int4": 0.6, "int8": 1.0, "fp16": 2.0}[weights]
    known: dict[str, Any] = {
        "download": round(size),
        "disk": round(size),
        "memory": round(size * 1.2),
        "reason": "It needs some memory, and there is some.",
        "tokens_per_s": 40 * GB / size,
        "how": "compressed here" if weights == "int8" else "ready",
        "source": best_source(of, weights),
    }
    return Offer(entry=of, weights=weights, verdict=verdict, **known | facts)


SMALL = entry("Small 1B", 1.0)
MIDDLE = entry("Middle 4B", 4.0, thinking=True, languages=("mul",))
LARGE = entry("Large 8B", 8.0)
HUGE = entry("Huge 70B", 70.0)
GATED = entry("Llama 3B", 3.0, licence=LLAMA, languages=("fr",))
VERDICTS = {HUGE.id: Verdict.NO, LARGE.id: Verdict.TIGHT}
ENTRIES = (SMALL, MIDDLE, LARGE, HUGE, GATED)
OFFERS = tuple(
    offer(each, weights, VERDICTS.get(each.id, Verdict.FITS))
    for each in ENTRIES
    for weights in ("int4", "int8", "fp16")
)
RECOMMENDED = next(each for each in OFFERS if each.entry is MIDDLE and each.weights == "int4")
OFFERED = Offered(OFFERS, RECOMMENDED)


def model(name: str, size: int, weights: str = "int4", **facts: Any) -> Model:
    """An installed model of one file."""
    model_id = f"{name.lower().replace(' ', '-')}-{weights}"
    files = (ModelFile("openvino_model.bin", size, ""),)
    return Model(model_id, name, weights, Path("models") / model_id, 8192, files, **facts)


STARTER = model("Starter", 95_600_000)
COMPRESSED = model(
    "Middle 4B",
    2 * GB,
    "int8",
    quality=Quality(0.0312, 12.42, 12.11),
    uncompressed_size=8 * GB,
)


def downloading(done: int, job_id: str = "job-1", name: str = "Small 1B · INT4") -> Job:
    """A job in the middle of a download of 4.6 GB."""
    stage = Stage("downloading")
    return Job(job_id, name, JobState.RUNNING, stage, done, 4_600_000_000, 12_000_000.0)


def shown_texts(part: QWidget) -> list[str]:
    """Every text of labels and buttons that can be seen in a part."""
    found: list[QWidget] = [*part.findChildren(QLabel), *part.findChildren(QAbstractButton)]
    texts = (str(each.property("text")) for each in found if each.isVisibleTo(part))
    return [text for text in texts if text]


def click(target: QWidget) -> None:
    """Press and release the left button on a widget."""
    QTest.mouseClick(target, Qt.MouseButton.LeftButton)


class Visitor:
    """A page on screen, and all that it has asked for."""

    def __init__(self, theme: Theme, icons: IconSet) -> None:
        self.page = ModelsPage(theme, icons)
        self.asked: list[object] = []
        self.links: list[str] = []
        self.chosen: list[str] = []
        self.closed = 0
        self.page.asked.connect(self.asked.append)
        self.page.link_activated.connect(self.links.append)
        self.page.model_chosen.connect(self.chosen.append)
        self.page.closed.connect(self._count_closed)
        self.page.resize(1000, 760)
        self.page.show()

    def _count_closed(self) -> None:
        self.closed += 1


def settle() -> None:
    """Let layouts and timers do what they have to."""
    for _ in range(5):
        QTest.qWait(2)


def column(table: ModelTable, place: Place) -> list[str]:
    shown = table.model()
    return [str(shown.index(row, place).data()) for row in range(shown.rowCount())]


def names(table: ModelTable) -> list[str]:
    return column(table, Place.MODEL)


def choose_weights(catalogue: CatalogueView, weights: str) -> None:
    catalogue.weights.setCurrentIndex(catalogue.weights.findData(weights))


def open_model(visitor: Visitor, entry_id: str, weights: str = "int4") -> dict[str, FormatRow]:
    """Open the row of a model; returns its weight formats."""
    table = visitor.page.catalogue.table
    table.selectRow(visitor.page.catalogue.model.row_of((entry_id, weights)))
    settle()
    shown = [row for row in visitor.page.catalogue.details.formats if row.isVisible()]
    return {row.texts()[0]: row for row in shown}


def facts(**more: object) -> RepositoryFacts:
    known: dict[str, object] = {
        "repository": "owner/name",
        "commit": "a" * 40,
        "kind": SourceKind.PYTORCH,
        "weights": "fp16",
        "formats": ("int4", "int8", "fp16"),
        "architecture": "llama",
        "parameters": 1_100_000_000,
        "context_length": 2048,
        "licence": "Apache-2.0",
        "files": (RepositoryFile("model.safetensors", 2_200_000_000), RepositoryFile("c.json", 9)),
    }
    return RepositoryFacts(**known | more)  # type: ignore[arg-type]


def choice(weights: str, disk: int, **more: object) -> Choice:
    known: dict[str, object] = {
        "how": "converted here",
        "download": 2_200_000_000,
        "memory": disk + GB,
        "verdict": Verdict.FITS,
        "reason": "It needs some memory, and there is some.",
    }
    return Choice(weights=weights, disk=disk, **known | more)  # type: ignore[arg-type]


CHOICES = (
    choice("int4", 616_000_000),
    choice("int8", 1_100_000_000),
    choice("fp16", 2_200_000_000),
)


def adding(visitor: Visitor) -> AddPanel:
    return visitor.page.adding


def ask(visitor: Visitor, text: str) -> None:
    """Open the panel, write into it, and press the button."""
    click(visitor.page.head.add_hub)
    adding(visitor).field.clear()
    QTest.keyClicks(adding(visitor).field, text)
    click(adding(visitor).go)


def examined(visitor: Visitor, source: str = SOURCE, **more: object) -> None:
    """Ask about a source, and be told what it holds."""
    ask(visitor, source)
    visitor.page.take(Examined(source, facts(**more), CHOICES))
