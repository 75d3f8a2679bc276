"""The composition root: puts the window together with everything behind it."""

import functools
import sys
from collections.abc import Callable

from PySide6.QtCore import QUrl
from PySide6.QtWidgets import QApplication

from desktop import pauses
from desktop.cli.arguments import parser
from desktop.domain.conversation import ContextPolicy
from desktop.domain.errors import Problem
from desktop.domain.words import tr
from desktop.logs import install_crash_hook, start_logging
from desktop.models.conversion import refuse_without_packages
from desktop.paths import Paths
from desktop.program import Program
from desktop.services.adapters.notices import AdapterNotice
from desktop.services.adapters.service import AdapterService
from desktop.services.attaching.service import AttachingService
from desktop.services.chat.notices import Notice
from desktop.services.chat.preferences import Preferences
from desktop.services.chat.rest import Rest
from desktop.services.chat.service import ChatService, Stores
from desktop.services.devices.commands import DeviceCommand
from desktop.services.devices.notices import DeviceNotice
from desktop.services.devices.service import DeviceService, IdleHours
from desktop.services.engine_host import EngineHost
from desktop.services.front import Call, Front
from desktop.services.history.commands import HistoryCommand, UseStore
from desktop.services.history.notices import HistoryNotice
from desktop.services.history.service import HistoryService
from desktop.services.house.notices import HouseNotice
from desktop.services.house.service import HouseService
from desktop.services.presets.store import open_presets
from desktop.services.shelf.notices import ShelfNotice
from desktop.services.shelf.offers import offered
from desktop.services.shelf.questions import Outside, why_not
from desktop.services.shelf.service import ShelfService
from desktop.services.spelling.dictionaries import SystemDictionaries
from desktop.services.spelling.notices import SpellingNotice
from desktop.services.spelling.service import SpellingService
from desktop.storage.conversations import ConversationStore
from desktop.storage.opening import open_store
from desktop.storage.restoring import restore
from desktop.ui import motion
from desktop.ui import theme as themes
from desktop.ui.adapters_thread import AdaptersThread
from desktop.ui.attaching_thread import AttachingThread
from desktop.ui.crash_relay import CrashRelay
from desktop.ui.devices.thread import DevicesThread
from desktop.ui.direction import lean
from desktop.ui.generation_thread import GenerationThread
from desktop.ui.history_thread import HistoryThread
from desktop.ui.house_thread import HouseThread
from desktop.ui.i18n import use_language
from desktop.ui.main_window import MainWindow
from desktop.ui.metrics import Metrics
from desktop.ui.shelf_thread import ShelfThread
from desktop.ui.signals import SignalWatcher
from desktop.ui.spelling_thread import SpellingThread
from desktop.ui.threads import Threads


def build(argv: list[str], front: Front | None = None) -> tuple[QApplication, MainWindow]:
    """The whole program, its window on screen, before the event loop is entered.

    `argv` is the command line without the program's name; `front` is where other starts call.
    """
    arguments = parser().parse_args(argv)
    program = Program.of(arguments)
    start_logging(program.paths.logs, arguments.log_level or "")
    app = _application()
    use_language(app, program.resources / "i18n", program.settings.text("language"))
    choice = program.settings.text("theme")
    worn = Metrics(program.settings.number("text_size"), program.settings.text("density"))
    palettes = themes.load_themes(program.resources / "themes")
    watcher = themes.ThemeWatcher(app, palettes, choice, worn)
    themes.apply(app, watcher.theme)
    motion.choose(program.settings.text("reduce_motion"))
    watcher.theme_changed.connect(functools.partial(themes.apply, app))
    devices = DevicesThread(functools.partial(_device_service, program))
    history = HistoryThread(functools.partial(_history_service, program))
    generation = GenerationThread(
        functools.partial(_chat_service, program, devices.post, history.post)
    )
    shelf = ShelfThread(functools.partial(_shelf_service, program))
    adapters = AdaptersThread(functools.partial(_adapter_service, program))
    attaching = AttachingThread(AttachingService)
    front = front or Front(program.paths.data_dir)
    house = HouseThread(functools.partial(_house_service, program, front))
    spelling = SpellingThread(functools.partial(_spelling_service, program))
    threads = Threads(generation, shelf, devices, history, adapters, attaching, house, spelling)
    window = MainWindow(threads, program.settings, watcher, program.door)
    threads.start()
    lean(window)
    window.show()
    window.take_files(QUrl.fromLocalFile(str(path.absolute())) for path in arguments.open)
    return app, window


def run(argv: list[str]) -> int:
    """Open the window and stay until it is closed; returns the exit code."""
    arguments = parser().parse_args(argv)
    paths = Paths.of(arguments.data_dir)
    front = Front(paths.data_dir)
    if not front.enter(Call.of(tuple(arguments.open), offline=arguments.offline)):
        sys.stdout.write(f"{tr('Cellar is open already; its window comes to the front.')}\n")
        return 0
    relay = CrashRelay()
    hook = install_crash_hook(paths.logs, relay.hear)
    app, window = build(argv, front)
    window.desk.watch(front.folder)
    relay.met.connect(window.desk.house.look_for_reports)
    pauses.keep_short()
    watcher = SignalWatcher(window.close)
    try:
        return app.exec()
    finally:
        window.shut_down()
        watcher.stop()
        hook.remove()
        front.leave()


def _application() -> QApplication:
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication(["cellar"])
    app.setApplicationName("Cellar")
    app.setApplicationDisplayName("Cellar")
    app.setDesktopFileName("cellar")
    return app


def _open_store(
    program: Program, post_history: Callable[[HistoryCommand], None]
) -> tuple[ConversationStore, list[Problem]]:
    store, problems = open_store(program.paths)
    post_history(UseStore(kept=not store.is_temporary))
    return store, [*program.settings.problems, *problems]


def _restore_backup(program: Program, name: str) -> str:
    kept = restore(program.paths, program.paths.backups / name)
    return kept.name if kept else ""


def _chat_service(
    program: Program,
    post_idle: Callable[[DeviceCommand], None],
    post_history: Callable[[HistoryCommand], None],
    notify: Callable[[Notice], None],
) -> ChatService:
    return ChatService(
        stores=Stores(
            open=functools.partial(_open_store, program, post_history),
            restore=functools.partial(_restore_backup, program),
            presets=open_presets(program.resources, program.paths.data_dir),
            layouts=program.layouts,
        ),
        models=program.models(),
        make_host=lambda on_event: EngineHost(
            program.make_engine,
            program.library,
            program.paths.cache,
            on_event,
            program.load_choices,
        ),
        preferences=Preferences(
            program.settings.text("model"),
            program.settings.text("device"),
            ContextPolicy(program.settings.text("context_policy")),
            model_titles=lambda: program.settings.switch("model_titles"),
        ),
        notify=notify,
        rest=Rest(program.settings.number("idle_unload_minutes"), IdleHours(post_idle)),
    )


def _history_service(program: Program, notify: Callable[[HistoryNotice], None]) -> HistoryService:
    presets = open_presets(program.resources, program.paths.data_dir)
    return HistoryService(program.paths, presets, notify)


def _spelling_service(
    program: Program, notify: Callable[[SpellingNotice], None]
) -> SpellingService:
    return SpellingService(SystemDictionaries(program.paths.data_dir / "spelling"), notify)


def _adapter_service(program: Program, notify: Callable[[AdapterNotice], None]) -> AdapterService:
    return AdapterService(program.adapters, program.library, notify)


def _device_service(program: Program, notify: Callable[[DeviceNotice], None]) -> DeviceService:
    return DeviceService(
        make_engine=program.make_engine,
        store=program.tunings,
        cache=program.paths.cache,
        make_bench=program.make_bench,
        notify=notify,
    )


def _house_service(
    program: Program, front: Front, notify: Callable[[HouseNotice], None]
) -> HouseService:
    licences = program.resources / "licences"
    return HouseService(program.paths, program.settings, licences, front, notify)


def _shelf_service(program: Program, notify: Callable[[ShelfNotice], None]) -> ShelfService:
    return ShelfService(
        library=program.library,
        make_plan=program.make_plan,
        make_installer=program.make_installer,
        read_offers=lambda: offered(
            program.catalogue, program.machine(), why_not(refuse_without_packages)
        ),
        outside=Outside(
            network=program.network,
            keep_token=program.tokens.set,
            make_work=program.make_work,
            read_machine=program.machine,
            refuse_conversion=refuse_without_packages,
        ),
        notify=notify,
    )
