"""Needs as villagers, enterprises and talents tell them: questionnaires, field work, results."""
