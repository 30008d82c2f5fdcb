"""Pages that stand alone: one file each, which loads nothing and in which no text becomes markup.

Templates are Jinja2's, with every value escaped; the texts in them are those of base/messages.py, as `text`.
"""

from __future__ import annotations

import base64
import functools
import hashlib
from typing import Any

import jinja2
from markupsafe import Markup

from grader.base import messages
from grader.base.points import shown
from grader.base.text import for_markup

STYLE, SCRIPT = "style.css", "table.js"
_LOADER = jinja2.PackageLoader(__name__, ".")


def page(template: str, **values: Any) -> str:
    """A page, ending with a newline: the template of this name with these values.

    Its style and its script are in it, and are all that a browser runs of it: no others, whatever it shows.
    """
    return _environment().get_template(template).render(**values)


@functools.cache
def _environment() -> jinja2.Environment:
    return environment(_LOADER)


def environment(loader: jinja2.BaseLoader) -> jinja2.Environment:
    """What makes pages of templates from anywhere: with our style, our texts, and every value escaped."""
    found = jinja2.Environment(
        loader=loader,
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    style, script = (_source(found, name) for name in (STYLE, SCRIPT))
    found.globals |= {"text": messages, "style": style, "script": script, "policy": _policy(style, script)}
    found.filters["points"] = shown
    return found


def _shown(value: Any) -> Any:
    """Any text as a page can show it; Jinja2 escapes it."""
    return for_markup(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _source(environment: jinja2.Environment, name: str) -> Markup:
    source, _, _ = _LOADER.get_source(environment, name)
    return Markup(source)  # noqa: S704 - our own file


def _policy(style: str, script: str) -> str:
    """The Content-Security-Policy: nothing from anywhere but this style and this script
    (https://www.w3.org/TR/CSP3/)."""
    ours = f"style-src '{_hash(style)}'; script-src '{_hash(script)}'"
    return f"default-src 'none'; {ours}; base-uri 'none'; form-action 'none'"


def _hash(source: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()}"
