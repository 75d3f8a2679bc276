"""Pictures of how the window looks: themes, sizes, languages, directions."""

from pathlib import Path

from pictures.chats import CODING, talk
from pictures.stage import Picture, opened
from pictures.words import (
    ARABIC,
    ARABIC_TITLES,
    FIBONACCI,
    GERMAN,
    GERMAN_TITLES,
)

from desktop.engine.fake import Script
from desktop.languages import LANGUAGE

TALL = (1200, 900)
NARROW = (480, 760)
# What Qt and Cellar read once, when the process starts.
ENVIRONMENTS = {"scaled": {"QT_SCALE_FACTOR": "2"}, "arabic": {LANGUAGE: "ar"}}


def dark(data_dir: Path, output: Path) -> None:
    """The dark theme."""
    themed(data_dir, output, "dark")


def light_contrast(data_dir: Path, output: Path) -> None:
    """High contrast, light."""
    themed(data_dir, output, "light-contrast")


def dark_contrast(data_dir: Path, output: Path) -> None:
    """High contrast, dark."""
    themed(data_dir, output, "dark-contrast")


def themed(data_dir: Path, output: Path, theme: str) -> None:
    """A chat with program text in a theme."""
    stage = opened(data_dir, output, CODING, TALL, theme=theme)
    stage.ask(FIBONACCI)
    stage.take(theme)
    stage.close()


def narrow(data_dir: Path, output: Path) -> None:
    """A window of 480 pixels."""
    stage = opened(data_dir, output, CODING, NARROW)
    stage.ask(FIBONACCI)
    stage.take("narrow")
    stage.close()


def wide(data_dir: Path, output: Path) -> None:
    """A window of 3440 pixels."""
    stage = opened(data_dir, output, CODING, (3440, 1000))
    stage.ask(FIBONACCI)
    stage.take("wide")
    stage.close()


def compact(data_dir: Path, output: Path) -> None:
    """Smaller text, less room."""
    stage = opened(data_dir, output, CODING, TALL, density="compact", text_size=90)
    stage.ask(FIBONACCI)
    stage.take("compact")
    stage.close()


def large_text(data_dir: Path, output: Path) -> None:
    """Text half as large again."""
    stage = opened(data_dir, output, CODING, TALL, text_size=150)
    stage.ask(FIBONACCI)
    stage.take("large-text")
    stage.close()


def scaled(data_dir: Path, output: Path) -> None:
    """A display of twice the resolution."""
    stage = opened(data_dir, output, CODING, (720, 520))
    stage.ask(FIBONACCI)
    stage.take("scaled")
    stage.close()


def german(data_dir: Path, output: Path) -> None:
    """The window in German."""
    script = Script(answers=tuple(GERMAN.values()), pause=0.001, available=8192)
    stage = opened(data_dir, output, script, titles=GERMAN_TITLES, language="de")
    talk(stage, tuple(GERMAN))
    stage.take("german")
    stage.close()


def arabic(data_dir: Path, output: Path) -> None:
    """A window that is read from the right, in the language made for trying it."""
    script = Script(answers=tuple(ARABIC.values()), pause=0.001, available=8192)
    stage = opened(data_dir, output, script, TALL, titles=ARABIC_TITLES)
    talk(stage, tuple(ARABIC))
    stage.take("arabic")
    stage.close()


PICTURES: tuple[Picture, ...] = (
    dark,
    light_contrast,
    dark_contrast,
    narrow,
    wide,
    compact,
    large_text,
    scaled,
    german,
    arabic,
)
