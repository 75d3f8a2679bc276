"""Installing a model: fetch, make, prove, put in place. Going on where an earlier try ended."""

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from desktop.domain.errors import Problem
from desktop.domain.events import Progress, Stage
from desktop.domain.model import Model
from desktop.engine.protocol import AdoptIr, Command, Compress, Fetch, ImportGguf
from desktop.files import FolderLock, world_problem
from desktop.models.generation_settings import own_settings
from desktop.models.library import Library, WorkFolder
from desktop.services.jobs import OnEvent, Work
from desktop.services.plans import GGUF, Plan

WAIT_S = 0.5  # between two looks at whether another Cellar has finished
IR_FILE = "openvino_model.xml"
IR_FILES = ("openvino_*.xml", "openvino_*.bin", "*.json", "*.jinja", "*.txt", "*.model")


@dataclass(frozen=True, slots=True)
class Network:
    """How the hub is reached."""

    allowed: bool = True
    endpoint: str = ""  # of a mirror
    token: Callable[[], str] = lambda: ""


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
        self._network = network or Network(allowed=False)

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
                    shutil.rmtree(folder.model, ignore_errors=True)
        folder.discard()
        return model

    def _installed(self, plan: Plan) -> Model | None:
        installed = self._library.installed()
        return next((model for model in installed if model.id == plan.model_id), None)

    def _make(self, plan: Plan, folder: WorkFolder, on_event: OnEvent) -> Model:
        source = plan.path or self._fetched(plan, folder, on_event)
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
        )

    def _fetched(self, plan: Plan, folder: WorkFolder, on_event: OnEvent) -> Path:
        """Bring the source's files; returns the folder, or the one file that is wanted of it."""
        source = plan.source
        if source is None:
            raise ValueError("a plan has a path or a source")
        if not self._network.allowed:
            raise Problem(
                f"{plan.name} would have to be downloaded, and Cellar is offline.",
                "Start it without --offline, or add a model from a file.",
            )
        self._work.run(
            Fetch(
                repository=source.repository,
                folder=str(folder.download),
                revision=plan.revision,
                patterns=(source.file,) if source.file else IR_FILES,
                endpoint=self._network.endpoint,
                token=self._network.token(),
            ),
            on_event,
        )
        return folder.download / source.file if source.file else folder.download

    def _command(self, plan: Plan, source: Path, target: Path) -> Command:
        if source.suffix.lower() == GGUF:
            return ImportGguf(str(source), str(target), plan.sha256)
        if not (source / IR_FILE).is_file():
            raise Problem(
                f"{plan.name} holds no OpenVINO model ({IR_FILE}).",
                "Choose an OpenVINO repository or folder, or a GGUF file.",
            )
        if plan.compresses:
            return Compress(str(source), str(target), plan.weights, symmetric=self._for_npu())
        return AdoptIr(str(source), str(target), owned=plan.path is None)


@contextmanager
def _locked(folder: WorkFolder, on_event: OnEvent) -> Iterator[None]:
    """One Cellar at a time makes a model; the others wait for it."""
    while True:
        lock = FolderLock(folder.path)
        try:
            folder.path.mkdir(parents=True, exist_ok=True)
            if lock.acquire():
                break
        except FileNotFoundError:
            continue  # the other one has just finished and tidied up
        except OSError as error:
            raise world_problem(error, "install the model") from error
        on_event(Progress(Stage("waiting for another Cellar")))
        time.sleep(WAIT_S)
    try:
        yield
    finally:
        lock.release()
