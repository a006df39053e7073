"""A door: notebooks that were handed in before the kinds had a room of their own name this one."""

from engine.kinds.specs import *  # noqa: F403
