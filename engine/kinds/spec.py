"""What all specs of runs can do, whatever their fields are."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import MISSING, asdict, fields, replace
from typing import TYPE_CHECKING, Any, ClassVar, Self

from engine.cascades.prices import Prices
from engine.data.problems import DataSpec
from engine.errors import SpecError
from engine.kinds import checks
from engine.kinds.rules import RULES
from engine.models import registry
from engine.runs.own import Own

if TYPE_CHECKING:
    from engine.runs.home import Home
    from engine.runs.submitted import SpecOf


class Spec:
    """The fields are those of its kinds."""

    __slots__ = ()

    kind: ClassVar[str]
    """The kind of run that it describes."""
    needs_kinds: ClassVar[Mapping[str, str]] = {}
    """Fields that name another run, with the kind that this must be."""
    models: ClassVar[tuple[str, ...]] = ()
    """Fields that name a model."""
    own_function: ClassVar[str] = ""
    """What the file of `own` must define, where the kind has such a field."""
    hosted: ClassVar[tuple[str, ...]] = ()
    """Of these, the fields whose model may be one that is hosted elsewhere."""

    def check(self) -> None:
        """Raise SpecError for the first value that cannot be right."""
        for each in fields(self):  # type: ignore[arg-type]
            name, value = each.name, getattr(self, each.name)
            if name in self.needs_kinds:
                checks.run(name, value, optional=each.default is None)
            elif name in self.models:
                checks.name(name, value)
                checks.model(name, value, may_be_hosted=name in self.hosted)
            elif name == "own" and isinstance(value, Own):
                value.check(name, self.own_function)
            else:
                RULES[name](name, value)

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
        return cls(**{name: _read(name, value) for name, value in values.items()})


def _read(name: str, value: Any) -> Any:
    """A field's value from JSON."""
    if name in _NESTED and isinstance(value, Mapping):
        try:
            return _NESTED[name](**value)
        except TypeError:
            known = ", ".join(each.name for each in fields(_NESTED[name]))
            raise SpecError(name, value, f"{name} is {value!r}.", f"It has {known}.") from None
    if name == "target_modules" and isinstance(value, (list, str)):
        return (value,) if isinstance(value, str) else tuple(value)
    return value


_NESTED: dict[str, Any] = {"data": DataSpec, "prices": Prices, "own": Own}
