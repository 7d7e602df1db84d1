"""Every setting of the calculation, said aloud: one sentence each, in the framework's own values."""

from __future__ import annotations

from minhbach import wording
from minhbach.framework import Framework
from minhbach.markdown import declared
from minhbach.model import Ranking
from minhbach.rank import rank_places
from minhbach.results import Results


def settings(results: Results) -> list[str]:
    """One sentence per setting of the calculation, in the framework's own values."""
    language, framework = results.language, results.framework
    rounding = framework.rounding
    shown = results.method("rounding.shown", rounding.shown)
    share = results.method("rounding.share", rounding.share)
    said = [wording.say(f"set_rounding_{rounding.mode}", language, shown=shown, share=share)]
    if framework.levels:
        said.append(wording.say(f"set_level_{rounding.level_on}", language))
    for ranking in framework.rankings:
        said += [_order(results, ranking), _ties(results, ranking)]
    whole = [*said, wording.say("set_blank", language), *_missing(framework, language)]
    return list(dict.fromkeys(whole))  # several rankings with one rule for ties say it once


def _order(results: Results, ranking: Ranking) -> str:
    language, framework = results.language, results.framework
    rounding = framework.rounding
    places = rank_places(ranking, rounding.rank_on, rounding.shown, rounding.share)
    return wording.say(
        f"set_rank_{'exact' if places is None else 'rounded'}",
        language,
        ranking=declared(ranking.label.say(language) if ranking.label else ranking.id),
        node=declared(framework.nodes[ranking.by].label.say(language)),
        within=declared(ranking.within) if ranking.within else wording.say("set_all_units", language),
        places="" if places is None else results.method(f"{ranking.id}.decimals", places),
    )


def _ties(results: Results, ranking: Ranking) -> str:
    kind, _, node = ranking.ties.partition(" by ")
    by = results.framework.nodes.get(node)
    label = declared(by.label.say(results.language)) if by else ""
    sentence = wording.say(f"set_ties_{kind}", results.language, node=label)
    return sentence if by else declared(sentence)  # its numerals are an example such as (1, 2, 2, 4)


def _missing(framework: Framework, language: str) -> list[str]:
    nodes, fields = framework.nodes.items(), framework.fields.items()
    merged = framework.spec.merged
    cases = {
        "set_merged": [framework.fields[name].label for name in merged.mean_of] if merged else [],
        "set_missing_zero": [field.label for _, field in fields if field.missing == "zero"],
        "set_node_zero": [node.label for _, node in nodes if node.missing == "zero"],
        "set_node_leave_out": [node.label for _, node in nodes if node.missing == "leave_out"],
        "set_applies": [node.label for _, node in nodes if node.applies],
        "set_rescale": [node.label for _, node in nodes if node.rescale],
    }
    return [
        wording.say(key, language, names=declared(", ".join(label.say(language) for label in labels)))
        for key, labels in cases.items()
        if labels
    ]
