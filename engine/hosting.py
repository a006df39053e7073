"""How a hosted model's name begins: `gemini:gemma-4-31b-it`, `openai:llama3.2:3b`."""

from __future__ import annotations

from engine.errors import ModelNotFound

PROVIDERS = ("gemini", "openai")
"""How hosted models are spoken to; the name of one begins with it."""


def hosted(name: str) -> tuple[str, str] | None:
    """The provider and the model of a hosted one's name; None for any other name.

    Raises:
        ModelNotFound: A provider, and no model.
    """
    provider, colon, model = name.strip().partition(":")
    if not colon or provider not in PROVIDERS:
        return None
    if not model.strip():
        example = {"gemini": "gemma-4-31b-it", "openai": "Qwen/Qwen2.5-7B-Instruct"}[provider]
        raise ModelNotFound(f"{name!r} names no model.", f"Such as {provider}:{example}.")
    return provider, model.strip()
