"""XLSForm: questionnaires as the Excel workbooks of ODK and KoboToolbox, read and written."""

from needs.surveys.xlsform.codebook import CodebookRow, codebook
from needs.surveys.xlsform.importing import Imported, import_document
from needs.surveys.xlsform.mistakes import Mistake
from needs.surveys.xlsform.reading import read
from needs.surveys.xlsform.ready import READY, ready
from needs.surveys.xlsform.workbook import Workbook
from needs.surveys.xlsform.writing import TextTooLong, write

__all__ = [
    "READY",
    "CodebookRow",
    "Imported",
    "Mistake",
    "TextTooLong",
    "Workbook",
    "codebook",
    "import_document",
    "read",
    "ready",
    "write",
]
