// One note in the page. It is told how it is to look and writes only what has changed.

import { icon, made } from './dom';
import type { Fitted } from './text';
import type { GroupColour, Icons, Level, NoteView } from './types';

/** What goes on with a note besides what the board says of it. */
export interface Marks {
  readonly selected: boolean;
  readonly open: boolean;
  /** Its place is kept by a dashed outline while a copy of it is carried. */
  readonly lifted: boolean;
  /** What a drag would join. */
  readonly target: boolean;
  /** The note under edit: its words are in the field over it. */
  readonly edited: boolean;
  readonly busy: { readonly type: 'moving' | 'writing'; readonly tag: string } | null;
}

export const noMarks: Marks = {
  selected: false,
  open: false,
  lifted: false,
  target: false,
  edited: false,
  busy: null,
};

export interface Look {
  readonly view: NoteView;
  readonly level: Level | 'free';
  readonly fitted: Fitted;
  readonly marks: Marks;
  readonly groupColour: GroupColour | null;
  readonly label: string;
}

export class NoteElement {
  readonly root: HTMLElement;
  private readonly body: HTMLElement;
  private readonly text: Text;
  private letters: HTMLElement | null = null;
  private lock: SVGSVGElement | null = null;
  private badge: HTMLElement | null = null;
  private tag: HTMLElement | null = null;
  private look: Look | null = null;
  private left = NaN;
  private top = NaN;
  private stack = NaN;

  constructor(
    parent: Element,
    private readonly icons: Icons,
    /** A copy that is carried: nothing for a screen reader. */
    copy: boolean,
  ) {
    this.root = made(parent, 'div', 'note');
    if (copy) this.root.setAttribute('aria-hidden', 'true');
    else {
      this.root.setAttribute('role', 'option');
      this.root.tabIndex = -1;
    }
    this.body = made(this.root, 'div', 'note-text');
    this.text = this.root.ownerDocument.createTextNode('');
    this.body.append(this.text);
  }

  /** Centre and size in px of the layer. Whole px keep the text sharp. */
  put(x: number, y: number, width: number, height: number): void {
    const left = Math.round(x - width / 2);
    const top = Math.round(y - height / 2);
    if (left === this.left && top === this.top) return;
    this.left = left;
    this.top = top;
    this.root.style.transform = `translate(${left}px,${top}px)`;
  }

  /** The transform that put() wrote last, moved by so much. */
  transform(dx = 0, dy = 0): string {
    return `translate(${this.left + dx}px,${this.top + dy}px)`;
  }

  raise(z: number): void {
    if (z === this.stack) return;
    this.stack = z;
    this.root.style.zIndex = String(z);
  }

  show(look: Look): void {
    const before = this.look;
    this.look = look;
    const { root } = this;
    const { view, marks } = look;
    if (before?.view.id !== view.id) root.dataset['note'] = view.id;
    if (before?.level !== look.level) root.dataset['level'] = look.level;
    if (before?.view.colour !== view.colour) root.dataset['colour'] = String(view.colour);
    if (before?.label !== look.label && root.tabIndex >= -1 && look.label !== '') {
      root.setAttribute('aria-label', look.label);
    }
    if (before?.fitted !== look.fitted) {
      if (this.text.data !== look.fitted.text) this.text.data = look.fitted.text;
      root.style.setProperty('--note-font', `${look.fitted.fontPx}px`);
    }
    if (before?.view.letters !== view.letters) this.showLetters(view.letters);
    if (before?.marks !== marks || before.view !== view) this.showMarks(look);
  }

  private showLetters(letters: string): void {
    if (letters === '') {
      this.letters?.remove();
      this.letters = null;
      return;
    }
    if (!this.letters) {
      this.letters = made(this.body, 'span', 'note-letters');
      // Floated, so it must come before the words that flow around it.
      this.body.prepend(this.letters);
    }
    this.letters.textContent = letters;
    if (this.lock) this.letters.prepend(this.lock);
  }

  private showMarks({ view, marks, groupColour, label }: Look): void {
    const names = ['note'];
    if (marks.selected) names.push('is-selected');
    if (marks.open) names.push('is-open');
    if (marks.lifted) names.push('is-lifted');
    if (marks.target) names.push('is-target');
    if (marks.edited) names.push('is-edited');
    if (marks.busy) names.push(marks.busy.type === 'moving' ? 'is-moving' : 'is-writing');
    if (view.waiting) names.push('is-waiting');
    if (view.pinned) names.push('is-pinned');
    if (view.frozen) names.push('is-frozen');
    if (view.outlier !== undefined) names.push('is-outlier');
    this.root.className = names.join(' ');
    if (label !== '') this.root.setAttribute('aria-selected', String(marks.selected));
    if (groupColour !== null) this.root.dataset['group'] = String(groupColour);
    else delete this.root.dataset['group'];
    this.showLock(view.pinned === true);
    this.showBadge(view.waiting === true);
    if (marks.busy) this.showTag(marks.busy.tag, marks.busy.type === 'writing');
    else if (view.outlier !== undefined) this.showTag(view.outlier, false);
    else this.hideTag();
  }

  private showLock(on: boolean): void {
    if (on === (this.lock !== null)) return;
    this.lock?.remove();
    this.lock = null;
    if (!on) return;
    if (!this.letters) this.showLettersSlot();
    this.lock = icon(this.letters ?? this.body, this.icons.lock);
    this.letters?.prepend(this.lock);
  }

  /** A lock without letters still needs their corner. */
  private showLettersSlot(): void {
    this.letters = made(this.body, 'span', 'note-letters');
    this.body.prepend(this.letters);
  }

  private showBadge(on: boolean): void {
    if (on === (this.badge !== null)) return;
    this.badge?.remove();
    this.badge = null;
    if (!on) return;
    this.badge = made(this.root, 'span', 'note-badge');
    icon(this.badge, this.icons.hourglass);
  }

  private showTag(words: string, pen: boolean): void {
    if (this.tag?.textContent === words && (this.tag.firstElementChild !== null) === pen) return;
    this.hideTag();
    this.tag = made(this.root, 'span', 'note-tag');
    this.tag.setAttribute('aria-hidden', 'true');
    if (pen) icon(this.tag, this.icons.pen);
    this.tag.append(words);
  }

  private hideTag(): void {
    this.tag?.remove();
    this.tag = null;
  }
}
