"""The substance catalogue: what it says, and what it refuses."""

from pathlib import Path

import pytest

from geo.errors import InputError
from scenarios.hazards.figures import table
from scenarios.hazards.substance_file import read_substances
from scenarios.hazards.substances import find_substance, shipped_substances

PARKS = (
    "chlorine", "ammonia", "hydrogen-fluoride", "hydrogen-chloride", "hydrogen-sulphide", "hydrogen-cyanide",
    "sulphur-dioxide", "nitric-acid", "nitrogen-dioxide", "trichlorosilane", "silicon-tetrachloride",
    "methanol", "benzene", "ethylene-oxide",
)  # fmt: skip


def test_the_substances_of_the_parks_are_there() -> None:
    assert set(PARKS) <= {substance.id for substance in shipped_substances()}


@pytest.mark.parametrize("name", ["7782-50-5", "氯", "Chlorine", " chlorine "])
def test_a_substance_is_found_by_number_or_name(name: str) -> None:
    assert find_substance(name).cas == "7782-50-5"


def test_an_unknown_substance_is_refused_with_near_names() -> None:
    with pytest.raises(InputError, match=r"H101.*chlorine"):
        find_substance("clorine")


def test_the_nearest_exposure_time_is_chosen_and_ties_go_to_the_longer() -> None:
    chlorine = find_substance("chlorine")
    chosen = {}
    for minutes in (1, 10, 19, 20, 30, 44, 45, 300):
        found = chlorine.aegl_for(minutes * 60)
        assert found is not None
        chosen[minutes] = found.minutes
    assert chosen == {1: 10, 10: 10, 19: 10, 20: 30, 30: 30, 44: 30, 45: 60, 300: 60}
    unknown = chlorine.aegl_for(None)
    assert unknown is not None
    assert unknown.ppm == (0.5, 2.0, 20)


def test_levels_rise_and_longer_exposure_never_tolerates_more() -> None:
    for substance in shipped_substances():
        for one in substance.aegl:
            known = [ppm for ppm in one.ppm if ppm is not None]
            assert known == sorted(known), substance.id
        for shorter, longer in zip(substance.aegl, substance.aegl[1:], strict=False):
            for early, late in zip(shorter.ppm, longer.ppm, strict=True):
                assert early is None or late is None or early >= late, substance.id


def test_cas_numbers_have_their_check_digit() -> None:
    for substance in shipped_substances():
        digits = substance.cas.replace("-", "")
        total = sum(int(digit) * weight for weight, digit in enumerate(reversed(digits[:-1]), 1))
        assert total % 10 == int(digits[-1]), substance.id


def test_every_figure_names_a_source_of_the_file() -> None:
    sources = set(table("substances")["sources"])
    for row in table("substances")["substances"]:
        for entry in [value for value in row.values() if isinstance(value, dict)] + row.get("aegl", []):
            assert entry["source"] in sources, row["id"]


def test_a_faulty_catalogue_reports_every_fault_at_once(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    figure = "{value: 10.0, source: own, certainty: high}"
    path.write_text(
        "substances:\n"
        f"  - {{id: a, cas: 7782-50-5, name_zh: 甲, name_en: a, molar_mass_g_mol: {figure},"
        f" boiling_point_k: {figure}}}\n"
        f"  - {{id: a, cas: wrong, name_zh: 甲, name_en: a, molar_mass_g_mol: {figure},"
        f" boiling_point_k: {{value: -1.0, source: own, certainty: sure}}, extra: 1}}\n",
        encoding="utf-8",
    )
    with pytest.raises(InputError) as caught:
        read_substances(path)
    places = {fault.where for fault in caught.value.faults}
    assert {fault.code for fault in caught.value.faults} == {"H109"}
    assert any("cas" in place for place in places)
    assert any("certainty" in place for place in places)
    assert any("extra" in place for place in places)


def test_a_county_may_keep_its_own_catalogue(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    figure = "{value: 30.0, source: own lab, certainty: medium}"
    path.write_text(
        f"substances: [{{id: own, cas: 7782-50-5, name_zh: 自制, name_en: own, molar_mass_g_mol: {figure},"
        f" boiling_point_k: {figure}}}]",
        encoding="utf-8",
    )
    (own,) = read_substances(path)
    assert find_substance("自制", (own,)) is own
    assert own.molar_mass_g_mol.source == "own lab"


@pytest.mark.parametrize("text", ["[1, 2", "- a", "substances: 3"])
def test_a_file_that_is_no_catalogue_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="H108"):
        read_substances(path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="H108"):
        read_substances(tmp_path / "none.yaml")
