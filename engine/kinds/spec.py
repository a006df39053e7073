"""What all specs of runs can do, whatever their fields are."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import MISSING, asdict, fields, replace
from typing import TYPE_CHECKING, Any, ClassVar, Self

from engine.data.problems import DataSpec
from engine.errors import SpecError
from engine.kinds.rules import Code, Model, RunOf
from engine.kinds.told import Told, told
from engine.models import registry

if TYPE_CHECKING:
    from engine.runs.home import Home
    from engine.runs.submitted import SpecOf


class Spec:
    """The fields are those of its kinds."""

    __slots__ = ()

    kind: ClassVar[str]
    """The kind of run that it describes."""
    told: ClassVar[Mapping[str, Told]] = {}
    """What each of its fields may be, and what it is for."""
    needs_kinds: ClassVar[Mapping[str, str]] = {}
    """Fields that name another run, with the kind that this must be."""
    models: ClassVar[tuple[str, ...]] = ()
    """Fields that name a model."""
    own_function: ClassVar[str] = ""
    """What the file of `own` must define, where the kind has such a field."""

    def __init_subclass__(cls) -> None:
        """Read what the fields say of themselves."""
        cls.told = told(cls)
        rules = {name: each.rule for name, each in cls.told.items()}
        cls.needs_kinds = {
            name: each.kind for name, each in rules.items() if isinstance(each, RunOf)
        }
        cls.models = tuple(name for name, each in rules.items() if isinstance(each, Model))
        cls.own_function = next(
            (each.function for each in rules.values() if isinstance(each, Code)), ""
        )

    def check(self) -> None:
        """Raise SpecError for the first value that cannot be right."""
        for each in fields(self):  # type: ignore[arg-type]
            value = getattr(self, each.name)
            if value is not None or each.default is not None:
                self.told[each.name].rule.check(each.name, value)

    def title(self) -> str:
        """One line for a list of runs."""
        raise NotImplementedError

    def titled(self, spec_of: SpecOf) -> str:
        """The same, with what the specs of other runs add to it."""
        return self.title()

    def ready(self, home: Home, spec_of: SpecOf) -> None:
        """Raise EngineError where it could not be computed here and now.

        Such as for want of a key; where a hosted model is asked, the home gets the file that says
        how, to be edited.
        """
        for name in self.hosted_models():
            from engine.hosted import services

            services.ready(name, home.path)
            services.write_defaults(home.path)

    def needs(self) -> dict[str, int]:
        """The runs that must be finished first, by the field that names them."""
        named = {name: getattr(self, name) for name in self.needs_kinds}
        return {name: run for name, run in named.items() if run is not None}

    def hosted_models(self) -> list[str]:
        """The models that somebody else hosts, by name."""
        return [name for each in self.models if registry.hosted(name := getattr(self, each))]

    def anchored(self) -> Self:
        """The same with every relative folder made absolute: the worker stands elsewhere.

        Raises:
            ModelNotFound: A file or a folder that is named holds no model to be loaded.
        """
        for name in self.models:
            if os.path.exists(os.path.expanduser(getattr(self, name))):
                registry.resolve(getattr(self, name))
        moved: dict[str, Any] = {
            name: os.path.abspath(os.path.expanduser(value))
            for name in self.models
            if os.sep in (value := getattr(self, name)) and os.path.isdir(os.path.expanduser(value))
        }
        if isinstance(data := getattr(self, "data", None), DataSpec):
            moved["data"] = data.anchored()
        return replace(self, **moved) if moved else self  # type: ignore[type-var]

    def to_dict(self) -> dict[str, Any]:
        """As JSON holds it; a run without code of one's own does not mention it."""
        values = asdict(self)  # type: ignore[call-overload]
        if values.get("own", ...) is None:
            del values["own"]
        return values

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Read what `to_dict` wrote; missing fields take their defaults. Raises SpecError."""
        known = {each.name for each in fields(cls)}  # type: ignore[arg-type]
        for name in values:
            if name not in known:
                what = f"A run of kind {cls.kind} has no setting {name!r}."
                raise SpecError(name, values[name], what, f"It has {', '.join(sorted(known))}.")
        for each in fields(cls):  # type: ignore[arg-type]
            if each.name not in values and each.default is each.default_factory is MISSING:
                what = f"A run of kind {cls.kind} needs a value for {each.name}."
                raise SpecError(each.name, None, what)
        return cls(**{name: cls.told[name].rule.read(name, each) for name, each in values.items()})
