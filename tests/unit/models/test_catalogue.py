"""Reading the catalogue: one file a model, and every mistake in one is found."""

import re
from pathlib import Path

import pytest

from desktop.domain.catalogue import Architecture, Licence, Source, SourceKind, Starter
from desktop.domain.errors import Problem
from desktop.models.catalogue import read_catalogue, read_entry
from desktop.paths import resources

STARTER_ID = "smollm2-135m-instruct"

ENTRY = """
id = "a-model"
name = "A model"
family = "Models"
parameters = 1_000_000
context_length = 2048
languages = ["en", "de"]
homepage = "https://example.org/a-model"
summary = "It is good for tests."
devices = ["CPU"]

[licence]
name = "MIT"
url = "https://example.org/licence"

[architecture]
layers = 4
hidden = 64
kv_heads = 2
head_size = 16
vocabulary = 1000

[sampling]
temperature = 0.2

[[sources]]
kind = "gguf"
repository = "owner/a-model-GGUF"
weights = "int4"
file = "a-model-q4_k_m.gguf"
checked = false
"""
FILLED = """
speciality = "code"
thinking = true
unsupported = "It needs what Cellar has not."
"""
STARTER = f"""
[starter]
file = "a.gguf"
size = 98_362_432
sha256 = "{"0f" * 32}"
package = "some-package"
version = "1.0"
weights = "int4"
"""


def written(folder: Path, text: str, name: str = "a-model.toml") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def test_an_entry(tmp_path: Path) -> None:
    entry = read_entry(written(tmp_path, ENTRY))
    assert (entry.id, entry.name, entry.family) == ("a-model", "A model", "Models")
    assert (entry.parameters, entry.context_length) == (1_000_000, 2048)
    assert entry.languages == ("en", "de")
    assert entry.licence == Licence("MIT", "https://example.org/licence")
    assert entry.architecture == Architecture(4, 64, 2, 16, 1000)
    assert entry.sampling == {"temperature": 0.2}
    assert entry.devices == ("CPU",)
    assert entry.sources == (
        Source(SourceKind.GGUF, "owner/a-model-GGUF", "int4", "a-model-q4_k_m.gguf"),
    )
    assert (entry.starter, entry.speciality, entry.thinking, entry.unsupported) == (
        None,
        "",
        False,
        "",
    )


def test_what_may_be_said_besides(tmp_path: Path) -> None:
    text = FILLED + ENTRY.replace(
        "checked = false", 'checked = true\ngated = true\ndevices=["NPU"]'
    )
    text = text.replace("vocabulary = 1000", "vocabulary = 1000\ntied = true\nlookup = 5")
    text = text.replace('"MIT"', '"MIT"\nnotice = "Built with A"\ngated = true')
    entry = read_entry(written(tmp_path, text + STARTER))
    assert entry.speciality == "code"
    assert entry.thinking
    assert entry.unsupported == "It needs what Cellar has not."
    assert entry.architecture == Architecture(4, 64, 2, 16, 1000, tied=True, lookup=5)
    assert entry.licence.notice == "Built with A"
    assert entry.licence.gated
    (source,) = entry.sources
    assert (source.checked, source.gated, source.devices) == (True, True, ("NPU",))
    assert entry.starter == Starter("a.gguf", 98_362_432, "0f" * 32, "int4")


@pytest.mark.parametrize(
    ("good", "bad", "said"),
    [
        ('name = "A model"', "", "name must be a text"),
        ('name = "A model"', 'name = ""', "name cannot be"),
        ('name = "A model"', "name = 7", "name must be a text"),
        ('id = "a-model"', 'id = "a model"', "id cannot be “a model”"),
        ('id = "a-model"', 'id = "b-model"', "id is not the file's name"),
        ("1_000_000", '"many"', "parameters must be a whole number"),
        ("1_000_000", "0", "parameters is too small"),
        ("1_000_000", "1.5", "parameters must be a whole number"),
        ("1_000_000", "true", "parameters must be a whole number"),
        ('["en", "de"]', '["English"]', "languages cannot be"),
        ('["en", "de"]', '["en", "en"]', "languages says something twice"),
        ('["en", "de"]', "[]", "languages cannot be"),
        ('["en", "de"]', "[1]", "languages cannot be"),
        ('["en", "de"]', '"en"', "languages must be a list"),
        ("https://example.org/a-model", "http://example.org/a-model", "homepage cannot be"),
        ("https://example.org/licence", "licence.txt", "licence.url cannot be"),
        ("for tests.", "for tests", "summary cannot be"),
        ('["CPU"]', '["TPU"]', "devices cannot be"),
        ('["CPU"]', '["AUTO"]', "devices cannot be"),
        ("layers = 4", "layers = -4", "architecture.layers is too small"),
        ("layers = 4", "layers = 4\nlookup = -1", "architecture.lookup is too small"),
        ("layers = 4", "layers = 4\nheads = 2", "architecture.heads is not known"),
        ("layers = 4", 'layers = 4\ntied = "yes"', "architecture.tied must be true or false"),
        ("layers = 4", "layers = 4\ntied = 1", "architecture.tied must be true or false"),
        ("temperature = 0.2", "temperature = 9", "Temperature cannot be 9"),
        ("temperature = 0.2", 'temperature = "warm"', "Temperature cannot be warm"),
        ("temperature = 0.2", "heat = 0.2", "no sampling parameter “heat”"),
        ('kind = "gguf"', 'kind = "onnx"', "'onnx' is not a valid SourceKind"),
        ('kind = "gguf"', 'kind = "openvino"', "sources.file is not known"),
        ("owner/a-model-GGUF", "a-model-GGUF", "sources.repository cannot be"),
        ("owner/a-model-GGUF", "owner/../x", "sources.repository cannot be"),
        ("owner/a-model-GGUF", "https://hub/owner/x", "sources.repository cannot be"),
        ('weights = "int4"', 'weights = "int2"', "sources.weights cannot be"),
        ("a-model-q4_k_m.gguf", "sub/a-model.gguf", "sources.file cannot be"),
        ("a-model-q4_k_m.gguf", "a-model.bin", "sources.file cannot be"),
        ("checked = false", "", "sources.checked must be true or false"),
        ("checked = false", "checked = false\nrevision = 'x'", "sources.revision is not known"),
        ("[[sources]]", "[sources]", "sources must be a list"),
        ("[licence]", "[license]", "licence must be a table"),
        ("[sampling]", "colour = 'red'\n[sampling]", "architecture.colour is not known"),
        ('id = "a-model"', 'id = "a-model"\ncolour = "red"', "colour is not known"),
        ('id = "a-model"', 'id = "a-model"\nid = "a-model"', "overwrite"),
    ],
)
def test_a_mistake_is_told_with_the_file_and_the_key(
    tmp_path: Path, good: str, bad: str, said: str
) -> None:
    assert good in ENTRY
    path = written(tmp_path, ENTRY.replace(good, bad, 1))
    with pytest.raises(Problem, match=re.escape(said)) as raised:
        read_entry(path)
    assert "“a-model.toml”" in raised.value.what
    assert raised.value.remedy


@pytest.mark.parametrize("sources", ["[]", "[3]", '["owner/name"]'])
def test_a_model_must_come_from_somewhere(tmp_path: Path, sources: str) -> None:
    text, _, _ = ENTRY.partition("[[sources]]")
    with pytest.raises(Problem, match="sources must be tables"):
        read_entry(written(tmp_path, f"sources = {sources}\n{text}"))


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ("98_362_432", "0"),
        ('"0f', '"xx'),
        ('package = "some-package"', ""),
        ('version = "1.0"', "version = 1.0"),
        ('"int4"', '"q4_1"'),
        ('file = "a.gguf"', 'file = "../a.gguf"'),
        ('version = "1.0"', 'version = "1.0"\nmirror = "x"'),
    ],
)
def test_a_mistake_in_what_is_pinned_is_told(tmp_path: Path, good: str, bad: str) -> None:
    assert good in STARTER
    path = written(tmp_path, ENTRY + STARTER.replace(good, bad))
    with pytest.raises(Problem, match=r"starter\."):
        read_entry(path)


@pytest.mark.parametrize("text", ["", "[", "id = ", "\x00"])
def test_what_is_no_entry_at_all(tmp_path: Path, text: str) -> None:
    with pytest.raises(Problem, match=r"“a-model\.toml” in the catalogue is not as it should be"):
        read_entry(written(tmp_path, text))
    with pytest.raises(Problem, match=r"“gone\.toml”"):
        read_entry(tmp_path / "gone.toml")


def test_a_file_that_is_not_utf8(tmp_path: Path) -> None:
    (tmp_path / "a-model.toml").write_bytes(ENTRY.replace("A model", "Ä").encode("latin-1"))
    with pytest.raises(Problem):
        read_entry(tmp_path / "a-model.toml")


def test_a_new_model_is_a_new_file(tmp_path: Path) -> None:
    assert read_catalogue(tmp_path) == ()
    for name in ("b-model", "a-model"):
        written(tmp_path, ENTRY.replace('id = "a-model"', f'id = "{name}"'), f"{name}.toml")
    written(tmp_path, "not a model", "README.md")
    assert [entry.id for entry in read_catalogue(tmp_path)] == ["a-model", "b-model"]


def test_free_ones_come_first_and_then_smaller_ones(tmp_path: Path) -> None:
    def put(name: str, parameters: int, licence: str, gated: str = "") -> None:
        text = ENTRY.replace('id = "a-model"', f'id = "{name}"').replace(
            "1_000_000", str(parameters)
        )
        text = text.replace('name = "MIT"', f'name = "{licence}"\n{gated}')
        written(tmp_path, text, f"{name}.toml")

    put("gated", 1, "Llama 3.2 Community", "gated = true")
    put("research", 2, "Qwen Research")
    put("large", 4, "Apache-2.0")
    put("small", 3, "MIT")
    found = [entry.id for entry in read_catalogue(tmp_path)]
    assert found == ["small", "large", "research", "gated"]


def test_the_entry_of_the_starter() -> None:
    entry = read_entry(resources() / "catalogue" / f"{STARTER_ID}.toml")
    assert (entry.id, entry.name) == (STARTER_ID, "SmolLM2 135M Instruct")
    assert entry.context_length == 8192
    assert entry.sampling == {"temperature": 0.2, "top_p": 0.9}
    assert entry.starter
    assert entry.starter.size == 98_362_432
    assert entry.starter.weights == "int4"
