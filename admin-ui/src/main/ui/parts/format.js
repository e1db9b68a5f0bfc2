// Values as people read them.

const number = new Intl.NumberFormat('en');

export const count = (n) => (n == null ? '–' : number.format(n));

/** A figure of any kind, with the digits that matter. */
export const figure = (n) => number.format(Math.abs(n) >= 100 ? Math.round(n) : Number(n.toPrecision(3)));

export function rate(perSecond) {
  if (perSecond == null || Number.isNaN(perSecond)) {
    return '–';
  }
  if (perSecond >= 10000) {
    return `${number.format(Math.round(perSecond / 100) / 10)} k/s`;
  }
  return `${number.format(perSecond >= 10 ? Math.round(perSecond) : Math.round(perSecond * 10) / 10)}/s`;
}

/** A share in percent; nothing of nothing is 0. */
export function share(part, whole) {
  if (part == null || whole == null) {
    return '–';
  }
  const percent = whole > 0 ? (100 * part) / whole : 0;
  return `${percent >= 10 || percent === 0 ? Math.round(percent) : percent.toFixed(1)} %`;
}

export function bytes(n) {
  if (n == null) {
    return '–';
  }
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let at = 0;
  let value = n;
  while (value >= 1024 && at < units.length - 1) {
    value /= 1024;
    at++;
  }
  return `${at && value < 100 ? value.toFixed(1) : Math.round(value)} ${units[at]}`;
}

/** Milliseconds, with the digits that matter. */
export function milliseconds(n) {
  if (n == null) {
    return '–';
  }
  if (n >= 10000) {
    return duration(n / 1000);
  }
  return `${n >= 100 ? Math.round(n) : n >= 10 ? n.toFixed(1) : n.toFixed(2)} ms`;
}

export function duration(seconds) {
  if (seconds == null) {
    return '–';
  }
  if (seconds < 60) {
    return `${Math.round(seconds)} s`;
  }
  if (seconds < 3600) {
    return `${Math.floor(seconds / 60)} min`;
  }
  if (seconds < 86400) {
    return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
  }
  return `${Math.floor(seconds / 86400)} d ${Math.floor((seconds % 86400) / 3600)} h`;
}

const clock = new Intl.DateTimeFormat('sv-SE', {dateStyle: 'short', timeStyle: 'medium'});

export const time = (iso) => (iso ? clock.format(new Date(iso)) : '–');

/** `virtual-servers` as a title: Virtual servers. */
export function title(key) {
  const words = key.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
