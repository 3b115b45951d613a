import { setTimeout as sleep } from 'node:timers/promises';

/** By this key W3C WebDriver names an element. */
const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';
/** A browser on a busy machine may take its time. */
const PATIENCE_MS = 50_000;
const LOOK_MS = 40;

/** The few commands of W3C WebDriver that the tests give, however a browser wants to be told. */
export interface WebDriver {
  /** What it calls itself, with its version. */
  readonly name: string;
  navigate(url: string): Promise<void>;
  /** The body of a function, with `arguments`; what it returns. */
  execute(script: string, args: readonly unknown[]): Promise<unknown>;
  find(xpath: string): Promise<Record<string, string>>;
  click(id: string): Promise<void>;
  perform(actions: readonly unknown[]): Promise<void>;
  resize(width: number, height: number): Promise<void>;
  close(): Promise<void>;
}

/** What of an environment says how a browser looks. */
export interface Looks {
  dark: boolean;
}

/** A browser as its reader uses it: by what is written on the page, by mouse and by keyboard. */
export class OtherBrowser {
  constructor(readonly driver: WebDriver) {}

  /** Runs in the page; the function may use nothing but its arguments. */
  async run<Args extends readonly unknown[], T>(
    task: (...args: Args) => T,
    ...args: Args
  ): Promise<T> {
    return (await this.driver.execute(`return (${task}).apply(null, arguments)`, args)) as T;
  }

  /** Waits until something is so in the page. */
  async until<Args extends readonly unknown[]>(
    isSo: (...args: Args) => boolean,
    ...args: Args
  ): Promise<void> {
    const startedMs = performance.now();
    while (!(await this.run(isSo, ...args))) {
      if (performance.now() - startedMs > PATIENCE_MS) {
        const seen = await this.text('body');
        throw new Error(`never so: ${isSo} of ${JSON.stringify(args)}; the page says\n${seen}`);
      }
      await sleep(LOOK_MS);
    }
  }

  untilSaid(words: string, selector = 'body'): Promise<void> {
    return this.until(
      (where, what) =>
        [...document.querySelectorAll<HTMLElement>(where)].some((each) =>
          each.innerText.includes(what),
        ),
      selector,
      words,
    );
  }

  text(selector: string): Promise<string> {
    return this.run(
      (where) => document.querySelector<HTMLElement>(where)?.innerText ?? '',
      selector,
    );
  }

  count(selector: string): Promise<number> {
    return this.run((where) => document.querySelectorAll(where).length, selector);
  }

  /**
   * Presses a button, or opens what a summary says, with the mouse: again where the click has not
   * come to it, since a driver aims first and clicks later. The page keeps what was
   * clicked.
   */
  async press(words: string): Promise<void> {
    const { driver } = this;
    const is = `normalize-space(.)=${JSON.stringify(words)}`;
    const button = await driver.find(`(//button[${is}] | //summary[${is}])[1]`);
    await this.run(() => void globalThis.clicked.splice(0));
    for (const startedMs = performance.now(); ; await sleep(LOOK_MS)) {
      // A driver scrolls no further than to where the bar of the pace lies above.
      await driver.execute('arguments[0].scrollIntoView({ block: "center" })', [button]);
      // What is above it may have grown meanwhile.
      const refused = await driver.click(button[ELEMENT]).catch((error: unknown) => error);
      if (await this.run((what) => globalThis.clicked.includes(what), words)) return;
      if (performance.now() - startedMs > PATIENCE_MS) {
        throw new Error(`no click comes to ${words}`, { cause: refused });
      }
    }
  }

  /** Gives an input or a list another value, as its reader's hand does. */
  async set(label: string, value: string): Promise<void> {
    await this.run(
      (words, wanted) => {
        const labels = [...document.querySelectorAll('label')];
        const found = labels.find((each) => each.innerText.trim().startsWith(words));
        const control = found?.querySelector<HTMLInputElement | HTMLSelectElement>('input, select');
        if (control == null) throw new Error(`no control is labelled ${words}`);
        if (control instanceof HTMLSelectElement) {
          const { options } = control;
          const index = [...options].findIndex(({ value: each, text }) =>
            [each, text].includes(wanted),
          );
          if (index < 0) throw new Error(`${words} has no choice ${wanted}`);
          control.selectedIndex = index;
        } else control.value = wanted;
        control.dispatchEvent(new Event('input', { bubbles: true }));
        control.dispatchEvent(new Event('change', { bubbles: true }));
      },
      label,
      value,
    );
  }

  /** Keys one after another, to whatever has the focus; `held` is kept down meanwhile. */
  async type(keys: readonly string[], held: readonly string[] = []): Promise<void> {
    const stroke = (type: string) => (value: string) => ({ type, value });
    const actions = [
      ...held.map(stroke('keyDown')),
      ...keys.flatMap((key) => [stroke('keyDown')(key), stroke('keyUp')(key)]),
      ...held.map(stroke('keyUp')),
    ];
    await this.driver.perform([{ type: 'key', id: 'keyboard', actions }]);
  }
}

/** Keys as W3C WebDriver writes them. */
export const KEYS = {
  control: '\uE009',
  end: '\uE010',
  enter: '\uE007',
  right: '\uE014',
  space: ' ',
  tab: '\uE004',
};
