"""Parts what a model thought from what it answered."""

from desktop.domain import thinking


def parted(text: str) -> tuple[str, str]:
    """The reasoning, without its tags, and the answer as it stands after them."""
    found = thinking.parted(text)
    return found.thought.strip("\n"), found.answer


def parts_itself(template: str) -> bool:
    """True for a template that takes whole answers and cuts off what was thought, as DeepSeek's.

    What it leaves of an answer begins with the blank line that models were trained to see there.
    """
    return thinking.END in template and "reasoning_content" not in template
