"""The messages of Open Klant for problems with bodies and parameters, word for word; clients compare them."""

from __future__ import annotations

from typing import Any

REQUIRED = "Dit veld is vereist."
EMPTY = "Dit veld mag niet leeg zijn."
NO_DATA = "No data provided"
NOT_TEXT = "Not a valid string."
NOT_BOOLEAN = "Must be a valid boolean."
NOT_INTEGER = "Een geldig getal is vereist."
NOT_NUMBER = "Een geldig nummer is vereist."
LONG_NUMBER = "Tekstwaarde is te lang."
NOT_DIGITS = "Voer een geldig geheel getal in."
NOT_UUID = "Must be a valid UUID."
NOT_URL = "Voer een geldige URL in."
NOT_EMAIL = "Voer een geldig e-mailadres in."
NOT_SLUG = 'Voer een geldige "slug" in, bestaande uit letters, cijfers, lage streepjes of streepjes.'
NOT_DATE = "Date heeft het verkeerde formaat, gebruik 1 van deze formaten: YYYY-MM-DD."
NOT_INSTANT = (
    "Datetime heeft een ongeldig formaat, gebruik 1 van de volgende formaten: "
    "YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z]."
)
OUT_OF_RANGE = "Datetime value out of range."
NOT_COUNTRY = "Ongeldige landcode, de code moet behoren tot de ISO 3166-standaard"
NOT_PHONE = "Het opgegeven telefoonnummer is ongeldig."
SERVICE_PHONE = (
    "Het opgegeven telefoonnummer is ongeldig, telefoonnummers beginnend met 0800, 0900, 1400"
    " of 140xx zijn niet toegestaan."
)
EMPTY_LIST = "Deze lijst mag niet leeg zijn."
NULL_CHARACTER = "Null-tekens zijn niet toegestaan."

PARAMETER_NOT_UUID = "Voer een geldige UUID in."
PARAMETER_NOT_DATE = "Voer een geldige datum in."
PARAMETER_NOT_INSTANT = "Voer een geldige datum/tijd in."
PARAMETER_NOT_INTEGER = "Voer een geheel getal in."


def _kind(value: Any) -> str:
    return type(value).__name__


def not_an_object(value: Any) -> str:
    """For a value of another type where an object is expected."""
    return f"Ongeldige data. Verwacht een dictionary, kreeg een {_kind(value)}."


def not_a_map(value: Any) -> str:
    """For a value of another type where a map with free keys is expected."""
    return f'Verwachtte een dictionary van items, maar kreeg type "{_kind(value)}".'


def not_a_list(value: Any) -> str:
    """For a value of another type where a list is expected."""
    return f'Verwachtte een lijst met items, maar kreeg type "{_kind(value)}".'


def no_choice(value: Any) -> str:
    """For a value in a body that is not in the enumeration."""
    return f'"{value}" is een ongeldige keuze.'


def no_such_option(value: str) -> str:
    """For the value of a parameter that is not in the enumeration."""
    return f"Selecteer een geldige keuze. {value} is geen beschikbare keuze."


def more_problems(shown: int) -> str:
    """For the last of `shown` problems, when there are more; a message of KlantBrug's own."""
    return f"Er is meer mis; hier staan de eerste {shown - 1} problemen."


def too_many_items(most: int) -> str:
    """For a list above its maximum length."""
    return f"Zorg ervoor dat dit veld niet meer dan {most} elementen bevat."


def half_a_character(code_point: int) -> str:
    """For a lone surrogate, which is half of a pair in UTF-16."""
    return f"Surrogate characters are not allowed: U+{code_point:X}."


def small_country(code: str) -> str:
    """For a country code in small letters; `code` is the same in capitals."""
    return f"{NOT_COUNTRY}. Bedoelde u {code}?"


def unknown_parameters(names: list[str]) -> str:
    """For parameters that the operation does not have."""
    return f"Onbekende query parameters: {', '.join(names)}"


def too_long(most: int) -> str:
    """For text above its maximum length."""
    return f"Zorg ervoor dat dit veld niet meer dan {most} karakters bevat."


def too_short(least: int) -> str:
    """For text below its minimum length."""
    return f"Zorg ervoor dat dit veld minimaal {least} karakters bevat."


def too_large(most: float) -> str:
    """For a number above its maximum."""
    return f"Zorg ervoor dat deze waarde kleiner is dan of gelijk is aan {most}."


def too_small(least: float) -> str:
    """For a number below its minimum."""
    return f"Zorg ervoor dat deze waarde groter is dan of gelijk is aan {least}."
