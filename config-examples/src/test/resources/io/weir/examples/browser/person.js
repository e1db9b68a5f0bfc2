// What a person sees and can get at, for tests: everything is found by the words on it.
(() => {
  const seen = (element) => element.checkVisibility({visibilityProperty: true}) && element.getClientRects().length > 0;
  const scope = () => [...document.querySelectorAll('dialog[open]')].at(-1) ?? document;
  const wordsOf = (element) => (element.getAttribute('aria-label') ?? element.textContent).replace(/\s+/g, ' ').trim();
  const named = (elements, name) => {
    const all = [...elements].filter(seen);
    return all.find((e) => wordsOf(e) === name) ?? all.find((e) => wordsOf(e).startsWith(name));
  };
  const control = (label) => {
    const own = label.control ?? label.querySelector('input, select, textarea');
    return own ?? document.getElementById(label.htmlFor);
  };

  const person = {
    /** Something to press: a button, a link, a summary; within `near`, when that is the words of a row. */
    button(name, near) {
      const where = near ? person.row(near) : scope();
      return where && named(where.querySelectorAll('button, a, summary, [role=button]'), name);
    },
    /** The row of a table, the card or the list entry with these words. */
    row(words) {
      return [...scope().querySelectorAll('tr, li, .card')].filter(seen).filter((row) => row.textContent.includes(words)).at(-1);
    },
    /** Something to fill in, by its label. */
    field(name) {
      const label = named(scope().querySelectorAll('label, legend'), name);
      return label ? control(label) : named(scope().querySelectorAll('input[aria-label], textarea[aria-label], select[aria-label]'), name);
    },
    /** The words of everything in the page that can be pressed or filled in, but for plain links, filters and searches. */
    controls() {
      return [...document.querySelectorAll('main button, main a.button, main input, main select, main textarea')]
        .filter(seen).filter((e) => !e.matches(':disabled, [readonly], [type=search]') && !e.closest('form.row, .choices'))
        .map((e) => (e.labels?.[0] ? wordsOf(e.labels[0]) : wordsOf(e) || e.name || e.tagName));
    },
    /** All words that can be read now. */
    text() {
      return scope() === document ? (document.body?.innerText ?? '') : scope().innerText;
    },
    /** The middle of an element once it can be pressed there; null when something covers it. */
    middle(element) {
      element.scrollIntoView({block: 'center', inline: 'nearest'});
      const box = element.getBoundingClientRect();
      const x = box.left + box.width / 2;
      const y = box.top + box.height / 2;
      let top = document.elementFromPoint(x, y);
      while (top?.shadowRoot?.elementFromPoint(x, y) && top.shadowRoot.elementFromPoint(x, y) !== top) {
        top = top.shadowRoot.elementFromPoint(x, y);
      }
      const hit = top && (element.contains(top) || top.contains(element) || element.shadowRoot?.contains(top));
      return hit && !element.disabled ? {x, y} : null;
    },
    /** The words of what has the focus. */
    focus() {
      const at = document.activeElement;
      if (at === document.body || at.matches('main, h1, dialog')) {
        return at.tagName.toLowerCase();
      }
      const label = at.labels?.[0];
      return `${at.tagName.toLowerCase()} ${label ? wordsOf(label) : wordsOf(at)}`.slice(0, 80);
    },
  };
  window.person = person;
})();
