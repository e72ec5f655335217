// A server of our own with boards of many notes, for measuring.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** How the measured browser is started. */
export const launch = {
  executablePath: process.env.JANA_CHROMIUM ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--enable-precise-memory-info',
  ],
};

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Starts bin/jana on a free port with data of its own. */
export async function startServer() {
  const data = await mkdtemp(join(tmpdir(), 'jana-bench-'));
  const host = `127.0.0.1:${await freePort()}`;
  const child = spawn('../bin/jana', ['-listen', host, '-admin-listen', '', '-data', data], {
    stdio: 'ignore',
  });
  const origin = `http://${host}`;
  for (let tries = 0; ; tries++) {
    const up = await fetch(`${origin}/healthz`).catch(() => null);
    if (up?.ok) break;
    if (tries > 200) throw new Error('the server does not come up');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    origin,
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
      await rm(data, { recursive: true });
    },
  };
}

const words =
  'Tarvitsee jonkun viereen lomaketta täyttäessä ja soittaa aamulla ennen kuin lähtee asioimaan'.split(
    ' ',
  );

/** A board file with a whole axis, six perspectives and so many notes of 36–50 letters, always the same. */
export function boardFile(notes) {
  let seed = 7;
  const random = () => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return seed / 2147483648;
  };
  const items = [
    {
      type: 'axis',
      id: 'ax',
      title: 'Ohjauksen jana',
      minLabel: 'Tarvitsee paljon ohjausta',
      maxLabel: 'Tarvitsee vähän ohjausta',
      x0: 0,
      x1: 10000,
      bandTop: 500,
      bandBottom: 5900,
      zones: 5,
    },
  ];
  const names = [
    'Itsenäisyys',
    'Minäkuva',
    'Perhesuhteet',
    'Arjen sujuvuus',
    'Talous',
    'Työ ja osaaminen',
  ];
  names.forEach((name, i) => items.push({ type: 'perspective', id: `p${i}`, name, order: i + 1 }));
  for (let i = 0; i < notes; i++) {
    const lane = i % 6;
    let text = '';
    while (text.length < 36) text += `${words[Math.floor(random() * words.length)]} `;
    items.push({
      type: 'note',
      id: `n${i}`,
      text: text.trim(),
      perspectiveId: `p${lane}`,
      x: Math.floor(random() * 10000),
      y: 500 + lane * 900 + Math.floor(random() * 800) + 50,
      z: i + 1,
    });
  }
  const board = {
    type: 'board',
    id: 'board',
    title: `${notes} lappua`,
    language: 'fi',
    phase: 'describe',
  };
  return { schema: 'jana-board/1', board, items };
}

/** Imports a board file; its links by role. */
export async function importBoard(origin, file) {
  const answer = await fetch(`${origin}/api/boards/import`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(file),
  });
  if (answer.status !== 201) throw new Error(`import: ${answer.status} ${await answer.text()}`);
  return answer.json();
}
