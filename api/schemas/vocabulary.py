"""Words as they are shown."""

from api.schemas.edge import Shown


class Both(Shown):
    """The same in Chinese and in English."""

    zh: str
    en: str


class SubstanceShown(Shown):
    """A substance of the catalogue."""

    id: str
    cas: str
    name_zh: str
    name_en: str


class Sentence(Shown):
    """A note or formula of zones: the English as a regular expression, the Chinese with ``$1`` and so on."""

    pattern: str
    zh: str


class Vocabulary(Shown):
    """Words by family and key, substances, kinds of container."""

    words: dict[str, dict[str, Both]]
    substances: tuple[SubstanceShown, ...]
    containers: tuple[str, ...]
    sentences: tuple[Sentence, ...]
