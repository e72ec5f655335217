// Goes through the Dockerfile without Docker: each stage is a folder, COPY copies, RUN runs there with this machine's
// node and go, and the last stage is entered by chroot as its user and asked by its own health check. What it cannot
// show is that the base images exist. Needs root, for chroot.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join, relative, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const context = resolve(import.meta.dirname, '..');
const startSeconds = 20;

function lines(file) {
  return readFileSync(join(context, file), 'utf8')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}

// Plain paths only: what a pattern means is Docker's to say.
const ignored = lines('.dockerignore');

function inContext(path) {
  const name = relative(context, path);
  return !ignored.some((entry) => name === entry || name.startsWith(`${entry}/`));
}

/** Splits --name=value flags off the words of an instruction. */
function withFlags(words) {
  const isFlag = (word) => word.startsWith('--');
  const flags = Object.fromEntries(words.filter(isFlag).map((word) => word.slice(2).split('=')));
  return { flags, words: words.filter((word) => !isFlag(word)) };
}

function chownAll(path, uid, gid) {
  chownSync(path, uid, gid);
  for (const entry of readdirSync(path, { recursive: true })) {
    chownSync(join(path, entry), uid, gid);
  }
}

function copy(stages, stage, args) {
  const { flags, words } = withFlags(args);
  const target = words.pop();
  const root = flags.from === undefined ? context : stages.get(flags.from).root;
  for (const word of words) {
    const source = join(root, word);
    const into = resolve(stage.workdir, target);
    const path = join(stage.root, into, target.endsWith('/') ? basename(word) : '');
    const filter = flags.from === undefined ? inContext : undefined;
    cpSync(source, path, { recursive: true, ...(filter && { filter }) });
    if (flags.chown) chownAll(path, ...flags.chown.split(':').map(Number));
  }
}

/** Builds every stage below folder; returns the last one. */
function build(folder) {
  const stages = new Map();
  let stage;
  for (const line of lines('Dockerfile')) {
    process.stdout.write(`${line}\n`);
    const [instruction, ...args] = line.split(/\s+/);
    const text = line.slice(instruction.length).trim();
    switch (instruction) {
      case 'FROM': {
        const name = args[2] ?? 'final';
        stage = {
          root: join(folder, name),
          workdir: '/',
          env: {},
          health: [],
          entry: [],
          user: '',
        };
        mkdirSync(stage.root);
        stages.set(name, stage);
        break;
      }
      case 'WORKDIR':
        stage.workdir = args[0];
        mkdirSync(join(stage.root, stage.workdir), { recursive: true });
        break;
      case 'COPY':
        copy(stages, stage, args);
        break;
      case 'RUN':
        execFileSync('sh', ['-ec', text], {
          cwd: join(stage.root, stage.workdir),
          stdio: 'inherit',
        });
        break;
      case 'ENV':
        Object.assign(stage.env, Object.fromEntries(args.map((arg) => arg.split('='))));
        break;
      case 'USER':
        stage.user = args[0];
        break;
      case 'HEALTHCHECK':
        stage.health = JSON.parse(text.slice(text.indexOf('[')));
        break;
      case 'ENTRYPOINT':
        stage.entry = JSON.parse(text);
        break;
      case 'VOLUME':
      case 'EXPOSE':
        break;
      default:
        throw new Error(`${instruction} is not known here`);
    }
  }
  return stage;
}

async function freeAddress() {
  const server = createServer();
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return `127.0.0.1:${port}`;
}

/** Starts the stage as its user, waits for its health check, stops it and expects a clean end. */
async function tryOut(stage) {
  // PATH is for finding chroot itself.
  const env = {
    ...stage.env,
    JANA_LISTEN: await freeAddress(),
    JANA_ADMIN_LISTEN: '',
    PATH: process.env.PATH,
  };
  const inside = (command) => [`--userspec=${stage.user}`, stage.root, ...command];
  const server = spawn('chroot', inside(stage.entry), { env, stdio: 'inherit' });
  const ended = once(server, 'exit');
  let healthy = false;
  for (let second = 0; second < startSeconds && !healthy && server.exitCode === null; second++) {
    await delay(1000);
    try {
      execFileSync('chroot', inside(stage.health), { env, stdio: 'inherit' });
      healthy = true;
    } catch {
      // Not yet.
    }
  }
  server.kill('SIGTERM');
  const [code] = await ended;
  if (!healthy) throw new Error(`never healthy, or ended, within ${startSeconds} s`);
  if (code !== 0) throw new Error(`ended with ${code} after SIGTERM`);
}

const folder = mkdtempSync(join(tmpdir(), 'jana-docker-'));
try {
  chmodSync(folder, 0o755);
  await tryOut(build(folder));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
