import declarations from '../../../../../docs/weir.d.ts';

/** What rules can call, out of the declarations that the engine's build makes: `{name, signature, doc}`. */
export function ruleFunctions() {
  const found = new Map();
  let space = '';
  let doc = '';
  for (const line of declarations.split('\n')) {
    const text = line.trim();
    const within = /^declare namespace ([\w.]+)/.exec(text);
    const made = /^function (\w+)(\(.*\): .*);$/.exec(text);
    if (within) {
      space = within[1];
    } else if (text.startsWith('/**')) {
      doc = text.replace(/^\/\*\*\s*|\s*\*\/$/g, '');
    } else if (made) {
      const name = `${space}.${made[1]}`;
      // Of several forms the last one has the most arguments.
      found.set(name, {name, signature: name + made[2], doc});
    }
  }
  return [...found.values()];
}
