"""Pathways with their versions; people's journeys on them with what they ticked."""

from growth.pathways.models_journey import Journey, JourneyMove, Tick, TickAnswer, TickEvidence
from growth.pathways.models_pathway import Pathway, PathwayMilestone, PathwayStage, PathwayVersion

__all__ = [
    "Journey",
    "JourneyMove",
    "Pathway",
    "PathwayMilestone",
    "PathwayStage",
    "PathwayVersion",
    "Tick",
    "TickAnswer",
    "TickEvidence",
]
