"""The official TM Forum specifications, with rows of ours as their examples."""

import json
from collections.abc import Mapping, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

import yaml

from tests.shared import SHARED_DATA

Version: TypeAlias = Literal["v4", "v5"]
Rows: TypeAlias = Mapping[str, Sequence[Mapping[str, Any]]]
"""The rows of each kind of thing, by the last part of its path: ``troubleTicket``."""

FOLDER: Final = SHARED_DATA / "tmf"


def specification(api: str, version: Version, folder: Path = FOLDER) -> dict[str, Any]:
    """Give the specification of *api* (``TMF621``); raises ``FileNotFoundError`` where there is none."""
    for file in sorted((folder / version).glob(f"{api}[-_]*")):
        text = file.read_text()
        # yaml's own loader is safe as such; the fast one reads the same in a tenth of the time
        read = json.loads(text) if file.suffix == ".json" else yaml.load(text, yaml.CSafeLoader)
        found: dict[str, Any] = read
        return found
    raise FileNotFoundError(f"no specification of {api} {version} in {folder}")


def with_rows(specification: Mapping[str, Any], rows: Rows) -> dict[str, Any]:
    """Give *specification* with *rows* as the example of each list, and the first of them as that of one."""
    changed = deepcopy(dict(specification))
    for path, things in rows.items():
        _answer(changed, f"/{path}", list(things))
        if things:
            _answer(changed, f"/{path}/{{id}}", things[0])
    return changed


def _answer(specification: dict[str, Any], path: str, value: object) -> None:
    operation: dict[str, Any] = specification["paths"][path]["get"]
    responses: dict[str, Any] = operation["responses"]
    if "swagger" in specification:
        kinds = operation.get("produces") or specification["produces"]
        responses["200"]["examples"] = dict.fromkeys(kinds, value)
        return
    name = responses["200"].get("$ref", "").rpartition("/")[2]
    response = deepcopy(specification["components"]["responses"][name]) if name else responses["200"]
    for content in response["content"].values():
        content.pop("example", None)
        content["examples"] = {"ours": {"value": value}}
    responses["200"] = response
