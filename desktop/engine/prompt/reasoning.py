"""Parts what a model thought from what it answered."""

_BEGIN, _END = "<think>", "</think>"


def parted(text: str) -> tuple[str, str]:
    """The reasoning, without its tags, and the answer as it stands after them.

    Some templates write the opening tag themselves, so an answer may begin without it. An answer
    that was stopped may lack the closing one: then all of it is reasoning.
    """
    begun = text.lstrip().startswith(_BEGIN)
    before, end, after = text.partition(_END)
    if begun:
        before = before.partition(_BEGIN)[2]
    elif not end or _BEGIN in before:
        return "", text
    return before.strip("\n"), after


def parts_itself(template: str) -> bool:
    """True for a template that takes whole answers and cuts off what was thought, as DeepSeek's.

    What it leaves of an answer begins with the blank line that models were trained to see there.
    """
    return _END in template and "reasoning_content" not in template
