"""Run by ``benchmarks.batch`` in OpenFisca's own environment: computes exported formulas, timed.

``python run.py FORMULAS.json INPUTS.npz RESULTS.npz`` writes the results and prints JSON figures.
"""

from __future__ import annotations

import json
import sys
import time
from importlib.metadata import version
from typing import Any

import numpy as np
from openfisca_core.entities import Entity
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

PERIOD = "2026-06"
ROUNDS = 3


def system(exported: dict[str, Any]) -> TaxBenefitSystem:
    """The exported formulas as the variables of a tax and benefit system."""
    entity = Entity("scenario", "scenarios", "Scénario", "")
    found = TaxBenefitSystem([entity])
    for name in exported["inputs"]:
        variable = found.add_variable(_variable(entity, name, int, None))
        # OpenFisca counts in 32 bits: amounts in cents, and their parts per cent, do not fit.
        variable.dtype = np.dtype(np.int64)
    tables = {name: np.array(flags, np.bool_) for name, flags in exported["tables"].items()}
    for name, text in exported["variables"].items():
        space: dict[str, Any] = {"np": np, "T": tables}
        exec(f"def formula(v, p):\n    return {text}", space)
        found.add_variable(_variable(entity, name, bool, space["formula"]))
    return found


def _variable(entity: Entity, name: str, kind: type, formula: Any) -> type[Variable]:
    told: dict[str, Any] = {
        "value_type": kind,
        "entity": entity,
        "definition_period": DateUnit.MONTH,
        "label": name,
    }
    if formula is not None:
        told["formula"] = formula
    return type(name, (Variable,), told)


def main() -> None:
    """Compute every output, several times, on the same inputs."""
    formulas, given, results = sys.argv[1:]
    # Formulas ask for what they need, one inside the other, along whole chains of rules.
    sys.setrecursionlimit(100_000)
    with open(formulas, encoding="utf-8") as file:
        exported = json.load(file)
    inputs = dict(np.load(given))
    size = len(next(iter(inputs.values())))
    law = system(exported)
    times = []
    for _ in range(ROUNDS):
        simulation = SimulationBuilder().build_default_simulation(law, count=size)
        for name, values in inputs.items():
            simulation.set_input(name, PERIOD, values)
        wall, cpu = time.perf_counter(), time.process_time()
        found = {name: simulation.calculate(name, PERIOD) for name in exported["outputs"]}
        times.append((time.process_time() - cpu, time.perf_counter() - wall))
    np.savez(results, **{name: np.packbits(values) for name, values in found.items()})
    cpu, wall = min(times)
    versions = {name: version(name) for name in ("OpenFisca-Core", "numpy")}
    print(json.dumps({"cpu": cpu, "wall": wall, "versions": versions}))


if __name__ == "__main__":
    main()
