"""Bare OpenVINO GenAI: `LLMPipeline`, which has a prefix cache of its own."""

import openvino_genai
from openvino_genai import GenerationConfig

from desktop.domain.events import Measured
from desktop.engine.baseline.bare import Watch
from desktop.engine.protocol import OpenBare


class GenaiPipeline:
    """A model in an `LLMPipeline`, with OpenVINO's defaults where no property is given."""

    def __init__(self, command: OpenBare) -> None:
        self._pipeline = openvino_genai.LLMPipeline(
            command.source, command.device, **command.properties
        )
        self._tokenizer = self._pipeline.get_tokenizer()

    def run(self, prompt: str, new_tokens: int) -> Measured:
        """Answer a prompt greedily. Nothing listens meanwhile: that is the library's best case."""
        watch = Watch()
        inputs = self._tokenizer.encode(prompt, add_special_tokens=False)
        encoded_ms = watch.whole_ms
        made = self._pipeline.generate(inputs, self._greedy(new_tokens))
        whole_ms = watch.whole_ms
        ids = made.tokens[0]
        return Measured(
            prompt_tokens=inputs.input_ids.shape[1],
            answer_tokens=len(ids),
            first_ms=encoded_ms + made.perf_metrics.get_ttft().mean,
            whole_ms=whole_ms,
            text=str(self._tokenizer.decode(ids)),
        )

    def _greedy(self, new_tokens: int) -> GenerationConfig:
        own = self._pipeline.get_generation_config()
        config = GenerationConfig()  # the model's own may ask for more than greedy
        config.eos_token_id = own.eos_token_id
        config.stop_token_ids = own.stop_token_ids
        config.max_new_tokens = new_tokens
        return config
