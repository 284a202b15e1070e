"""Days that come: birthdays, anniversaries, renewals."""

from __future__ import annotations

from relance.conditions import Condition, trait
from relance.segments.templates.model import Parameter, SegmentTemplate, Words
from relance.segments.templates.parameters import REACH, reachable, window

_AHEAD = window("7d", "How far ahead at most; the day itself counts.", "Combien de temps à l'avance au plus ; le jour même compte.",
                least="1s", most="365d")  # fmt: skip


def _birthday(*, within: str, birthday: str, reach: str) -> Condition:
    return reachable(reach, trait(birthday).anniversary_within(within))


def _anniversary(*, within: str, since: str, reach: str) -> Condition:
    return reachable(reach, trait(since).anniversary_within(within), trait(since).more_than_ago("300d"))


def _renewal(*, within: str, renewal: str, reach: str) -> Condition:
    return reachable(reach, trait(renewal).within_next(within))


TEMPLATES = (
    SegmentTemplate(
        "birthday-week", "occasion", Words("Birthday week", "Semaine d'anniversaire"),
        Words("Have their birthday in the next days.", "Fêtent leur anniversaire dans les prochains jours."),
        (_AHEAD, Parameter("birthday", "path", Words("The trait with the birthday.", "Le trait qui porte l'anniversaire."), "birthday"), REACH),
        _birthday,
    ),
    SegmentTemplate(
        "customer-anniversary", "occasion", Words("Customer anniversary", "Anniversaire de client"),
        Words("Have been with you for one more year in the next days.", "Sont chez vous depuis un an de plus dans les prochains jours."),
        (_AHEAD, Parameter("since", "path", Words("The trait with the day they became known.", "Le trait qui porte le jour où ils ont été connus."),
                           "createdAt"), REACH), _anniversary,
    ),
    SegmentTemplate(
        "renewal-due", "occasion", Words("Renewal due", "Renouvellement proche"),
        Words("A date of theirs comes up, such as the end of a contract.", "Une date approche, comme la fin d'un contrat."),
        (window("30d", "How far ahead at most.", "Combien de temps à l'avance au plus."),
         Parameter("renewal", "path", Words("The trait with the date.", "Le trait qui porte la date."), "renewal"), REACH), _renewal,
    ),
)  # fmt: skip
