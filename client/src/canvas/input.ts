// What people do on the board by pointer and key, joined. A board can be looked at before this part has come.

import './input.css';
import { Editor } from './editor';
import { Focus } from './focus';
import type { Frames } from './frames';
import { Handling } from './handling';
import { Hands } from './hands';
import type { Desk } from './desk';
import type { KeyInput } from './keys';
import type { Motion } from './motion';
import type { Picture } from './picture';
import type { PointerInput } from './pointer';

/** What the input works on. */
export interface Parts {
  readonly root: HTMLElement;
  readonly desk: Desk;
  readonly picture: Picture;
  readonly motion: Motion;
  readonly frames: Frames;
}

export class Input {
  readonly hands: Hands;
  readonly focus: Focus;
  private readonly handling: Handling;
  private readonly editor: Editor;

  constructor(private readonly parts: Parts) {
    const { root, desk, picture, motion, frames } = parts;
    const { layers, notes } = picture;
    this.hands = new Hands(desk, notes, picture.typesetter, layers, {
      lineY: () => picture.axis.lineY(desk.view),
      showTarget: (target) => picture.showTarget(target),
      lifted: () => picture.touchMarks(),
    });
    this.focus = new Focus(desk, notes, layers.world);
    this.handling = new Handling(root, desk, picture, this.hands, this.focus, motion, frames);
    this.editor = new Editor(layers.edit, (intent) => {
      if (intent.type === 'editEnd') this.setEdited(null);
      desk.tell(intent);
    });
  }

  get holdsBoard(): boolean {
    return this.handling.holdsBoard;
  }

  /** The note that is written. */
  get edited(): string | null {
    return this.editor.id;
  }

  /** Notes that have to stay elements. */
  get pinned(): ReadonlySet<string> {
    return new Set([this.editor.id, this.focus.kept].filter((id) => id !== null));
  }

  /** Whether an event is for the field, not for the board. */
  holds(target: EventTarget | null): boolean {
    return this.editor.holds(target);
  }

  pointer(input: PointerInput): void {
    if (input.type === 'down') this.editor.end('blur');
    this.handling.pointer(input);
  }

  key(input: KeyInput): boolean {
    return this.handling.key(input);
  }

  closeFan(): void {
    this.handling.closeFan();
  }

  edit(id: string): void {
    const { desk, motion } = this.parts;
    const note = desk.scene.get(id);
    if (!note) return;
    this.closeFan();
    motion.show(note);
    const { words, textLimit } = desk.options;
    this.editor.open(note.view, { label: words.writing, limit: textLimit });
    this.setEdited(id);
    this.placeEditor();
  }

  mergeEdit(text: string): void {
    this.editor.merge(text);
  }

  endEdit(): void {
    this.editor.close();
  }

  cancelDrag(drag: number): void {
    this.hands.putBack(drag, true);
    this.handling.abandon(drag);
  }

  /** Brings a note into sight and gives it the focus. */
  giveFocus(id: string): void {
    const { desk, motion } = this.parts;
    this.focus.usedKeys(true);
    const note = desk.scene.get(id);
    if (note) motion.show(note);
    this.focus.give(id);
  }

  /** All notes were told anew. */
  reloaded(): void {
    this.closeFan();
    this.hands.reloaded();
  }

  gone(id: string): void {
    if (this.editor.id === id) this.editor.close();
    this.hands.gone(id);
  }

  /** One frame's work before the board is moved. */
  step(now: number): void {
    this.handling.step(now);
  }

  /** One frame's work on what is in hand; true when something is left for the next frame. */
  carry(now: number): boolean {
    return this.hands.update(now, this.parts.desk.open ?? this.focus.kept);
  }

  /** After the notes are drawn. */
  drawn(): void {
    this.focus.update();
    this.placeEditor();
  }

  private setEdited(id: string | null): void {
    const { desk, picture, frames } = this.parts;
    const before = desk.edited;
    desk.edited = id;
    for (const touched of [before, id]) if (touched !== null) picture.touch(touched);
    frames.ask();
  }

  private placeEditor(): void {
    const { root, desk, picture } = this.parts;
    const { id } = this.editor;
    const box = id === null ? null : picture.boxOf(id);
    if (!box) return;
    const clear = desk.view.clear(0);
    const viewport = root.ownerDocument.defaultView?.visualViewport;
    // The keyboard takes away the lower part of what is seen of the page, not of the page.
    const seenTo = viewport
      ? viewport.offsetTop + viewport.height - root.getBoundingClientRect().top
      : Infinity;
    this.editor.place(box, { ...clear, bottom: Math.min(clear.bottom, seenTo) });
  }
}
