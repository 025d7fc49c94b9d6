"""What a cheaper loan saves its borrower: simple interest, an amortising loan, and the present value of either."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from cci.errors import ParameterError

REPAYMENTS = ("at_end", "level")
Numbers = npt.ArrayLike


def annuity_factor(rate: Numbers, tenor: Numbers) -> np.ndarray:
    """Return what one paid at the end of each of `tenor` years is worth today, at `rate` percent a year; in years.

    a = (1 - (1 + r)^-T) / r, and T where r is zero (Brealey, Myers and Allen 2011, Principles of Corporate Finance,
    10th ed., chapter 2, on annuities). Arguments broadcast. Raises ParameterError for a negative rate and a tenor
    below a year.
    """
    rate, tenor = _checked(rate=rate, tenor=tenor)
    per_year = rate / 100
    safe = np.where(per_year > 0, per_year, 1.0)
    return np.where(per_year > 0, -np.expm1(-tenor * np.log1p(per_year)) / safe, tenor)[()]


def annual_saving(principal: Numbers, spread: Numbers) -> np.ndarray:
    """Return the interest that a year costs less, in the unit of `principal`, at `spread` percentage points less.

    Simple interest: principal x spread. A negative spread, a channel dearer than the market at home, is a loss.
    Arguments broadcast. Raises ParameterError for a negative principal.
    """
    principal, spread = _checked(principal=principal, spread=spread)
    return principal * spread / 100


def lifetime_saving(
    principal: Numbers, spread: Numbers, tenor: Numbers, rate: Numbers = 0.0, *, repayment: str = REPAYMENTS[0]
) -> np.ndarray:
    """Return what a loan saves over `tenor` years in the unit of `principal`, undiscounted.

    `rate`: what the loan costs, percent a year; the market at home costs `spread` percentage points more. Repaid at
    the end, the saving is principal x spread x tenor, whatever the rate. In level payments, it is the difference of
    the payments at both rates, tenor times; principal / annuity factor is one payment (the amortising loan of the
    same chapter). Arguments broadcast. Raises ParameterError.
    """
    (years,) = _checked(tenor=tenor)
    return _yearly_saving(principal, spread, tenor, rate, repayment) * years


def present_saving(
    principal: Numbers, spread: Numbers, tenor: Numbers, rate: Numbers, *, repayment: str = REPAYMENTS[0]
) -> np.ndarray:
    """Return what the saving of `lifetime_saving` is worth on the day of the loan, in the unit of `principal`.

    Discounted at what the borrower would have paid at home, rate + spread: the value of a subsidised loan is what it
    brings less what its payments are worth at the market rate (Brealey, Myers and Allen 2011, section 13-1).
    Arguments broadcast. Raises ParameterError.
    """
    rate, spread = _checked(rate=rate, spread=spread)
    return _yearly_saving(principal, spread, tenor, rate, repayment) * annuity_factor(rate + spread, tenor)


def _yearly_saving(principal: Numbers, spread: Numbers, tenor: Numbers, rate: Numbers, repayment: str) -> np.ndarray:
    if repayment not in REPAYMENTS:
        raise ParameterError(f"No repayment {repayment!r}. Use one of: {', '.join(REPAYMENTS)}.")
    if repayment == REPAYMENTS[0]:
        return annual_saving(principal, spread)
    principal, spread, rate = _checked(principal=principal, spread=spread, rate=rate)
    return principal / annuity_factor(rate + spread, tenor) - principal / annuity_factor(rate, tenor)


_LEAST = {"principal": 0.0, "rate": 0.0, "tenor": 1.0, "spread": -np.inf}


def _checked(**given: Numbers) -> list[np.ndarray]:
    arrays = {name: np.asarray(values, dtype="float64") for name, values in given.items()}
    for name, values in arrays.items():
        impossible = values[~np.isfinite(values) | (values < _LEAST[name])]
        if impossible.size:
            least = "" if name == "spread" else f" of at least {_LEAST[name]:g}"
            raise ParameterError(f"The {name} {impossible.flat[0]:g} is impossible; give a finite number{least}.")
    return list(arrays.values())
