"""The window while an answer of 10,000 tokens streams into it as fast as no model writes."""

from pathlib import Path

from probe import Probe

TOKENS = 10_000
PIECE = 5  # characters
PAUSE_S = 0.002  # between two tokens

PARAGRAPH = (
    "The cellar master carried **seven barrels** below the tower at dawn, and counted them twice"
    " before the bells rang; nobody had asked him to, and nobody ever thanked him for it.\n\n"
)
LIST = "1. A silver key, found near the river.\n2. Two lanterns, of which one was broken.\n\n"
CODE = "```python\nfor barrel in barrels:\n    print(barrel.number, barrel.litres)\n```\n\n"
TABLE = "| barrel | litres |\n| --- | --- |\n| first | 120 |\n| second | 95 |\n\n"


def flood(data_dir: Path) -> dict[str, object]:
    """The gaps of the event loop, in milliseconds, from the first word to the last."""
    from desktop.engine.fake import FakeEngine, Script
    from desktop.program import Program

    part = 5 * PARAGRAPH + LIST + 3 * PARAGRAPH + CODE + TABLE
    answer = (part * (TOKENS * PIECE // len(part) + 1))[: TOKENS * PIECE]
    script = Script(answers=(answer,), pause=PAUSE_S, piece=PIECE)
    Program.make_engine = lambda _: FakeEngine(script)  # type: ignore[method-assign]
    probe = Probe(["--data-dir", str(data_dir), "--engine", "fake"])
    probe.wait(lambda: probe.ready)
    probe.say("Write as much as you can.")
    probe.wait(lambda: probe.busy)
    probe.watch_gaps()
    seconds = probe.wait(lambda: not probe.busy)
    gaps = probe.stop_watching()
    characters = len(probe.shown)
    probe.close()
    return {"gaps_ms": gaps, "seconds": seconds, "characters": characters}
