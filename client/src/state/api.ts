// The server's HTTP calls that a page makes; the board itself comes by the socket.
import type {
  Board,
  Feedback,
  ID,
  Item,
  Language,
  Role,
  Stamp,
  Target,
} from '$protocol/board/item';

export type Template = 'segmentation' | 'museum' | 'feedback' | 'experiments' | 'blank' | 'demo';

/** A board that was just made. */
export interface Created {
  readonly id: ID;
  readonly title: string;
  readonly keys: Readonly<Record<'facilitator' | 'participant' | 'viewer', string>>;
}

/** What is wrong with something sent, and where in it: a path such as "notes[3].x". */
export interface Fault {
  readonly path: string;
  readonly code: string;
}

/** A link as a facilitator sees it. */
export interface LinkInfo {
  readonly id: ID;
  readonly role: Role;
  readonly name?: string;
  /** Whoever comes by it is this participant. */
  readonly as?: string;
  /** The first link of the board. */
  readonly owner?: boolean;
  /** What visitors are asked by it, and about what. */
  readonly question?: string;
  readonly target?: Target;
  readonly revoked?: Stamp;
  /** Absent once it is revoked, as is the address. */
  readonly key?: string;
  readonly address?: string;
}

export interface Links {
  readonly links: readonly LinkInfo[];
  /** Where others reach this machine, when the page was opened by an address that works on the machine alone. */
  readonly addresses: readonly string[];
}

/** Why a call did not do what was asked: the server's answer, or that there was none. */
export class CallFailed extends Error {
  /** HTTP status; 0 when the server could not be reached. */
  readonly status: number;
  readonly code: string;
  readonly faults: readonly Fault[];

  constructor(status: number, code: string, faults: readonly Fault[] = []) {
    super(code);
    this.name = 'CallFailed';
    this.status = status;
    this.code = code;
    this.faults = faults;
  }
}

interface Call {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly key?: string;
  readonly body?: string | Blob;
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function word(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function problem(status: number, body: unknown): CallFailed {
  const { code, problems } = record(body);
  const faults = Array.isArray(problems)
    ? problems
        .map(record)
        .map((fault) => ({ path: word(fault['path']), code: word(fault['code']) }))
    : [];
  return new CallFailed(status, word(code) || String(status), faults);
}

async function call(path: string, { method = 'GET', key, body }: Call): Promise<Response> {
  const headers: Record<string, string> = { Accept: 'application/json' };
  if (key !== undefined) headers['Authorization'] = `Bearer ${key}`;
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  let response: Response;
  try {
    response = await fetch(path, { method, headers, ...(body === undefined ? {} : { body }) });
  } catch {
    throw new CallFailed(0, 'network');
  }
  if (response.ok) return response;
  const answer: unknown = await response.json().catch(() => ({}));
  throw problem(response.status, answer);
}

async function created(response: Response): Promise<Created> {
  return (await response.json()) as Created;
}

export async function createBoard(
  template: Template,
  title: string,
  language: Language,
): Promise<Created> {
  const body = JSON.stringify({ template, title, language });
  return created(await call('/api/boards', { method: 'POST', body }));
}

/** What a copy of a board may take along besides its axis, perspectives, headings and settings. */
export type Keepable = 'segment' | 'service' | 'goal';

/** A new board from another one, without its notes and its people. */
export async function copyBoard(
  id: ID,
  key: string,
  title: string,
  keep: readonly Keepable[],
): Promise<Created> {
  const body = JSON.stringify({ title, keep });
  return created(await call(`/api/boards/${id}/copies`, { method: 'POST', key, body }));
}

/** Sends a file as it is: the server says what is wrong in it. */
export async function importBoard(file: Blob): Promise<Created> {
  return created(await call('/api/boards/import', { method: 'POST', body: file }));
}

export async function boardLinks(id: ID, key: string): Promise<Links> {
  const response = await call(`/api/boards/${id}/links`, { key });
  return (await response.json()) as Links;
}

/** `me`: who makes it, as in the hello of the socket. */
export async function makeLink(
  id: ID,
  key: string,
  link: {
    readonly role: Role;
    readonly name: string;
    readonly as?: string;
    readonly question?: string;
    readonly target?: Target;
    readonly me: string;
  },
): Promise<LinkInfo> {
  const body = JSON.stringify(link);
  const response = await call(`/api/boards/${id}/links`, { method: 'POST', key, body });
  return (await response.json()) as LinkInfo;
}

/** Closes a link for good: whoever came by it is sent away at once. `me`: who closes it. */
export async function closeLink(id: ID, key: string, link: ID, me: string): Promise<void> {
  const body = JSON.stringify({ me });
  await call(`/api/boards/${id}/links/${link}`, { method: 'DELETE', key, body });
}

export type WallNote = Pick<Feedback, 'id' | 'kind'> & { readonly text: string };

/** What a visitor is asked, and what others have said. */
export interface WallSheet {
  readonly title: string;
  readonly organiser?: string;
  readonly question: string;
  /** Code points that a note may have. */
  readonly limit: number;
  /** The last ones first. */
  readonly notes: readonly WallNote[];
}

export async function wallSheet(id: ID, key: string): Promise<WallSheet> {
  const response = await call(`/api/boards/${id}/wall`, { key });
  return (await response.json()) as WallSheet;
}

/** The same `client` and `n` again change nothing. */
export async function giveFeedback(
  id: ID,
  key: string,
  note: {
    readonly client: string;
    readonly n: number;
    readonly kind: Feedback['kind'];
    readonly text: string;
  },
): Promise<void> {
  await call(`/api/boards/${id}/wall`, { method: 'POST', key, body: JSON.stringify(note) });
}

/** A file of the board's exports, in the answer's Content-Disposition with its name. */
export function exported(id: ID, key: string, file: string, language: Language): Promise<Response> {
  return call(`/api/boards/${id}/export/${file}?language=${language}`, { key });
}

/** The report as the server tells it (state/report.ts). */
export function report(id: ID, key: string, language: Language): Promise<Response> {
  return call(`/api/boards/${id}/report?language=${language}`, { key });
}

/** What has become of the board between two milestones, or since one (state/comparison.ts). */
export function comparison(
  id: ID,
  key: string,
  from: ID,
  to: ID | undefined,
  language: Language,
): Promise<Response> {
  const until = to === undefined ? '' : `&to=${to}`;
  return call(`/api/boards/${id}/comparison?from=${from}${until}&language=${language}`, { key });
}

/** The settings of a board, read without joining it. */
export async function boardSettings(id: ID, key: string): Promise<Board | undefined> {
  const response = await call(`/api/boards/${id}`, { key });
  const { items } = (await response.json()) as { readonly items: readonly Item[] };
  return items.find((item) => item.type === 'board');
}
