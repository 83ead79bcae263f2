"""How an amount goes over instalments."""

import pytest

from codial_tui.domain.payments.allocation import Open, oldest_first


@pytest.mark.parametrize(
    ("amount", "lefts", "expected"),
    [
        (5_000, (21_392, 1_126), {1: 5_000}),  # nothing is left for the second
        (21_392, (21_392, 1_126), {1: 21_392}),
        (22_000, (21_392, 1_126), {1: 21_392, 2: 608}),
        (-500, (-400, -300), {1: -400, 2: -100}),
        (-400, (-400, -300), {1: -400}),
    ],
)
def test_each_instalment_is_filled_before_the_next(
    amount: int, lefts: tuple[int, ...], expected: dict[int, int]
) -> None:
    several = [Open(number, 1, left) for number, left in enumerate(lefts, 1)]
    assert oldest_first(amount, several) == expected
