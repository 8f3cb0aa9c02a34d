"""The dose that halves sebum excretion, refitted for a level that runs through the day: `make calibrate`.

The published dose-response (Farrell 1980, Geissler 2003) was read off with the average level: a half-inhibition dose of
0.03 mg/kg/d gives the table below. The engine lets the level of each moment act, and a concave effect of a level that
swings is smaller than the effect of its average. This finds the dose with which the engine, at 16 weeks and once daily
with a standard meal, is nearest to the same table (least squares over the six doses), and prints it.
"""

from __future__ import annotations

from dataclasses import replace

from scipy.optimize import minimize_scalar

from anagen import Patient, simulate, treatment

TABLE = {
    "1 mg/kg/day": -91,
    "0.5 mg/kg/day": -88,
    "20 mg once daily": -82,
    "10 mg once daily": -75,
    "5 mg once daily": -65,
    "2.5 mg once daily": -49,
}
"""Regimen with standard meals -> change of sebum excretion at 16 weeks, %, of a typical 70 kg person."""
NAME = "sebum.half_inhibition_dose"


def changes(dose: float) -> dict[str, float]:
    """Change of sebum at 16 weeks for each regimen of the table, %, with a half-inhibition dose in mg/kg/d."""
    usual = treatment("isotretinoin")
    parameter = replace(usual.parameters[NAME], value=dose, unknown=None, lower=0.0, upper=0.0)
    trial = replace(usual, parameters={**usual.parameters, NAME: parameter})
    found = {}
    for regimen in TABLE:
        result = simulate(trial, f"{regimen} with food for 16 weeks", Patient(weight_kg=70), weeks=16, people=1)
        found[regimen] = 100 * (float(result.series("sebum_fraction").typical[16]) - 1)
    return found


def main() -> None:
    def misfit(dose: float) -> float:
        return sum((change - TABLE[regimen]) ** 2 for regimen, change in changes(dose).items())

    best = float(minimize_scalar(misfit, bounds=(0.01, 0.05), method="bounded", options={"xatol": 2e-4}).x)
    print(f"{NAME} = {best:.4f} mg/kg/d (in use: {treatment('isotretinoin').parameters[NAME].value:g})")
    for regimen, change in changes(best).items():
        print(f"  {regimen:20} {change:6.1f} %   table {TABLE[regimen]} %")


if __name__ == "__main__":
    main()
