// How long a board takes to open in a browser that has nothing of it yet: see BENCHMARKS.md.
// node bench/opening.mjs [notes]
import { chromium } from '@playwright/test';
import { boardFile, importBoard, launch, startServer } from './server.mjs';

const notes = Number(process.argv[2] ?? 2000);
const runs = 5;

const browser = await chromium.launch(launch);
const server = await startServer();
try {
  const board = await importBoard(server.origin, boardFile(notes));
  // Once unmeasured: the browser and the server have their own first time.
  await open(board.links.participant);
  const all = [];
  for (let i = 0; i < runs; i++) all.push(await open(board.links.participant));
  const row = { notes, runs };
  for (const name of Object.keys(all[0])) row[name] = median(all.map((one) => one[name]));
  console.log(JSON.stringify(row));
} finally {
  await browser.close();
  await server.stop();
}

/** Opens the board in a context of its own, with nothing in its cache. */
async function open(address) {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    serviceWorkers: 'block',
    locale: 'fi-FI',
  });
  const page = await context.newPage();
  await page.addInitScript(watch);
  await page.goto(address);
  await page.waitForFunction(() => globalThis.opening?.drag);
  const { picture, drag } = await page.evaluate(() => globalThis.opening);
  const loaded = await page.evaluate((until) => {
    const files = performance
      .getEntriesByType('resource')
      .filter(({ name, responseEnd }) => /\.(js|css)$/.test(name) && responseEnd <= until);
    return files.reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0) / 1000;
  }, picture);
  await page.waitForTimeout(3000);
  const cdp = await context.newCDPSession(page);
  await cdp.send('HeapProfiler.collectGarbage');
  const heap = await page.evaluate(() => performance.memory.usedJSHeapSize / 1e6);
  await context.close();
  return {
    'picture ms': Math.round(picture),
    'drag ms': Math.round(drag),
    'kB before the picture': +loaded.toFixed(1),
    'heap MB': +heap.toFixed(1),
  };
}

/**
 * Runs in the page before anything else: ms from the navigation's start to the first frame that shows notes, and to the first in
 * which a note that was taken hold of as soon as there were any follows the pointer.
 */
function watch() {
  const told = (globalThis.opening = {});
  const board = () => document.querySelector('.board-surface');
  requestAnimationFrame(function look() {
    const far = document.querySelector('.board-far');
    if (!told.picture && (far?.width > 0 || document.querySelector('[data-note]'))) {
      // This frame's callbacks are over: what they drew is shown at its end.
      const channel = new MessageChannel();
      channel.port1.onmessage = () => {
        told.picture = performance.now();
        press();
      };
      channel.port2.postMessage(null);
      requestAnimationFrame(follow);
      return;
    }
    requestAnimationFrame(look);
  });

  function follow() {
    if (document.querySelector('.board-carry .note')) told.drag = performance.now();
    else requestAnimationFrame(follow);
  }

  function press() {
    const { x, y } = aNote();
    send('pointerdown', x, y);
    send('pointermove', x + 12, y + 8);
  }

  function send(type, clientX, clientY) {
    const how = { pointerId: 7, pointerType: 'mouse', isPrimary: true, button: 0, buttons: 1 };
    board().dispatchEvent(new PointerEvent(type, { ...how, clientX, clientY, bubbles: true }));
  }

  /** Where a note is near the middle, on the page: an element, or painted. */
  function aNote() {
    const { left, top, width, height } = board().getBoundingClientRect();
    const [x, y] = [left + width / 2, top + height / 2];
    const inside = (box) => Math.abs(box.x - x) < width / 4 && Math.abs(box.y - y) < height / 4;
    const element = [...document.querySelectorAll('[data-note]')]
      .map((one) => one.getBoundingClientRect())
      .find(inside);
    if (element) return { x: element.x + element.width / 2, y: element.y + element.height / 2 };
    const far = document.querySelector('.board-far');
    const box = far.getBoundingClientRect();
    const scale = far.width / box.width;
    const side = 200;
    const { data } = far
      .getContext('2d')
      .getImageData((x - box.left) * scale, (y - box.top) * scale, side, side);
    for (let i = 0; i < side * side; i++) {
      if (data[4 * i + 3] === 255) {
        return { x: x + (i % side) / scale + 3, y: y + Math.floor(i / side) / scale + 3 };
      }
    }
    return { x, y };
  }
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
