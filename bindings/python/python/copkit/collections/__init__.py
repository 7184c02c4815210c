"""What a session reads and writes, one collection for each kind of record.

Every method is one operation of the core; what it may refuse is in :mod:`copkit.errors`. In edits, what is
not given stays.
"""

from ._base import Collection, Listing, Page
from .convenings import Attendances, Convenings
from .cycles import Cycles
from .entries import Entries
from .findings import Findings
from .goals import Goals
from .measures import Measures, Observations
from .members import Members
from .mentorships import Mentorships
from .organizations import Organizations
from .resources import Resources
from .standards import Associations, Frameworks, Standards
from .stories import Stories
from .teams import Memberships, Teams

__all__ = [
    "Associations",
    "Attendances",
    "Collection",
    "Convenings",
    "Cycles",
    "Entries",
    "Findings",
    "Frameworks",
    "Goals",
    "Listing",
    "Measures",
    "Members",
    "Memberships",
    "Mentorships",
    "Observations",
    "Organizations",
    "Page",
    "Resources",
    "Standards",
    "Stories",
    "Teams",
]
