from growth.mentoring.models_matching import MentoringApplication, MentorRequest, Proposal, Round
from growth.mentoring.models_mentor import Mentor
from growth.mentoring.models_pair import Agreement, Assessment, Meeting, Pair, Stipend
from growth.mentoring.models_plan import Milestone, PairFile

__all__ = [
    "Agreement",
    "Assessment",
    "Meeting",
    "Mentor",
    "MentorRequest",
    "MentoringApplication",
    "Milestone",
    "Pair",
    "PairFile",
    "Proposal",
    "Round",
    "Stipend",
]
