import { beforeAll, describe, expect, test } from 'vitest';
import { CallFailed, type LinkInfo, type Links } from '../../state/api';
import { locale, t } from '../../state/locale.svelte';
import { BoardLinks, type LinkCalls } from './links.svelte';

beforeAll(() => locale.whole());

/** A server of links that holds its answers until it is told to give them. */
class Server implements LinkCalls {
  links: LinkInfo[] = [
    { id: 'l1', role: 'facilitator', owner: true },
    { id: 'l2', role: 'participant' },
    { id: 'l3', role: 'viewer', revoked: { by: 'p1', time: 1 } },
    { id: 'l4', role: 'viewer' },
  ];
  down = false;
  #held: (() => void)[] | undefined;

  hold(): void {
    this.#held = [];
  }

  release(order: readonly number[]): void {
    for (const i of order) this.#held?.[i]?.();
    this.#held = undefined;
  }

  async list(): Promise<Links> {
    const links = [...this.links];
    await this.#answer();
    return { links, addresses: ['http://192.168.1.20:8080'] };
  }

  async make(link: Pick<LinkInfo, 'role' | 'name'>): Promise<LinkInfo> {
    await this.#answer();
    const made = { ...link, id: `l${this.links.length + 1}` } as LinkInfo;
    this.links.push(made);
    return made;
  }

  async close(link: string): Promise<void> {
    await this.#answer();
    this.links = this.links.filter(({ id }) => id !== link);
  }

  async #answer(): Promise<void> {
    const held = this.#held;
    if (held) await new Promise<void>((done) => held.push(done));
    if (this.down) throw new CallFailed(0, 'network');
  }
}

function ids(links: BoardLinks): string[] | undefined {
  return links.open?.map(({ id }) => id);
}

describe('the links of a board', () => {
  test('are those that are open, participants first', async () => {
    const links = new BoardLinks(new Server());
    expect(links.open).toBeUndefined();
    await links.load();
    expect(ids(links)).toEqual(['l2', 'l4', 'l1']);
    expect(links.addresses).toEqual(['http://192.168.1.20:8080']);
  });

  test('take a new one in at once, and let go of a closed one', async () => {
    const links = new BoardLinks(new Server());
    await links.load();
    const made = await links.make({ role: 'participant', name: 'Teams' });
    expect(made?.id).toBe('l5');
    expect(ids(links)).toEqual(['l2', 'l5', 'l4', 'l1']);
    expect(await links.close('l2')).toBe(true);
    expect(ids(links)).toEqual(['l5', 'l4', 'l1']);
  });

  test('are as the last reading has them, whichever answer comes last', async () => {
    const server = new Server();
    const links = new BoardLinks(server);
    server.hold();
    const first = links.load();
    server.links = server.links.filter(({ id }) => id !== 'l4');
    const second = links.load();
    server.release([1, 0]);
    await Promise.all([first, second]);
    expect(ids(links)).toEqual(['l2', 'l1']);
  });

  test('stay as they are when the server cannot be reached, which is told', async () => {
    const server = new Server();
    const links = new BoardLinks(server);
    await links.load();
    server.down = true;
    expect(await links.close('l2')).toBe(false);
    expect(await links.make({ role: 'viewer', name: '' })).toBeUndefined();
    expect(links.failure).toBe(t('problem.network'));
    expect(links.busy).toBe(false);
    expect(ids(links)).toEqual(['l2', 'l4', 'l1']);
    server.down = false;
    await links.load();
    expect(links.failure).toBe('');
  });
});
