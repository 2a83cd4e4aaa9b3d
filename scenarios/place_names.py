"""Names of places that have none of their own."""

import pandas as pd


def place_names(townships: pd.DataFrame, township: str, place: str) -> tuple[str, str]:
    """Chinese and English: the township and what the id adds to it; empty where the township is not known."""
    found = townships[townships["id"] == township]
    if not len(found):
        return "", ""
    number = place.removeprefix(f"{township}-")
    return f"{found['name_zh'].iloc[0]} {number}", f"{found['name_en'].iloc[0] or township} {number}"
