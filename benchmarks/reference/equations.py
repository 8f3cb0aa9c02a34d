"""The equations of `model.derivative` as text, for the programs that read a model from a file: SBML, and C++.

A test evaluates the text beside the function.
"""

from __future__ import annotations

import ast
import re

from . import model
from .model import People


def equations() -> dict[str, str]:
    """The right-hand side of every state `y0` to `y32`, 1/d, as arithmetic in the names of `People` and the states."""
    conc = "(1000.0*y1/central)"
    rate = [f"{n}.0/{phase}" for phase, n in model.STAGES.items() for _ in range(n)]
    out = [f"{r}*y{model.FIRST_HAIR + i}" for i, r in enumerate(rate)]
    out[model.LAST_ANAGEN - model.FIRST_HAIR] += f"*(1.0+{model.HAIR_EMAX}*{conc}/({model.HAIR_EC50}+{conc}))"
    shed, kenogen = out[model.EXOGEN - model.FIRST_HAIR], model.FIRST_KENOGEN - model.FIRST_HAIR
    into = [f"{1 - model.KENOGEN_PROBABILITY}*{shed}+{out[-1]}", *out[:-1]]
    into[kenogen] = f"{model.KENOGEN_PROBABILITY}*{shed}"
    between = "distribution*(y1/central-y2/peripheral)"
    first = [
        "-absorption*y0",
        f"absorption*y0-clearance*y1/central-{between}",
        between,
        f"{model.MASS_FACTOR}*clearance*y1/central-oxo_clearance*y3/oxo_volume",
        f"sebum_rate*(1.0-{model.SEBUM_IMAX}*{conc}/(sebum_ic50+{conc})-y4)",
        f"alt_rate*(1.0+{model.ALT_EMAX}*{conc}/({model.ALT_EC50}+{conc})-y5)",
        f"tg_rate*(1.0+{model.TG_EMAX}*{conc}/({model.TG_EC50}+{conc})-y6)",
    ]
    hair = [f"({a})-({b})" for a, b in zip(into, out, strict=True)]
    return {f"y{i}": formula for i, formula in enumerate([*first, *hair])}


def starts() -> dict[str, str]:
    """The states that do not start at 0, as arithmetic in the names of `People`: `model.initial` as text."""
    cycle = f"(anagen+catagen+telogen+exogen+{model.KENOGEN_PROBABILITY}*kenogen)"
    share = {phase: f"{phase}/{n}.0/{cycle}" for phase, n in model.STAGES.items()}
    share["kenogen"] = f"{model.KENOGEN_PROBABILITY}*{share['kenogen']}"
    hair = [share[phase] for phase, n in model.STAGES.items() for _ in range(n)]
    return {f"y{i}": formula for i, formula in enumerate(["1.0"] * 3 + hair, start=4)}


def sbml() -> str:
    """The reference model as SBML level 3: every state is a parameter with a rate rule; starts are set from outside."""
    states = equations()
    level3 = "http://www.sbml.org/sbml/level3/version1/core"
    mathml = "http://www.w3.org/1998/Math/MathML"
    parameters = [f'<parameter id="{name}" value="1" constant="true"/>' for name in People._fields]
    parameters += [f'<parameter id="{name}" value="0" constant="false"/>' for name in states]
    rules = [
        f'<rateRule variable="{name}"><math xmlns="{mathml}">{_mathml(formula)}</math></rateRule>'
        for name, formula in states.items()
    ]
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><sbml xmlns="{level3}" level="3" version="1"><model id="reference">'
        f"<listOfParameters>{''.join(parameters)}</listOfParameters><listOfRules>{''.join(rules)}</listOfRules>"
        "</model></sbml>"
    )


def mrgsolve() -> str:
    """The reference model as mrgsolve's model file; the depot's lag is the solver's own."""
    states = equations()
    lines = ["$PARAM", *(f"{name}=1" for name in People._fields), "$CMT", " ".join(states), "$MAIN"]
    lines += [f"{name}_0 = {formula};" for name, formula in starts().items()]
    lines += ["ALAG_y0 = lag;", "$ODE", *(f"dxdt_{name} = {formula};" for name, formula in states.items())]
    text = "\n".join(lines) + "\n"
    return re.sub(r"(?<![a-z])y(?=[0-9])", "state", text)  # y0 and y1 are functions of C's own


_OPERATORS = {ast.Add: "plus", ast.Sub: "minus", ast.Mult: "times", ast.Div: "divide", ast.USub: "minus"}


def _mathml(formula: str) -> str:
    def write(node: ast.expr) -> str:
        match node:
            case ast.BinOp(left=left, op=op, right=right):
                return f"<apply><{_OPERATORS[type(op)]}/>{write(left)}{write(right)}</apply>"
            case ast.UnaryOp(op=op, operand=operand):
                return f"<apply><{_OPERATORS[type(op)]}/>{write(operand)}</apply>"
            case ast.Name(id=name):
                return f"<ci>{name}</ci>"
            case ast.Constant(value=value):
                return f"<cn>{value!r}</cn>"
        raise TypeError(f"no MathML for {ast.dump(node)}")

    return write(ast.parse(formula, mode="eval").body)
