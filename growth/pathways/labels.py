"""What the audit history calls the actions of growth paths."""

from django.utils.translation import pgettext_lazy

from talentmap.audit.labels import label_actions

label_actions(
    {
        "growth.pathways.bring_back": pgettext_lazy("action", "Offer a retired pathway again"),
        "growth.pathways.catch_up": pgettext_lazy("action", "Read the record for a roadmap"),
        "growth.pathways.confirm": pgettext_lazy("action", "Confirm a milestone"),
        "growth.pathways.copy": pgettext_lazy("action", "Copy a pathway"),
        "growth.pathways.delete_draft": pgettext_lazy("action", "Delete the draft of a pathway"),
        "growth.pathways.delete_milestone": pgettext_lazy("action", "Delete a milestone of a draft"),
        "growth.pathways.delete_stage": pgettext_lazy("action", "Delete a stage of a draft"),
        "growth.pathways.describe": pgettext_lazy("action", "Rename a pathway"),
        "growth.pathways.end": pgettext_lazy("action", "Leave a pathway"),
        "growth.pathways.make": pgettext_lazy("action", "Make a pathway"),
        "growth.pathways.move_everybody": pgettext_lazy("action", "Move people to the newest version of a pathway"),
        "growth.pathways.move_milestone": pgettext_lazy("action", "Move a milestone of a draft"),
        "growth.pathways.move_stage": pgettext_lazy("action", "Move a stage of a draft"),
        "growth.pathways.move_to_newest": pgettext_lazy("action", "Move a roadmap to the newest version"),
        "growth.pathways.publish": pgettext_lazy("action", "Publish a pathway"),
        "growth.pathways.retire": pgettext_lazy("action", "Retire a pathway"),
        "growth.pathways.save_milestone": pgettext_lazy("action", "Change a milestone of a draft"),
        "growth.pathways.save_stage": pgettext_lazy("action", "Change a stage of a draft"),
        "growth.pathways.send_back": pgettext_lazy("action", "Send a milestone back"),
        "growth.pathways.set_level": pgettext_lazy("action", "Enter the level of a practical rural talent"),
        "growth.pathways.set_stage": pgettext_lazy("action", "Set the stage of a roadmap"),
        "growth.pathways.start": pgettext_lazy("action", "Start a roadmap"),
        "growth.pathways.start_draft": pgettext_lazy("action", "Begin a new version of a pathway"),
        "growth.pathways.summarise": pgettext_lazy("action", "Change the summary of a pathway"),
        "growth.pathways.tick": pgettext_lazy("action", "Tick a milestone"),
        "growth.pathways.withdraw": pgettext_lazy("action", "Take back a ticked milestone"),
    }
)
