"""Makes the file of one export: claims the job, reads one snapshot, writes, proves the count, hands the file over.

A worker that is killed, or whose database goes away, leaves a folder and a running job without a lock: whoever takes
the job up again begins with an empty folder, and the file gets its place under one name only when it is whole. So there
are never two, and never half of one.
"""

import gc
import hashlib
import logging
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg2
from django.conf import settings
from django.core.files import File
from django.db import InterfaceError, OperationalError, close_old_connections
from django.utils import translation

from needs.surveys.exports import actions
from needs.surveys.exports.codebooks import codebook_rows, write_codebook
from needs.surveys.exports.models import ExportJob
from needs.surveys.exports.options import Options, from_json
from needs.surveys.exports.queries import layout_of, versions_of
from needs.surveys.exports.reading import Record, Snapshot, snapshot
from needs.surveys.exports.selecting import beside, chosen_responses, records
from needs.surveys.exports.spss import SpssWriter, coded
from needs.surveys.exports.tables import Tables
from needs.surveys.exports.writers import CsvWriter, Writer, XlsxWriter
from talentmap.accounts.models import User

log = logging.getLogger(__name__)
Clock = Callable[[], datetime]
Format = ExportJob.Format
FOLDER = "surveys/exports"
PROGRESS_SECONDS = 1.0
# A connection that broke; COPY speaks to the driver itself.
LOST = (OperationalError, InterfaceError, psycopg2.OperationalError, psycopg2.InterfaceError)


class Stopped(Exception):
    """The job was cancelled meanwhile."""


def make(job_pk: int, now: Clock) -> bool:
    """Make the export unless another process is at it or it is over; True when this call brought it to an end."""
    with snapshot(job_pk) as found:
        if found is None:
            return False
        job = actions.start(by=User.objects.system(), at=now(), job_pk=job_pk)
        if job is None:
            return False
        try:
            _make(job, found, now)
        except Stopped:
            log.info("export %s was cancelled", job_pk)
        except LOST:
            log.warning("export %s lost its database; the sweep has it made again", job_pk, exc_info=True)
            close_old_connections()
            return False
        except Exception as error:
            log.exception("export %s failed", job_pk)
            actions.fail(by=User.objects.system(), at=now(), job=job, error=actions.told(error))
        finally:
            shutil.rmtree(work_folder(job_pk), ignore_errors=True)
        return True


def work_folder(job_pk: int) -> Path:
    return Path(settings.MEDIA_ROOT) / FOLDER / "unfinished" / str(job_pk)


def _make(job: ExportJob, found: Snapshot, now: Clock) -> None:
    folder = work_folder(job.pk)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    options = from_json(job.options)
    with translation.override(job.made_by.language or settings.LANGUAGE_CODE):
        make_file = _codebook if job.format == Format.XLSFORM else _answers
        path, written = make_file(job, options, folder, found)
    digest = _sha256(path)
    size = path.stat().st_size
    name = _stored(job, path)
    actions.finish(
        by=User.objects.system(), at=now(), job=job, file=name, size=size, sha256=digest, rows_written=written
    )


def _codebook(job: ExportJob, options: Options, folder: Path, found: Snapshot) -> tuple[Path, int]:
    versions = versions_of(job.campaign, options.version)
    layout = layout_of(versions)
    rows = sum(1 for _row in codebook_rows(layout, options.language))
    actions.expect(by=User.objects.system(), job=job, rows=rows)
    return write_codebook(folder, stem(job), versions, layout, options.language), rows


def _answers(job: ExportJob, options: Options, folder: Path, found: Snapshot) -> tuple[Path, int]:
    options = coded(options) if job.format == Format.SPSS else options
    layout = layout_of(versions_of(job.campaign, options.version))
    responses = chosen_responses(job.campaign, job.made_by, options, with_personal=job.with_personal)
    is_csv = job.format == Format.CSV
    columns = beside(options, layout, guarded=is_csv)
    tables = Tables(layout, options, columns, guarded=is_csv, with_personal=job.with_personal)
    actions.expect(by=User.objects.system(), job=job, rows=found.counted(responses))
    writer = _writer(job, folder, tables, layout, options)
    wanted = records(responses, columns, options, with_personal=job.with_personal)
    progress = _Progress(job, tables, writer)
    with _undisturbed():
        found.pass_on(wanted, progress.take)
    return writer.finish(), progress.written


def _writer(job: ExportJob, folder: Path, tables: Tables, layout: Any, options: Options) -> Writer:
    if job.format == Format.CSV:
        return CsvWriter(folder, stem(job), tables.sheets)
    if job.format == Format.XLSX:
        return XlsxWriter(folder, stem(job), tables.sheets)
    return SpssWriter(folder, stem(job), tables.sheets, layout, options)


class _Progress:
    """Writes batch by batch, and tells now and then how far it is."""

    def __init__(self, job: ExportJob, tables: Tables, writer: Writer) -> None:
        self.job, self.tables, self.writer = job, tables, writer
        self.written, self.told = 0, time.monotonic()

    def take(self, batch: list[Record]) -> None:
        rows = self.tables.rows(batch)
        self.writer.add(rows)
        self.written += len(rows[0])
        if time.monotonic() - self.told > PROGRESS_SECONDS:
            self.told = time.monotonic()
            if not actions.progress(by=User.objects.system(), job=self.job, rows=self.written):
                raise Stopped


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Rows are made of what is counted, never of circles: looking for such would take a third of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def stem(job: ExportJob) -> str:
    """The file's name inside a zip: the campaign's own words stay out of paths."""
    return f"answers-{job.campaign_id}-{job.pk}"


class _Movable(File):
    """A file that storage may move instead of copying it."""

    def temporary_file_path(self) -> str:
        return str(self.name)


def _stored(job: ExportJob, path: Path) -> str:
    """Put the file into its place, the same one however often the job was begun."""
    storage = job._meta.get_field("file").storage  # type: ignore[union-attr]
    name = f"{FOLDER}/{stem(job)}{path.suffix}"
    storage.delete(name)
    with path.open("rb") as opened:
        return str(storage.save(name, _Movable(opened, name=str(path))))


def _sha256(path: Path) -> str:
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
