"""The records of a community and the values they are made of.

Records are frozen: what a call answers with is how things stood then. Ids are :class:`uuid.UUID`, times are
aware and in UTC (only when a convening begins and ends is said on the clocks of its own time zone), dates are
:class:`datetime.date`.

Vocabularies are ``str`` enums. The open ones take any code of letters, digits and ``_-:.``; one that this
version does not know comes back as the plain ``str`` it is.
"""

from . import codes, header, records, texts, values
from .codes import *
from .header import *
from .records import *
from .texts import *
from .values import *

__all__: list[str] = []
__all__ += codes.__all__
__all__ += header.__all__
__all__ += texts.__all__
__all__ += values.__all__
__all__ += records.__all__
