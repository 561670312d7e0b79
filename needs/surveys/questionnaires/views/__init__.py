"""Pages of questionnaires; see `needs/surveys/questionnaires/urls.py`."""
