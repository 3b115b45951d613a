import { nextTask } from './next-task.js';
import type { TextEditor } from './text-editor.js';

declare global {
  // What the bundle of text-editor.ts is called (build-play.mjs).
  var dpcbenchEditor: { TextEditor: typeof TextEditor } | undefined;
}

/**
 * The text editor, out of the page's own text: most of its code, which a page that nobody edits
 * need not read. The content security policy knows the script by its hash.
 */
export async function loadEditor(): Promise<typeof TextEditor> {
  if (globalThis.dpcbenchEditor === undefined) {
    const script = document.createElement('script');
    script.textContent = document.getElementById('editor')!.textContent;
    document.head.append(script);
    await nextTask();
  }
  return globalThis.dpcbenchEditor!.TextEditor;
}
