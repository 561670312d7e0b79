import growth.loans.figures
import growth.mentoring.figures
import growth.pathways.figures  # noqa: F401
