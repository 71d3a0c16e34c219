"""Real cities, and what streets, people and things are called there."""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from types import MappingProxyType
from typing import Final

from sources.ordering import Market


@dataclass(frozen=True, slots=True)
class Place:
    """A city; in ``postcode`` each ``#`` is any digit. ``currency`` is what its accounts are billed in."""

    code: str
    city: str
    country: str
    time_zone: str
    latitude: float
    longitude: float
    postcode: str
    currency: str = "EUR"


PLACES: Final = (
    Place("PAR", "Paris", "FR", "Europe/Paris", 48.8566, 2.3522, "750##"),
    Place("LYS", "Lyon", "FR", "Europe/Paris", 45.7640, 4.8357, "6900#"),
    Place("MRS", "Marseille", "FR", "Europe/Paris", 43.2965, 5.3698, "1300#"),
    Place("LIL", "Lille", "FR", "Europe/Paris", 50.6292, 3.0573, "59#00"),
    Place("TLS", "Toulouse", "FR", "Europe/Paris", 43.6047, 1.4442, "31#00"),
    Place("NTE", "Nantes", "FR", "Europe/Paris", 47.2184, -1.5536, "44#00"),
    Place("SXB", "Strasbourg", "FR", "Europe/Paris", 48.5734, 7.7521, "67#00"),
    Place("BOD", "Bordeaux", "FR", "Europe/Paris", 44.8378, -0.5792, "33#00"),
    Place("RNS", "Rennes", "FR", "Europe/Paris", 48.1173, -1.6778, "35#00"),
    Place("NYC", "New York", "US", "America/New_York", 40.7128, -74.0060, "100##", "USD"),
    Place("TYO", "東京", "JP", "Asia/Tokyo", 35.6762, 139.6503, "10#-00##", "JPY"),
    Place("LON", "London", "GB", "Europe/London", 51.5074, -0.1278, "EC#A #AB"),
    Place("FRA", "Frankfurt am Main", "DE", "Europe/Berlin", 50.1109, 8.6821, "60###"),
    Place("CHI", "Chicago", "US", "America/Chicago", 41.8781, -87.6298, "606##", "USD"),
    Place("DXB", "دبي", "AE", "Asia/Dubai", 25.2048, 55.2708, "#####", "USD"),
    Place("AMS", "Amsterdam", "NL", "Europe/Amsterdam", 52.3676, 4.9041, "10## AB"),
    Place("MAD", "Madrid", "ES", "Europe/Madrid", 40.4168, -3.7038, "280##"),
    Place("MIL", "Milano", "IT", "Europe/Rome", 45.4642, 9.1900, "201##"),
    Place("WAW", "Warszawa", "PL", "Europe/Warsaw", 52.2297, 21.0122, "0#-###"),
    Place("SAO", "São Paulo", "BR", "America/Sao_Paulo", -23.5505, -46.6333, "01###-000", "USD"),
    Place("TLV", "תל אביב", "IL", "Asia/Jerusalem", 32.0853, 34.7818, "6####00"),
    Place("OSA", "大阪", "JP", "Asia/Tokyo", 34.6937, 135.5023, "53#-00##", "JPY"),
    Place("CAI", "القاهرة", "EG", "Africa/Cairo", 30.0444, 31.2357, "115##"),
    Place("CAS", "Casablanca", "MA", "Africa/Casablanca", 33.5731, -7.5898, "20##0"),
    Place("ZRH", "Zürich", "CH", "Europe/Zurich", 47.3769, 8.5417, "80##"),
    Place("STO", "Stockholm", "SE", "Europe/Stockholm", 59.3293, 18.0686, "11# ##"),
    Place("MEX", "Ciudad de México", "MX", "America/Mexico_City", 19.4326, -99.1332, "06###", "USD"),
    Place("TOR", "Toronto", "CA", "America/Toronto", 43.6532, -79.3832, "M5V #A#", "USD"),
    Place("SFO", "San Francisco", "US", "America/Los_Angeles", 37.7749, -122.4194, "941##", "USD"),
    Place("FUK", "福岡", "JP", "Asia/Tokyo", 33.5902, 130.4017, "81#-00##", "JPY"),
    Place("LIS", "Lisboa", "PT", "Europe/Lisbon", 38.7223, -9.1393, "1##0-###"),
    Place("ATH", "Αθήνα", "GR", "Europe/Athens", 37.9838, 23.7275, "10# ##"),
)
"""Where sites are; the first are the biggest."""

_STREETS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "FR": (
            "rue de la République",
            "avenue Jean Jaurès",
            "boulevard Voltaire",
            "rue des Écoles",
            "quai de la Gare",
        ),
        "US": ("Main Street", "Market Street", "Lake Avenue", "Madison Avenue", "Industrial Parkway"),
        "JP": ("丸の内", "日本橋", "中央通り", "天神"),
        "GB": ("High Street", "Station Road", "Victoria Street"),
        "DE": ("Hauptstraße", "Bahnhofstraße", "Industrieweg"),
        "AE": ("شارع الشيخ زايد", "شارع المكتوم"),
        "NL": ("Keizersgracht", "Stationsplein"),
        "ES": ("Calle de Alcalá", "Gran Vía", "Paseo de la Castellana"),
        "IT": ("Via Torino", "Corso Buenos Aires"),
        "PL": ("ulica Marszałkowska", "Aleje Jerozolimskie"),
        "BR": ("Avenida Paulista", "Rua Augusta"),
        "IL": ("רחוב דיזנגוף", "שדרות רוטשילד"),
        "EG": ("شارع التحرير", "شارع رمسيس"),
        "MA": ("boulevard Mohammed V", "rue Tahar Sebti"),
        "CH": ("Bahnhofstrasse", "Hardstrasse"),
        "SE": ("Drottninggatan", "Sveavägen"),
        "MX": ("Avenida Insurgentes", "Paseo de la Reforma"),
        "CA": ("King Street West", "Yonge Street"),
        "PT": ("Rua Augusta", "Avenida da Liberdade"),
        "GR": ("Οδός Ερμού", "Λεωφόρος Συγγρού"),
    }
)

MARKS: Final = ("🏭", "☕", "📦", "🌍")
"""What people put into the names of their sites."""

CUSTOMER_PEOPLE: Final = (
    "Amélie Laurent",
    "Joaquín Ortega",
    "Ngozi Okafor",
    "Łukasz Wójcik",
    "田中 美咲",
    "ليلى حداد",
    "Priya Raman",
    "Tom O'Brien",
)
"""Who writes on the customer's side."""

OPERATOR_PEOPLE: Final = (
    "Service desk",
    "Network operations",
    "Field service",
    "Billing desk",
    "Incident manager",
)
"""Who writes on the operator's side."""


def places_of(market: Market) -> tuple[Place, ...]:
    """Give the cities of a market: France, or all."""
    return tuple(each for each in PLACES if market is Market.INTL or each.country == "FR")


def postcode(random: Random, place: Place) -> str:
    """Give a postcode of *place*."""
    return "".join(str(random.randint(0, 9)) if each == "#" else each for each in place.postcode)


def street(random: Random, place: Place) -> str:
    """Give a street of *place* with a number, in the order of its country."""
    name, number = random.choice(_STREETS[place.country]), random.randint(1, 240)
    return f"{number} {name}" if place.country in {"FR", "US", "GB", "CA", "MA"} else f"{name} {number}"
