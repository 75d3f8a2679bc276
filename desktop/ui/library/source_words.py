"""What the models page says of repositories and folders that are not installed yet."""

import re
from pathlib import PurePath

from desktop.domain.catalogue import SourceKind
from desktop.domain.fit import Verdict
from desktop.domain.repository import RepositoryFacts, RepositoryFound
from desktop.domain.wording import share_text
from desktop.services.plans import HUB as HUB_PREFIX
from desktop.services.shelf.notices import Choice
from desktop.ui.i18n import tr, trn
from desktop.ui.library.parts import HUB
from desktop.ui.library.words import how_sentence, how_text, size_text, verdict_text

_NAME = r"[A-Za-z0-9][\w.-]*/[\w.-]+"
_ADDRESS = re.compile(rf"(?:hf:|https?://[\w.:-]+/)?({_NAME})(?:/tree/([\w.-]+)|@(\S+))?/?", re.A)
_FREE = ("apache-2.0", "mit", "bsd-3-clause", "bsd-2-clause", "cc0-1.0", "unlicense")


def hub_source(text: str) -> str:
    """What was typed or pasted, as hf:owner/name[@revision]; empty when it names no repository."""
    match = _ADDRESS.fullmatch(text.strip())
    if match is None:
        return ""
    revision = match[2] or match[3]
    return f"{HUB_PREFIX}{match[1]}" + (f"@{revision}" if revision else "")


def is_of_hub(source: str) -> bool:
    """True for a repository, False for what is on this computer."""
    return source.startswith(HUB_PREFIX)


def source_name(source: str) -> str:
    """A source as it is called in a title."""
    return source.removeprefix(HUB_PREFIX) if is_of_hub(source) else PurePath(source).name


def hub_page(source: str) -> str:
    """Where a browser shows a repository."""
    repository = source.removeprefix(HUB_PREFIX).partition("@")[0]
    return f"{HUB}/{repository}"


def kind_text(kind: SourceKind, weights: str) -> str:
    """What a repository holds."""
    known = weights.upper()
    words = {
        SourceKind.OPENVINO: tr("OpenVINO {weights}", weights=known),
        SourceKind.OPENVINO_FP16: tr("OpenVINO {weights}, can be compressed here", weights=known),
        SourceKind.GGUF: tr("GGUF, about {weights}", weights=known) if known else "GGUF",
        SourceKind.PYTORCH: tr("PyTorch checkpoint"),
    }
    return words[kind].strip()


def files_text(facts: RepositoryFacts) -> str:
    """How many files of what size would be fetched."""
    count = len(facts.files)
    if count == 0:
        return ""
    if facts.kind is SourceKind.GGUF and count > 1:
        return trn("the one file", "one of {count} files", count)
    size = size_text(facts.size)
    if count == 1:
        return size
    return trn("{size} in {count} file", "{size} in {count} files", count, size=size)


def licence_text(licence: str) -> str:
    """The licence by its name."""
    return licence or tr("not named")


def licence_note(licence: str, *, gated: bool) -> str:
    """What a licence means for whoever adds the model; empty where it allows any use."""
    known = licence.casefold()
    if not known:
        return tr("The makers name no licence: look at the model’s page before you use it.")
    if known in _FREE:
        return ""
    if "nc" in re.split(r"[-_ ]", known):
        return tr("Not for commercial use.")
    if gated:
        return tr("Its makers have terms of their own, which you accept at the hub.")
    return tr("It may have conditions: read them on the model’s page.")


def found_facts(found: RepositoryFound) -> str:
    """What a search tells of a repository, in one line."""
    downloads = trn("{count} download a month", "{count} downloads a month", found.downloads)
    facts = (
        kind_text(found.kind, "") if found.kind else "",
        found.architecture,
        found.licence,
        tr("gated") if found.gated else "",
        downloads if found.downloads else "",
    )
    return " · ".join(fact for fact in facts if fact)


def choice_text(choice: Choice) -> str:
    """A weight format with its size."""
    size = tr("about {size} on disk", size=size_text(choice.disk))
    return f"{choice.weights.upper()} · {size}" if choice.weights else size


def choice_facts(choice: Choice, full: Choice | None) -> str:
    """How a format comes about, what it takes, whether it fits."""
    if choice.installed:
        return tr("on this computer already")
    shrunk = full is not None and choice is not full and full.disk > 0
    facts = (
        share_text(choice.disk / full.disk) if shrunk and full else "",
        tr("{size} of memory", size=size_text(choice.memory)),
        how_text(choice.how),
    )
    line = " · ".join(fact for fact in facts if fact)
    return line if choice.verdict is Verdict.FITS else f"{line}\n{choice_fit(choice)}"


def choice_fit(choice: Choice) -> str:
    """Whether a format fits this computer, and why."""
    if choice.verdict is Verdict.NO:
        return choice.reason
    return f"{verdict_text(choice.verdict)}. {choice.reason}"


def adding_text(choice: Choice) -> str:
    """What happens once a format is added; empty where it is only copied."""
    size = size_text(choice.download)
    fetching = tr("{size} are downloaded.", size=size) if choice.download else ""
    return f"{fetching} {how_sentence(choice.how)}".strip()
