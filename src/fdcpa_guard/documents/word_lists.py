"""Words by which square brackets with the name of a field in them are told from ordinary ones."""

from __future__ import annotations

from typing import Final


def words(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


JOINING: Final = words("a an and as at by de del for from if in la of on or per the to with y/n el los las o e y")
"""Words within a name that bear no capital."""
ASKS: Final = words("insert enter your type fill add state specify select choose su sus inserte escriba")
"""Words with which an author asks that something be put in."""
LOWER_FIELDS: Final = words("""
    account acct address agency agent amount apr attorney balance bank birth city client collector company consumer county
    creditor cuenta customer date day days deadline debt debtor direccion dirección due email fax fecha fee fees first id
    interest last license licence lender link merchant monto month name nombre number payment phone portal principal rate
    reference representative saldo signature ssn state street telephone teléfono time title total url website year zip
""")
"""Words in lower letters that say what a letter has a field for."""
ARTICLES: Final = words(
    "a an the this that these those his her its their our my he she it they we you i el la los las un una"
)
"""Words that names of fields do not have, and what writers put into quotations in square brackets does."""
ORDINARY: Final = frozenset(
    each.strip()
    for each in """
    sic|sic!|emphasis added|emphasis supplied|emphasis in original|emphasis omitted|citation omitted|citations omitted
    citation needed|internal quotation marks omitted|internal quotations omitted|footnote omitted|footnotes omitted|omitted
    redacted|illegible|inaudible|crosstalk|laughter|pause|silence|unintelligible|music|beep|end|stop|help|quit|cancel
    unsubscribe|start|yes|no|y|n|n/a|si|sí|ok|pay|call|info|more|opt out|optout|parar|alto|baja|ayuda|over|continued|cont.
    end of message|external|confidential|urgent|important|notice|warning|spam|link removed|image|logo|this page|page break
    """.replace("\n", "|").split("|")
)
"""What square brackets hold that is no field."""
