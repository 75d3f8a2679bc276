"""Makes a tiny random model, exports it to IR, and prints what transformers writes with it.

Run as a script in a process of its own: torch stays out of the test's process.
Arguments: the folder to fill, and what the user says, each time anew. Prints one JSON object.
"""

import json
import sys
from pathlib import Path

import torch
from openvino import save_model
from openvino_tokenizers import convert_tokenizer
from optimum.exporters.openvino import main_export
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

SEEDS = range(200)
NEW_TOKENS = 12
CONTEXT = 512
MARGIN = 0.03  # of the spread of the scores: far more than rounding to bfloat16 moves them
LETTERS = [chr(number) for number in range(33, 127)] + ["Ġ", "Ċ"]  # ASCII, space and newline
TEMPLATE = (
    "{% for m in messages %}<{{ m.role }}> {{ m.content }} </{{ m.role }}>\n{% endfor %}"
    "{% if add_generation_prompt %}<assistant> {% endif %}"
)


def tokenizer() -> PreTrainedTokenizerFast:
    """Byte-level BPE that knows ASCII only, so that every token is whole text."""
    made = Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=300, initial_alphabet=LETTERS, special_tokens=["<|end|>"], show_progress=False
    )
    made.train_from_iterator(["The cellar is cool and quiet, and the wine is good. " * 4], trainer)
    fast = PreTrainedTokenizerFast(tokenizer_object=made, eos_token="<|end|>", pad_token="<|end|>")
    fast.chat_template = TEMPLATE
    return fast


def model(seed: int, vocabulary: int) -> LlamaForCausalLM:
    """Two layers of random weights, large enough that the scores differ clearly."""
    torch.manual_seed(seed)
    config = LlamaConfig(
        vocab_size=vocabulary,
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=CONTEXT,
        initializer_range=0.2,
        bos_token_id=None,
        eos_token_id=0,
        pad_token_id=0,
    )
    return LlamaForCausalLM(config).eval()


def written(llama: LlamaForCausalLM, ids: torch.Tensor) -> tuple[list[int], float]:
    """What the model writes greedily, and the smallest lead of a chosen token over the next."""
    out = llama.generate(
        ids,
        attention_mask=torch.ones_like(ids),
        do_sample=False,
        max_new_tokens=NEW_TOKENS,
        output_scores=True,
        return_dict_in_generate=True,
    )
    leads = []
    for scores in out.scores:
        first, second = scores[0].topk(2).values
        leads.append(float((first - second) / scores[0].std()))
    return out.sequences[0, ids.shape[1] :].tolist(), min(leads)


def prompt_ids(fast: PreTrainedTokenizerFast, said: str) -> torch.Tensor:
    messages = [{"role": "user", "content": said}]
    prompt = fast.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
    return fast(prompt, return_tensors="pt", add_special_tokens=False).input_ids


def is_clear(ids: list[int], lead: float) -> bool:
    """True for an answer of full length without a tie, which does not just repeat itself."""
    return lead > MARGIN and len(ids) == NEW_TOKENS and len(set(ids)) > NEW_TOKENS // 2


def main(folder: Path, said: list[str]) -> None:
    """Choose a model whose every choice is clear, save it, and print its texts."""
    fast = tokenizer()
    encoded = [prompt_ids(fast, text) for text in said]
    for seed in SEEDS:
        llama = model(seed, len(fast))
        outcomes = [written(llama, ids) for ids in encoded]
        if all(is_clear(ids, lead) for ids, lead in outcomes):
            break
    else:
        sys.exit("no seed gives clear choices")
    checkpoint = folder / "checkpoint"
    llama.save_pretrained(checkpoint)
    fast.save_pretrained(checkpoint)
    export(checkpoint, folder / "ir", fast)
    texts = [fast.decode(ids, skip_special_tokens=True) for ids, _ in outcomes]
    tokens = [ids.shape[1] for ids in encoded]
    print(json.dumps({"texts": texts, "prompt_tokens": tokens, "new_tokens": NEW_TOKENS}))


def export(checkpoint: Path, target: Path, fast: PreTrainedTokenizerFast) -> None:
    """IR of weights and tokenizer, in f32."""
    main_export(checkpoint, target, task="text-generation-with-past", library_name="transformers")
    parts = convert_tokenizer(fast, with_detokenizer=True)
    for name, part in zip(("tokenizer", "detokenizer"), parts, strict=True):
        save_model(part, target / f"openvino_{name}.xml", compress_to_fp16=False)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
