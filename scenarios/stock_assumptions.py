"""The figures of ``reserve_rules.yaml`` that a plan rests on, as a plan names them."""

from scenarios.plan import Assumption
from scenarios.reserve_rules import ReserveRules


def assumptions(rules: ReserveRules) -> tuple[Assumption, ...]:
    """Each figure with its source; certainty is ``assumed`` where the source says so."""
    return tuple(
        Assumption(
            name=name,
            text_zh=zh,
            text_en=en,
            value=value,
            unit=unit,
            source=source,
            certainty="assumed" if "assumed" in source else "recalled" if "recalled" in source else "cited",
        )
        for name, zh, en, value, unit, source in _told(rules)
    )


def _told(rules: ReserveRules) -> tuple[tuple[str, str, str, float | str, str, str], ...]:
    fee, use = rules.reserve_fee, rules.price_at_use
    draws = rules.draws
    return (
        ("order_s", "下达调令", "event to order", rules.order.value, "s", rules.order.source),
        (
            "loading_s",
            "装车（未注明时）",
            "loading where not stated",
            rules.loading.value,
            "s",
            rules.loading.source,
        ),
        ("unloading_s", "卸车", "unloading", rules.unloading.value, "s", rules.unloading.source),
        (
            "relief_s",
            "基本救助时限",
            "time for basic relief",
            rules.relief_within.value,
            "s",
            rules.relief_within.source,
        ),
        ("years", "计划年限", "years of the plan", rules.years.value, "a", rules.years.source),
        (
            "upkeep",
            "年保管费率",
            "upkeep a year, of the price",
            rules.upkeep_a_year.value,
            "",
            rules.upkeep_a_year.source,
        ),
        ("fee_agreement", "协议预付费率", "fee of an agreement, of the price", fee.agreement, "", fee.source),
        ("fee_capacity", "产能预付费率", "fee of capacity, of the price", fee.capacity, "", fee.source),
        ("use_agreement", "协议执行价", "price at use of an agreement", use.agreement, "", use.source),
        ("use_capacity", "产能执行价", "price at use of capacity", use.capacity, "", use.source),
        (
            "moving",
            "调库费",
            "moving between depots",
            rules.moving_cny_m3.value,
            "CNY/m3",
            rules.moving_cny_m3.source,
        ),
        ("truck", "车辆费用", "truck", rules.truck_cny_h.value, "CNY/h", rules.truck_cny_h.source),
        (
            "shortage",
            "短缺惩罚（倍单价）",
            "penalty of a shortage, prices",
            rules.shortage.times_price,
            "",
            rules.shortage.source,
        ),
        (
            "used_floor",
            "有效堆放面积比",
            "share of floor used",
            rules.storage.used_floor,
            "",
            rules.storage.source,
        ),
        (
            "due",
            "各时限应到份额",
            "share due by window",
            ", ".join(rules.due),
            "",
            "see reserve_rules.yaml; assumed",
        ),
        (
            "left",
            "灾后供应商与库存留存",
            "what is left after an event",
            ", ".join(rules.left.after),
            "",
            rules.left.source,
        ),
        (
            "levels",
            "道路差、风险高的乡镇加强",
            "townships strengthened",
            rules.levels.strengthened,
            "",
            rules.levels.source,
        ),
        ("draws", "情景抽样", "draws of scenarios", draws.spread_of_people, "", draws.source),
    )
