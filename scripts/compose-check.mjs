// Goes through compose.yaml without Docker: each service is a process of this machine with the command and environment
// that stand there, names of services become addresses here, and volumes folders. In the place of the proxy stands one of
// a few lines that takes turns. Somebody then makes a board, and what is written at one instance has to come to whoever
// is at the other. What it cannot show is what the images hold. Needs bin/jana, redis-server and the client's modules.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { createRequire } from 'node:module';
import { connect, createServer as createListener } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const root = resolve(import.meta.dirname, '..');
const patience = 20_000;

// Prettier has the one YAML parser among the client's modules.
const { parsers } = createRequire(join(root, 'client/package.json'))('prettier/plugins/yaml');

/** What a node of YAML says, as plain values. */
function read(node, anchors) {
  const value = readBare(node, anchors);
  if (node.anchor) anchors.set(node.anchor.value, value);
  return value;
}

function readBare(node, anchors) {
  const children = (node.children ?? []).filter(Boolean);
  switch (node.type) {
    case 'plain':
    case 'quoteDouble':
    case 'quoteSingle':
    case 'blockFolded':
    case 'blockLiteral':
      return node.value;
    case 'alias':
      return anchors.get(node.value);
    case 'sequence':
    case 'flowSequence':
      return children.map((child) => read(child, anchors));
    case 'mapping':
    case 'flowMapping': {
      const pairs = children.map((item) => item.children.map((part) => read(part, anchors)));
      const merged = pairs.filter(([name]) => name === '<<').map(([, value]) => value);
      return Object.assign(
        {},
        ...merged,
        Object.fromEntries(pairs.filter(([name]) => name !== '<<')),
      );
    }
    default:
      return children.length === 0 ? null : read(children.at(-1), anchors);
  }
}

/** Puts variables of the environment in, as compose does: ${NAME:-else} and ${NAME:?why not}. */
function substitute(value, env) {
  if (Array.isArray(value)) return value.map((part) => substitute(part, env));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([name, part]) => [name, substitute(part, env)]),
    );
  }
  if (typeof value !== 'string') return value;
  return value.replace(/\$\{(\w+)(?::([-?])([^}]*))?\}/g, (_, name, kind, rest) => {
    if (env[name]) return env[name];
    if (kind === '?') throw new Error(`${name}: ${rest}`);
    return rest ?? '';
  });
}

function expect(holds, what) {
  if (!holds) throw new Error(what);
}

/** Names that compose.yaml uses must be those of something that it has. */
function checkNames({ services, volumes }) {
  for (const [name, service] of Object.entries(services)) {
    for (const other of service.depends_on ?? []) {
      expect(other in services, `${name} depends on ${other}, which is no service`);
    }
    for (const volume of service.volumes ?? []) {
      const [from] = volume.split(':');
      expect(from in volumes, `${name} has its data in ${from}, which is no volume`);
    }
  }
  const taken = Object.values(services).flatMap((service) => service.volumes ?? []);
  expect(new Set(taken).size === taken.length, `two services have one volume: ${taken.join(' ')}`);
}

async function freePort() {
  const listener = createListener();
  await new Promise((done) => listener.listen(0, '127.0.0.1', done));
  const { port } = listener.address();
  await new Promise((done) => listener.close(done));
  return port;
}

/** Addresses of this machine for the ports of services. */
async function addressesOf(services, ports) {
  const addresses = new Map();
  for (const name of Object.keys(services)) {
    for (const port of ports) {
      addresses.set(`${name}:${port}`, `127.0.0.1:${await freePort()}`);
    }
  }
  return addresses;
}

/** Everything that was started, to be ended whatever happens. */
const running = [];

function start(name, command, options) {
  const process = spawn(command[0], command.slice(1), {
    ...options,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = [];
  process.stdout.on('data', (data) => said.push(data));
  process.stderr.on('data', (data) => said.push(data));
  const one = { name, process, said, ended: once(process, 'exit') };
  running.push(one);
  return one;
}

async function until(what, holds) {
  for (const end = Date.now() + patience; Date.now() < end; await delay(50)) {
    if (await holds().catch(() => false)) return;
    const over = running.find(({ process }) => process.exitCode !== null);
    expect(over === undefined, `${over?.name} has ended`);
  }
  throw new Error(`it never came that ${what}`);
}

/** The proxy of a caddy command: requests go to the targets in turn. */
async function takeTurns(targets, listen) {
  let turn = 0;
  const served = [];
  const next = () => {
    const target = targets[turn++ % targets.length];
    served.push(target);
    return target.split(':');
  };
  const server = createServer((from, to) => {
    const [host, port] = next();
    const { method, url: path, headers } = from;
    const onward = request({ host, port, method, path, headers }, (answer) => {
      to.writeHead(answer.statusCode, answer.headers);
      answer.pipe(to);
    });
    onward.on('error', () => to.writeHead(502).end());
    from.pipe(onward);
  });
  server.on('upgrade', ({ method, url, rawHeaders }, from, head) => {
    const [host, port] = next();
    const to = connect(port, host, () => {
      to.write(`${method} ${url} HTTP/1.1\r\n`);
      for (let i = 0; i < rawHeaders.length; i += 2) {
        to.write(`${rawHeaders[i]}: ${rawHeaders[i + 1]}\r\n`);
      }
      to.write('\r\n');
      to.write(head);
      to.pipe(from).pipe(to);
    });
    for (const end of [from, to]) {
      end.on('error', () => {
        from.destroy();
        to.destroy();
      });
    }
  });
  const [host, port] = listen.split(':');
  await new Promise((done) => server.listen(port, host, done));
  return { served, server };
}

/** A browser's tab at a board. */
function tabAt(base, id, key, me) {
  const socket = new WebSocket(`${base.replace('http', 'ws')}/api/boards/${id}/socket`);
  const came = [];
  socket.onmessage = ({ data }) => came.push(...JSON.parse(data));
  const say = (message) => socket.send(JSON.stringify([message]));
  socket.onopen = () => say({ type: 'hello', version: 1, key, me, client: me, name: me });
  const has = (what, fits) => until(`${me} gets ${what}`, async () => came.some(fits));
  return { socket, say, has };
}

/** Two at a board that was made through the proxy see each other though they are at different instances. */
async function tryOut(base, served) {
  const answer = await fetch(`${base}/api/boards`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ title: 'Taulu', template: 'blank' }),
  });
  expect(answer.status === 201, `a board: got ${answer.status} ${await answer.clone().text()}`);
  const { id, keys } = await answer.json();
  const from = served.length;
  const tabs = ['anna', 'ben'].map((me) => tabAt(base, id, keys.participant, me));
  for (const tab of tabs) await tab.has('a welcome', ({ type }) => type === 'welcome');
  const [one, other] = served.slice(from);
  expect(one !== other, `both are at ${one}`);
  for (const [n, tab] of tabs.entries()) {
    const note = { type: 'note', id: `note${n}`, x: 1, y: 1, text: 'hei' };
    tab.say({ type: 'push', n: 1, ops: [{ do: 'create', item: note }] });
    for (const each of tabs) {
      await each.has(`note ${n}`, ({ type, changes }) => {
        return type === 'changes' && changes.some(({ put }) => put?.id === note.id);
      });
    }
    await tab.has('that it is saved', ({ type }) => type === 'saved');
  }
  for (const { socket } of tabs) socket.close();
}

function seconds(text) {
  return Number(/^(\d+)s$/.exec(text)[1]);
}

async function check(folder) {
  const dockerfile = readFileSync(join(root, 'Dockerfile'), 'utf8');
  const image = Object.fromEntries(
    /^ENV (.*)$/m
      .exec(dockerfile)[1]
      .split(' ')
      .map((pair) => pair.split('=')),
  );
  const port = image.JANA_LISTEN.slice(1);
  const text = readFileSync(join(root, 'compose.yaml'), 'utf8');
  const secret = randomBytes(32).toString('base64');
  const compose = substitute(read(parsers.yaml.parse(text), new Map()), { JANA_SECRET: secret });
  checkNames(compose);
  const { services } = compose;
  const addresses = await addressesOf(services, [port, '6379']);
  const here = (line) => line.replace(/[a-z][\w-]*:\d+/g, (name) => addresses.get(name) ?? name);

  const [, redisPort] = addresses.get('redis:6379').split(':');
  const placed = ['--bind', '127.0.0.1', '--port', redisPort, '--dir', folder];
  start('redis', [...services.redis.command, ...placed], {});

  const instances = Object.entries(services).filter(([, { build }]) => build !== undefined);
  expect(instances.length > 1, 'there is one instance alone');
  for (const [name, service] of instances) {
    const data = join(folder, service.volumes[0].split(':')[0]);
    expect(service.volumes[0].endsWith(`:${image.JANA_DATA}`), `${name} keeps its boards nowhere`);
    mkdirSync(data);
    const env = Object.fromEntries(
      Object.entries(service.environment).map(([variable, value]) => [variable, here(value)]),
    );
    // Containers have these to themselves.
    const own = {
      JANA_LISTEN: addresses.get(`${name}:${port}`),
      JANA_ADMIN_LISTEN: '',
      JANA_DATA: data,
    };
    start(name, [join(root, 'bin/jana')], { env: { ...env, ...own } });
  }
  const words = services.proxy.command.trim().split(/\s+/);
  const flags = (name) => words.filter((_, i) => words[i - 1] === name);
  const targets = flags('--to');
  expect(
    instances.every(([name]) => targets.includes(`${name}:${port}`)),
    `the proxy leaves somebody out: ${targets.join(' ')}`,
  );
  const [listen] = flags('--from');
  expect(
    services.proxy.ports[0].endsWith(listen),
    `the proxy listens at ${listen}, published is ${services.proxy.ports[0]}`,
  );
  const front = `127.0.0.1:${await freePort()}`;
  const { served, server } = await takeTurns(targets.map(here), front);
  try {
    for (const target of targets.map(here)) {
      await until(`${target} is ready`, async () => (await fetch(`http://${target}/readyz`)).ok);
    }
    await tryOut(`http://${front}`, served);
  } finally {
    server.closeAllConnections();
    server.close();
  }
  for (const [name, service] of instances) {
    const { process, ended } = running.find((one) => one.name === name);
    process.kill('SIGTERM');
    const grace = seconds(service.stop_grace_period) * 1000;
    const code = await Promise.race([
      ended.then(([code]) => code),
      delay(grace, 'no code', { ref: false }),
    ]);
    expect(code === 0, `${name} ended with ${code} within ${service.stop_grace_period}`);
    expect(
      existsSync(join(folder, service.volumes[0].split(':')[0], 'jana.db')),
      `${name} has kept no boards`,
    );
  }
}

const folder = mkdtempSync(join(tmpdir(), 'jana-compose-'));
try {
  await check(folder);
  process.stdout.write('compose.yaml: two at different instances saw each other\n');
} catch (error) {
  for (const { name, said } of running) process.stderr.write(`${name}:\n${said.join('')}\n`);
  throw error;
} finally {
  for (const { process } of running) process.kill('SIGKILL');
  await Promise.all(running.map(({ ended }) => ended));
  rmSync(folder, { recursive: true, force: true });
}
