import {autocompletion, closeBrackets, completionKeymap} from '@codemirror/autocomplete';
import {defaultKeymap, history, historyKeymap, indentWithTab} from '@codemirror/commands';
import {javascript, javascriptLanguage} from '@codemirror/lang-javascript';
import {bracketMatching, foldGutter, HighlightStyle, indentOnInput, syntaxHighlighting} from '@codemirror/language';
import {lintGutter, setDiagnostics} from '@codemirror/lint';
import {highlightSelectionMatches, searchKeymap} from '@codemirror/search';
import {EditorState} from '@codemirror/state';
import {EditorView, highlightActiveLine, hoverTooltip, keymap, lineNumbers} from '@codemirror/view';
import {tags} from '@lezer/highlight';

const colours = HighlightStyle.define([
  {tag: tags.keyword, color: 'var(--code-keyword)'},
  {tag: [tags.string, tags.regexp], color: 'var(--code-string)'},
  {tag: tags.comment, color: 'var(--quiet)', fontStyle: 'italic'},
  {tag: [tags.number, tags.bool, tags.null], color: 'var(--code-number)'},
  {tag: tags.function(tags.variableName), color: 'var(--code-function)'},
]);

const theme = EditorView.theme({
  '&': {fontSize: '13px', border: '1px solid var(--line)', borderRadius: '6px', background: 'var(--raised)', color: 'var(--text)'},
  '.cm-content': {fontFamily: 'ui-monospace, monospace', caretColor: 'var(--text)'},
  '.cm-content, .cm-gutter': {minHeight: '16em'},
  '.cm-gutters': {background: 'var(--sunken)', color: 'var(--quiet)', border: 'none'},
  '.cm-tooltip': {background: 'var(--raised)', color: 'var(--text)', border: '1px solid var(--line)', padding: '4px 8px', maxWidth: '40em'},
  '.cm-activeLine': {background: 'var(--sunken)'},
  // In place of the pictures that the editor has for these, which would have to be allowed as data.
  '.cm-lintRange-error': {backgroundImage: 'none', textDecoration: 'underline wavy var(--bad)'},
  '.cm-lint-marker-error': {content: 'none', background: 'var(--bad)', borderRadius: '50%', width: '.7em', height: '.7em', margin: '.25em .1em'},
  '.cm-foldPlaceholder': {background: 'var(--sunken)', color: 'var(--text)', border: '1px solid var(--line)'},
});

/** The dotted name at `at`, and where it begins. */
function nameAt(text, at) {
  const before = /[\w$.]*$/.exec(text.slice(0, at))[0];
  const after = /^[\w$]*/.exec(text.slice(at))[0];
  return {name: before + after, from: at - before.length, to: at + after.length};
}

/**
 * An editor for a rule. It lives in a shadow root of its own, which is where style sheets can be
 * adopted without loosening the content security policy. `functions` are `{name, signature, doc}`;
 * `problems` `{line, column, message}`; `change` events carry the text.
 */
class RuleEditor extends HTMLElement {
  #view = null;
  #functions = [];

  set functions(list) {
    this.#functions = list ?? [];
  }

  set value(text) {
    if (!this.#view) {
      this.initial = text;
    } else if (text !== this.#view.state.doc.toString()) {
      this.#view.dispatch({changes: {from: 0, to: this.#view.state.doc.length, insert: text}});
    }
  }

  get value() {
    return this.#view?.state.doc.toString() ?? this.initial ?? '';
  }

  set problems(list) {
    this.found = list ?? [];
    this.#mark();
  }

  connectedCallback() {
    if (this.#view) {
      return;
    }
    const root = this.shadowRoot ?? this.attachShadow({mode: 'open'});
    const complete = (context) => {
      const word = context.matchBefore(/[\w$.]+/);
      return word && (word.text.length > 1 || context.explicit)
        ? {from: word.from, options: this.#functions.map((f) => ({label: f.name, detail: f.signature, info: f.doc, type: 'function'}))}
        : null;
    };
    const help = hoverTooltip((view, at) => {
      const line = view.state.doc.lineAt(at);
      const {name, from, to} = nameAt(line.text, at - line.from);
      const known = this.#functions.find((f) => f.name === name);
      return known
        ? {
            pos: line.from + from,
            end: line.from + to,
            create: () => {
              const dom = document.createElement('div');
              const strong = dom.appendChild(document.createElement('strong'));
              strong.textContent = known.signature ?? known.name;
              dom.appendChild(document.createElement('div')).textContent = known.doc ?? '';
              return {dom};
            },
          }
        : null;
    });
    this.#view = new EditorView({
      root,
      parent: root,
      state: EditorState.create({
        doc: this.initial ?? '',
        extensions: [
          lineNumbers(), foldGutter(), lintGutter(), history(), indentOnInput(), bracketMatching(), closeBrackets(),
          autocompletion(), highlightActiveLine(), highlightSelectionMatches(), javascript(), help,
          javascriptLanguage.data.of({autocomplete: complete}),
          syntaxHighlighting(colours), theme,
          // Plain text only, lest the browser copies styles along, which the content security policy refuses.
          EditorView.contentAttributes.of({'aria-label': this.getAttribute('label') ?? 'Source', contenteditable: 'plaintext-only'}),
          keymap.of([...completionKeymap, ...defaultKeymap, ...searchKeymap, ...historyKeymap, indentWithTab]),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) {
              this.dispatchEvent(new CustomEvent('change', {detail: this.value}));
            }
          }),
        ],
      }),
    });
    this.#mark();
  }

  disconnectedCallback() {
    this.initial = this.value;
    // It listens to the window and the document, which outlive it.
    this.#view?.destroy();
    this.#view = null;
  }

  #mark() {
    const view = this.#view;
    if (!view) {
      return;
    }
    const doc = view.state.doc;
    const marks = (this.found ?? []).map((p) => {
      const line = doc.line(Math.min(Math.max(1, p.line ?? 1), doc.lines));
      const from = Math.min(line.from + Math.max(0, (p.column ?? 1) - 1), line.to);
      return {from, to: line.to, severity: 'error', message: p.message};
    });
    view.dispatch(setDiagnostics(view.state, marks));
  }
}

customElements.define('weir-editor', RuleEditor);
