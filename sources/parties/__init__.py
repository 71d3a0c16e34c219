"""Who a customer is in another system: its keys there."""

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from sources.keys import CustomerCode

Parties: TypeAlias = Callable[[CustomerCode], Awaitable[frozenset[str]]]
"""Gives the ids by which one system calls a customer (TMF632 party or TMF629 customer ids).

Empty where none are known: that customer then has nothing there, and the system is not asked.
"""
