const MOST = 2000;

/**
 * What is different between two texts, line by line: each line with a sign, `-` for one that goes,
 * `+` for one that comes, and a blank for one that stays. Lines that stay far from any other are
 * left out, with `…` in their place.
 */
export function lineDifferences(before, after) {
  const a = before.split('\n');
  const b = after.split('\n');
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) {
    head++;
  }
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) {
    tail++;
  }
  const middle = common(a.slice(head, a.length - tail), b.slice(head, b.length - tail));
  const all = [...a.slice(0, head).map((l) => [' ', l]), ...middle, ...a.slice(a.length - tail).map((l) => [' ', l])];
  return shortened(all);
}

/** The longest common lines decide; texts that are too long are shown as wholly replaced. */
function common(a, b) {
  if (a.length > MOST || b.length > MOST) {
    return [...a.map((l) => ['-', l]), ...b.map((l) => ['+', l])];
  }
  const width = b.length + 1;
  const longest = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      longest[i * width + j] = a[i] === b[j] ? longest[(i + 1) * width + j + 1] + 1
        : Math.max(longest[(i + 1) * width + j], longest[i * width + j + 1]);
    }
  }
  const lines = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push([' ', a[i]]);
      i++;
      j++;
    } else if (i < a.length && (j === b.length || longest[(i + 1) * width + j] >= longest[i * width + j + 1])) {
      lines.push(['-', a[i++]]);
    } else {
      lines.push(['+', b[j++]]);
    }
  }
  return lines;
}

function shortened(lines) {
  const near = new Set();
  lines.forEach(([sign], at) => {
    if (sign !== ' ') {
      for (let i = at - 3; i <= at + 3; i++) {
        near.add(i);
      }
    }
  });
  const kept = [];
  lines.forEach((line, at) => {
    if (near.has(at)) {
      kept.push(line);
    } else if (kept.at(-1)?.[0] !== '…') {
      kept.push(['…', '']);
    }
  });
  return near.size ? kept : [];
}
