import pytest

from engine.errors import ModelNotFound
from engine.machine import Card, Machine
from engine.models.students import PROCESS, students

QWEN = "Qwen/Qwen2.5-{}-Instruct"
PUBLISHED = {"0.5B": 494_032_768, "1.5B": 1_543_714_304, "3B": 3_085_938_688}
"""Parameters of the published checkpoints."""


def machine(free, total=64e9, cards=()):
    return Machine(2, int(total), int(free), cards)


def listed(here, cached=()):
    return {each.name: each for each in students(here, lambda name: name in cached)}


def test_the_students_with_the_parameters_of_their_checkpoints():
    found = listed(machine(8e9))
    assert list(found) == ["acorn", "oak", *map(QWEN.format, PUBLISHED)]
    for size, parameters in PUBLISHED.items():
        assert found[QWEN.format(size)].parameters == parameters
        assert found[QWEN.format(size)].weights["bf16"] == 2 * parameters


@pytest.mark.parametrize("name", ["acorn", "oak"])
def test_a_built_ins_bytes_are_those_that_it_loads_to(name):
    from engine.models.loading import load

    student = listed(machine(8e9))[name]
    for precision, size in student.weights.items():
        assert load(name, precision, device="cpu").record.bytes_parameters == pytest.approx(
            size, rel=0.01
        )


def test_files_are_here_for_the_built_ins_and_for_what_is_in_the_hubs_cache():
    found = listed(machine(8e9), cached=[QWEN.format("0.5B")])
    assert [name for name, each in found.items() if each.here] == [
        "acorn", "oak", QWEN.format("0.5B"),
    ]  # fmt: skip


def test_fits_now_or_when_memory_is_freed_or_not_at_all():
    here = machine(free=3e9, total=8e9)
    student = listed(here)[QWEN.format("1.5B")]
    need = student.run["nf4-dq"]
    wanted = need.total + PROCESS
    assert student.fits(need, machine(wanted)) == "now"
    assert student.fits(need, machine(wanted - 1)) == "when free"
    assert student.fits(need, machine(1e9, total=wanted - 1)) == "no"


def test_with_a_card_its_memory_counts_and_4_bit_layers_need_less():
    card = Card("A card", 16 * 2**30, 2 * 2**30)
    with_card, without = machine(60e9, cards=(card,)), machine(60e9)
    student, on_cpu = (listed(each)[QWEN.format("1.5B")] for each in (with_card, without))
    assert student.fits(student.run["bf16"], with_card) == "when free"
    assert on_cpu.fits(on_cpu.run["bf16"], without) == "now"
    for need in ("run", "tune"):
        assert getattr(student, need)["nf4-dq"].total < getattr(on_cpu, need)["nf4-dq"].total
        assert getattr(student, need)["bf16"].total == getattr(on_cpu, need)["bf16"].total
    told = student.as_dict(with_card)
    assert (told["run"]["bf16"]["fits"], told["tune"]["nf4-dq"]["fits"]) == ("when free",) * 2


def test_any_folder_can_be_asked_about(tiny):
    (told,) = students(machine(8e9), names=[str(tiny)])
    from engine.models.loading import load

    held = load(str(tiny), "nf4-dq", device="cpu").record
    assert told.parameters == held.quantized_params + held.unquantized_params
    assert told.weights["nf4-dq"] == held.bytes_parameters
    assert told.here


@pytest.mark.parametrize("name", ["someone/unheard-of", "openai:large", "no-such-thing"])
def test_what_is_not_known_is_told(name):
    with pytest.raises(ModelNotFound):
        students(machine(8e9), lambda name: None, names=[name])
