"""OpenVINO GenAI's paged back-end, one step at a time."""

from collections.abc import Mapping
from pathlib import Path

import openvino_genai
from openvino import Tensor
from openvino_genai import GenerationConfig
from openvino_genai.py_openvino_genai import GenerationHandle

STEP_LIMIT = 512  # prompt tokens that a step reads at most
BLOCK = 32  # tokens in a block of the KV cache on CPU
GPU_BLOCK = 16
GUESSED = 5  # tokens that prompt lookup proposes in a step
MATCHED = 3  # tokens that must recur before it does


class Stepper:
    """A ContinuousBatchingPipeline with prefix cache, for one request at a time."""

    def __init__(
        self,
        folder: Path,
        device: str,
        tokens: int,
        properties: Mapping[str, object],
        prompt_lookup: bool,
    ) -> None:
        block = GPU_BLOCK if device.startswith("GPU") else BLOCK
        scheduler = openvino_genai.SchedulerConfig()
        scheduler.enable_prefix_caching = True
        scheduler.max_num_batched_tokens = STEP_LIMIT
        scheduler.num_kv_blocks = tokens // block + 1
        self.capacity: int = scheduler.num_kv_blocks * block  # tokens that the cache holds
        self._lookup = prompt_lookup
        options = {**properties, **({"prompt_lookup": True} if prompt_lookup else {})}
        self._pipeline = openvino_genai.ContinuousBatchingPipeline(
            str(folder), scheduler, device, options
        )
        self._requests = 0

    @property
    def tokenizer(self) -> openvino_genai.Tokenizer:
        """The model's tokenizer."""
        return self._pipeline.get_tokenizer()

    @property
    def model_defaults(self) -> GenerationConfig:
        """The model's own generation settings."""
        return self._pipeline.get_config()

    @property
    def busy(self) -> bool:
        """True while a request is not finished."""
        return bool(self._pipeline.has_non_finished_requests())

    @property
    def used(self) -> int:
        """Tokens of cache that the last step had in use, in whole blocks."""
        share = float(self._pipeline.get_metrics().cache_usage) / 100
        return round(share * self.capacity)

    def add(self, ids: Tensor, config: GenerationConfig) -> GenerationHandle:
        """Begin a request."""
        if self._lookup:
            config.num_assistant_tokens = GUESSED
            config.max_ngram_size = MATCHED
        self._requests += 1
        return self._pipeline.add_request(self._requests, ids, config)

    def step(self) -> None:
        """Read a piece of the prompt, or make the next token."""
        self._pipeline.step()

    def let_go(self, handle: GenerationHandle) -> None:
        """End a request, finished or not. What was read of it stays in the cache."""
        handle.cancel()
        while self.busy:
            self.step()
