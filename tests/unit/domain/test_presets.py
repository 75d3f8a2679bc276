"""What a preset makes of a conversation and of a form."""

from desktop.domain.conversation import ContextPolicy, ConversationSettings
from desktop.domain.presets import Field, Preset, system_text_of

SUPPORT = Preset(
    "support",
    "Support",
    system_prompt="Be kind.",
    sampling={"best_of": 3},
    context_policy=ContextPolicy.ASK,
    pin_first=True,
    fields=(
        Field("summary", "Summary", heading="Summary: "),
        Field("information", "Information", heading="Specific information: "),
    ),
)


def test_the_form_stands_below_the_system_prompt() -> None:
    values = {"summary": " Late parcel. ", "information": "Order 7", "unknown": "x"}
    text = "Be kind.\n\nSummary: Late parcel.\n\nSpecific information: Order 7"
    assert SUPPORT.system_text(values) == text


def test_what_is_not_filled_in_leaves_no_trace() -> None:
    assert SUPPORT.system_text({"summary": "  "}) == "Be kind."
    assert Preset("plain", "Plain").system_text({}) == ""


def test_applying_keeps_model_and_device_and_what_still_fits_the_form() -> None:
    before = ConversationSettings(
        "m", "GPU", "Old", {"seed": 1}, form={"summary": "s", "language": "French"}
    )
    after = SUPPORT.applied_to(before)
    assert after == ConversationSettings(
        "m", "GPU", "Be kind.", {"best_of": 3}, ContextPolicy.ASK, True, "support", {"summary": "s"}
    )


def test_a_prompt_that_was_changed_since_counts() -> None:
    settings = ConversationSettings(system_prompt="Be brief.", form={"summary": "s"})
    assert system_text_of(settings, SUPPORT) == "Be brief.\n\nSummary: s"


def test_a_preset_that_is_gone_leaves_what_was_filled_in() -> None:
    settings = ConversationSettings(system_prompt="Be brief.", form={"summary": "s"})
    assert system_text_of(settings, None) == "Be brief.\n\ns"
