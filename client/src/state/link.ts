// The addresses of a board: how one is read out of what somebody pastes, and how one is made.
import type { ID } from '$protocol/board/item';

export interface BoardLink {
  readonly id: ID;
  readonly key: string;
  /** Of another Jana than this page's, if the link names one. */
  readonly origin?: string;
}

const wallPath = /^\/f\/([A-Za-z0-9_-]{1,40})\/?$/;
const boardPath = /^\/b\/([A-Za-z0-9_-]{1,40})\/?$/;
const keyText = /^[A-Za-z0-9_-]{8,64}$/;

/** The board that a path of this page names. */
export function boardOfPath(path: string): ID | undefined {
  return boardPath.exec(path)?.[1];
}

/** The board whose feedback wall a path of this page names. */
export function wallOfPath(path: string): ID | undefined {
  return wallPath.exec(path)?.[1];
}

/** The key in a fragment; empty when there is none that could be one. */
export function keyOfFragment(fragment: string): string {
  const key = fragment.replace(/^#/, '');
  return keyText.test(key) ? key : '';
}

/** Reads a link as people paste it: with words around it, with or without its scheme and host. */
export function readLink(pasted: string, here: string): BoardLink | undefined {
  for (const word of pasted.split(/[\s<>"]+/)) {
    const at = word.indexOf('/b/');
    if (at < 0) continue;
    const text = /^https?:\/\//i.test(word) ? word : at === 0 ? here + word : `https://${word}`;
    if (!URL.canParse(text)) continue;
    const { origin, host, pathname, hash } = new URL(text);
    const id = boardOfPath(pathname);
    const key = keyOfFragment(hash);
    if (id === undefined || key === '') continue;
    const ours = origin === here || host === new URL(here).host;
    return ours ? { id, key } : { id, key, origin };
  }
  return undefined;
}

export function boardAddress(id: ID, key: string, origin = ''): string {
  return `${origin}/b/${id}#${key}`;
}
