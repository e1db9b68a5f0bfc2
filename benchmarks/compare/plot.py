"""Line charts as SVG, and the pages in docs/benchmarks that show them."""

import math
from html import escape

WIDTH, HEIGHT = 720, 400
LEFT, RIGHT, TOP, BOTTOM = 70, 20, 50, 50
COLOURS = ("#1f5fa8", "#c8501e", "#3a8a3f", "#7a4a9c", "#555555")


def line_chart(title, x_title, y_title, series):
    """An SVG with one line for each name in {name: [(x, y), ...]}; both axes begin at 0."""
    points = [point for line in series.values() for point in line]
    x_most = max(x for x, _ in points) or 1
    step = _step(max(y for _, y in points))
    y_most = step * math.ceil(max(y for _, y in points) / step or 1)

    def x_at(x):
        return LEFT + x / x_most * (WIDTH - LEFT - RIGHT)

    def y_at(y):
        return HEIGHT - BOTTOM - y / y_most * (HEIGHT - TOP - BOTTOM)

    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
        f' font-family="sans-serif" font-size="12">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        f'<text x="{LEFT}" y="20" font-size="15" font-weight="bold">{escape(title)}</text>',
    ]
    for number in range(round(y_most / step) + 1):
        y = number * step
        out.append(
            f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y_at(y):.1f}" y2="{y_at(y):.1f}"'
            f' stroke="#dddddd"/><text x="{LEFT - 6}" y="{y_at(y) + 4:.1f}"'
            f' text-anchor="end">{y:,g}</text>'
        )
    for x in sorted({x for x, _ in points}):
        out.append(
            f'<text x="{x_at(x):.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{x:,g}</text>'
        )
    out.append(
        f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 10}" text-anchor="middle">'
        f"{escape(x_title)}</text>"
        f'<text x="16" y="{(TOP + HEIGHT - BOTTOM) / 2}" text-anchor="middle"'
        f' transform="rotate(-90 16 {(TOP + HEIGHT - BOTTOM) / 2})">{escape(y_title)}</text>'
    )
    legend = LEFT
    for (name, line), colour in zip(series.items(), COLOURS):
        path = " ".join(f"{x_at(x):.1f},{y_at(y):.1f}" for x, y in line)
        out.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        out += [
            f'<circle cx="{x_at(x):.1f}" cy="{y_at(y):.1f}" r="3.5" fill="{colour}">'
            f"<title>{escape(name)}: {y:,.0f}</title></circle>"
            for x, y in line
        ]
        out.append(
            f'<rect x="{legend}" y="31" width="14" height="4" fill="{colour}"/>'
            f'<text x="{legend + 19}" y="38">{escape(name)}</text>'
        )
        legend += 40 + 7 * len(name)
    return "\n".join([*out, "</svg>", ""])


def _step(most):
    """A round distance of grid lines, for about five of them."""
    if most <= 0:
        return 1
    power = 10 ** math.floor(math.log10(most / 5))
    return next(power * factor for factor in (1, 2, 5, 10) if power * factor * 5 >= most)


def markdown_table(rows):
    """Rows as a Markdown table; the first one is the head."""
    head, *body = [f"| {' | '.join(row)} |" for row in rows]
    line = "|".join(["", " --- ", *[" ---: "] * (len(rows[0]) - 1), ""])
    return "\n".join([head, line, *body])


def write_page(directory, name, title, chart, paragraphs):
    """Writes NAME.svg and NAME.md, the page that shows it above some paragraphs."""
    directory.mkdir(parents=True, exist_ok=True)
    (directory / f"{name}.svg").write_text(chart)
    text = "\n\n".join([f"# {title}", f"![{title}]({name}.svg)", *paragraphs])
    (directory / f"{name}.md").write_text(text + "\n")
