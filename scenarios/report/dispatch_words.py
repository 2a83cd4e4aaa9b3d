"""Words of dispatch in both languages: hazards, zones, capabilities, actions."""

from typing import Protocol

from scenarios.report.text import Text

HAZARDS = {
    "toxic_gas": Text("有毒气体泄漏", "toxic gas"),
    "flammable_liquid": Text("易燃液体火灾", "flammable liquid"),
    "gully_flood": Text("山洪", "flash flood"),
    "river_flood": Text("河道洪水", "river flood"),
    "ice_jam": Text("凌汛", "ice jam"),
    "collapse": Text("建筑坍塌", "building collapse"),
}
ZONES = {
    "isolation": Text("初始隔离区", "initial isolation"),
    "protective": Text("防护行动区", "protective action"),
    "aegl_1": Text("AEGL-1", "AEGL-1"),
    "aegl_2": Text("AEGL-2", "AEGL-2"),
    "aegl_3": Text("AEGL-3", "AEGL-3"),
    "erpg_2": Text("ERPG-2", "ERPG-2"),
    "idlh": Text("IDLH", "IDLH"),
    "flood": Text("淹没", "water"),
}
CAPABILITIES = {
    "fire": Text("灭火", "fire"),
    "hazmat": Text("危化处置", "hazmat"),
    "water_rescue": Text("水域救援", "water rescue"),
    "road_rescue": Text("道路抢通", "road rescue"),
    "collapse_rescue": Text("坍塌救援", "collapse rescue"),
    "gas_repair": Text("燃气抢修", "gas repair"),
    "pumping": Text("排涝", "pumping"),
    "forest_fire": Text("森林灭火", "forest fire"),
    "medical": Text("医疗", "medical"),
    "decontamination": Text("洗消", "decontamination"),
    "evacuation_support": Text("疏散引导", "evacuation support"),
    "transport": Text("运输", "transport"),
    "command": Text("指挥", "command"),
}
SIDES = {
    "upwind": Text("上风向", "upwind"),
    "crosswind": Text("侧风向", "crosswind"),
    "any": Text("与风向无关", "wind does not matter"),
}
ACTIONS = {
    "evacuate": Text("撤离", "evacuate"),
    "shelter": Text("就地避险", "shelter"),
    "none": Text("无需行动", "nothing"),
    "": Text("", ""),
}
COMPLEMENTS = {
    "first_alarm": Text("首批", "first alarm"),
    "full_complement": Text("增派", "full complement"),
}
ORDERS = {
    "send": Text("派出", "send"),
    "divert": Text("改派", "divert"),
    "hold": Text("继续", "hold"),
    "release": Text("撤回", "release"),
}
WHY = {
    "sent_elsewhere": Text("已派往别处", "sent elsewhere"),
    "not_available": Text("不可用", "not available"),
    "level_below": Text("能力级别不足", "of a lower level"),
    "no_road": Text("无道路可达", "no road"),
}


def capability_words(capability: str, level: int) -> Text:
    """A capability with its level."""
    words = CAPABILITIES[capability]
    return Text(f"{words.zh} {level} 级", f"{words.en} {level}")


class Named(Protocol):
    """Something with an id and names."""

    @property
    def id(self) -> str:
        """Its id."""
        ...

    @property
    def name_zh(self) -> str:
        """Its Chinese name, perhaps empty."""
        ...

    @property
    def name_en(self) -> str:
        """Its English name, perhaps empty."""
        ...


def named(one: Named) -> Text:
    """Its name, or its id where it has none."""
    return Text(one.name_zh, one.name_en) if one.name_zh or one.name_en else Text.same(one.id)
