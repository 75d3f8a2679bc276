"""What the models page says of sizes, speeds, fits, qualities and jobs."""

from PySide6.QtCore import QLocale

from desktop.domain.fit import Verdict
from desktop.domain.model import Model, Quality
from desktop.domain.wording import megabytes, share_text, stage_text, transfer_text
from desktop.services.shelf.notices import Job, JobState, Offer
from desktop.services.shelf.offers import COMPRESSED_HERE, CONVERTED_HERE, FROM_GGUF, READY
from desktop.ui.i18n import listed, tr, trn

NOTHING = "–"
LANGUAGES_NAMED = 8
DOWNLOADING = "downloading"


def label_of(name: str, weights: str) -> str:
    """Name and weight format, as jobs and installed models are called."""
    return f"{name} · {weights.upper()}" if weights else name


def number_text(number: float, digits: int) -> str:
    """A number with so many digits after the point."""
    return QLocale().toString(float(number), "f", digits)  # of a whole number Qt takes no digits


def size_text(size: int) -> str:
    """Bytes, such as “2.6 GB”; a dash where they are not known."""
    return megabytes(size) if size > 0 else NOTHING


def parameters_text(count: int) -> str:
    """A model's parameters, such as “135M” or “3.8B”."""
    if count <= 0:
        return NOTHING
    if count >= 999_500_000:
        return f"{number_text(round(count / 1e9, 1), 0 if round(count / 1e8) % 10 == 0 else 1)}B"
    return f"{count / 1e6:.0f}M"


def speed_text(tokens_per_s: float) -> str:
    """An estimate as short as it gets, such as “≈ 12”."""
    return f"≈ {_estimate(tokens_per_s)}" if tokens_per_s > 0 else NOTHING


def speed_with_unit(tokens_per_s: float) -> str:
    """An estimate such as “≈ 12 tokens/s”."""
    if tokens_per_s <= 0:
        return NOTHING
    return tr("{speed} tokens/s", speed=speed_text(tokens_per_s))


def speed_sentence(tokens_per_s: float) -> str:
    """An estimate that says that it is one; empty where there is none."""
    if tokens_per_s <= 0:
        return ""
    return tr("about {count} tokens/s, estimated", count=_estimate(tokens_per_s))


def _estimate(tokens_per_s: float) -> str:
    digits = 1 if tokens_per_s < 3 else 0  # more would promise what an estimate cannot keep
    return number_text(max(tokens_per_s, 0.1), digits)


def context_text(tokens: int) -> str:
    """How much a model takes in at once."""
    return tr("reads up to {count}", count=number_of_tokens(tokens)) if tokens else ""


def number_of_tokens(tokens: int) -> str:
    """A number of tokens, empty where it is not known."""
    return trn("{count} token", "{count} tokens", tokens) if tokens else ""


def language_names(codes: tuple[str, ...]) -> tuple[str, ...]:
    """The languages of ISO 639-1 codes, by their names."""
    return tuple(_language_name(code) for code in codes)


def _language_name(code: str) -> str:
    if code == "mul":
        return tr("dozens of languages")
    language = QLocale.codeToLanguage(code)
    known = language not in (QLocale.Language.AnyLanguage, QLocale.Language.C)
    return tr(QLocale.languageToString(language)) if known else code


def languages_text(codes: tuple[str, ...]) -> str:
    """The languages that a model was made for, the first ones by name."""
    names = language_names(codes)
    text = listed(names[:LANGUAGES_NAMED])
    more = len(names) - LANGUAGES_NAMED
    if more <= 0:
        return text
    return trn("{languages} and {count} more", "{languages} and {count} more", more, languages=text)


def verdict_text(verdict: Verdict) -> str:
    """Whether a model fits, in a word or two."""
    words = {
        Verdict.FITS: tr("Fits"),
        Verdict.TIGHT: tr("Tight"),
        Verdict.NO: tr("Does not fit"),
    }
    return words[verdict]


def offer_text(offer: Offer) -> str:
    """Whether an offer fits, if it can be had at all."""
    if offer.missing:
        return tr("Not here")
    return verdict_text(offer.verdict) if offer.how else tr("Not yet")


def offer_words() -> tuple[str, ...]:
    """All that is said of whether an offer fits, is here or on its way."""
    states = (tr("Installed"), tr("On its way"), tr("Best here"), tr("Not here"), tr("Not yet"))
    return (*states, *map(verdict_text, Verdict))


def how_text(how: str) -> str:
    """How the weights come about."""
    words = {
        READY: tr("ready-made"),
        COMPRESSED_HERE: tr("compressed here from FP16"),
        CONVERTED_HERE: tr("converted here from PyTorch"),
        FROM_GGUF: tr("made here from a GGUF file"),
    }
    return words.get(how, how)


def how_sentence(how: str) -> str:
    """What happens once the files are here; empty where nothing does."""
    words = {
        COMPRESSED_HERE: tr("It is compressed here: that takes some minutes."),
        CONVERTED_HERE: tr("It is converted here: that takes some minutes."),
        FROM_GGUF: tr("It is converted here: that takes a minute or two."),
    }
    return words.get(how, "")


def offer_facts(offer: Offer) -> str:
    """The numbers of an offer in one line."""
    facts = (
        tr("{size} to download", size=size_text(offer.download)) if offer.download else "",
        tr("{size} on disk", size=size_text(offer.disk)) if offer.disk else "",
        tr("{size} of memory", size=size_text(offer.memory)) if offer.memory else "",
        speed_sentence(offer.tokens_per_s),
        how_text(offer.how),
        tr("gated") if offer.source is not None and offer.source.gated else "",
    )
    return " · ".join(fact for fact in facts if fact)


def model_facts(model: Model, share: float | None) -> str:
    """What an installed model takes, in one line."""
    facts = (format_facts(model, share), context_text(model.context_length))
    return " · ".join(fact for fact in facts if fact)


def format_facts(model: Model, share: float | None) -> str:
    """Its size, and what share of its FP16 weights that is."""
    size = size_text(model.size)
    return f"{size} · {share_text(share)}" if share else size


def quality_text(quality: Quality) -> str:
    """How far compressed weights are from the uncompressed ones."""
    nats = max(quality.kl_divergence, 0.0)
    return tr(
        "Differs by {nats} nats from FP16 · perplexity {perplexity}, FP16 {reference}",
        nats=number_text(nats, 2 if nats >= 0.01 or nats == 0 else 4),
        perplexity=number_text(quality.perplexity, 1),
        reference=number_text(quality.reference_perplexity, 1),
    )


def quality_help() -> str:
    """What the measure means, for those who have never met it."""
    return tr(
        "Compressing rounds a model’s numbers. Both figures were measured here on a fixed text. "
        "Nats: how far its guesses at the next word are from those of the FP16 weights; "
        "0 means no difference. Perplexity: how much the text surprises the model; "
        "the closer to FP16, the less was lost."
    )


def job_text(job: Job) -> str:
    """What a job does now, and how far it is."""
    match job.state:
        case JobState.WAITING:
            return tr("Waiting for its turn")
        case JobState.PAUSED if job.total > 0:
            done, total = size_text(job.done) if job.done else "0", size_text(job.total)
            return tr("Paused at {done} of {total}", done=done, total=total)
        case JobState.PAUSED:
            return tr("Paused")
        case JobState.FAILED:
            return job.problem or tr("It did not work.")
    if job.stage.name == DOWNLOADING and job.total > 0:
        return transfer_text(job.done, job.total, job.bytes_per_s)
    return stage_text(job.stage)


def job_share(job: Job) -> float | None:
    """How far a job is in what it does now, 0 to 1; None where nobody knows."""
    if job.total > 0:
        return min(1.0, job.done / job.total)
    if job.stage.total > 0:
        return min(1.0, job.stage.done / job.stage.total)
    return None if job.state is JobState.RUNNING else 0.0
