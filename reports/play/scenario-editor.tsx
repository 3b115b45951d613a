import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { effect } from '@preact/signals';
import { loadEditor } from './editor-script.js';
import type { PlayStore } from './store.js';
import type { TextEditor } from './text-editor.js';

/** So long after the last stroke the text is read. */
const REST_MS = 300;

/** The scenario's text. What is written is read at once; one with problems stops the machines. */
export function ScenarioEditor({ store }: { store: PlayStore }): JSX.Element {
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    let isGone = false;
    let close = (): void => {};
    void loadEditor().then((Editor) => {
      if (!isGone) close = edit(store, Editor, host.current!);
    });
    return () => {
      isGone = true;
      close();
    };
  }, [store]);
  return <div class="editor" ref={host} />;
}

function edit(store: PlayStore, Editor: typeof TextEditor, host: HTMLElement): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let own = '';
  const editor = new Editor(host, store.written.value.text, (text) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      own = text;
      void store.edits.write(text, { words: 'the text was edited', goesOn: false });
    }, REST_MS);
  });
  const follow = effect(() => {
    const { text } = store.written.value;
    if (text !== own) editor.replace(text);
  });
  const mark = effect(() => editor.mark(store.problems.value));
  return () => {
    clearTimeout(timer);
    follow();
    mark();
    editor.close();
  };
}
