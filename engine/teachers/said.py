"""What comes back from a hosted model, whoever hosts it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

Ending = Literal["whole", "cut off", "blocked", "empty"]


@dataclass(frozen=True, slots=True)
class Said:
    """One reply, which was paid for."""

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
