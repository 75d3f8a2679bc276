"""The order in which the messages of a tree can be saved."""

from collections.abc import Iterable

from desktop.domain.conversation import Message


def parents_first(messages: Iterable[Message]) -> tuple[Message, ...]:
    """The same messages, a parent before what follows it, otherwise in the order given.

    Messages that follow each other in a circle are left out.
    """
    known = {message.id: message for message in messages}
    order = {id_: number for number, id_ in enumerate(known)}
    if all(order.get(message.parent_id, -1) < order[message.id] for message in known.values()):
        return tuple(known.values())
    waiting: dict[str, list[Message]] = {}
    ready: list[Message] = []
    for message in known.values():
        after = waiting.setdefault(message.parent_id, []) if message.parent_id in known else ready
        after.append(message)
    found: list[Message] = []
    ready.reverse()
    while ready:
        found.append(ready.pop())
        ready.extend(reversed(waiting.get(found[-1].id, [])))
    return tuple(found)
