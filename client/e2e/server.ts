// Servers of a story's own, to be killed and started again.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Server as NetServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { freePort } from '../test/server/port';

function folder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'jana-e2e-'));
}

/** A program that can be killed. */
class Running {
  private child: ChildProcess | undefined;

  constructor(
    private readonly command: string,
    private readonly args: readonly string[],
    protected readonly data: string,
  ) {}

  run(): void {
    this.child = spawn(this.command, this.args, { stdio: 'ignore' });
  }

  async kill(): Promise<void> {
    const { child } = this;
    this.child = undefined;
    if (!child) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  }

  async end(): Promise<void> {
    await this.kill();
    await rm(this.data, { recursive: true, force: true });
  }
}

/** A way of connections to where `lead` says, each for itself; it can be cut. */
export class Way {
  private readonly links = new Set<Socket>();
  private open = true;
  private readonly door: NetServer;

  private constructor(
    private readonly port: number,
    lead: () => Promise<number>,
  ) {
    this.door = createServer((from) => {
      if (!this.open) {
        from.destroy();
        return;
      }
      void lead().then((to) => {
        const on = connect(to, '127.0.0.1');
        for (const [one, other] of [
          [from, on],
          [on, from],
        ] as const) {
          this.links.add(one);
          one.on('error', () => undefined); // a close follows
          one.on('close', () => {
            this.links.delete(one);
            other.destroy();
          });
          one.pipe(other);
        }
      });
    });
    this.door.listen(port, '127.0.0.1');
  }

  static async make(lead: () => Promise<number>): Promise<Way> {
    return new Way(await freePort(), lead);
  }

  get address(): string {
    return `127.0.0.1:${String(this.port)}`;
  }

  cut(): void {
    this.open = false;
    for (const link of this.links) link.destroy();
  }

  end(): void {
    this.cut();
    this.door.close();
  }
}

/** The port of the first of some servers that is ready, as a load balancer sees it. */
export async function firstReady(servers: readonly Server[]): Promise<number> {
  for (const { origin } of servers) {
    const ready = await fetch(`${origin}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (ready) return Number(new URL(origin).port);
  }
  return Number(new URL(servers[0]?.origin ?? '').port);
}

/** An instance of Jana that keeps its data and its address. */
export class Server extends Running {
  private constructor(host: string, data: string, flags: readonly string[]) {
    super(
      '../bin/jana',
      ['-listen', host, '-admin-listen', '', '-data', data, '-spread', '500ms', ...flags],
      data,
    );
    this.origin = `http://${host}`;
  }

  readonly origin: string;

  static async make(...flags: string[]): Promise<Server> {
    const server = new Server(`127.0.0.1:${String(await freePort())}`, await folder(), flags);
    await server.start();
    return server;
  }

  async start(): Promise<void> {
    this.run();
    await expect
      .poll(() =>
        fetch(`${this.origin}/healthz`).then(
          (r) => r.status,
          () => 0,
        ),
      )
      .toBe(200);
  }
}

/** A Redis that keeps nothing. */
export class Redis extends Running {
  private constructor(
    readonly port: number,
    data: string,
  ) {
    super(
      'redis-server',
      ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', data],
      data,
    );
  }

  static async make(): Promise<Redis> {
    const redis = new Redis(await freePort(), await folder());
    await redis.start();
    return redis;
  }

  get url(): string {
    return `redis://127.0.0.1:${String(this.port)}`;
  }

  async start(): Promise<void> {
    this.run();
    await expect.poll(() => this.answers()).toBe(true);
  }

  /** Runs a command and tells its answer as it comes. */
  ask(...command: string[]): Promise<string> {
    const words = command.map((word) => `$${String(Buffer.byteLength(word))}\r\n${word}\r\n`);
    return new Promise((resolve, reject) => {
      const socket = connect(this.port, '127.0.0.1', () =>
        socket.write(`*${String(words.length)}\r\n${words.join('')}`),
      );
      socket.once('data', (data) => {
        socket.destroy();
        resolve(data.toString().trim());
      });
      socket.on('error', reject);
    });
  }

  private answers(): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = connect(this.port, '127.0.0.1', () => {
        socket.end();
        resolve(true);
      });
      socket.on('error', () => resolve(false));
    });
  }
}
