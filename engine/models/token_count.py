"""How many tokens a text takes, without a model: to count again what a run has recorded.

The built-in models' tokenizers are here; of any other model the record's word is all there is.
"""

from __future__ import annotations

from functools import cache, cached_property

from jinja2.sandbox import ImmutableSandboxedEnvironment
from tokenizers import Tokenizer

from engine.models.registry import BUILTIN, messages

_NO_TEXT = "\ufffd"
"""What bytes that are no text read as."""


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

    def answer(self, text: str, cut_off: bool, sampled: bool = False) -> range:
        """How many tokens an answer can be, its end marker included where it was not cut off.

        A byte that is no text is one token and reads as U+FFFD, which takes three. A model that
        samples may write a text in other pieces than its tokenizer would, the oftener the less
        it has learned: from the fewest that make it up to one a byte.
        """
        end, plain = not cut_off, self._of(text)
        least = plain - 2 * text.count(_NO_TEXT)
        if not sampled:
            return range(least + end, plain + end + 1)
        return range(min(least, self._fewest(text)) + end, len(text.encode()) + end + 1)

    def _fewest(self, text: str) -> int:
        fewest = [0]
        for stop, letter in enumerate(text, 1):
            whole = 1 if letter == _NO_TEXT else len(letter.encode())
            starts = range(max(0, stop - self._longest), stop)
            pieces = [fewest[at] + 1 for at in starts if text[at:stop] in self._pieces]
            fewest.append(min(pieces, default=fewest[-1] + whole))
        return fewest[-1]

    @cached_property
    def _pieces(self) -> frozenset[str]:
        """What each token says."""
        size = self._tokenizer.get_vocab_size()
        return frozenset(self._tokenizer.decode([each]) for each in range(size)) - {""}

    @cached_property
    def _longest(self) -> int:
        return max(map(len, self._pieces))

    def _of(self, text: str) -> int:
        return len(self._tokenizer.encode(text, add_special_tokens=False).ids)


@cache
def token_count(model: str) -> TokenCount | None:
    """The count for a built-in model; None for any other."""
    return TokenCount(model) if model in BUILTIN else None
