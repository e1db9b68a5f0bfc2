"""Figures of a run as tables and as JSON: medians, and ratios formed round by round."""

from dataclasses import asdict
from statistics import median

PEERS = ("haproxy", "nginx", "nginx-js", "varnish", "trafficserver", "weir-plain")


def spread(values):
    """Median, least and greatest of some figures; None when there are none."""
    values = [value for value in values if value is not None]
    if not values:
        return None
    return {"median": median(values), "min": min(values), "max": max(values)}


def load_figures(rounds):
    """Figures of a load scenario from {name: [Round, ...]}, each list in the order of rounds."""
    figures = {}
    for name, own in rounds.items():
        if name == "direct":
            continue
        figure = {
            "requests_per_second": spread([r.per_second for r in own]),
            "requests_per_cpu_second": spread([r.per_cpu_second for r in own]),
            "cpu_share": spread([r.cpu_seconds / r.seconds for r in own]),
            "foreign_share": spread(
                [max(0.0, r.core_seconds - r.cpu_seconds) / r.seconds for r in own]
            ),
            "errors": sum(r.errors for r in own),
            "rounds": [asdict(r) for r in own],
        }
        for peer in PEERS:
            if peer in rounds:
                figure[f"ratio_to_{peer}"] = spread(
                    [
                        mine.per_cpu_second / theirs.per_cpu_second
                        if theirs.per_cpu_second
                        else None
                        for mine, theirs in zip(own, rounds[peer])
                    ]
                )
        figures[name] = figure
    return figures


def load_table(figures):
    peers = [p for p in PEERS if any(f"ratio_to_{p}" in figure for figure in figures.values())]
    against = [f"x {peer}" for peer in peers]
    rows = [["", "requests/s", "per CPU-second", *against, "CPU", "foreign", "errors"]]
    for name, figure in figures.items():
        rows.append(
            [
                name,
                f"{figure['requests_per_second']['median']:,.0f}",
                f"{figure['requests_per_cpu_second']['median']:,.0f}",
                *(_ratio(figure.get(f"ratio_to_{peer}")) for peer in peers),
                f"{figure['cpu_share']['median']:.0%}",
                f"{figure['foreign_share']['median']:.0%}",
                str(figure["errors"]),
            ]
        )
    return aligned(rows)


def verdicts(scenario, figures, others):
    """What is asked of Weir in a scenario, each as (whether it holds, what it says).

    others: {name: figures} of the scenarios that have run before.
    """
    own = figures.get("weir")
    if own is None:
        return []
    said = []
    for peer, least in scenario.asked:
        ratio = own.get(f"ratio_to_{peer}")
        if ratio:
            text = f"at least {least} x {peer} ({_ratio(ratio)})"
            said.append((ratio["median"] >= least, text))
    slower = others.get(scenario.asked_above, {}).get("weir")
    if slower:
        gain = (
            own["requests_per_cpu_second"]["median"] / slower["requests_per_cpu_second"]["median"]
        )
        said.append((gain > 1, f"faster than {scenario.asked_above} ({gain:.2f} times)"))
    if scenario.asked_bytes:
        held = max(own.get("rss_after_gc_bytes") or 0, own["heap_bytes"] + own["direct_bytes"])
        text = f"at most {scenario.asked_bytes:,} B for each connection ({held:,.0f} B)"
        said.append((held <= scenario.asked_bytes, text))
    return said


def _ratio(figure):
    if not figure:
        return "-"
    return f"{figure['median']:.2f} ({figure['min']:.2f}..{figure['max']:.2f})"


def latency_figures(rounds):
    """Figures of the latency scenario in ms; "direct" is the node without a proxy."""
    figures = {}
    for name, own in rounds.items():
        figures[name] = {
            "p50_ms": spread([r.p50_micros / 1000 for r in own]),
            "p99_ms": spread([r.p99_micros / 1000 for r in own]),
            "requests_per_second": spread([r.per_second for r in own]),
            "errors": sum(r.errors for r in own),
            "rounds": [asdict(r) for r in own],
        }
    return figures


def latency_table(figures):
    rows = [["", "p50 ms", "p99 ms", "p50 above direct", "errors"]]
    for name, figure in figures.items():
        added = figure["p50_ms"]["median"] - figures["direct"]["p50_ms"]["median"]
        rows.append(
            [
                name,
                _millis(figure["p50_ms"], 3),
                _millis(figure["p99_ms"], 3),
                "-" if name == "direct" else f"{added:.3f}",
                str(figure["errors"]),
            ]
        )
    return aligned(rows)


def idle_table(figures):
    head = "connections", "RSS each", "RSS each, after GC", "heap each", "direct each", "closed"
    rows = [["", *head]]
    for name, figure in figures.items():
        rows.append(
            [
                name,
                str(figure["connections"]),
                *(
                    _bytes(figure.get(key))
                    for key in ("rss_bytes", "rss_after_gc_bytes", "heap_bytes", "direct_bytes")
                ),
                str(figure["closed"]),
            ]
        )
    return aligned(rows)


def start_table(figures):
    rows = [["", "ms to first answer"]]
    rows += [[name, _millis(figure["start_ms"], 0)] for name, figure in figures.items()]
    return aligned(rows)


def _bytes(value):
    return "-" if value is None else f"{value:,.0f} B"


def _millis(figure, digits):
    low, high = figure["min"], figure["max"]
    return f"{figure['median']:.{digits}f} ({low:.{digits}f}..{high:.{digits}f})"


def aligned(rows):
    """Rows as lines of text, in columns as wide as they have to be."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = [row[0].ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(row[1:], widths[1:])]
        lines.append("  " + "  ".join(cells).rstrip())
    return "\n".join(lines)
