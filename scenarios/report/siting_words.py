"""What a siting page calls its sites and times: stations, depots, shelters; to the people or from them."""

from scenarios.forces import forces
from scenarios.plan import SitingPlan
from scenarios.report.text import Text

_SITES = Text("站址", "sites")


def sites_of_plan(plan: SitingPlan) -> Text:
    """What the sites of a plan are called; of several forces with other words, simply sites."""
    words = {
        (forces()[one.force].site_zh, forces()[one.force].site_en) for one in plan.measures.before.standards
    }
    return Text(*words.pop()) if len(words) == 1 else _SITES


def response_note(plan: SitingPlan) -> Text:
    """From when to when the times of a plan run."""
    ways = {forces()[one.force].towards for one in plan.measures.before.standards}
    if ways == {"site"}:
        return Text(
            "时间自出发地算起，到达所选地点为止，含准备时间；时限含端点。",
            "Times run from where people are to the site, preparation included; limits are inclusive.",
        )
    mixed = ways == {"people", "site"}
    return Text(
        "到场时间自下达命令起算，含出动与行车"
        + ("；前往避难场所、起降点的，算到该处为止" if mixed else "")
        + "；时限含端点。",
        "Response counts from the order, turnout and travel"
        + ("; where people go to the site, until they are there" if mixed else "")
        + "; limits are inclusive.",
    )
