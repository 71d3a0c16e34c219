"""The templates of pages and mails: Jinja2, everything escaped but in plain text."""

from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

FOLDER: Final = Path(__file__).parent / "templates"

_ENVIRONMENT: Final = Environment(
    loader=FileSystemLoader(FOLDER),
    autoescape=select_autoescape(default=True, disabled_extensions=("txt",)),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def rendered(template: str, **values: object) -> str:
    """Give the text of *template* with *values* in it."""
    return _ENVIRONMENT.get_template(template).render(values)
