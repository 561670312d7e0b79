"""What the database itself does in the tables of growth paths."""

import pgtrigger


def _refuse(condition: str, words: str, constraint: str) -> str:
    return f"""
        IF {condition} THEN
            RAISE EXCEPTION '{words}' USING ERRCODE = 'check_violation', CONSTRAINT = '{constraint}';
        END IF;
    """


_PUBLISHED = "EXISTS (SELECT 1 FROM growth_pathwayversion WHERE id = {version} AND published_at IS NOT NULL)"


def drafts_only(*, before: str = "") -> pgtrigger.Trigger:
    """Parts of a published version are neither added nor changed nor taken away. `before` runs on new rows first."""
    refuse_new = _refuse(_PUBLISHED.format(version="NEW.version_id"), "published", "growth_pathwayversion_published")
    refuse_old = _refuse(_PUBLISHED.format(version="OLD.version_id"), "published", "growth_pathwayversion_published")
    return pgtrigger.Trigger(
        name="drafts_only",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func=f"""
            IF TG_OP <> 'INSERT' THEN {refuse_old} END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            {before}
            {refuse_new}
            RETURN NEW;
        """,
    )


VERSION_OF_ITS_STAGE = "SELECT version_id INTO NEW.version_id FROM growth_pathwaystage WHERE id = NEW.stage_id;"


def on_its_pathway() -> pgtrigger.Trigger:
    """A journey is on the pathway of its version, at a stage of that version, whoever writes it."""
    elsewhere = "NOT EXISTS (SELECT 1 FROM growth_pathwaystage WHERE id = NEW.stage_id AND version_id = NEW.version_id)"
    return pgtrigger.Trigger(
        name="on_its_pathway",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func=f"""
            SELECT pathway_id INTO NEW.pathway_id FROM growth_pathwayversion WHERE id = NEW.version_id;
            {_refuse(elsewhere, "a stage of another version", "growth_journey_stage_of_its_version")}
            RETURN NEW;
        """,  # noqa: S608 - no word of it comes from outside
    )


def one_standing_tick() -> pgtrigger.Trigger:
    """A milestone is ticked again only after the tick before was sent back or withdrawn."""
    standing = """EXISTS (
        SELECT 1 FROM growth_tick t
         WHERE t.journey_id = NEW.journey_id AND t.code = NEW.code AND t.attempt <> NEW.attempt AND NOT EXISTS (
               SELECT 1 FROM growth_tickanswer a WHERE a.tick_id = t.id AND a.kind IN ('sent_back', 'withdrawn')))"""
    return pgtrigger.Trigger(
        name="one_standing_tick",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func=f"{_refuse(standing, 'this milestone is ticked already', 'growth_tick_one_standing')} RETURN NEW;",
    )


def not_ones_own_tick() -> pgtrigger.Trigger:
    """Nobody confirms or sends back what they ticked themselves, or what is their own; and what is over is over."""
    own = """NEW.kind IN ('confirmed', 'sent_back') AND EXISTS (
        SELECT 1 FROM growth_tick t JOIN growth_journey j ON j.id = t.journey_id
          JOIN talentmap_talent p ON p.id = j.talent_id
         WHERE t.id = NEW.tick_id AND (t.by_id = NEW.by_id OR p.user_id = NEW.by_id))"""
    over = """EXISTS (
        SELECT 1 FROM growth_tickanswer a WHERE a.tick_id = NEW.tick_id AND a.kind IN ('sent_back', 'withdrawn'))"""
    return pgtrigger.Trigger(
        name="not_ones_own_tick",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func=f"""
            {_refuse(own, "nobody confirms a tick of their own", "growth_tickanswer_not_ones_own")}
            {_refuse(over, "this tick does not stand any more", "growth_tickanswer_of_standing")}
            RETURN NEW;
        """,
    )
