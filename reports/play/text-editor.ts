import {
  autocompletion,
  type CompletionContext,
  type CompletionResult,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import { bracketMatching, HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { type Diagnostic, lintGutter, setDiagnostics } from '@codemirror/lint';
import { Compartment, EditorState } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import { tags } from '@lezer/highlight';
import type { Problem } from '../../src/errors.js';
import { suggestionsAt } from '../../src/play/key-completion.js';
import { scenarioJsonSchema } from '../../src/scenario/json-schema.js';
import type { JsonSchema } from '../../src/scenario/shape.js';
import { nextTask } from './next-task.js';

/**
 * A text field for YAML. It stands in a shadow root: there its styles are sheets of their own,
 * which the page's content security policy lets it have.
 */
export class TextEditor {
  private readonly view: EditorView;
  private isOpen = true;

  constructor(host: HTMLElement, text: string, onChange: (text: string) => void) {
    const root = host.attachShadow({ mode: 'open' });
    const parent = document.createElement('div');
    root.append(parent);
    let schema: JsonSchema | null = null;
    const complete = ({ pos, state, explicit }: CompletionContext): CompletionResult | null => {
      schema ??= scenarioJsonSchema();
      const found = suggestionsAt(state.doc.toString(), pos, schema);
      if (found === null || (!explicit && found.from === pos)) return null;
      return {
        from: found.from,
        options: found.all.map(({ word, kind, description }) => ({
          label: word,
          type: kind === 'key' ? 'property' : 'constant',
          info: description,
          apply: kind === 'key' ? `${word}: ` : word,
        })),
        validFor: /^[\w-]*$/,
      };
    };
    const language = new Compartment();
    this.view = new EditorView({
      root,
      parent,
      state: EditorState.create({
        doc: text,
        extensions: [
          lineNumbers(),
          history(),
          drawSelection(),
          bracketMatching(),
          highlightActiveLine(),
          lintGutter(),
          language.of([]),
          syntaxHighlighting(COLOURS),
          autocompletion({ override: [complete] }),
          // Tab leaves the field, as everywhere on the page.
          keymap.of([...defaultKeymap, ...historyKeymap]),
          EditorView.contentAttributes.of({
            'aria-label': 'The text of the scenario',
            tabindex: '0',
          }),
          EditorView.theme(THEME),
          EditorView.updateListener.of((update) => {
            const isOwn = update.transactions.some((each) => each.isUserEvent('replace'));
            if (update.docChanged && !isOwn) onChange(update.state.doc.toString());
          }),
        ],
      }),
    });
    // A long text is read in a task of its own, after it is there.
    void nextTask().then(() => {
      if (this.isOpen) this.view.dispatch({ effects: language.reconfigure(yaml()) });
    });
  }

  /** Another text, unless it stands there already. */
  replace(text: string): void {
    const { doc } = this.view.state;
    if (doc.toString() === text) return;
    this.view.dispatch({
      changes: { from: 0, to: doc.length, insert: text },
      userEvent: 'replace',
    });
  }

  /** Problems at their places. */
  mark(problems: readonly Problem[]): void {
    const { doc } = this.view.state;
    const diagnostics = problems.map(({ line, column, message, hint }): Diagnostic => {
      const at = doc.line(Math.min(line ?? 1, doc.lines));
      const from = Math.min(at.from + (column ?? 1) - 1, at.to);
      const words = hint === '' ? message : `${message} (${hint})`;
      return { from, to: Math.max(from, at.to), severity: 'error', message: words };
    });
    this.view.dispatch(setDiagnostics(this.view.state, diagnostics));
  }

  close(): void {
    this.isOpen = false;
    this.view.destroy();
  }
}

const COLOURS = HighlightStyle.define([
  { tag: tags.propertyName, color: 'var(--p0)' },
  { tag: tags.comment, color: 'var(--muted)' },
  { tag: [tags.string, tags.content], color: 'var(--ink)' },
  { tag: [tags.number, tags.bool], color: 'var(--p1)' },
]);

const THEME = {
  '&': {
    color: 'var(--ink)',
    backgroundColor: 'var(--paper)',
    border: '1px solid var(--line)',
    borderRadius: '6px',
    fontSize: '13px',
    maxHeight: '32rem',
  },
  '.cm-scroller': { overflow: 'auto', fontFamily: 'ui-monospace, Consolas, monospace' },
  '.cm-gutters': { backgroundColor: 'var(--panel)', color: 'var(--muted)', border: 'none' },
  '.cm-activeLine': { backgroundColor: 'transparent' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)' },
  '&.cm-focused': { outline: '3px solid var(--focus)' },
  // The library's own marks are images, which the page's policy does not let it load.
  '.cm-lintRange-error': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--p1)',
    textDecorationSkipInk: 'none',
  },
  '.cm-lint-marker-error': {
    content: 'normal',
    width: '.75em',
    height: '.75em',
    margin: '.25em auto',
    borderRadius: '50%',
    backgroundColor: 'var(--p1)',
  },
  '.cm-tooltip': {
    backgroundColor: 'var(--panel)',
    color: 'var(--ink)',
    border: '1px solid var(--line)',
  },
};
