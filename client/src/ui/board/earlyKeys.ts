// Keys that are pressed before what they are for has come. They are kept, and pressed again in their order once it is there: a
// letter after N belongs to the new note's text, however late the field for it comes.

import { allHere, isComing } from '../parts';

/** So long after a key its effect is no longer expected. ms */
const patienceMs = 10_000;
const keptKeys = 400;

const kept = new Set(['Enter', 'Escape', 'Backspace']);

interface Press {
  readonly key: string;
  readonly shift: boolean;
}

export class EarlyKeys {
  readonly #root: HTMLElement;
  readonly #presses: Press[] = [];
  readonly #end = new AbortController();
  #last = 0;
  /** What takes the board's own keys has come. */
  #ready = false;
  #waiting = false;

  /** `root`: the board, which has the keys while nothing else has. */
  constructor(root: HTMLElement) {
    this.#root = root;
    root.ownerDocument.addEventListener('keydown', (event) => this.#hear(event), {
      capture: true,
      signal: this.#end.signal,
    });
  }

  /** What takes the board's own keys has come, or could not be had. */
  ready(came: boolean): void {
    this.#ready = true;
    if (!came) this.#presses.length = 0;
    void this.#pressAgain();
  }

  stop(): void {
    this.#end.abort();
    this.#presses.length = 0;
  }

  #hear(event: KeyboardEvent): void {
    const { key, target } = event;
    const waits = this.#presses.length > 0 || this.#waiting;
    if (this.#ready && !waits && !isComing()) return;
    const ours = event.isTrusted && !event.isComposing && (key.length === 1 || kept.has(key));
    if (!ours || event.ctrlKey || event.metaKey || event.altKey) return;
    // Where it would go by itself may be what an earlier key has just opened: it goes there after that.
    if (!waits && hasUse(target, key)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.#last = performance.now();
    if (this.#presses.length < keptKeys) this.#presses.push({ key, shift: event.shiftKey });
    if (this.#ready) void this.#pressAgain();
  }

  /** What is pressed while this goes on comes after what waits. */
  async #pressAgain(): Promise<void> {
    if (this.#waiting || this.#presses.length === 0) return;
    this.#waiting = true;
    await come();
    if (performance.now() - this.#last > patienceMs) this.#presses.length = 0;
    for (let press = this.#presses.shift(); press; press = this.#presses.shift()) {
      this.#press(press);
      // What a key asks for and opens has to stand before the next is pressed.
      await come();
    }
    this.#waiting = false;
  }

  #press({ key, shift }: Press): void {
    const { activeElement, body } = this.#root.ownerDocument;
    const target = activeElement === null || activeElement === body ? this.#root : activeElement;
    const event = new KeyboardEvent('keydown', {
      key,
      shiftKey: shift,
      bubbles: true,
      cancelable: true,
    });
    if (!target.dispatchEvent(event)) return;
    if (target instanceof HTMLTextAreaElement || target instanceof HTMLInputElement) {
      write(target, key);
    } else if (target instanceof HTMLElement && hasUse(target, key)) {
      target.click();
    }
  }
}

/** When what was asked for stands, or does not come. */
async function come(): Promise<void> {
  await wait(0);
  await Promise.race([allHere(), wait(patienceMs)]);
  await wait(0);
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Whether an element does something with a key by itself. */
function hasUse(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof Element)) return true;
  if (target.closest('input, textarea, select, dialog')) return true;
  return (key === 'Enter' || key === ' ') && target.closest('button, a, summary') !== null;
}

/** What the browser does when a key is pressed in a field. */
function write(field: HTMLTextAreaElement | HTMLInputElement, key: string): void {
  if (key === 'Enter') field.form?.requestSubmit();
  if (key.length > 1 && key !== 'Backspace') return;
  const start = field.selectionStart ?? field.value.length;
  const end = field.selectionEnd ?? start;
  const from = key === 'Backspace' && start === end ? Math.max(0, start - 1) : start;
  field.setRangeText(key === 'Backspace' ? '' : key, from, end, 'end');
  field.dispatchEvent(new InputEvent('input', { bubbles: true }));
}
