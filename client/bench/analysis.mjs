// How long a browser takes to analyse a board beyond what a workshop makes: see BENCHMARKS.md.
// node bench/analysis.mjs
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';
import { build } from 'vite';
import { launch } from './server.mjs';

const size = { services: 60, segments: 12, notes: 500 };
const runs = 50;

const browser = await chromium.launch(launch);
try {
  const page = await browser.newPage();
  await page.addScriptTag({ content: await script() });
  const ms = await page.evaluate(measure, { size, runs });
  console.log(JSON.stringify({ ...size, runs, ...ms }));
} finally {
  await browser.close();
}

/** What the page loads to analyse, as it is built for it. */
async function script() {
  const from = (path) => JSON.stringify(fileURLToPath(new URL(path, import.meta.url)));
  const [{ output }] = await build({
    configFile: false,
    logLevel: 'error',
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id.endsWith('/entry') ? 'entry' : null),
        load: (id) =>
          id === 'entry'
            ? `export { State } from ${from('../../protocol/board/state.ts')};
               export { analyse } from ${from('../../protocol/method/analyse.ts')};
               export { findings } from ${from('../../protocol/method/findings.ts')};`
            : null,
      },
    ],
    build: {
      write: false,
      target: 'es2022',
      lib: { entry: 'entry', formats: ['iife'], name: 'method' },
    },
  });
  return output[0].code;
}

/** Runs in the page. */
function measure({ size, runs }) {
  const { State, analyse, findings } = globalThis.method;
  let seed = 1;
  const random = (below) => (seed = (seed * 48271) % 2147483647) % below;
  const times = (n, make) => Array.from({ length: n }, (_, i) => make(i));
  const board = new State();
  const add = (type, id, fields = {}) => board.set(id, { type, id, ...fields });
  add('board', 'board', { title: 'Taulu', phase: 'assess' });
  add('axis', 'axis', { x0: 0, x1: 10_000, bandTop: 0, bandBottom: 1000 });
  times(6, (i) => add('perspective', `p${i}`, { name: `p${i}`, order: i }));
  times(10, (i) => add('category', `c${i}`, { name: `c${i}`, order: i }));
  times(size.segments, (i) => {
    add('group', `g${i}`, { name: `Ryhmä ${i}`, order: i });
    add('segment', `s${i}`, { groupId: `g${i}`, order: i, needs: ['c0', 'c3', 'c7'] });
  });
  times(size.notes, (i) =>
    add('note', `n${i}`, {
      x: random(10_000),
      y: 500,
      text: times(8, () => String.fromCharCode(97 + random(20), 97 + random(20)) + 'sana').join(
        ' ',
      ),
      groupId: `g${i % size.segments}`,
      perspectiveId: `p${i % 6}`,
    }),
  );
  const criteria = ['availability', 'sufficiency', 'timeliness', 'targeting', 'resources'];
  const each = (make) => Object.fromEntries(criteria.map((name) => [name, make()]));
  times(size.services, (i) => {
    add('service', `v${i}`, {
      name: `v${i}`,
      order: i,
      categoryId: `c${i % 10}`,
      intendedSegmentIds: ['s1', 's4'],
    });
    times(size.segments, (j) =>
      add('assessment', `a.v${i}.s${j}`, {
        serviceId: `v${i}`,
        segmentId: `s${j}`,
        ratings: each(() => random(5)),
        votes: each(() => ({ x1: random(5), x2: random(5), x3: random(5), x4: random(5) })),
      }),
    );
  });
  const taken = times(runs, () => {
    const from = performance.now();
    findings(analyse(board));
    return performance.now() - from;
  });
  const rounded = (ms) => Math.round(ms * 10) / 10;
  const sorted = [...taken].sort((a, b) => a - b);
  return {
    'first ms': rounded(taken[0]),
    'median ms': rounded(sorted[Math.floor(runs / 2)]),
    'worst ms': rounded(sorted.at(-1)),
  };
}
