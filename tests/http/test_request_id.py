from uuid import UUID

import pytest

from servicespace.request_id import request_id

GIVEN = "6f1c2b1e-3c86-4a34-9d5b-0c1de0f7a001"


def test_keeps_a_well_formed_uuid_of_the_client() -> None:
    assert request_id(GIVEN.upper()) == GIVEN


@pytest.mark.parametrize(
    "given", [None, "", "1", GIVEN.replace("-", ""), f"{{{GIVEN}}}", f"{GIVEN}\n", "x" * 36]
)
def test_makes_its_own_id_for_anything_else(given: str | None) -> None:
    made = request_id(given)

    assert str(UUID(made)) == made
    assert made != given
