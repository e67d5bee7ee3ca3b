"""What happens in the lawful life of an account, by topic. Everything here acts on a `Life`, and draws from its numbers."""

from fdcpa_guard.simulate.lives.attempts import live
from fdcpa_guard.simulate.lives.beginning import begin

__all__ = ["begin", "live"]
