// Sessions under node at a real server. Node has a WebSocket from 22 on; 20 needs --experimental-websocket.
import { Author } from '../../src/sync/author';
import { makeSecret } from '../../src/sync/ids';
import { openSession } from '../../src/sync/session';
import { Memory, type Store } from '../../src/sync/store';
import { surroundings, type Wire } from '../../src/sync/surroundings';
import type { Session } from '../../src/sync/types';

export interface NodeSession {
  /** http://127.0.0.1:8080 */
  readonly origin: string;
  readonly board: string;
  readonly key: string;
  /** Absent: a participant of its own. */
  readonly me?: string;
  readonly name?: string;
  /** What outlives the session; absent: nothing does. */
  readonly store?: Store;
  /** Sees each socket as it is opened, so that a test can break it. */
  readonly opened?: (wire: Wire) => void;
}

export function nodeSession(options: NodeSession): Session {
  const { origin, board, key, opened } = options;
  const around = surroundings();
  const session = openSession({
    url: `${origin.replace(/^http/, 'ws')}/api/boards/${board}/socket`,
    board,
    key,
    me: options.me ?? makeSecret(around.fill),
    ...(options.name === undefined ? {} : { name: options.name }),
    store: options.store ?? new Memory(),
    around: {
      ...around,
      connect: (url) => {
        const wire = around.connect(url);
        opened?.(wire);
        return wire;
      },
    },
  });
  session.write((parts) => new Author(parts));
  return session;
}
