// The field that a note is written in: one textarea over the note, opened within the tap that asks for it, so that the keyboard comes.

import { made } from './dom';
import { clamp, type Box } from './point';
import { swallowTyping } from './typedOn';
import type { Intent, NoteView } from './types';

export interface EditorWords {
  readonly label: string;
  readonly limit: number;
}

const counterFromPart = 0.8;
const marginPx = 12;

export class Editor {
  private readonly root: HTMLElement;
  private readonly field: HTMLTextAreaElement;
  private readonly counter: HTMLElement;
  private readonly letters: HTMLElement;
  private edited: string | null = null;
  private limit = Infinity;
  private composing = false;
  private merged: string | null = null;

  constructor(
    parent: Element,
    private readonly tell: (intent: Intent) => void,
  ) {
    this.root = made(parent, 'div', 'note-editor');
    this.root.hidden = true;
    this.letters = made(this.root, 'span', 'note-letters');
    this.letters.setAttribute('aria-hidden', 'true');
    this.field = made(this.root, 'textarea', 'note-field');
    this.field.enterKeyHint = 'done';
    this.field.rows = 1;
    this.counter = made(this.root, 'span', 'note-counter');
    this.field.addEventListener('input', () => this.typed());
    this.field.addEventListener('blur', () => this.end('blur'));
    this.field.addEventListener('keydown', (event) => this.key(event));
    this.field.addEventListener('compositionstart', () => (this.composing = true));
    this.field.addEventListener('compositionend', () => {
      this.composing = false;
      if (this.merged !== null) this.merge(this.merged);
    });
  }

  get id(): string | null {
    return this.edited;
  }

  holds(target: EventTarget | null): boolean {
    return this.edited !== null && target === this.field;
  }

  open(note: NoteView, { label, limit }: EditorWords): void {
    if (this.edited === note.id) {
      this.field.focus({ preventScroll: true });
      return;
    }
    this.end('blur');
    this.edited = note.id;
    this.limit = limit;
    this.root.hidden = false;
    this.root.dataset['colour'] = String(note.colour);
    this.letters.textContent = note.letters;
    this.field.setAttribute('aria-label', label);
    this.field.value = note.text;
    this.grow();
    this.count();
    this.field.focus({ preventScroll: true });
    this.field.setSelectionRange(note.text.length, note.text.length);
  }

  /** Others' words: only what differs is replaced, so the caret stays where it is in the text. */
  merge(text: string): void {
    if (this.edited === null) return;
    if (this.composing) {
      this.merged = text;
      return;
    }
    this.merged = null;
    const before = this.field.value;
    if (before === text) return;
    const { start, end, words } = difference(before, text);
    this.field.setRangeText(words, start, end, 'preserve');
    this.grow();
    this.count();
  }

  /** Under who writes. */
  close(): void {
    if (this.edited === null) return;
    const page = this.field.ownerDocument.defaultView;
    const writes = this.field === this.field.ownerDocument.activeElement;
    this.end('blur');
    if (page && writes) swallowTyping(page);
  }

  end(by: 'enter' | 'escape' | 'blur'): void {
    const id = this.edited;
    if (id === null) return;
    // Cleared before the field is blurred, which ends the edit once more.
    this.edited = null;
    const text = this.field.value;
    // What is hidden loses its focus only with the next frame, and the next key would be lost in it.
    this.field.blur();
    this.root.hidden = true;
    this.merged = null;
    this.composing = false;
    this.tell({ type: 'editEnd', id, text, by });
  }

  /** Over the note, within what is clear of chrome and keyboard; px on the surface. */
  place(note: Box, clear: Box): void {
    if (this.edited === null) return;
    const { x, y } = editorPlace(note, this.root.offsetWidth, this.root.offsetHeight, clear);
    this.root.style.transform = `translate(${x}px,${y}px)`;
  }

  private typed(): void {
    if (this.edited === null) return;
    this.grow();
    this.count();
    this.tell({ type: 'typed', id: this.edited, text: this.field.value });
  }

  private key(event: KeyboardEvent): void {
    event.stopPropagation();
    if (event.isComposing) return;
    if (event.key === 'Escape') this.end('escape');
    else if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      this.end('enter');
    }
  }

  /** As high as its text. */
  private grow(): void {
    this.field.style.height = 'auto';
    this.field.style.height = `${this.field.scrollHeight}px`;
  }

  private count(): void {
    const n = Array.from(this.field.value).length;
    this.counter.hidden = n < this.limit * counterFromPart;
    this.counter.textContent = `${n} / ${this.limit}`;
    this.counter.classList.toggle('is-over', n > this.limit);
  }
}

/** Where the field stands: centred on its note, moved as little as needed to be clear. */
export function editorPlace(
  note: Box,
  width: number,
  height: number,
  clear: Box,
): { readonly x: number; readonly y: number } {
  const x = (note.left + note.right - width) / 2;
  const y = Math.min(note.top, (note.top + note.bottom - height) / 2 + height / 4);
  return {
    x: Math.round(clamp(x, clear.left + marginPx, clear.right - width - marginPx)),
    y: Math.round(clamp(y, clear.top + marginPx, clear.bottom - height - marginPx)),
  };
}

/** The one stretch in which two texts differ, in UTF-16 units, never through a surrogate pair. */
export function difference(
  before: string,
  after: string,
): { readonly start: number; readonly end: number; readonly words: string } {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start++;
  if (start > 0 && isHigh(before.charCodeAt(start - 1))) start--;
  let same = 0;
  while (
    same < shorter - start &&
    before[before.length - 1 - same] === after[after.length - 1 - same]
  ) {
    same++;
  }
  if (same > 0 && isLow(before.charCodeAt(before.length - same))) same--;
  return { start, end: before.length - same, words: after.slice(start, after.length - same) };
}

function isHigh(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

function isLow(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}
