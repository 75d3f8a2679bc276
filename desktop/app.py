"""The composition root: puts the window together with everything behind it."""

import functools
from collections.abc import Callable

from PySide6.QtWidgets import QApplication

from desktop.cli.arguments import parser
from desktop.domain.errors import Problem
from desktop.logs import install_crash_hook, start_logging
from desktop.program import Program
from desktop.services.chat.notices import Notice
from desktop.services.chat.service import ChatService, Defaults
from desktop.services.shelf.notices import ShelfNotice
from desktop.services.shelf.offers import offered
from desktop.services.shelf.service import ShelfService
from desktop.storage.conversations import ConversationStore
from desktop.storage.opening import open_store
from desktop.ui import theme as themes
from desktop.ui.generation_thread import GenerationThread
from desktop.ui.main_window import MainWindow
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
    generation = GenerationThread(functools.partial(_chat_service, program))
    shelf = ShelfThread(functools.partial(_shelf_service, program))
    window = MainWindow(generation, shelf, program.settings, watcher)
    generation.start()
    shelf.start()
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


def _open_store(program: Program) -> tuple[ConversationStore, list[Problem]]:
    store, problems = open_store(program.paths)
    return store, [*program.settings.problems, *problems]


def _chat_service(program: Program, notify: Callable[[Notice], None]) -> ChatService:
    return ChatService(
        open_store=functools.partial(_open_store, program),
        models=program.models(),
        make_engine=program.make_engine,
        cache=program.paths.cache,
        preferences=Defaults(program.settings.text("model"), program.settings.text("device")),
        notify=notify,
    )


def _shelf_service(program: Program, notify: Callable[[ShelfNotice], None]) -> ShelfService:
    return ShelfService(
        library=program.library,
        make_plan=program.make_plan,
        make_installer=program.make_installer,
        read_offers=lambda: offered(program.catalogue, program.machine()),
        keep_token=program.tokens.set,
        notify=notify,
    )
