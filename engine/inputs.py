"""What is wrong with a value that a client gave, literal or variable: where, and against which rule."""

# graphql-core's own input types are generic over what it leaves open:
# pyright: reportUnknownVariableType=false, reportUnknownMemberType=false, reportUnknownArgumentType=false

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, cast

from graphql import (
    SKIP,
    ArgumentNode,
    GraphQLError,
    GraphQLSchema,
    Node,
    OperationDefinitionNode,
    Undefined,
    ValueNode,
    ValuesOfCorrectTypeRule,
    VariableDefinitionNode,
    VisitorAction,
    get_named_type,
    get_nullable_type,
    type_from_ast,
)
from graphql.pyutils import print_path_list
from graphql.type import is_input_type
from graphql.utilities import validate_input_literal, validate_input_value

MOST_ERRORS = 50
"""As many wrong values of one request are told, no more."""


class InputError(GraphQLError):
    """A value that is not of its type.

    *input_path* starts with the argument's or the variable's name and goes down by input
    field names and list positions; *rule* is the sentence that the value breaks.
    """

    def __init__(self, message: str, node: Node | None, input_path: Sequence[str | int], rule: str) -> None:
        super().__init__(message, node)
        self.input_path = list(input_path)
        self.rule = rule


class InputLiteralsRule(ValuesOfCorrectTypeRule):
    """The standard rule about literals, but its errors are ``InputError``s."""

    name = ""

    def enter_argument(self, node: ArgumentNode, *_args: object) -> None:
        """Note the argument whose value comes next."""
        self.name = node.name.value

    def enter_variable_definition(self, node: VariableDefinitionNode, *_args: object) -> None:
        """Note the variable whose default comes next."""
        self.name = node.variable.name.value

    def is_valid_value_node(self, node: ValueNode, input_type: object) -> VisitorAction:
        """Report each place of a literal that is not of its type, and go no deeper."""
        if input_type is not None:
            report = partial(self._report, node, input_type)
            validate_input_literal(
                node, cast("Any", input_type), report, None, None, self.context.hide_suggestions
            )
        return SKIP

    def _report(
        self, node: ValueNode, input_type: object, error: GraphQLError, path: list[str | int]
    ) -> None:
        at = error.nodes[0] if error.nodes else node
        self.report_error(InputError(error.message, at, [self.name, *path], _rule(input_type, path)))


def variable_errors(
    types: GraphQLSchema,
    operation: OperationDefinitionNode,
    values: Mapping[str, Any],
    *,
    suggest: bool = False,
) -> list[InputError]:
    """Say what is wrong with the values of an operation's variables: at most 50 mistakes.

    Nothing of *types* is named that the values do not name, unless *suggest* is True.
    """
    found: list[InputError] = []
    for definition in operation.variable_definitions or ():
        name = definition.variable.name.value
        value = values.get(name, Undefined)
        input_type = type_from_ast(types, definition.type)
        if not is_input_type(input_type) or (value is Undefined and definition.default_value is not None):
            continue
        report = partial(_note, found, definition, input_type)
        try:
            validate_input_value(value, input_type, report, not suggest)
        except RecursionError:
            rule = "must not be nested so deeply"
            found.append(InputError(f"Variable '${name}' {rule}.", definition, [name], rule))
    return found[:MOST_ERRORS]


def _note(
    found: list[InputError],
    definition: VariableDefinitionNode,
    input_type: object,
    error: GraphQLError,
    path: list[str | int],
) -> None:
    name = definition.variable.name.value
    message = f"Variable '${name}' has invalid value{print_path_list(path)}: {error.message}"
    found.append(InputError(message, definition, [name, *path], _rule(input_type, path)))


def _rule(input_type: object, path: Sequence[str | int]) -> str:
    """Say what the value at *path* inside a value of *input_type* must be."""
    at: Any = input_type
    for step in path:
        at = _item(at) if isinstance(step, int) else _input_field(at, step)
    return f"must be a value of type {at}"


def _item(at: Any) -> Any:  # noqa: ANN401 - an input type of graphql-core
    return get_nullable_type(at).of_type


def _input_field(at: Any, name: str) -> Any:  # noqa: ANN401 - an input type of graphql-core
    return get_named_type(at).fields[name].type
