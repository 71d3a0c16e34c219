"""The checks that hide something, each with how it is removed."""

from collections.abc import Sequence
from typing import Final, NamedTuple


class Check(NamedTuple):
    """A check, and how it is removed: *text* of *file* becomes *without*."""

    name: str
    file: str
    text: str
    without: str


CHECKS: Final[Sequence[Check]] = (
    Check(
        "a terminated Solution covers nothing",
        "auth/entitlement.py",
        "(ended if each.terminated else live)[_kind(each)]",
        "live[_kind(each)]",
    ),
    Check(
        "a time of grace ends",
        "auth/standing.py",
        "return ended is not None and self.day < end_of_grace(ended, self.months)",
        "return True",
    ),
    Check(
        "a place without a rule is closed",
        "auth/rules.py",
        "return self._levels.get((feature, category, market, portal_option), Level.NONE)",
        "return self._levels.get((feature, category, market, portal_option), Level.FULL)",
    ),
    Check(
        "an option or paid line must be ordered",
        "auth/entitlement.py",
        "return Level.FULL if self.feature.value in solution.options else Level.NONE",
        "return Level.FULL",
    ),
    Check(
        "reading does not allow changes",
        "auth/entitlement.py",
        "return level is not Level.NONE and (self.least is Level.READ or level is not Level.READ)",
        "return level is not Level.NONE",
    ),
    Check(
        "where some cover, a row must belong to one of them",
        "auth/coverage.py",
        "return solutions is not None and not (found.solutions | found.past).isdisjoint(solutions)",
        "return True",
    ),
    Check(
        "where all cover, a parent must still be provided",
        "auth/coverage.py",
        "return not solutions or not self.ended or not self.gone(gate).issuperset(solutions)",
        "return True",
    ),
    Check(
        "the Scope has the covered Solutions",
        "resolvers/context.py",
        "return covered if own is ALL else covered & own",
        "return own",
    ),
    Check(
        "the Scope has the User's own Solutions",
        "resolvers/context.py",
        "return own if own is ALL else own - coverage.gone(gate)",
        "return ALL",
    ),
    Check(
        "the Scope leaves out Solutions no longer provided",
        "resolvers/context.py",
        "ended=coverage.gone(gate),",
        "ended=frozenset(),",
    ),
    Check(
        "of a Solution in its time of grace only closed tickets show",
        "resolvers/context.py",
        "settled=past if gate in FINAL_ONLY else frozenset(),",
        "settled=frozenset(),",
    ),
    Check(
        "the Scope has the User's accounts",
        "resolvers/context.py",
        "accounts=extent(viewer.accounts),",
        "accounts=ALL,",
    ),
    Check(
        "the Scope has the User's locations",
        "resolvers/context.py",
        "locations=extent(viewer.locations),",
        "locations=ALL,",
    ),
    Check(
        "what the terms exclude is in no answer",
        "sources/record.py",
        "            *cls.shown,\n",
        "",
    ),
    Check(
        "rows that come back are held against the tenant",
        "sources/record.py",
        "kept = [row for row in rows if row.customer == scope.customer]",
        "kept = [*rows]",
    ),
    Check(
        "rows that come back are held against the Scope",
        "sources/record.py",
        "        kept = keep(condition, kept, value)\n",
        "        pass\n",
    ),
    Check(
        "a closed field is not resolved",
        "schema/field.py",
        "    if coverage.state(gate) is State.NONE:\n        return False\n    tied",
        "    tied",
    ),
    Check(
        "a partly open field asks for each parent",
        "schema/field.py",
        "return tied is None or coverage.covers(gate, tied)",
        "return True",
    ),
    Check(
        "the engine's plan leaves out what is closed",
        "engine/mask.py",
        "        if gate in self.closed:\n            return Opening.NONE\n",
        "",
    ),
    Check(
        "the engine asks for each parent of a partly open field",
        "engine/mask.py",
        "return Opening.SOME if gate in self.partial else Opening.ALL",
        "return Opening.ALL",
    ),
    Check(
        "the engine leaves out parents that are not admitted",
        "engine/execute.py",
        "            objects, answers = self._admitted(field, objects, answers)\n",
        "            pass\n",
    ),
    Check(
        "the engine asks for each parent of a plain field",
        "engine/compile.py",
        'read = f"({read} if run.admitted({self._bound(field)}, {parent}) else None)"',
        "pass",
    ),
    Check(
        "a gate that was not foreseen is not planned",
        "engine/plan.py",
        "if self._met is not None and resolution.gate is not None and resolution.gate not in self._met:",
        "if False:",
    ),
    Check(
        "what an argument names must be covered",
        "schema/input.py",
        "                raise closed_error(coverage, gate, path)\n",
        "                pass\n",
    ),
    Check(
        "an argument's gate is asked for each parent",
        "engine/execute.py",
        "            if gates:\n",
        "            if False:\n",
    ),
    Check(
        "an input field's gate counts",
        "schema/input.py",
        "yield from named(found, each.metadata[GATE], (*path, to_camel_case(each.python_name)))",
        "yield from named(found, ALWAYS, (*path, to_camel_case(each.python_name)))",
    ),
    Check(
        "an enum value's gate counts",
        "schema/input.py",
        "        if own is not ALWAYS:\n            yield Named(own, path)\n",
        "        del own\n",
    ),
    Check(
        "an id in a filter counts only if what it names is seen",
        "resolvers/named.py",
        "return frozenset(key for key, record in zip(named, found, strict=True) if record is not None)",
        "return keys",
    ),
    Check(
        "a Solution in a filter counts only if it covers",
        "resolvers/named.py",
        "return (keys if scope.solutions is ALL else keys & scope.solutions) - scope.ended",
        "return keys",
    ),
    Check(
        "a list asks under what its arguments and its type need",
        "loaders/loader.py",
        "scope = self.scope.narrowed(listing.solutions, listing.ended)",
        "scope = self.scope",
    ),
    Check(
        "a row tells only of Solutions that cover it",
        "sources/record.py",
        "kept = [key for key in keys if (inside is None or key in inside) and key not in outside]",
        "kept = keys",
    ),
    Check(
        "what is beyond a role is closed",
        "auth/coverage.py",
        "if gate in self.denied and found.state is not State.NONE:",
        "if False:",
    ),
    Check(
        "details need more than what is listed",
        "auth/right.py",
        "**{Detail(each): Role.READER for each in Feature},",
        "**{Detail(each): Role.VISITOR for each in Feature},",
    ),
    Check(
        "administration is for administrators",
        "auth/right.py",
        "if not rights.administrator:",
        "if False:",
    ),
    Check(
        "a section without a role is closed",
        "auth/right.py",
        "if section is not None and not rights.role(section).reaches(needed):",
        "if False:",
    ),
    Check(
        "a list leaves out what the type that it is under shows nothing of any more",
        "sources/scope.py",
        "return self if ended <= self.ended else replace(self, ended=self.ended | ended)",
        "return self",
    ),
    Check(
        "node decides before it loads",
        "resolvers/node.py",
        "if covered.state is State.NONE:",
        "if False:",
    ),
    Check(
        "node tells apart types of one record",
        "resolvers/node.py",
        "return NotFoundError() if record is None or name_of(record) != name else record",
        "return NotFoundError() if record is None else record",
    ),
    Check(
        "an event shows only the touches that are seen",
        "loaders/loader.py",
        "partly = partly_seen(kept, self.asker)",
        "partly = {}",
    ),
    Check(
        "a view has no closed fields",
        "schema/part.py",
        "closed = frozenset(each for each in whole.gates if not is_open(each))",
        "closed = frozenset[Gate]()",
    ),
    Check(
        "strict mode knows no other schema",
        "schema/execution.py",
        "            return self._view(context).documents.get(text)\n",
        "            return self.read(text)\n",
    ),
    Check(
        "strict mode knows no other values of variables",
        "schema/execution.py",
        "        if context.strict and operation.variable_definitions:",
        "        if False:",
    ),
    Check(
        "introspection shows the customer's own schema",
        "schema/execution.py",
        "introspected = partial(self._own_types, context)",
        "introspected = None",
    ),
    Check(
        "suggestions are of the customer's own schema",
        "schema/execution.py",
        "self._documents: Final = DocumentStore(self.types, limits, suggest=False)",
        "self._documents: Final = DocumentStore(self.types, limits, suggest=True)",
    ),
    Check(
        "a mutation with a part that is not covered is refused whole",
        "schema/execution.py",
        "return rejections(self.types, document, operation, variables, context.coverage)",
        "return []",
    ),
)
