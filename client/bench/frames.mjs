// What a frame of each gesture costs on the main thread, and what a first load does: see BENCHMARKS.md.
// node bench/frames.mjs [notes …]
import { chromium } from '@playwright/test';
import { boardFile, importBoard, launch, startServer } from './server.mjs';

const sizes = process.argv.slice(2).map(Number);
const frames = 180;

const browser = await chromium.launch(launch);
const server = await startServer();
try {
  for (const notes of sizes.length > 0 ? sizes : [2000, 10000]) {
    const board = await importBoard(server.origin, boardFile(notes));
    for (const slow of [false, true]) await measure(notes, board, slow);
  }
} finally {
  await browser.close();
  await server.stop();
}

async function measure(notes, board, slow) {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    deviceScaleFactor: slow ? 2 : 1,
    serviceWorkers: 'block',
    locale: 'fi-FI',
  });
  const page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  const began = performance.now();
  await page.goto(board.links.participant);
  await page.locator('[role=listbox]').first().waitFor({ state: 'attached' });
  const interactive = performance.now() - began;
  await page.waitForTimeout(1500);
  if (slow) await cdp.send('Emulation.setCPUThrottlingRate', { rate: 4 });
  await cdp.send('Performance.enable', { timeDomain: slow ? 'timeTicks' : 'threadTicks' });
  const heap = await page.evaluate(() => {
    return performance.memory.usedJSHeapSize / 1e6;
  });
  const row = { notes, slow, interactive: Math.round(interactive), heapMB: +heap.toFixed(1) };
  const mouse = (type, x, y, more = {}) =>
    cdp.send('Input.dispatchMouseEvent', { type, x, y, button: 'none', ...more });

  const gesture = async (name, each, before, after) => {
    await before?.();
    await page.waitForTimeout(300);
    const start = await metrics(cdp);
    await page.evaluate(() => {
      globalThis.benchFrames = 0;
      globalThis.benchLate = 0;
      let last = performance.now();
      const count = (now) => {
        globalThis.benchFrames++;
        if (now - last > 25) globalThis.benchLate++;
        last = now;
        globalThis.benchOn = requestAnimationFrame(count);
      };
      globalThis.benchOn = requestAnimationFrame(count);
    });
    const t0 = performance.now();
    for (let i = 0; i < frames; i++) {
      await each(i);
      const due = t0 + (i + 1) * (1000 / 60);
      if (due > performance.now()) await new Promise((r) => setTimeout(r, due - performance.now()));
    }
    const counted = await page.evaluate(() => {
      cancelAnimationFrame(globalThis.benchOn);
      return { frames: globalThis.benchFrames, late: globalThis.benchLate };
    });
    const end = await metrics(cdp);
    await after?.();
    row[name] = +(((end - start) * 1000) / counted.frames).toFixed(2);
    row[`${name} late %`] = Math.round((100 * counted.late) / counted.frames);
  };

  await gesture('idle', () => Promise.resolve());
  await gesture('zoom', (i) =>
    mouse('mouseWheel', 640, 400, { deltaX: 0, deltaY: i % 60 < 30 ? -40 : 40, modifiers: 2 }),
  );
  await page.keyboard.press('0');
  await gesture(
    'zoomed pan',
    (i) =>
      mouse('mouseWheel', 640, 400, {
        deltaX: i % 60 < 30 ? 24 : -24,
        deltaY: i % 60 < 30 ? 12 : -12,
      }),
    async () => {
      for (let i = 0; i < 12; i++) {
        await mouse('mouseWheel', 640, 400, { deltaX: 0, deltaY: -60, modifiers: 2 });
        await page.waitForTimeout(30);
      }
      await page.waitForTimeout(800);
    },
  );
  const from = await middleNote(page);
  await gesture(
    'drag 1',
    (i) =>
      mouse('mouseMoved', from.x + 2 * (i < 90 ? i : 180 - i), from.y + (i < 90 ? i : 180 - i), {
        button: 'left',
        buttons: 1,
      }),
    () => mouse('mousePressed', from.x, from.y, { button: 'left', buttons: 1, clickCount: 1 }),
    () => mouse('mouseReleased', from.x, from.y, { button: 'left', clickCount: 1 }),
  );
  await page.keyboard.press('0');
  await page.waitForTimeout(500);
  row.selected = await lasso(page, mouse, 200_000 / notes);
  const held = { x: 400 + 100_000 / notes, y: 400 };
  await gesture(
    'drag 200',
    (i) =>
      mouse('mouseMoved', held.x + (i < 90 ? i : 180 - i), held.y + (i < 90 ? i : 180 - i) / 3, {
        button: 'left',
        buttons: 1,
      }),
    () => mouse('mousePressed', held.x, held.y, { button: 'left', buttons: 1, clickCount: 1 }),
    () => mouse('mouseReleased', held.x, held.y, { button: 'left', clickCount: 1 }),
  );
  await page.keyboard.press('Escape');
  const other = await remote(context, server.origin, board);
  // A page behind another one draws a frame now and then.
  await page.bringToFront();
  await gesture('remote 50', () => Promise.resolve());
  await other.close();
  console.log(JSON.stringify(row));
  await context.close();
}

/** Draws a loop around a strip of the board; how many notes it has caught. */
async function lasso(page, mouse, width) {
  const held = { button: 'left', buttons: 1 };
  const corners = [
    [400, 146],
    [400 + width, 146],
    [400 + width, 700],
    [400, 700],
    [400, 146],
  ];
  await mouse('mousePressed', 400, 146, { ...held, clickCount: 1 });
  for (const [x, y] of corners) await mouse('mouseMoved', x, y, held);
  await mouse('mouseReleased', 400, 146, { button: 'left', clickCount: 1 });
  const told = page.getByText(/lappu[a]? valittu/);
  return Number(((await told.first().textContent()) ?? '').replace(/\D/g, ''));
}

/** Main-thread task time so far, seconds: CPU, or wall time when throttled. */
async function metrics(cdp) {
  const { metrics: all } = await cdp.send('Performance.getMetrics');
  return all.find(({ name }) => name === 'TaskDuration').value;
}

async function middleNote(page) {
  return page.evaluate(() => {
    const boxes = [...document.querySelectorAll('[data-note]')].map((e) =>
      e.getBoundingClientRect(),
    );
    const inside = boxes.filter(
      (b) => b.top > 250 && b.bottom < 600 && b.left > 300 && b.right < 900,
    );
    const b = inside[0] ?? boxes[0] ?? { x: 600, y: 400, width: 0, height: 0 };
    return { x: b.x + b.width / 2, y: b.y + b.height / 2 };
  });
}

/** Another page whose socket shows 50 notes being dragged, 20 times a second. */
async function remote(context, origin, board) {
  const page = await context.newPage();
  await page.goto(origin);
  await page.evaluate(
    ({ id, key }) =>
      new Promise((resolve) => {
        const socket = new WebSocket(
          `${location.origin.replace('http', 'ws')}/api/boards/${id}/socket`,
        );
        socket.onopen = () => {
          socket.send(
            JSON.stringify([
              { type: 'hello', version: 1, key, me: 'b'.repeat(26), client: 'bench', name: 'Etä' },
            ]),
          );
          let t = 0;
          setInterval(() => {
            t++;
            const drag = Array.from({ length: 50 }, (_, i) => [
              `n${i}`,
              1000 + 150 * i + 20 * (t % 40),
              1000 + 80 * i,
            ]);
            socket.send(JSON.stringify([{ type: 'presence', drag }]));
          }, 50);
          setTimeout(resolve, 500);
        };
      }),
    { id: board.id, key: board.keys.participant },
  );
  return page;
}
