"""Figures as one HTML page that stands for itself: no script, no request to anywhere, and it prints well.

templates/report/report.html writes it, with its style sheet.
"""

from datetime import datetime

from ivr.base.templates import templates_of
from ivr.operations.languages import OperatorLanguage
from ivr.operations.records.figures import Figures
from ivr.operations.report.sections import sections
from ivr.operations.report.wording import Name, ReportWording


def page(figures: Figures, name: Name, made: datetime, language: OperatorLanguage) -> str:
    """`name`: of a group, e.g. of a centre's id; `made`: when."""
    wording = ReportWording(language)
    days = wording.days(figures.period)
    return (
        templates_of("ivr.operations.report")
        .get_template("report/report.html")
        .render(
            language=language,
            days=days,
            title=wording.say("report.title", days=days),
            about=wording.say("report.about", count=figures.total.calls, notice=wording.say("report.notice")),
            report=sections(figures, name, language),
            notes=wording.caveats(figures),
            made=wording.say("report.made", moment=language.moment(made)),
        )
    )
