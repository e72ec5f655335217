// Where a browser keeps what is not saved yet: IndexedDB, or memory where a browser refuses it.
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { ID } from '$protocol/board/item';
import type { Outgoing } from './replica';
import type { Draft } from './types';

/** A push as it is kept until it is saved. */
export interface KeptPush extends Outgoing {
  readonly board: ID;
  /** The participant who made it: for another one it would not be the same push. */
  readonly by: ID;
}

export interface KeptDraft extends Draft {
  readonly board: ID;
  /** The tab in which it was written. */
  readonly client: string;
}

/** A tab that is open, where there are no locks to tell so. */
export interface KeptTab {
  readonly board: ID;
  readonly client: string;
  /** When it last said that it is there: ms of this device's clock. */
  readonly beat: number;
}

/** All that is kept of a board. */
export interface Kept {
  readonly pushes: readonly KeptPush[];
  readonly drafts: readonly KeptDraft[];
  readonly tabs: readonly KeptTab[];
}

export type Write =
  | { readonly put: 'pushes'; readonly value: KeptPush }
  | { readonly put: 'drafts'; readonly value: KeptDraft }
  | { readonly put: 'tabs'; readonly value: KeptTab }
  | { readonly drop: 'pushes'; readonly key: [ID, string, number] }
  | { readonly drop: 'drafts'; readonly key: [ID, string] }
  | { readonly drop: 'tabs'; readonly key: [ID, string] };

export interface Store {
  /** What is written survives a reload. */
  readonly lasting: boolean;
  load(board: ID): Promise<Kept>;
  /** Writes all or nothing. Rejects when the browser takes no more. */
  write(writes: readonly Write[]): Promise<void>;
  close(): void;
}

interface Schema extends DBSchema {
  pushes: { key: [ID, string, number]; value: KeptPush };
  drafts: { key: [ID, string]; value: KeptDraft };
  tabs: { key: [ID, string]; value: KeptTab };
}

/** How long a browser may take to open its database: some that refuse it never answer. */
const openLimit = 3_000;

/** The browser's database; memory if it has none to give. */
export async function openStore(name = 'jana'): Promise<Store> {
  try {
    return await Promise.race([
      Database.open(name),
      new Promise<never>((_, reject) => {
        setTimeout(() => reject(new Error('the database does not open')), openLimit);
      }),
    ]);
  } catch {
    return new Memory();
  }
}

class Database implements Store {
  readonly lasting = true;

  private constructor(
    private readonly name: string,
    private db: IDBPDatabase<Schema>,
  ) {}

  static async open(name: string): Promise<Database> {
    return new Database(name, await connect(name));
  }

  async load(board: ID): Promise<Kept> {
    // Every key that begins with the board: an array sorts after all strings and numbers.
    const all = IDBKeyRange.bound([board], [board, []]);
    const tx = this.db.transaction(['pushes', 'drafts', 'tabs']);
    const [pushes, drafts, tabs] = await Promise.all([
      tx.objectStore('pushes').getAll(all),
      tx.objectStore('drafts').getAll(all),
      tx.objectStore('tabs').getAll(all),
    ]);
    return { pushes, drafts, tabs };
  }

  async write(writes: readonly Write[]): Promise<void> {
    try {
      await this.#write(writes);
    } catch {
      // A tablet that slept may have lost its connection to the database; a full one fails again.
      this.db.close();
      this.db = await connect(this.name);
      await this.#write(writes);
    }
  }

  close(): void {
    this.db.close();
  }

  async #write(writes: readonly Write[]): Promise<void> {
    const tx = this.db.transaction(['pushes', 'drafts', 'tabs'], 'readwrite');
    const done: Promise<unknown>[] = [tx.done];
    for (const write of writes) {
      if ('put' in write) {
        done.push(tx.objectStore(write.put).put(write.value));
      } else {
        done.push(tx.objectStore(write.drop).delete(write.key));
      }
    }
    await Promise.all(done);
  }
}

function connect(name: string): Promise<IDBPDatabase<Schema>> {
  return openDB<Schema>(name, 1, {
    upgrade(db) {
      db.createObjectStore('pushes', { keyPath: ['board', 'client', 'n'] });
      db.createObjectStore('drafts', { keyPath: ['board', 'key'] });
      db.createObjectStore('tabs', { keyPath: ['board', 'client'] });
    },
    // Another tab of a newer page wants to change the database: it may.
    blocking(_current, _wanted, event) {
      (event.target as IDBDatabase).close();
    },
  });
}

/** Nothing of it survives the page; nothing needs to be found again in it either. */
export class Memory implements Store {
  readonly lasting = false;

  load(): Promise<Kept> {
    return Promise.resolve({ pushes: [], drafts: [], tabs: [] });
  }

  write(): Promise<void> {
    return Promise.resolve();
  }

  close(): void {
    // Nothing is open.
  }
}
