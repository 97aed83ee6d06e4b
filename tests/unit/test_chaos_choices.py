"""The choices of chaos: the same seed, the same faults."""

from __future__ import annotations

from chaos.faults import FAULTS
from chaos.rounds import choose


def test_a_seed_chooses_the_same_faults_again():
    assert choose(7, 3, 1, 3.0) == choose(7, 3, 1, 3.0)
    assert choose(7, 3, 1, 3.0) != choose(8, 3, 1, 3.0)


def test_every_kind_of_fault_is_chosen_and_in_its_time():
    chosen = [fault for number in range(100) for fault in choose(1, number, 2, 3.0)]
    assert {fault.name for fault in chosen} == set(FAULTS)
    assert all(0 <= fault.at <= 3.0 for fault in chosen)
