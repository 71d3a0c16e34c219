"""The part of a schema that is left when gates are closed: valid by itself, without a trace of the rest."""

# graphql-core's own types are generic over what it leaves open:
# pyright: reportUnknownVariableType=false, reportUnknownMemberType=false, reportUnknownArgumentType=false

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeAlias, cast

from graphql import (
    GraphQLArgument,
    GraphQLDirective,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    is_required_argument,
    is_required_input_field,
)

from auth.feature import ALWAYS, Closable, Gate
from schema.gate import gate_of, gate_of_type, gate_of_value

IsOpen: TypeAlias = Callable[[Gate], bool]


@dataclass(frozen=True, slots=True)
class Member:
    """A field, an argument, an input field or an enum value: what it needs to be there."""

    definition: Any
    gate: Gate
    kind: str = ""
    """The name of its type; empty of an enum value."""
    required: bool = False
    """Whether whoever uses what it belongs to must give it."""
    arguments: Mapping[str, "Member"] = field(default_factory=dict[str, "Member"])


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of the whole schema."""

    type: GraphQLNamedType
    gate: Gate
    members: Mapping[str, Member]
    wider: frozenset[str]
    """The interfaces that it implements."""
    narrower: frozenset[str]
    """The types that implement it, or that are in the union."""


class Anatomy:
    """A schema taken apart once, so that parts of it are made quickly."""

    def __init__(self, types: GraphQLSchema) -> None:
        """Take *types* apart; no gate is asked yet."""
        self.types = types
        self.kinds: Mapping[str, Kind] = {
            name: _kind(types, each) for name, each in types.type_map.items() if not name.startswith("__")
        }
        self.gates: frozenset[Closable] = frozenset(each for each in self._gates() if each is not ALWAYS)
        """Every gate that occurs."""

    def part(self, is_open: IsOpen) -> GraphQLSchema:
        """Give the types without what is closed and what only that led to; all of them where nothing is.

        Types that lose nothing, and lead to none that does, are the very same as in the whole.
        """
        cut = _Cut(self, is_open)
        return _Part(self, cut).schema() if cut.lost else self.types

    def _gates(self) -> Iterator[Gate]:
        for kind in self.kinds.values():
            yield kind.gate
            for member in kind.members.values():
                yield member.gate
                yield from (each.gate for each in member.arguments.values())


def _kind(types: GraphQLSchema, of: GraphQLNamedType) -> Kind:
    members: dict[str, Member] = {}
    narrower: frozenset[str] = frozenset()
    if isinstance(of, GraphQLObjectType | GraphQLInterfaceType):
        members = {name: _field(each) for name, each in of.fields.items()}
    elif isinstance(of, GraphQLInputObjectType):
        members = {
            name: Member(each, gate_of(each), get_named_type(each.type).name, is_required_input_field(each))
            for name, each in of.fields.items()
        }
    elif isinstance(of, GraphQLEnumType):
        members = {name: Member(each, _gate_of_value(of, each)) for name, each in of.values.items()}
    if isinstance(of, GraphQLInterfaceType):
        found = types.get_implementations(of)
        narrower = frozenset(each.name for each in (*found.objects, *found.interfaces))
    elif isinstance(of, GraphQLUnionType):
        narrower = frozenset(each.name for each in of.types)
    wider = frozenset(each.name for each in getattr(of, "interfaces", ()))
    return Kind(of, gate_of_type(of), members, wider, narrower)


def _field(definition: GraphQLField) -> Member:
    arguments = {
        name: Member(each, gate_of(each), get_named_type(each.type).name, is_required_argument(each))
        for name, each in definition.args.items()
    }
    return Member(definition, gate_of(definition), get_named_type(definition.type).name, arguments=arguments)


def _gate_of_value(enum: GraphQLEnumType, value: Any) -> Gate:
    # Strawberry keeps what the member of Python's enum is worth, not the member.
    return gate_of_value(cast("Any", enum).wrapped_cls(value.value)) if _is_declared(enum) else ALWAYS


def _is_declared(enum: GraphQLEnumType) -> bool:
    return "strawberry-definition" in enum.extensions


class _Cut:
    """What is lost: first what is closed, then what cannot be without it, until nothing more is."""

    def __init__(self, whole: Anatomy, is_open: IsOpen) -> None:
        self._kinds = whole.kinds
        self.lost: set[tuple[str, ...]] = set()
        """Types are ``(type,)``, fields and values ``(type, name)``, arguments ``(type, field, name)``."""
        closed = frozenset(each for each in whole.gates if not is_open(each))
        if closed:
            self._close(closed)
        before = 0
        while before != len(self.lost):
            before = len(self.lost)
            for name, kind in whole.kinds.items():
                if (name,) not in self.lost:
                    self._members(name, kind)
                    self._type(name, kind)
        self._losing = {at[0] for at in self.lost}

    def _close(self, closed: frozenset[Gate]) -> None:
        for name, kind in self._kinds.items():
            if kind.gate in closed:
                self.lost.add((name,))
            for of, member in kind.members.items():
                if member.gate in closed:
                    self.lost.add((name, of))
                self.lost.update((name, of, at) for at, it in member.arguments.items() if it.gate in closed)

    def _members(self, name: str, kind: Kind) -> None:
        lost = self.lost
        for of, member in kind.members.items():
            if (name, of) in lost:
                continue
            for at, argument in member.arguments.items():
                if (argument.kind,) in lost or self._narrower_lost(kind, of, at):
                    lost.add((name, of, at))
                if argument.required and (name, of, at) in lost:
                    lost.add((name, of))
            if (member.kind,) in lost or self._narrower_lost(kind, of):
                lost.add((name, of))

    def _narrower_lost(self, kind: Kind, *member: str) -> bool:
        """Tell whether a type that implements *kind* is there without *member*: it may then not have it."""
        return any((each, *member) in self.lost and (each,) not in self.lost for each in kind.narrower)

    def _type(self, name: str, kind: Kind) -> None:
        """Lose a type of which nothing is left, that nothing is of, or that cannot be given any more."""
        empty = kind.members and all((name, of) in self.lost for of in kind.members)
        nothing = kind.narrower and all((each,) in self.lost for each in kind.narrower)
        withheld = any(each.required and (name, of) in self.lost for of, each in kind.members.items())
        if empty or nothing or withheld:
            self.lost.add((name,))

    def members(self, name: str) -> dict[str, Member]:
        """Give what is left of a type."""
        kind = self._kinds[name]
        return {of: each for of, each in kind.members.items() if (name, of) not in self.lost}

    def arguments(self, name: str, of: str) -> dict[str, Member]:
        """Give the arguments that are left of a field."""
        found = self._kinds[name].members[of].arguments
        return {at: each for at, each in found.items() if (name, of, at) not in self.lost}

    def leads_to(self, name: str) -> Iterator[str]:
        """Give the names of the types that what is left of a type refers to; some of them twice."""
        for of, member in self.members(name).items():
            yield member.kind
            yield from (each.kind for each in self.arguments(name, of).values())
        kind = self._kinds[name]
        yield from self.left(kind.wider)
        if isinstance(kind.type, GraphQLUnionType):
            yield from self.left(kind.narrower)

    def loses(self, name: str, kind: Kind) -> bool:
        """Tell whether a type loses anything itself, whatever it refers to."""
        related = kind.wider | (kind.narrower if isinstance(kind.type, GraphQLUnionType) else frozenset())
        return name in self._losing or len(self.left(related)) < len(related)

    def left(self, names: frozenset[str]) -> list[str]:
        """Give those of the types that are not lost."""
        return [each for each in names if (each,) not in self.lost]


class _Part:
    """Makes the schema of what is left."""

    def __init__(self, whole: Anatomy, cut: _Cut) -> None:
        self._whole = whole
        self._cut = cut
        self._refers = {
            name: {each for each in cut.leads_to(name) if each in whole.kinds}
            for name in whole.kinds
            if (name,) not in cut.lost
        }
        self._changed = self._all_changed()
        self._made: dict[str, Any] = {}

    def schema(self) -> GraphQLSchema:
        """Give the schema, with the types that can be reached only."""
        published: dict[str, Any] = dict(self._whole.types.to_kwargs())
        roots = {each: published[each] for each in ("query", "mutation", "subscription")}
        kept: dict[str, Any] = {at: self._root(each) for at, each in roots.items()}
        directives = tuple(self._directive(each) for each in published["directives"])
        reached = self._reached([*(each.name for each in kept.values() if each), *_types_of(directives)])
        published |= kept
        published["directives"] = directives
        published["types"] = tuple(self._type(name) for name in self._whole.kinds if name in reached)
        return GraphQLSchema(**published)

    def _all_changed(self) -> set[str]:
        """Give the types that lost something, and those that refer to one of them, however far."""
        referring: dict[str, list[str]] = {}
        for name, others in self._refers.items():
            for each in others:
                referring.setdefault(each, []).append(name)
        pending = [name for name, kind in self._whole.kinds.items() if self._cut.loses(name, kind)]
        changed: set[str] = set()
        while pending:
            name = pending.pop()
            if name not in changed:
                changed.add(name)
                pending += referring.get(name, ())
        return changed

    def _reached(self, pending: list[str]) -> set[str]:
        """Give the types that one comes to from *pending*; where an interface is, its types are."""
        reached: set[str] = set()
        while pending:
            name = pending.pop()
            if name in self._refers and name not in reached:
                reached.add(name)
                pending += self._refers[name]
                pending += self._cut.left(self._whole.kinds[name].narrower)
        return reached

    def _root(self, of: GraphQLNamedType | None) -> Any:
        return None if of is None or (of.name,) in self._cut.lost else self._type(of.name)

    def _directive(self, of: GraphQLDirective) -> GraphQLDirective:
        if all(get_named_type(each.type).name not in self._changed for each in of.args.values()):
            return of
        config: dict[str, Any] = dict(of.to_kwargs())
        config["args"] = {name: self._argument(each) for name, each in of.args.items()}
        return GraphQLDirective(**config)

    def _type(self, name: str) -> Any:
        if name not in self._changed:
            return self._whole.types.type_map[name]
        made = self._made.get(name)
        if made is None:
            made = self._made[name] = self._make(self._whole.kinds[name])
        return made

    def _make(self, kind: Kind) -> Any:
        name = kind.type.name
        made: Any = type(kind.type)
        config: dict[str, Any] = dict(kind.type.to_kwargs())
        match kind.type:
            case GraphQLEnumType():
                config["values"] = {of: each.definition for of, each in self._cut.members(name).items()}
                if _is_declared(kind.type):  # Strawberry's own, which find a member's value by it
                    config["enum"] = kind.type.extensions["strawberry-definition"]
            case GraphQLUnionType():
                config["types"] = partial(self._types, name, "types")
            case GraphQLInputObjectType():
                config["fields"] = partial(self._input_fields, name)
            case _:
                config["fields"] = partial(self._fields, name)
                config["interfaces"] = partial(self._types, name, "interfaces")
        return made(**config)

    def _types(self, name: str, at: str) -> list[Any]:
        """Give the interfaces of a type, or the types of a union, that are left."""
        others: list[GraphQLNamedType] = getattr(self._whole.kinds[name].type, at)
        return [self._type(each.name) for each in others if (each.name,) not in self._cut.lost]

    def _fields(self, name: str) -> dict[str, GraphQLField]:
        return {of: self._field(name, of, each) for of, each in self._cut.members(name).items()}

    def _field(self, name: str, of: str, member: Member) -> GraphQLField:
        found = self._cut.arguments(name, of)
        kinds = {member.kind, *(each.kind for each in found.values())}
        if len(found) == len(member.arguments) and kinds.isdisjoint(self._changed):
            definition: GraphQLField = member.definition
            return definition
        arguments = {at: self._argument(each.definition) for at, each in found.items()}
        config: dict[str, Any] = {**member.definition.to_kwargs(), "args": arguments}
        return GraphQLField(**{**config, "type_": self._typed(member.definition.type)})

    def _argument(self, definition: GraphQLArgument) -> GraphQLArgument:
        if get_named_type(definition.type).name not in self._changed:
            return definition
        config: dict[str, Any] = dict(definition.to_kwargs())
        return GraphQLArgument(**{**config, "type_": self._typed(definition.type)})

    def _input_fields(self, name: str) -> dict[str, GraphQLInputField]:
        return {
            of: each.definition if each.kind not in self._changed else self._input_field(each.definition)
            for of, each in self._cut.members(name).items()
        }

    def _input_field(self, definition: GraphQLInputField) -> GraphQLInputField:
        config: dict[str, Any] = dict(definition.to_kwargs())
        return GraphQLInputField(**{**config, "type_": self._typed(definition.type)})

    def _typed(self, of: Any) -> Any:
        """Give the type of this part that stands where *of* stood."""
        if isinstance(of, GraphQLNonNull):
            return GraphQLNonNull(self._typed(of.of_type))
        if isinstance(of, GraphQLList):
            return GraphQLList(self._typed(of.of_type))
        return self._type(of.name)


def _types_of(directives: tuple[GraphQLDirective, ...]) -> list[str]:
    return [get_named_type(each.type).name for one in directives for each in one.args.values()]
