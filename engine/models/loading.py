"""From a name and a precision to a loaded model, and the record of what was done.

    loaded = load("acorn", "nf4-dq")
    loaded.model, loaded.tokenizer, loaded.record

A name is a built-in, a folder or a hub id (:mod:`engine.models.registry`); only a hub id that is
not yet on this machine touches the network. Too little memory is said before anything is loaded.
A 4-bit model is quantized once and then read from small files (:mod:`engine.models.fourbit`).
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError

from engine import hub, machine_probe
from engine.device_errors import first_line, of_the_card, out_of_memory
from engine.errors import EngineError, ModelNotFound, NotEnoughMemory
from engine.models import adapter as adapters
from engine.models import fourbit, memory, whole_blocks
from engine.models.libraries import bitsandbytes as bnb
from engine.models.libraries import transformers
from engine.models.loaded import Loaded, LoadRecord
from engine.models.precision import DTYPES, Fallback, Plan, plan
from engine.models.registry import Source, resolve

Progress = Callable[[str], None]
NO_WRITERS = (
    "ForMaskedLM", "ForSequenceClassification", "ForTokenClassification", "ForQuestionAnswering",
    "ForMultipleChoice", "ForNextSentencePrediction", "EncoderModel",
)  # fmt: skip
"""How the names of models end that fill gaps or judge, and write nothing."""
UNSAID = 0.01
"""Share of the weights that may be left unquantized, embeddings and head aside, without a word."""


def load(
    name: str,
    precision: str = "nf4-dq",
    *,
    device: str = "auto",
    adapter: Path | None = None,
    cache: Path | None = None,
    progress: Progress | None = None,
) -> Loaded:
    """Load a model.

    Args:
        name: A built-in name, a folder or a hub id.
        precision: One of :data:`engine.models.registry.PRECISIONS`.
        device: `auto` (CUDA, else the CPU), `cpu`, `cuda`, `cuda:1` or `mps`.
        adapter: A folder that PEFT wrote; its weights are put on the model, not merged.
        cache: Where 4-bit models are kept once they are quantized; None keeps none.
        progress: Told in words what is going on.

    Raises:
        EngineError: In plain words: no such model, no network, gated, too little memory, a full
            disk, a broken file, no such precision or card.
    """
    began = time.perf_counter()
    say = progress or (lambda message: None)
    source = resolve(name)
    if source.kind == "hosted":
        raise ModelNotFound(
            f"{name} is hosted elsewhere: there are no weights to load.",
            "Name a built-in, a folder or a hub id.",
        )
    decided = plan(precision, device)
    free = machine_probe.memory(decided.device)

    def fits(folder: Path) -> None:
        memory.check(name, memory.shape_of(_config(folder)), decided, free)

    if source.kind == "hub":
        folder, revision = hub.fetch(source.location, before=fits, progress=say)
        fingerprint = f"{source.location}@{revision}"
    else:
        folder = _builtin_or_folder(source)
        fingerprint = files_fingerprint(folder, "*.safetensors")
    shape = memory.shape_of(_config(folder))
    memory.check(name, shape, decided, free)
    if adapter is not None:
        adapters.check(adapter)

    say(f"loading {name} in {precision}")
    peak = machine_probe.Peak(decided.device)
    kept = fourbit.place(cache, name, fingerprint, decided) if cache and decided.four_bit else None
    model, from_cache, more = _weights(folder, kept, decided, say)
    more += whole_blocks.held_to_formula(model)
    more += _left_whole(model, precision)
    counted = memory.count(model)
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder, local_files_only=True)
    if adapter is not None:
        model = adapters.put_on(model, adapter, name)
    model.eval()
    worn = adapters.weights(model)
    on_card = decided.device.type == "cuda"
    return Loaded(
        model,
        tokenizer,
        source,
        LoadRecord(
            name=name,
            precision=precision,
            device=str(decided.device),
            dtype=decided.dtype,
            quantized_params=counted.quantized_params,
            unquantized_params=counted.unquantized_params,
            adapter_params=sum(each.numel() for each in worn),
            bytes_parameters=counted.bytes_parameters,
            bytes_buffers=counted.bytes_buffers,
            bytes_adapter=sum(each.nbytes for each in worn),
            predicted_bytes=shape.bytes(precision, decided.dtype).total,
            gpu_allocated=torch.cuda.memory_allocated(decided.device) if on_card else 0,
            gpu_reserved=torch.cuda.memory_reserved(decided.device) if on_card else 0,
            peak_bytes=peak.bytes(),
            seconds=time.perf_counter() - began,
            from_cache=from_cache,
            fallbacks=(*decided.fallbacks, *more),
            fingerprint=fingerprint,
            adapter_fingerprint=files_fingerprint(adapter, "adapter_model.*") if adapter else "",
        ),
    )


def files_fingerprint(folder: Path, pattern: str) -> str:
    """SHA-256 over the names and contents of a folder's files of that pattern, in order."""
    digest = hashlib.sha256()
    for path in sorted(folder.glob(pattern)):
        with path.open("rb") as file:
            each = hashlib.file_digest(file, "sha256").hexdigest()
        digest.update(f"{path.name} {each}\n".encode())
    return digest.hexdigest()


def _builtin_or_folder(source: Source) -> Path:
    folder = Path(source.location)
    if not (folder / "config.json").is_file():  # a folder was checked; a built-in can be missing
        raise ModelNotFound(
            f"The built-in model {source.name} is not in {folder}.", "Install the tutor again."
        )
    if not any(folder.glob("*.safetensors")):
        raise ModelNotFound(
            f"The folder {folder} has no safetensors weights.",
            "Save the model with transformers' save_pretrained.",
        )
    return folder


def _config(folder: Path) -> transformers.PretrainedConfig:
    try:
        config = transformers.AutoConfig.from_pretrained(folder, local_files_only=True)
    except (OSError, ValueError, KeyError) as error:
        raise ModelNotFound(
            f"transformers cannot read {folder / 'config.json'}: {error}",
            "Choose a causal language model that this version of transformers knows.",
        ) from error
    _see_that_it_writes(folder, config)
    if getattr(config, "quantization_config", None):
        raise EngineError(
            f"The model in {folder} is quantized already.",
            "Give the original one; it is quantized here, to the precision that you choose.",
        )
    return config


def _see_that_it_writes(folder: Path, config: transformers.PretrainedConfig) -> None:
    """Refuse what is no causal language model: it would not load, or answer with noise."""
    made = (config.architectures or [""])[0]
    writers = transformers.models.auto.modeling_auto.MODEL_FOR_CAUSAL_LM_MAPPING_NAMES
    known = config.model_type in writers
    if config.is_encoder_decoder or not known or made.endswith(NO_WRITERS):
        kind = made or f"of the kind {config.model_type}"
        raise ModelNotFound(
            f"The model in {folder} is {kind}: it does not write on from what it was given.",
            "Choose a causal language model, such as Qwen, Llama, Gemma or SmolLM.",
        )


def _weights(
    folder: Path, kept: Path | None, decided: Plan, say: Progress
) -> tuple[transformers.PreTrainedModel, bool, list[Fallback]]:
    """The model, whether it was kept before, and what went otherwise."""
    more: list[Fallback] = []
    if kept and fourbit.is_kept(kept):
        try:
            model = _read(kept, decided, quantization=None)
            for parameter in model.parameters():
                if parameter.is_floating_point():  # transformers leaves these as they are stored
                    parameter.data = parameter.data.to(DTYPES[decided.dtype])
            return model, True, more
        except Exception as error:  # whatever a damaged file makes the libraries raise
            fourbit.drop(kept)
            why = f"the kept 4-bit files could not be read ({type(error).__name__}: {error})"
            more.append(Fallback("quantized again", why))
    try:
        model = _read(folder, decided, quantization=decided.quantization(), finish=kept is None)
    except (OSError, ValueError, RuntimeError, KeyError, MemoryError, SafetensorError) as error:
        if out_of_memory(error):
            raise NotEnoughMemory(
                f"There was not enough memory for {folder.name} in {decided.precision}: "
                f"{first_line(error)}",
                "Close other programs, or choose a smaller precision or model.",
            ) from error
        if of_the_card(error):
            raise EngineError(
                f"{folder.name} cannot be put on {decided.device}: {first_line(error)}.",
                "The files are not to blame: see to the card and its driver, or choose the CPU.",
            ) from error
        raise EngineError(
            f"The model in {folder} cannot be loaded: {error}",
            "If a file is damaged, fetch or save the model again.",
        ) from error
    if kept:
        say("keeping the 4-bit weights")
        try:
            fourbit.keep(model, kept, _config(folder).dtype)
        except OSError as error:
            more.append(Fallback("the 4-bit model was not kept", error.strerror or str(error)))
        _finish(model)
    return model, False, more


def _left_whole(model: transformers.PreTrainedModel, precision: str) -> list[Fallback]:
    """Say what share of a model is quantized, where much of what could be is not."""
    whole, weights = memory.left_whole(model)
    if precision in DTYPES or whole < UNSAID * weights:
        return []
    small = memory.count(model).quantized_params
    what = (
        f"{small:,} of {weights:,} weights are in {precision}, {whole:,} matrices' left as they are"
    )
    return [Fallback(what, "bitsandbytes quantizes linear layers, and experts are held otherwise")]


def _read(
    folder: Path, decided: Plan, *, quantization: Any, finish: bool = True
) -> transformers.PreTrainedModel:
    options = {"quantization_config": quantization} if quantization else {}
    model, told = transformers.AutoModelForCausalLM.from_pretrained(
        folder,
        dtype=DTYPES[decided.dtype],
        device_map={"": decided.device},
        local_files_only=True,
        output_loading_info=True,
        **options,
    )
    if missing := sorted(told["missing_keys"]):
        raise EngineError(
            f"The files in {folder} lack {len(missing)} of its tensors, such as {missing[0]}.",
            "Whatever stood in their place would be noise: fetch or save the whole model again.",
        )
    return _finish(model) if finish else model


def _finish(model: transformers.PreTrainedModel) -> transformers.PreTrainedModel:
    """Settle what the libraries leave open."""
    memory.share_tables(model)
    for module in model.modules():
        if isinstance(module, bnb.nn.Linear4bit):
            # On CPUs with AVX512-BF16 the first forward without gradients would round the
            # constants to bf16 for good, undo double quantization and leave no gradients, and is
            # slower for it: see README.md.
            module.support_avx512bf16_for_cpu = False
    return model
