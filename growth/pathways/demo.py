"""A year of growth paths in the demo county: some thirty people on the shipped pathways, the demo's talent too."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from random import Random
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from growth.pathways import actions, companions, facts, rules
from growth.pathways.choices import Confirmation
from growth.pathways.models import Journey, Pathway, Tick
from growth.pathways.tasks import catch_up_all
from talentmap.demo.registry import demo_part
from talentmap.demo.world import World
from talentmap.people import actions as people
from talentmap.people.models import Talent

FOUNDERS, SKILLED, RURAL = 10, 12, 9
STAGES = ("idea", "idea", "idea", "starting", "starting", "starting", "growing", "growing", "established", "starting")
LEVELS = ("", "", "", "junior", "junior", "junior", "middle", "middle", "senior")
WORDS = (
    "已按要求完成，材料原件存在本人处，可随时查验。", "上月在镇上完成，附有签到和照片，村里可以证明。",
    "在县职业培训学校参加，全程出勤，老师评价良好。", "单位已盖章确认，主管签字，日期见材料。",
    "和合作社一起做的，账目清楚，社长可以作证。", "走访了罗场、来复三家同行，记了笔记，学到了包装和冷链的做法。",
)  # fmt: skip
MISSING = ("缺签到表或现场照片，请补充。", "材料没有单位盖章，请补盖后再报。", "日期看不清，请重新拍照上传。")
PRAISE = ("", "", "做得扎实，继续努力。", "材料齐全，予以确认。")
GONE = "本人外出务工，暂时中止，回来后再继续。"


@demo_part
def pathways_year(world: World) -> None:
    """With dice of its own, so that the rest of the county stays as it is without it."""
    _Year(world, Random(20260301)).plan()  # noqa: S311 - a demo, not a draw


@dataclass
class _Year:
    world: World
    rng: Random

    def plan(self) -> None:
        self.by_code = {each.code: each for each in Pathway.objects.exclude(code="")}
        self._plan_the_one_to_sign_in_as()
        known = [each for each in self.world.talents[1:200] if each.pk not in self.world.kept]
        self.rng.shuffle(known)
        rural = [each for each in known if each.team == "rural"][:RURAL]
        skilled = [each for each in known if each not in rural and each.skills.exists()][:SKILLED]
        founders = [each for each in known if each not in rural and each not in skilled][:FOUNDERS]
        for talent, stage in zip(founders, STAGES, strict=False):
            self._begin("founder", talent, lambda at, t=talent, s=stage: self._found(t, s, at))
        for talent in skilled:
            self._begin("skilled", talent)
        for talent, level in zip(rural, LEVELS, strict=False):
            self._begin("rural", talent, level=level)
        for day in self.world.days():
            if day.day in (1, 15):
                self.world.on(self.world.at(day, 5), lambda at: catch_up_all(at=at))

    # The demo's own talent

    def _plan_the_one_to_sign_in_as(self) -> None:
        """On the way as a founder: something met, something waiting, something to do."""
        talent, begins = self.world.talents[0], self.world.end - timedelta(days=75)
        self.world.after(begins, 1, lambda at: self._first_steps(talent, at))

    def _first_steps(self, talent: Talent, at: datetime) -> None:
        user: Any = talent.user
        row = actions.start(by=user, at=at, talent=talent, pathway=self.by_code["founder"])
        self.world.after(at, 6, lambda later: self._with_certificate(row, later))
        self.world.after(at, 20, lambda later: self._tick(row, "visits", WORDS[5], later))
        self.world.after(
            self.world.end - timedelta(days=5),
            1,
            lambda later: self._tick(row, "plan", "计划做高县沙河豆腐的电商包装，附计划书要点。", later),
        )

    def _with_certificate(self, row: Journey, at: datetime) -> None:
        user: Any = row.talent.user
        tick = actions.tick(by=user, at=at, journey=row, code="training", text="返乡创业培训班结业。", upload=_photo())
        cadre = self.world.cadre_of(self.world.talents[0])
        self.world.after(at, 3, lambda later: actions.confirm(by=cadre, at=later, tick=tick, note=PRAISE[2]))

    # The others

    def _begin(self, code: str, talent: Talent, before: Any = None, *, level: str = "") -> None:
        moment = max(self.world.begin, talent.created_at) + timedelta(days=self.rng.randrange(12, 250))
        self.world.after(moment, 1, lambda at: self._start(code, talent, before, level, at))

    def _found(self, talent: Talent, stage: str, at: datetime) -> None:
        """What the person says about their enterprise when they come to the counter."""
        own = [each for each in self.world.organisations if each.kind in ("enterprise", "cooperative")]
        changes: dict[str, Any] = {"enterprise_stage": stage}
        if stage != "idea":
            changes["enterprise"] = self.rng.choice(own)
        people.update_talent(by=self.world.cadre_of(talent), at=at, talent=talent, changes=changes)

    def _start(self, code: str, talent: Talent, before: Any, level: str, at: datetime) -> None:
        if before:
            before(at)
        cadre = self.world.cadre_of(talent)
        by = cadre if level or not talent.user else talent.user
        fresh = Talent.objects.get(pk=talent.pk)
        row = actions.start(by=by, at=at, talent=fresh, pathway=self.by_code[code], rural_level=level)
        if self.rng.random() < 0.08:
            self.world.after(at, 40, lambda later: self._leave(row, later))
        self._go_on(row, at)

    def _leave(self, row: Journey, at: datetime) -> None:
        row.refresh_from_db()
        if row.is_active:
            actions.end(by=self._cadre(row), at=at, journey=row, reason=GONE)

    def _cadre(self, row: Journey) -> Any:
        return self.world.cadre_of(self._file(row))

    def _file(self, row: Journey) -> Talent:
        return next(each for each in self.world.talents if each.pk == row.talent_id)

    def _go_on(self, row: Journey, at: datetime) -> None:
        """The next milestone some weeks later; now and then nothing happens any more."""
        if self.rng.random() < 0.9:
            self.world.after(at, self.rng.randrange(6, 26), lambda later: self._next(row, later))

    def _next(self, row: Journey, at: datetime) -> None:
        row.refresh_from_db()
        code = self._open_milestone(row)
        if not row.is_active or code is None:
            return
        tick = self._tick(row, code, self.rng.choice(WORDS[:5]), at)
        if tick.needs:
            self.world.after(at, self.rng.randrange(1, 8), lambda later: self._answer(row, tick, later))
        self._go_on(row, at)

    def _open_milestone(self, row: Journey) -> str | None:
        states = facts.states_of(row)
        stage = next(each for each in facts.plan_of(row.version) if each.code == row.stage.code)
        open_ = [
            each.code
            for each in stage.milestones
            if not each.record and states.get(each.code, rules.State.OPEN) in (rules.State.OPEN, rules.State.SENT_BACK)
        ]
        return open_[0] if open_ else None

    def _tick(self, row: Journey, code: str, text: str, at: datetime) -> Tick:
        return actions.tick(by=self._file(row).user or self._cadre(row), at=at, journey=row, code=code, text=text)

    def _answer(self, row: Journey, tick: Tick, at: datetime) -> None:
        """The mentor where it is the mentor's to say; else the township, or the county where the township ticked it
        itself; here and there something is missing."""
        row.refresh_from_db()
        if not row.is_active:
            return
        office = self.world.staff[0] if tick.by_id == self._cadre(row).pk else self._cadre(row)
        mentors = companions.mentors_of(row.talent) if tick.needs == Confirmation.MENTOR else ()
        by = mentors[0] if mentors else office
        roll = self.rng.random()
        if roll < 0.12:
            actions.send_back(by=by, at=at, tick=tick, note=self._one(MISSING))
        elif roll < 0.94:
            actions.confirm(by=by, at=at, tick=tick, note=self._one(PRAISE))

    def _one(self, words: Sequence[str]) -> str:
        return self.rng.choice(words)


def _photo() -> SimpleUploadedFile:
    content = BytesIO()
    Image.new("RGB", (640, 420), "#e6f3eb").save(content, "PNG")
    return SimpleUploadedFile("结业证书.png", content.getvalue(), content_type="image/png")
