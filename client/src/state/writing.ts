// Writing a note in place: what is typed goes out in stretches, what others write meanwhile comes in; a note that is new
// is made with its first letter, so that a tap by mistake leaves nothing behind.
import type { ID, Note } from '$protocol/board/item';
import type { Session, Typing } from '../sync/types';

/** The field on the surface. */
export interface Field {
  merge(text: string): void;
  close(): void;
}

export class Writing {
  readonly #session: Session;
  readonly #field: Field;
  #id: ID | undefined;
  #new: Note | undefined;
  #typing: Typing | undefined;

  constructor(session: Session, field: Field) {
    this.#session = session;
    this.#field = field;
  }

  /** The note that is written. */
  get id(): ID | undefined {
    return this.#id;
  }

  /** The note that is written and is not on the board yet. */
  get unmade(): Note | undefined {
    return this.#new;
  }

  /** Begins on a note of the board. */
  begin(id: ID): void {
    this.#start(id);
    this.#type(id);
  }

  beginNew(note: Note): void {
    this.#start(note.id);
    this.#new = note;
  }

  typed(id: ID, text: string): void {
    if (id !== this.#id) return;
    const fresh = this.#new;
    if (fresh) {
      if (text.trim() === '') return;
      this.#new = undefined;
      this.#session.push([{ do: 'create', item: { ...fresh, text: '' } }]);
      this.#type(id);
    }
    this.#typing?.input(text);
  }

  /** Ends with the field's last text. Returns whether the note has been left without any. */
  end(id: ID, text: string): 'kept' | 'unmade' | 'emptied' {
    if (id !== this.#id) return 'kept';
    this.typed(id, text);
    const unmade = this.#new !== undefined;
    this.#finish();
    return unmade ? 'unmade' : text.trim() === '' ? 'emptied' : 'kept';
  }

  /** The note went, or what is written was refused: the text is kept elsewhere. */
  abandon(): void {
    if (this.#id === undefined) return;
    this.#finish();
    this.#field.close();
  }

  #start(id: ID): void {
    this.#finish();
    this.#id = id;
    this.#session.present({ editing: id });
  }

  #type(id: ID): void {
    this.#typing = this.#session.type(id, 'text', (text) => this.#field.merge(text));
  }

  #finish(): void {
    if (this.#id === undefined) return;
    this.#typing?.end();
    this.#typing = undefined;
    this.#new = undefined;
    this.#id = undefined;
    this.#session.present({ editing: null });
  }
}
