"""Every write of growth paths: templates, journeys, ticks."""

from growth.pathways.actions.common import Stale
from growth.pathways.actions.drafting import (
    delete_draft,
    delete_milestone,
    delete_stage,
    move_milestone,
    move_stage,
    save_milestone,
    save_stage,
    start_draft,
    summarise,
)
from growth.pathways.actions.journeys import catch_up, end, set_level, set_stage, start
from growth.pathways.actions.making import bring_back, copy, describe, make, retire
from growth.pathways.actions.publishing import publish
from growth.pathways.actions.ticking import confirm, send_back, tick, withdraw
from growth.pathways.actions.versions import move_everybody, move_to_newest

__all__ = [
    "Stale",
    "bring_back",
    "catch_up",
    "confirm",
    "copy",
    "delete_draft",
    "delete_milestone",
    "delete_stage",
    "describe",
    "end",
    "make",
    "move_everybody",
    "move_milestone",
    "move_stage",
    "move_to_newest",
    "publish",
    "retire",
    "save_milestone",
    "save_stage",
    "send_back",
    "set_level",
    "set_stage",
    "start",
    "start_draft",
    "summarise",
    "tick",
    "withdraw",
]
