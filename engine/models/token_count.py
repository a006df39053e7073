"""How many tokens a text takes, without a model: to count again what a run has recorded.

The built-in models' tokenizers are here; of any other model the record's word is all there is.
"""

from __future__ import annotations

from functools import cache

from jinja2.sandbox import ImmutableSandboxedEnvironment
from tokenizers import Tokenizer

from engine.models.registry import BUILTIN, messages


class TokenCount:
    """The tokens of a built-in model's prompts and answers."""

    def __init__(self, model: str) -> None:
        """Reads the tokenizer and the chat template of a model in `BUILTIN`."""
        folder = BUILTIN[model]
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        template = (folder / "chat_template.jinja").read_text(encoding="utf-8")
        frame = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True)
        self._template = frame.from_string(template)

    def prompt(self, question: str) -> int:
        """Of the prompt that asks a question, up to where the answer begins."""
        asked = self._template.render(messages=messages(question), add_generation_prompt=True)
        return self._of(asked)

    def answer(self, text: str, cut_off: bool) -> int:
        """Of an answer, its end marker included where it was not cut off.

        A model that samples may, rarely, write a text in more tokens than its tokenizer would:
        a word in two pieces that is also one.
        """
        return self._of(text) + (not cut_off)

    def _of(self, text: str) -> int:
        return len(self._tokenizer.encode(text, add_special_tokens=False).ids)


@cache
def token_count(model: str) -> TokenCount | None:
    """The count for a built-in model; None for any other."""
    return TokenCount(model) if model in BUILTIN else None
