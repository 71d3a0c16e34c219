"""From a plan to generated Python functions, which complete values with no look at the plan.

There are two kinds. A Fill completes the values that a batch field gave and puts them into the answers of
their parents. A Build answers one object: the root, one whose type is known only from itself, or one that
several fields lead to. Leaves, lists and plain objects below are written out in the function's text; batch
fields are left as None, and the objects that have them are handed to the Collector at the end.

What the functions do not expect, they raise for: a value that does not serialize, an exception in a value's
place, an attribute that fails. Whoever calls them then completes the same values one by one
(``engine.complete``).
"""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache, partial
from itertools import count
from keyword import iskeyword
from types import CodeType
from typing import Any, Final, Protocol, TypeAlias, cast

from graphql import GraphQLEnumType, GraphQLObjectType, Undefined
from graphql.pyutils import is_iterable  # pyright: ignore[reportUnknownVariableType] - of any items

from engine.field import Batch, Plain, Read
from engine.mask import Opening
from engine.plan import Field, Plan, Scope, Shape

Answer: TypeAlias = dict[str, Any]


class Collector(Protocol):
    """What a generated function reports to while it runs."""

    def collect(self, scope: Scope, objects: Sequence[Any], answers: Sequence[Answer]) -> None:
        """Take objects of *scope* with their answers, whose batch fields are to be filled in."""
        ...

    def answered(self, scope: Scope, answers: Sequence[Answer]) -> None:
        """Take the answers that *scope* gave for objects whose type is known only from themselves."""
        ...

    def admitted(self, field: Field, parent: Any) -> bool:  # noqa: ANN401 - an object of any type
        """Tell whether the gate of a field that is no batch is open to *parent*."""
        ...

    def missing(self, field: Field) -> object:
        """Give what stands for a null where *field* may not be null."""
        ...

    def abstract(self, field: Field, shape: Shape, value: Any) -> Answer:  # noqa: ANN401 - an object of any type
        """Answer an object whose type is known only from itself."""
        ...

    def value(self, field: Field, shape: Shape, value: Any) -> Any:  # noqa: ANN401 - any value
        """Complete a value without a generated function."""
        ...


Build: TypeAlias = Callable[[Any, Collector], Answer]
Fill: TypeAlias = Callable[[Sequence[Any], Sequence[Answer], Collector], None]


class UnexpectedValueError(Exception):
    """A value that a generated function does not complete."""


has_items: Final = cast("Callable[[object], bool]", is_iterable)
"""Tells whether a value may stand for a list: text and mappings may not."""

_OWN_OUTPUT: Final = {
    "String": "{0}.__class__ is not str",
    "ID": "{0}.__class__ is not str",
    "Boolean": "{0}.__class__ is not bool",
    "Int": "{0}.__class__ is not int or not -2147483649 < {0} < 2147483648",
    "Float": "{0}.__class__ is not float or {0} - {0} != 0.0",
}
"""For GraphQL's own scalars: when a value is not its own output. The last is true of infinity and of NaN."""

_MOST_TYPES: Final = 3
"""For how many types of one field the answer is written out in one function."""

_DEEPEST_OBJECT: Final = 20
_DEEPEST_LIST: Final = 32
"""How far the text of one function is indented. Python has room for 100 indents and for 20 nested loops.

What is deeper has a function of its own; a list in lists in lists is then completed without one.
"""


class Functions:
    """The generated functions of a plan, each made when it is first wanted.

    What a document may ask for and no answer has, such as the other types of an interface, costs nothing.
    """

    def __init__(self, plan: Plan) -> None:
        """Make the functions of *plan*."""
        self._root = plan.root
        self._builds: dict[Scope, Build] = {}
        self._fills: dict[Field, Fill] = {}

    def build(self, scope: Scope) -> Build:
        """Give the function that answers one object of *scope*."""
        found = self._builds.get(scope)
        if found is None:
            source = _Source(self)
            source.build(scope, is_root=scope is self._root)
            found = self._builds[scope] = source.made("build")
        return found

    def fill(self, field: Field) -> Fill:
        """Give the function that completes the values of a batch field."""
        found = self._fills.get(field)
        if found is None:
            source = _Source(self)
            source.fill(field)
            found = self._fills[field] = source.made("fill")
        return found

    def build_later(self, scope: Scope, value: object, run: Collector) -> Answer:
        """Answer one object by the function of *scope*, made when there is such an object."""
        return self.build(scope)(value, run)


class _Source:
    """The text of one function, and the values that it names."""

    def __init__(self, functions: Functions) -> None:
        self.lines: list[str] = []
        self._functions = functions
        self._names: dict[str, Any] = {
            "lists": frozenset({list, tuple}),
            "listed": _listed,
            "plain": set[type](),
            "check": _check,
            "void": _void,
        }
        self._known: dict[str, tuple[str, str]] = {}
        self._numbers = count()
        self._collected: dict[Scope, int] = {}
        self._answered: dict[Scope, int] = {}

    def made(self, name: str) -> Any:  # noqa: ANN401 - a Build or a Fill
        """Give the function, called *name* in the text."""
        before = [f" p{number}, q{number} = [], []" for number in self._collected.values()]
        before += [f" t{number} = []" for number in self._answered.values()]
        after = [f" run.answered({self._bound(each)}, t{number})" for each, number in self._answered.items()]
        after += [
            f" if p{number}: run.collect({self._bound(scope)}, p{number}, q{number})"
            for scope, number in self._collected.items()
        ]
        text = "\n".join((self.lines[0], *before, *self.lines[1:-1], *after, self.lines[-1]))
        # Nothing that a client wrote is in the text: keys and types come in as names bound to values.
        exec(_code(text), self._names)  # noqa: S102 - see above
        return self._names[name]

    def build(self, scope: Scope, *, is_root: bool) -> None:
        """Write the function that answers one object of *scope*."""
        self._line(0, "def build(o, run):")
        if not is_root:
            self._recognise(scope.type, "o", 1)
        self._object(scope, "o", 1)
        self._line(1, "return o")

    def fill(self, field: Field) -> None:
        """Write the function that completes the values of a batch field."""
        self._line(0, "def fill(values, answers, run):")
        self._line(1, "for v, a in zip(values, answers):")
        self._value(field, field.shape, "v", 2)
        self._line(2, f"a[{self._bound(field.key)}] = v")
        self._line(1, "return")

    def _line(self, at: int, text: str) -> None:
        self.lines.append(f"{' ' * at}{text}")

    def _bound(self, value: object) -> str:
        name = f"n{next(self._numbers)}"
        self._names[name] = value
        return name

    def _value(self, field: Field, shape: Shape, value: str, at: int) -> None:
        """Write what completes the variable *value* in place (specification 6.4.3)."""
        if shape.is_leaf:
            self._leaf(field, shape, value, at)
            return
        self._line(at, f"if {value} is not None:")
        self._given(field, shape, value, at + 1)
        if not shape.nullable:
            self._line(at, f"else: {value} = run.missing({self._bound(field)})")

    def _given(self, field: Field, shape: Shape, value: str, at: int) -> None:
        if shape.items is not None:
            self._list(field, shape, value, at)
        elif shape.is_abstract:
            self._abstract(field, shape, value, at)
        else:
            (scope,) = shape.scopes.values()
            if scope.shared or at >= _DEEPEST_OBJECT:
                build = self._bound(partial(self._functions.build_later, scope))
                self._line(at, f"{value} = {build}({value}, run)")
            else:
                self._recognise(scope.type, value, at)
                self._object(scope, value, at)

    def _abstract(self, field: Field, shape: Shape, value: str, at: int) -> None:
        """Write the answer for each possible type, where these are few; what is none of them is told of."""
        scopes = list(shape.scopes.values())
        otherwise = f"{value} = run.abstract({self._bound(field)}, {self._bound(shape)}, {value})"
        if len(scopes) > _MOST_TYPES or at >= _DEEPEST_OBJECT or any(_is_odd(each) for each in scopes):
            self._line(at, otherwise)
            return
        for place, scope in enumerate(scopes):
            test = f"{self._bound(scope.type.is_type_of)}({value}, None)"
            self._line(at, f"{'elif' if place else 'if'} {test}:")
            self._object(scope, value, at + 1)
            self._answered[scope] = scope.number
            self._line(at + 1, f"t{scope.number}.append({value})")
        self._line(at, f"else: {otherwise}")

    def _list(self, field: Field, shape: Shape, value: str, at: int) -> None:
        assert shape.items is not None  # noqa: S101 - only lists come here
        if at >= _DEEPEST_LIST:
            self._line(at, f"{value} = run.value({self._bound(field)}, {self._bound(shape)}, {value})")
            return
        number = next(self._numbers)
        self._line(at, f"if {value}.__class__ not in lists: {value} = listed({value})")
        self._line(at, f"l{number} = []")
        self._line(at, f"for i{number} in {value}:")
        self._value(field, shape.items, f"i{number}", at + 1)
        self._line(at + 1, f"l{number}.append(i{number})")
        self._line(at, f"{value} = l{number}")

    def _leaf(self, field: Field, shape: Shape, value: str, at: int) -> None:
        """Write as little as can be: most of the text is leaves, and Python takes its time to compile it."""
        kind: Any = shape.named
        own = _OWN_OUTPUT.get(kind.name)
        if isinstance(kind, GraphQLEnumType):
            self._line(at, f"{value} = {self._bound(_EnumNames(kind, shape))}[{value}]")
        elif own is not None:
            output = self._bound(partial(_output, kind.coerce_output_value, field, shape))
            usual = f"{value} is not None and " if shape.nullable else ""
            self._line(at, f"if {usual}{own.format(value)}: {value} = {output}(run, {value})")
        else:
            output = self._bound(partial(_output, kind.coerce_output_value, field, shape))
            coerce = self._bound(kind.coerce_output_value)
            self._line(at, f"if {value}.__class__ not in plain: {value} = {output}(run, {value}, plain)")
            self._line(at, f"elif ({value} := {coerce}({value})) is None: void()")

    def _recognise(self, kind: GraphQLObjectType, value: str, at: int) -> None:
        """Write what makes sure, once for each Python class, that it stands for *kind*."""
        if kind.is_type_of is None:
            known, check = "plain", "check"
        elif kind.name in self._known:
            known, check = self._known[kind.name]
        else:
            known, check = self._known[kind.name] = (
                self._bound(set[type]()),
                self._bound(partial(_check_type, kind.is_type_of)),
            )
        self._line(at, f"if {value}.__class__ not in {known}: {check}({known}, {value})")

    def _object(self, scope: Scope, value: str, at: int) -> None:
        """Write what answers the object in the variable *value*, in place."""
        entries = [f"{self._bound(each.key)}: {self._entry(scope, each, value, at)}" for each in scope.fields]
        if scope.batches:
            number = self._collected.setdefault(scope, scope.number)
            self._line(at, f"p{number}.append({value})")
            self._line(at, f"{value} = {{{', '.join(entries)}}}")
            self._line(at, f"q{number}.append({value})")
        else:
            self._line(at, f"{value} = {{{', '.join(entries)}}}")

    def _entry(self, scope: Scope, field: Field, parent: str, at: int) -> str:
        """Write what reads and completes a field; give the expression of its value."""
        if field.name == "__typename":
            return self._bound(scope.type.name)
        if field.opening is Opening.NONE:
            return "None" if field.shape.nullable else f"run.missing({self._bound(field)})"
        match field.resolution:
            case Plain(attribute):
                read = self._attribute(parent, attribute)
            case Read(function):
                read = f"{self._bound(function)}({parent})"
            case Batch():
                return "None"
        if field.opening is Opening.SOME:
            read = f"({read} if run.admitted({self._bound(field)}, {parent}) else None)"
        kind = field.shape.named
        if isinstance(kind, GraphQLEnumType) and field.shape.is_leaf:
            return f"{self._bound(_EnumNames(kind, field.shape))}[{read}]"
        value = f"v{next(self._numbers)}"
        self._line(at, f"{value} = {read}")
        self._value(field, field.shape, value, at)
        return value

    def _attribute(self, parent: str, attribute: str) -> str:
        if attribute.isascii() and attribute.isidentifier() and not iskeyword(attribute):
            return f"{parent}.{attribute}"
        return f"{self._bound(getattr)}({parent}, {self._bound(attribute)})"


def _is_odd(scope: Scope) -> bool:
    return scope.shared or scope.type.is_type_of is None


@lru_cache(maxsize=1_000)
def _code(text: str) -> CodeType:
    """Compile a text; one document's functions under several masks mostly have the same."""
    return compile(text, "<plan>", "exec")


class _EnumNames(dict[Any, Any]):
    """The name of each value of an enum, found at first sight; None is None where it may be."""

    def __init__(self, kind: GraphQLEnumType, shape: Shape) -> None:
        super().__init__({None: None} if shape.nullable else {})
        self._kind = kind

    def __missing__(self, value: Any) -> str:  # noqa: ANN401 - any value
        name = self._kind.coerce_output_value(_expected(value))
        self[value] = name
        return name


def _output(
    coerce: Callable[[Any], Any],
    field: Field,
    shape: Shape,
    run: Collector,
    value: object,
    plain: set[type] | None = None,
) -> object:
    """Serialize a value that is not of the usual class; add its class to *plain*, the usual ones."""
    if value is None:
        return None if shape.nullable else run.missing(field)
    output = coerce(_expected(value))
    if output is None:
        raise UnexpectedValueError
    if plain is not None:
        plain.add(value.__class__)
    return output


def _expected(value: object) -> object:
    """Give a value that stands neither for nothing nor for an error."""
    if value is None or value is Undefined or isinstance(value, Exception):
        raise UnexpectedValueError
    return value


def _listed(value: object) -> object:
    """Give what is no list or tuple but has items, which may be gone through twice."""
    if not has_items(value) or isinstance(value, Iterator):
        raise UnexpectedValueError
    return value


def _check(known: set[type], value: object) -> None:
    """Note the class of an object."""
    known.add(_expected(value).__class__)


def _check_type(is_type_of: Callable[[Any, Any], object], known: set[type], value: object) -> None:
    """Note the class of a value that stands for an object type."""
    if not is_type_of(_expected(value), None):
        raise UnexpectedValueError
    known.add(value.__class__)


def _void() -> None:
    """Refuse a scalar that serialized to nothing."""
    raise UnexpectedValueError
