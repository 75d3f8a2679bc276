"""Installing a model: fetch, make, prove, put in place. Going on where an earlier try ended."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from desktop.domain.catalogue import SourceKind
from desktop.domain.events import Event, Inspected, JobDone, Progress, Stage
from desktop.domain.model import Model
from desktop.domain.words import tr
from desktop.engine.protocol import AdoptIr, Command, Compress, ExportCheckpoint, Fetch, ImportGguf
from desktop.files import FolderLock, world_problem
from desktop.models.conversion import refuse_unfit, refuse_without_packages
from desktop.models.generation_settings import own_settings
from desktop.models.library import Library, WorkFolder
from desktop.services.contacts import Door
from desktop.services.jobs import OnEvent, Work
from desktop.services.network import Network
from desktop.services.plans import GGUF, Plan
from desktop.services.repositories import content_of, inspect, source_of

WAIT_S = 0.5  # between two looks at whether another Cellar has finished
VANISHES = 100  # times a folder may be gone as soon as it is made; more is no other Cellar
IR_FILES = ("openvino_*.xml", "openvino_*.bin", "*.json", "*.jinja", "*.txt", "*.model")
EXPORT_SHARE = 60  # percent of the time, where what is exported is compressed afterwards


class Installer:
    """Installs one model at a time in a folder of work that survives pauses and crashes."""

    def __init__(
        self,
        library: Library,
        work: Work,
        network: Network | None = None,
        for_npu: Callable[[], bool] = lambda: False,
    ) -> None:
        """`for_npu`: whether what is compressed here should run on an NPU too."""
        self._library = library
        self._for_npu = for_npu
        self._work = work
        self._network = network or Network(door=Door(closed=lambda: True))

    def install(self, plan: Plan, on_event: OnEvent, *, again: bool = False) -> Model:
        """The installed model; the one that is there if another Cellar was first, unless `again`.

        Raises Problem, or Cancelled after `Work.end`. What was downloaded stays for another try.
        """
        folder = self._library.work_folder(plan.model_id)
        with _locked(folder, on_event):
            model = None if again else self._installed(plan)
            if model is None:
                try:
                    made = self._make(plan, folder, on_event)
                    model = self._library.put_in_place(made)
                finally:
                    folder.tidy()
        folder.discard()
        return model

    def _installed(self, plan: Plan) -> Model | None:
        installed = self._library.installed()
        return next((model for model in installed if model.id == plan.model_id), None)

    def _make(self, plan: Plan, folder: WorkFolder, on_event: OnEvent) -> Model:
        if plan.path is None:
            plan, patterns = self._known(plan, folder, on_event)
            source = self._fetched(plan, patterns, folder, on_event)
            kind = plan.source.kind if plan.source else None
        else:
            source, kind = content_of(plan.path, self._work, on_event)
        if kind is SourceKind.PYTORCH:
            done = self._converted(plan, source, folder, on_event)
        else:
            command = self._command(plan, source, folder.empty_model())
            done = self._work.run(command, on_event)
        return Model(
            id=plan.model_id,
            name=plan.name,
            weights=done.weights or plan.weights,
            folder=folder.model,
            context_length=done.context_length,
            files=done.files,
            sampling=plan.sampling or own_settings(folder.model),
            licence=plan.licence,
            source=plan.homepage,
            quality=done.quality,
            uncompressed_size=done.uncompressed_size,
            note=done.note,
            paged=done.paged,
            entry=plan.entry,
            layout=plan.layout,
        )

    def _known(
        self, plan: Plan, folder: WorkFolder, on_event: OnEvent
    ) -> tuple[Plan, tuple[str, ...]]:
        """The plan with its source, and which files of that to fetch. Raises Problem."""
        self._network.refuse_offline(tr("{name} would have to be downloaded", name=plan.name))
        source = plan.source
        if source is not None and source.kind is not SourceKind.PYTORCH:
            return plan, (source.file,) if source.file else IR_FILES
        facts = inspect(plan.repository, plan.revision, self._network, self._work, on_event)
        on_event(Inspected(facts))
        source = source_of(facts, plan.weights)
        if source.kind is SourceKind.PYTORCH:
            refuse_unfit(facts, plan.weights, folder.download)
        patterns = tuple(file.path for file in facts.fetched(plan.weights))
        return replace(plan, source=source, licence=plan.licence or facts.licence), patterns

    def _fetched(
        self, plan: Plan, patterns: tuple[str, ...], folder: WorkFolder, on_event: OnEvent
    ) -> Path:
        """Bring the source's files; returns the folder, or the one file that is wanted of it."""
        fetch = Fetch(
            repository=plan.repository,
            folder=str(folder.download),
            revision=plan.revision,
            patterns=patterns,
            endpoint=self._network.endpoint,
            token=self._network.token(),
        )
        self._work.run(fetch, on_event)
        wanted = plan.source.file if plan.source else ""
        return folder.download / wanted if wanted else folder.download

    def _command(self, plan: Plan, source: Path, target: Path) -> Command:
        if source.suffix.lower() == GGUF:
            return ImportGguf(str(source), str(target), plan.sha256)
        if plan.compresses:
            return Compress(str(source), str(target), plan.weights, symmetric=self._for_npu())
        return AdoptIr(str(source), str(target), owned=plan.path is None)

    def _converted(
        self, plan: Plan, source: Path, folder: WorkFolder, on_event: OnEvent
    ) -> JobDone:
        """Export FP16 IR in one process and compress it in another, so that torch is gone by then.

        One code compresses whatever comes, and measures what that costs.
        """
        refuse_without_packages()
        target, weights = folder.empty_model(), plan.weights or "fp16"
        if weights == "fp16":
            export = ExportCheckpoint(str(source), str(target), weights, plan.repository)
            return self._work.run(export, on_event)
        middle = folder.empty_exported()
        export = ExportCheckpoint(str(source), str(middle), weights, plan.repository)
        exported = self._work.run(export, _scaled(on_event, 0, EXPORT_SHARE))
        compress = Compress(
            str(middle),
            str(target),
            weights,
            exported.context_length,
            symmetric=self._for_npu(),
            recipe=exported.recipe,
        )
        done = self._work.run(compress, _scaled(on_event, EXPORT_SHARE, 100))
        return replace(done, note=" ".join(filter(None, (exported.note, done.note))))


def _scaled(on_event: OnEvent, start: int, end: int) -> OnEvent:
    """Passes events on, with the percentages of a job as those of a part of several."""

    def passed(event: Event) -> None:
        if isinstance(event, Progress) and event.stage.total:
            share = (end - start) * event.stage.done // event.stage.total
            event = Progress(Stage(event.stage.name, start + share, 100))
        on_event(event)

    return passed


@contextmanager
def _locked(folder: WorkFolder, on_event: OnEvent) -> Iterator[None]:
    """One Cellar at a time makes a model; the others wait for it."""
    vanished = 0
    while True:
        lock = FolderLock(folder.path)
        try:
            folder.path.mkdir(parents=True, exist_ok=True)
            if lock.acquire():
                break
        except OSError as error:
            vanished += 1
            if isinstance(error, FileNotFoundError) and vanished < VANISHES:
                continue  # another one has just finished and tidied up
            raise world_problem(error, tr("install the model")) from error
        on_event(Progress(Stage("waiting for another Cellar")))
        time.sleep(WAIT_S)
    try:
        yield
    finally:
        lock.release()
