// From an address to a board at work, and back: whose key is used, and which one the address bar shows.
import type { ID } from '$protocol/board/item';
import { openSession } from '../sync/session';
import { surroundings } from '../sync/surroundings';
import { BoardState } from './board.svelte';
import { enter, type KnownBoards } from './known';
import { boardAddress, keyOfFragment } from './link';
import type { Settings } from './settings.svelte';

/** Opens a board with the key of the page's address, or the one remembered; undefined when there is none. */
export function openBoard(
  id: ID,
  fragment: string,
  known: KnownBoards,
  settings: Settings,
): BoardState | undefined {
  const entrance = enter(known.get(id), id, keyOfFragment(fragment), Date.now());
  if (!entrance) return undefined;
  const name = entrance.known.name ?? settings.name;
  const session = openSession({
    url: socketAddress(id),
    board: id,
    key: entrance.key,
    me: entrance.known.me,
    ...(name === '' ? {} : { name }),
    around: surroundings(),
  });
  return new BoardState(id, entrance, session, known, settings);
}

function socketAddress(id: ID): string {
  const url = new URL(`/api/boards/${id}/socket`, location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  url.hash = '';
  return url.href;
}

/**
 * Leaves a key in the address bar that is safe to share: our own if we write or read by it, that of the participants if we
 * steer. A facilitator's key never stays there.
 */
export async function showSafeAddress(board: BoardState): Promise<void> {
  const { id, key, me } = board;
  if (me?.role !== 'facilitator') {
    show(boardAddress(id, key));
    return;
  }
  show(board.memory.shared === undefined ? `/b/${id}` : boardAddress(id, board.memory.shared));
  const { boardLinks } = await import('./api');
  const { links } = await boardLinks(id, key);
  const shared = links.find(({ role, key: of, as }) => role === 'participant' && of && !as)?.key;
  if (shared === undefined) return;
  board.remember({ shared });
  show(boardAddress(id, shared));
}

function show(address: string): void {
  if (location.pathname + location.hash !== address) history.replaceState(null, '', address);
}
