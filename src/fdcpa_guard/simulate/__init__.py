"""Simulated communication logs with known violations: for demonstrations, measurements and tests. No person is in them."""

from fdcpa_guard.simulate.scoring import RuleScore, Score, score
from fdcpa_guard.simulate.simulation import Parameters, Simulated, simulate

__all__ = ["Parameters", "RuleScore", "Score", "Simulated", "score", "simulate"]
