"""The voices that the line may name, by the language they speak: Amazon Polly's, as Twilio offers them. Data only."""

_SPEAKERS = {
    "arb": "Zeina",
    "da-DK": "Mads Naja",
    "de-DE": "Hans Marlene Vicki",
    "en-GB": "Amy Amy-Neural Emma Emma-Neural",
    "es-ES": "Conchita Enrique Lucia",
    "fr-FR": "Celine Lea Mathieu",
    "nb-NO": "Ida-Neural Liv",
    "pl-PL": "Ewa Jacek Jan Maja",
    "ro-RO": "Carmen",
    "ru-RU": "Maxim Tatyana",
    "sv-SE": "Astrid",
    "tr-TR": "Filiz",
}
VOICES = {f"Polly.{name}": tag for tag, names in _SPEAKERS.items() for name in names.split()}
