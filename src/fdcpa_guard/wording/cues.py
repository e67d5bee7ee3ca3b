"""The words by which a language denies, supposes and reports, for `scope`: English and Spanish, in plain letters."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

from fdcpa_guard.wording.inflection import forms


@dataclass(frozen=True)
class Cues:
    """Of one language.

    `not_really` are words right after a denial by which nothing is denied ("will not hesitate to ..."). A denial reaches over
    `carries` whatever stands there; over other words only where no new statement has begun, which one of `subjects` does.
    """

    denies: frozenset[str]
    not_really: frozenset[str]
    not_yet: frozenset[str]
    ends_clause: frozenset[str]
    joins: frozenset[str]
    subjects: frozenset[str]
    carries: frozenset[str]
    supposes: frozenset[str]
    others: frozenset[str]
    reports: frozenset[str]
    verbs_between: frozenset[str]
    unlawful: frozenset[str]
    warns: frozenset[str]
    told: frozenset[str]
    hearers: frozenset[str]
    """Who was told, beside `told`: "he told me that ..."."""
    opens_clause: frozenset[str]
    """What begins a clause that a comma ends, and with it what is denied there ("if we do not hear from you, ...")."""
    may_do: frozenset[str]
    """Who may do something that is supposed."""
    ends_statement: frozenset[str]
    """What cannot stand between what supposes and what is supposed of others."""
    needs_closeness: bool
    """Whether a denial stands right before what it denies, as it does where a verb needs no subject."""

    @cached_property
    def any(self) -> frozenset[str]:
        """The words without which nothing takes the force of others away."""
        return self.denies | self.supposes | self.reports | self.warns | self.unlawful | {'"'}


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _all_forms(text: str, language: str) -> frozenset[str]:
    return frozenset(form for word in text.split() for form in forms(word, language))


ENGLISH: Final = Cues(
    denies=_words(
        "not never no nobody nobody's none nothing neither nor cannot cant wont dont without unable n't can't won't don't doesn't didn't isn't "
        "aren't wasn't weren't shouldn't wouldn't couldn't mustn't ain't haven't hasn't hadn't shan't doesnt didnt isnt arent "
        "refrain refrains forbid forbids forbidden prohibit prohibits prohibited bars illegal unlawful impossible stop false untrue "
        "against instead"
    ),
    not_really=_words(
        "want wanna hesitate only just merely simply fail ado way choice alternative option doubt mistake later delay warning notice "
        "afraid twice but joking joke kidding bluffing bluff make force let wait ignore surprised optional think delay less "
        "exception exceptions matter worry idle empty limited recourse stopping tolerate"
    ),
    not_yet=_words("yet currently presently now today"),
    ends_clause=_words("; : but because since so therefore then if unless when while until although though which otherwise instead"),
    joins=_words(", and or ( ) -"),
    subjects=_words(
        "we i you he she they it our your his her their the this that these a an my one someone police sheriff officers "
        "we'll you'll we're you're i'll they'll he'll she'll it'll we've you've i'm they're he's she's it's there"
    ),
    carries=_words(
        "that mean means meaning say says saying imply implies suggest suggests true case chance way risk danger possibility possible "
        "think thinks believe believes claim claims claiming state stating threaten threatening intend intends intending plan plans planning going "
        "want wish wants believe expect"
    ),
    supposes=_words("if whether suppose supposing imagine should unless"),
    others=_words(
        "you he she they someone somebody anyone anybody who caller callers scammer scammers collectors consumer consumers customer "
        "customers people person others it"
    ),
    reports=_all_forms("say tell state write claim allege ask threaten believe think fear hear mention suggest complain worry wonder", "en")
    | _words("said told wrote thought heard"),
    verbs_between=_words("that us if whether me them to we would"),
    unlawful=_words("illegal unlawful prohibited forbidden impossible false untrue lie myth scam scams unnecessary"),
    warns=_words("scam scams scammer scammers beware fraudsters myth rumor rumors"),
    told=_words("told said"),
    hearers=_words("me us"),
    opens_clause=_words("if unless when should because since as although though until once where whenever"),
    may_do=_words("a an any another someone anyone anybody somebody they the your"),
    ends_statement=_words(", ; : then you u we i will shall we'll i'll they'll you'll is are isn't aren't not or remains stays"),
    needs_closeness=False,
)
SPANISH: Final = Cues(
    denies=_words("no nunca jamas nadie ningun ninguna ninguno ni tampoco nada sin prohibe prohiben prohibido ilegal imposible evite falso"),
    not_really=_words(
        "dude dudaremos dudara dudaran dudamos dude dudes solo solamente unicamente tarde espere esperes esperaremos obligue obligues haga hagas "
        "vacilaremos vacilara ignore ignores demora aviso previo remedio opcion alternativa mas otra excepcion duda "
        "permita permitas deje dejes sorprenda menos pierda limitarse"
    ),
    not_yet=_words("todavia aun"),
    ends_clause=_words("; : , pero porque si cuando aunque mientras hasta entonces sino"),
    joins=_words("y o e u ( ) -"),
    subjects=_words("nosotros usted ustedes yo el ella ellos la nuestro nuestra su sus un una"),
    carries=_words(
        "lo la le los las les se te me nos a al de que en vamos va van voy puede pueden podemos podra podran podria podrian podremos "
        "ser somos soy son eres sera seran sido fue han ha hemos haber diria diriamos llamaria hacer haga hara haran haremos significa significan quiere decir decimos "
        "cierto verdad es esta estan estamos estoy esto eso ello implica pensamos queremos pretendemos pretende intencion tenemos "
        "hay habra habria existe existen emitido emitida emitio pendiente contra usted ustedes su sus un una ningun ninguna orden legalmente jamas nunca poder debe deben debera"
    ),
    supposes=_words("si aunque supongamos"),
    others=_words("usted ustedes el ella ellos alguien quien quienes cualquiera estafador estafadores cobrador cobradores consumidor consumidores cliente"),
    reports=_all_forms("afirmar preguntar amenazar pensar alegar mencionar", "es")
    | _words("dijo dice dicen dijeron digo diga digan escribio escribe cree creen creyo teme temen oyo pregunta"),
    verbs_between=_words("que nos si a le me les con"),
    unlawful=_words("ilegal prohibido prohibida imposible falso falsa mentira innecesario estafa"),
    warns=_words("estafa estafas estafador estafadores cuidado mito"),
    told=_words("dijo dijeron conto contaron comento"),
    hearers=_words("me nos"),
    opens_clause=_words("si cuando porque como aunque"),
    may_do=_words("alguien un una algun alguna otro otra cualquier"),
    ends_statement=_words(", ; : entonces usted nosotros vamos voy no o"),
    needs_closeness=True,
)
VERBS: Final = _words(
    "is are was were be been being has have had do does did can could will would may might should must "
    "es esta son fue era sera seria puede pueden ha han estan"
)
"""What says something of what stands before it."""
NORMS: Final = _words("law laws policy policies rule rules practice practices principles")
"""What something is against that is not allowed."""
WITHOUT: Final = _words("without sin against instead")
CUES: Final = {"en": ENGLISH, "es": SPANISH}
