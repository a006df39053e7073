"""The addresses that a notebook knows which was handed in earlier: each of them stays.

It was sealed with them, so they cannot be written anew in it, and whoever is to grade it runs it
with the tutor of the day.
"""

SET_UP = """\
from pathlib import Path

from engine.cascades.prices import Prices
from engine.data.problems import DataSpec
from engine.runs.own import Own
from engine.runs.specs import CascadeSpec, EvaluateSpec, SampleSpec, SftSpec, TeachSpec
from tutor.handin.cells import Chain, reference, score

chain = Chain("tutorial-again")"""
"""Its first cell."""
