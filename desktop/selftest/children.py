"""The child processes in the self-test: each checks itself, and the engine answers a question."""

import queue
from pathlib import Path

from desktop.cli.arguments import parser
from desktop.domain.checks import Checked, Wrong, checked
from desktop.domain.events import Devices, Ended, Event, Failed, PartsChecked
from desktop.domain.sampling import Values
from desktop.engine.client import Child
from desktop.engine.protocol import CheckParts, Command, ListDevices, Turn
from desktop.program import Program
from desktop.selftest.surroundings import no_network
from desktop.services.asking import Asking, Inbox, Question
from desktop.services.engine_host import EngineHost

WITHIN_S = 180.0  # of a child that loads its libraries from a slow disk for the first time
QUESTION, EXPECTED = "What is the capital of France?", "Paris"
GREEDY: Values = {"temperature": 0.0, "max_new_tokens": 12}

Found = tuple[tuple[Checked, ...], dict[str, str]]


def of_child(role: str, folder: Path) -> Found:
    """Start a child, have it check itself, and end it."""
    parts: list[PartsChecked] = []

    def round_trip() -> str:
        child, events = Child(role), queue.SimpleQueue[Event]()
        child.start(events.put)
        try:
            told = _devices(child, events) if role == "engine" else f"process {child.pid}"
            found = _asked(child, events, CheckParts(str(folder)))
            no_network()
        finally:
            child.end()
        if not isinstance(found, PartsChecked):
            raise Wrong(f"{type(found).__name__} is no answer")
        parts.append(found)
        return told

    result = checked(f"{role}_process", round_trip)
    for found in parts:
        return (result, *found.parts), found.versions
    return (result,), {}


def _devices(child: Child, events: "queue.SimpleQueue[Event]") -> str:
    answer = _asked(child, events, ListDevices())
    found = [d.name for d in answer.devices if d.available] if isinstance(answer, Devices) else []
    if "CPU" not in found:
        raise Wrong(f"the CPU is not among the devices: {', '.join(found) or 'none'}")
    return f"devices: {', '.join(found)}"


def _asked(child: Child, events: "queue.SimpleQueue[Event]", command: Command) -> Event:
    child.send(command)
    try:
        event = events.get(timeout=WITHIN_S)
    except queue.Empty:
        raise Wrong(f"no answer within {WITHIN_S:.0f} s") from None
    match event:
        case Failed(what=what):
            raise Wrong(what)
        case Ended(exit_code=code):
            raise Wrong(f"the process ended with {code}")
    return event


def starter_answers(data_dir: Path) -> str:
    """Install the model that comes with the program, and ask it. Raises Wrong, Problem."""
    program = Program.of(parser().parse_args(["--data-dir", str(data_dir), "--offline"]))
    models = program.models()
    model = models.have("", lambda _: None)
    inbox: Inbox = queue.SimpleQueue()
    host = EngineHost(
        program.make_engine, models.library, program.paths.cache, lambda *e: inbox.put(e)
    )
    question = Question((Turn("user", QUESTION),), GREEDY)
    text = Asking(host, inbox).ask(question, model, lambda _: None).text
    if EXPECTED not in text:
        raise Wrong(f"{model.id} answered “{text}”")
    return f"{model.id}: “{text}”"
