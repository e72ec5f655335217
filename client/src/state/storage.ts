// Small things that this browser remembers. A browser may refuse to remember (private windows, managed tablets): then
// they live as long as the page, and nothing else changes.

/** The part of the browser's storage that we use; tests hand in a map of their own. */
export interface Store {
  read(key: string): string | null;
  write(key: string, value: string): void;
  remove(key: string): void;
  keys(): string[];
}

/** A store that forgets with the page. */
export function memoryStore(): Store {
  const values = new Map<string, string>();
  return {
    read: (key) => values.get(key) ?? null,
    write: (key, value) => void values.set(key, value),
    remove: (key) => void values.delete(key),
    keys: () => [...values.keys()],
  };
}

/** The browser's own store, or one that forgets where it is refused. */
export function browserStore(): Store {
  try {
    const storage = window.localStorage;
    const probe = 'jana.probe';
    storage.setItem(probe, '1');
    storage.removeItem(probe);
    const fallback = memoryStore();
    return {
      read: (key) => fallback.read(key) ?? storage.getItem(key),
      write(key, value) {
        try {
          storage.setItem(key, value);
          fallback.remove(key);
        } catch {
          fallback.write(key, value); // full: the page at least knows it
        }
      },
      remove(key) {
        fallback.remove(key);
        storage.removeItem(key);
      },
      keys: () => [...new Set([...Object.keys(storage), ...fallback.keys()])],
    };
  } catch {
    return memoryStore();
  }
}

/** A JSON value that passes the check, or undefined: what lies in storage may be older than this page. */
export function readJSON<T>(
  store: Store,
  key: string,
  valid: (value: unknown) => value is T,
): T | undefined {
  const text = store.read(key);
  if (text === null) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return valid(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
