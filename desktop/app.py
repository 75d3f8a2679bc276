"""The composition root: puts the window together with everything behind it."""

import functools
from collections.abc import Callable

from PySide6.QtWidgets import QApplication

from desktop.cli.arguments import parser
from desktop.domain.conversation import ContextPolicy
from desktop.domain.errors import Problem
from desktop.engine.client import Child
from desktop.logs import install_crash_hook, start_logging
from desktop.models.conversion import refuse_without_packages
from desktop.program import Program
from desktop.services.adapters.notices import AdapterNotice
from desktop.services.adapters.service import AdapterService
from desktop.services.chat.notices import Notice
from desktop.services.chat.preferences import Preferences
from desktop.services.chat.rest import Rest
from desktop.services.chat.service import ChatService, Stores
from desktop.services.devices.commands import DeviceCommand
from desktop.services.devices.notices import DeviceNotice
from desktop.services.devices.service import DeviceService, IdleHours
from desktop.services.engine_host import EngineHost
from desktop.services.history.commands import HistoryCommand, UseStore
from desktop.services.history.notices import HistoryNotice
from desktop.services.history.service import HistoryService
from desktop.services.jobs import Work
from desktop.services.presets.store import open_presets
from desktop.services.shelf.notices import ShelfNotice
from desktop.services.shelf.offers import offered
from desktop.services.shelf.questions import Outside, why_not
from desktop.services.shelf.service import ShelfService
from desktop.storage.conversations import ConversationStore
from desktop.storage.opening import open_store
from desktop.storage.restoring import restore
from desktop.ui import theme as themes
from desktop.ui.adapters_thread import AdaptersThread
from desktop.ui.devices.thread import DevicesThread
from desktop.ui.generation_thread import GenerationThread
from desktop.ui.history_thread import HistoryThread
from desktop.ui.main_window import MainWindow, Threads
from desktop.ui.shelf_thread import ShelfThread
from desktop.ui.signals import SignalWatcher


def build(argv: list[str]) -> tuple[QApplication, MainWindow]:
    """The whole program, its window on screen, before the event loop is entered.

    `argv` is the command line without the program's name.
    """
    arguments = parser().parse_args(argv)
    program = Program.of(arguments)
    start_logging(program.paths.logs, arguments.log_level or "")
    app = _application()
    choice = program.settings.text("theme")
    watcher = themes.ThemeWatcher(app, themes.load_themes(program.resources / "themes"), choice)
    themes.apply(app, watcher.theme)
    watcher.theme_changed.connect(functools.partial(themes.apply, app))
    devices = DevicesThread(functools.partial(_device_service, program))
    history = HistoryThread(functools.partial(_history_service, program))
    generation = GenerationThread(
        functools.partial(_chat_service, program, devices.post, history.post)
    )
    shelf = ShelfThread(functools.partial(_shelf_service, program))
    adapters = AdaptersThread(functools.partial(_adapter_service, program))
    threads = Threads(generation, shelf, devices, history, adapters)
    window = MainWindow(threads, program.settings, watcher)
    generation.start()
    shelf.start()
    devices.start()
    history.start()
    adapters.start()
    window.show()
    return app, window


def run(argv: list[str]) -> int:
    """Open the window and stay until it is closed; returns the exit code."""
    hook = install_crash_hook(Program.of(parser().parse_args(argv)).paths.logs)
    app, window = build(argv)
    watcher = SignalWatcher(window.close)
    try:
        return app.exec()
    finally:
        window.shut_down()
        watcher.stop()
        hook.remove()


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
            make_work=lambda: Work(Child),
            read_machine=program.machine,
            refuse_conversion=refuse_without_packages,
        ),
        notify=notify,
    )
