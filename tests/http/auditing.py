"""Runs the public audits of GraphQL over HTTP (npm ``graphql-http``) against any server."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

AUDITS = Path(__file__).parent / "audits"
FILES = ("package.json", "package-lock.json", "audits.mjs")


def run_audits(folder: Path, url: str, token: str) -> list[dict[str, str]]:
    """Run the audits against the server at *url*; give each one's id, name, status and reason.

    They are installed into *folder*. A status is ok, or: notice (MAY), warn (SHOULD), error (MUST).
    """
    for name in FILES:
        shutil.copy(AUDITS / name, folder)
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        if os.environ.get("CI"):
            pytest.fail("the audits need node and npm")
        pytest.skip("node and npm are not installed")
    install = [npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
    subprocess.run(install, cwd=folder, check=True, capture_output=True, timeout=300)
    done = subprocess.run(
        [node, "audits.mjs", url, token], cwd=folder, check=True, capture_output=True, timeout=120
    )
    results: list[dict[str, str]] = json.loads(done.stdout)
    return results
