// The real server, built and run by the test.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ID, Item, Role } from '$protocol/board/item';
import { freePort } from './port';

const root = fileURLToPath(new URL('../../..', import.meta.url));

export interface Made {
  readonly id: ID;
  readonly keys: Readonly<Record<Exclude<Role, 'visitor'>, string>>;
}

export class Jana {
  readonly #folder = mkdtempSync(join(tmpdir(), 'jana-'));
  readonly #binary = join(this.#folder, 'jana');
  #process: ChildProcess | undefined;
  #port = 0;

  get origin(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  async start(): Promise<void> {
    if (this.#port === 0) {
      execFileSync('go', ['build', '-o', this.#binary, './server'], { cwd: root });
      this.#port = await freePort();
    }
    this.#process = spawn(
      this.#binary,
      [
        '--listen',
        `127.0.0.1:${this.#port}`,
        '--admin-listen',
        '',
        '--data',
        join(this.#folder, 'data'),
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    const told: Buffer[] = [];
    this.#process.stderr?.on('data', (part: Buffer) => told.push(part));
    while (!(await this.#ready())) {
      if (this.#ended) {
        throw new Error(`the server did not start: ${Buffer.concat(told).toString()}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  get #ended(): boolean {
    return this.#process?.exitCode !== null || this.#process.signalCode !== null;
  }

  /** Ends it without a word, as a power cut does. */
  async kill(): Promise<void> {
    if (this.#process === undefined || this.#ended) {
      return;
    }
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await ended;
  }

  async end(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true });
  }

  async makeBoard(template: string): Promise<Made> {
    const answer = await fetch(`${this.origin}/api/boards`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ title: 'Koe', language: 'fi', template }),
    });
    return (await answer.json()) as Made;
  }

  /** The board as a facilitator gets it. */
  async items(board: Made): Promise<Item[]> {
    const answer = await fetch(`${this.origin}/api/boards/${board.id}`, {
      headers: { authorization: `Bearer ${board.keys.facilitator}` },
    });
    return ((await answer.json()) as { items: Item[] }).items;
  }

  async #ready(): Promise<boolean> {
    try {
      return (await fetch(`${this.origin}/readyz`)).ok;
    } catch {
      return false;
    }
  }
}
