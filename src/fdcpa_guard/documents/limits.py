"""What is read at most. A letter keeps far below; whatever does not is refused with a clear error, in bounded time and memory."""

from __future__ import annotations

from typing import Final

MAX_FILE_BYTES: Final = 50_000_000
"""Of any file; a larger one is refused by its size, before a byte of it is read."""
MAX_TEXT_BYTES: Final = 20_000_000
"""Of plain text, Markdown, HTML and templates."""
MAX_FRONT_MATTER: Final = 64_000
"""Characters of the settings before a letter."""
MAX_HTML_DEPTH: Final = 500
"""Elements that lie in one another."""

MAX_ZIP_ENTRIES: Final = 5_000
"""Entries of a Word file; a large report has some hundred."""
MAX_ENTRY_BYTES: Final = 50_000_000
"""Of one entry, unpacked: as the archive says, and as it turns out."""
MAX_UNPACKED_BYTES: Final = 100_000_000
"""Of all entries that are read, together."""
MAX_ZIP_RATIO: Final = 200
"""Times that an entry may grow when unpacked, from a million bytes on; XML of letters grows some 10 to 30 times."""
MAX_XML_DEPTH: Final = 200
"""Elements that lie in one another; a table within a table within a text box has some 30."""

MAX_PDF_UNPACKED: Final = 30_000_000
"""Bytes that the streams of a PDF unpack to, together; pictures do not count, as they are not unpacked."""
MAX_PDF_OBJECTS: Final = 50_000
"""Streams of a PDF."""
MAX_PDF_PAGES: Final = 100
"""Pages of a PDF."""
MAX_PAGE_CHARACTERS: Final = 20_000
"""Characters drawn on a page; one that is closely printed has some 8,000."""
MAX_PAGE_LINES: Final = 1_500
"""Stretches of characters on a page that do not follow each other; their order takes more time than their number grows."""
MAX_PDF_DRAWINGS: Final = 2_000
"""Drawings within drawings that are carried out for a PDF: a few that call each other may multiply without end."""
MAX_PAGE_OPERATIONS: Final = 300_000
"""Operands and operators of a page."""

MAX_MAIL_PARTS: Final = 100
"""Parts of an email, those within parts included."""
MAX_MAIL_DEPTH: Final = 10
"""Parts that lie in one another, attached emails included."""
MAX_HEADER_CHARACTERS: Final = 32_000
"""Of one header of an email."""
