"""Communities of Practice of educators: members, teams, resources and search in one file.

>>> import copkit
>>> with copkit.in_memory("Math CoP") as cop:
...     ana = cop.steward().members.add(given="Ana", family="Ruiz")
...     me = cop.as_member(ana)
...     strips = me.resources.add(
...         kind="task",
...         title="Fraction strips",
...         body="Place thirds on a number line.",
...         grades=["03"],
...         standards=["3.NF.A.2"],
...         visibility="public",
...         published=True,
...     )
...     page = cop.as_guest().search("number line", grade="03")
...     page.total, page[0].snippet.html
(1, 'Place thirds on a <mark>number</mark> <mark>line</mark>.')

Errors are in :mod:`copkit.errors`, records and vocabularies in :mod:`copkit.types`; both are here, too.
"""

from . import errors, types
from ._native import __version__
from .collections import (
    Associations,
    Attendances,
    Collection,
    Convenings,
    Cycles,
    Entries,
    Findings,
    Frameworks,
    Goals,
    Listing,
    Measures,
    Members,
    Memberships,
    Mentorships,
    Observations,
    Organizations,
    Page,
    Resources,
    Standards,
    Stories,
    Teams,
)
from .community import Community, create, in_memory, open
from .errors import (
    AlreadyExistsError,
    BusyError,
    ConflictError,
    CopError,
    CorruptError,
    IncompatibleError,
    InternalError,
    InterruptedCallError,
    InvalidInputError,
    IoError,
    NotFoundError,
    NotPermittedError,
    PreconditionError,
    Problem,
    SuppressedError,
    UnsupportedError,
)
from .interop import File, ImportCounts, ImportIssue, ImportReport, OnProgress
from .search import SearchHit, SearchHits, Snippet
from .session import Session
from .types import *

__all__ = [
    "AlreadyExistsError",
    "Associations",
    "Attendances",
    "BusyError",
    "Collection",
    "Community",
    "ConflictError",
    "Convenings",
    "CopError",
    "CorruptError",
    "Cycles",
    "Entries",
    "File",
    "Findings",
    "Frameworks",
    "Goals",
    "ImportCounts",
    "ImportIssue",
    "ImportReport",
    "IncompatibleError",
    "InternalError",
    "InterruptedCallError",
    "InvalidInputError",
    "IoError",
    "Listing",
    "Measures",
    "Members",
    "Memberships",
    "Mentorships",
    "NotFoundError",
    "NotPermittedError",
    "Observations",
    "OnProgress",
    "Organizations",
    "Page",
    "PreconditionError",
    "Problem",
    "Resources",
    "SearchHit",
    "SearchHits",
    "Session",
    "Snippet",
    "Standards",
    "Stories",
    "SuppressedError",
    "Teams",
    "UnsupportedError",
    "__version__",
    "create",
    "errors",
    "in_memory",
    "open",
    "types",
]
__all__ += types.__all__
