"""Names of things that are all short texts and look alike: 4601 is a municipality and 4601 could be a postcode.

Each has a type of its own, so that mypy refuses one in the place of another. They cost nothing when the line runs.
"""

from typing import NewType

Postcode = NewType("Postcode", str)  # four digits: 5003
MunicipalityNumber = NewType("MunicipalityNumber", str)  # four digits, of a municipality or of an area: 4601
CentreId = NewType("CentreId", str)  # of centres.csv: bergen
CentreNumber = NewType("CentreNumber", str)  # a centre's telephone number without country code, eight digits: 55568700
PlaceKey = NewType("PlaceKey", str)  # of a place in the token and in tables: 4601 or 4601-5003
Spelling = NewType("Spelling", str)  # a name as it is keyed: 23734 for Berge
NodeId = NewType("NodeId", str)  # of a flow's node: ask_postcode
PromptKey = NewType("PromptKey", str)  # of a text or a text message: ASK_POST
LanguageCode = NewType("LanguageCode", str)  # the name of a language's folder

# Where there is none, or it is not known yet.
NO_CENTRE = CentreId("")
NO_LANGUAGE = LanguageCode("")
NO_MUNICIPALITY = MunicipalityNumber("")
NO_NODE = NodeId("")
NO_PLACE = PlaceKey("")
NO_PROMPT = PromptKey("")
