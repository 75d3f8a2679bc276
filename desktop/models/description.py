"""`openvino_model.xml`: the operations of a model, and which feeds which, without OpenVINO."""

from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from desktop.domain.errors import Problem
from desktop.domain.words import tr
from desktop.files import world_problem

NAME = "openvino_model.xml"


@dataclass(slots=True)
class Operation:
    """One operation."""

    number: str
    name: str
    kind: str  # such as "MatMul"
    turned: bool = False  # the second matrix of a MatMul is taken by its columns
    shapes: dict[int, list[int]] = field(default_factory=dict)  # of its inputs; -1: any size


@dataclass(slots=True)
class Description:
    """A model, its operations in the order in which they are computed."""

    operations: list[Operation] = field(default_factory=list)
    edges: list[tuple[str, str, int]] = field(default_factory=list)  # from, to, which input


def read_description(folder: Path) -> Description:
    """The description of a model. Takes a second for a large one. Raises Problem."""
    reader = _Reader()
    try:
        with (folder / NAME).open("rb") as file:
            reader.parser.ParseFile(file)
    except OSError as error:
        raise world_problem(error, tr("read the model’s description")) from error
    except (expat.ExpatError, ValueError, KeyError, IndexError) as error:
        raise Problem(
            tr("The model’s description cannot be read."),
            tr("Remove the model and install it again."),
        ) from error
    for operation in reader.found.operations:
        first = min(operation.shapes, default=0)
        operation.shapes = {port - first: dims for port, dims in operation.shapes.items()}
        reader.first_ports[operation.number] = first
    reader.found.edges = [
        (source, target, port - reader.first_ports[target])
        for source, target, port in reader.found.edges
    ]
    return reader.found


class _Reader:
    """Takes the elements as they come. Entities, which could stand for anything, are refused."""

    def __init__(self) -> None:
        self.found = Description()
        self.first_ports: dict[str, int] = {}
        self._in_inputs = False
        self._port: list[int] = []
        self._digits: list[str] | None = None
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._begin
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.EntityDeclHandler = _refuse_entity

    def _begin(self, tag: str, facts: dict[str, str]) -> None:
        match tag:
            case "layer":
                operation = Operation(facts["id"], facts["name"], facts["type"])
                self.found.operations.append(operation)
            case "data" if self.found.operations:
                turned = facts.get("transpose_b") in ("true", "1")
                self.found.operations[-1].turned = turned
            case "input":
                self._in_inputs = True
            case "port" if self._in_inputs:
                self._port = []
                self.found.operations[-1].shapes[int(facts["id"])] = self._port
            case "dim" if self._in_inputs:
                self._digits = []
            case "edge":
                edge = (facts["from-layer"], facts["to-layer"], int(facts["to-port"]))
                self.found.edges.append(edge)

    def _end(self, tag: str) -> None:
        if tag == "input":
            self._in_inputs = False
        elif tag == "dim" and self._digits is not None:
            self._port.append(int("".join(self._digits)))
            self._digits = None

    def _text(self, text: str) -> None:
        if self._digits is not None:
            self._digits.append(text)


def _refuse_entity(*_: object) -> None:
    raise ValueError("no model has entities")
