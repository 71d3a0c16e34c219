"""How the service writes values: global ids and amounts, for peers that give the same answers."""

from base64 import urlsafe_b64encode


def global_id(kind: str, key: str) -> str:
    """Give the id by which clients name a *kind* of object."""
    return urlsafe_b64encode(f"{kind}:{key}".encode()).rstrip(b"=").decode()


def document_id(kind: str, key: str) -> str:
    """Give the id of a billing document of that ``kind``."""
    return global_id("Invoice" if kind == "INVOICE" else "CreditNote", key)


def amount(minor: int) -> str:
    """Give an amount in EUR as text, all its digits written."""
    sign, minor = ("-", -minor) if minor < 0 else ("", minor)
    return f"{sign}{minor // 100}.{minor % 100:02}"
