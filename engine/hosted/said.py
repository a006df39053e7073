"""What comes back from a hosted model, whoever hosts it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol, get_args

from engine.hosted.reply import count
from engine.storable import storable

Ending = Literal["whole", "cut off", "blocked", "empty"]
LONGEST_WHY = 60
"""Characters of a service's word for a reason."""


@dataclass(frozen=True, slots=True)
class Said:
    """One reply, which was paid for.

    Whatever it is made of, it can be stored: it may come from a service, over a pipe, or from a
    row that another release wrote.
    """

    text: str
    """What the model wrote; empty where it was blocked or wrote nothing."""
    tokens_in: int
    """Tokens of the prompt, as the service bills them; 0 where it does not say."""
    tokens_out: int
    """Tokens written, thinking included."""
    ending: Ending
    """Whether it came to its end, and if not, what ended it."""
    why: str = ""
    """For a blocked one, the service's word for the reason, such as `safety`."""

    def __post_init__(self) -> None:
        """Make what it was given storable.

        Raises:
            ValueError: Its texts are none, or there is no such ending.
        """
        texts = (self.text, self.why)
        if self.ending not in get_args(Ending) or not all(isinstance(each, str) for each in texts):
            raise ValueError(f"no reply: {self.ending!r} of a {type(self.text).__name__}")
        why = "".join(letter if letter.isprintable() else " " for letter in self.why)
        object.__setattr__(self, "text", storable(self.text))
        object.__setattr__(self, "why", why[:LONGEST_WHY])
        object.__setattr__(self, "tokens_in", count(self.tokens_in))
        object.__setattr__(self, "tokens_out", count(self.tokens_out))

    @property
    def tokens(self) -> int | None:
        """All tokens; None where the service does not say."""
        return self.tokens_in + self.tokens_out or None


@dataclass(frozen=True, slots=True)
class Manner:
    """How a question is put."""

    instruction: str
    """What the model is told beside the question."""
    max_new_tokens: int
    temperature: float = 0.0
    top_p: float = 1.0
    seed: int = 0


class Client(Protocol):
    """One hosted model, over a library that speaks its service's protocol."""

    async def models(self) -> list[str] | None:
        """The names of the models that can be asked; None where the service does not tell.

        Raises:
            Trouble: The service may answer next time.
            EngineError: It will not, such as for a key that it does not know.
        """
        ...

    async def ask(self, question: str, manner: Manner) -> Said:
        """One request, tried once. Raises as `models` does."""
        ...

    async def close(self) -> None:
        """Let go of the connections."""
        ...
