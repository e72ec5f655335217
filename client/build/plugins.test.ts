import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { build } from 'vite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { boardPage } from './board-page.ts';
import { budget } from './budget.ts';
import { firstLoad } from './chunks.ts';
import { filesBelow } from './files.ts';
import { notice } from './notice.ts';
import { precompress } from './precompress.ts';
import { serviceWorker } from './service-worker.ts';

let root = '';

function write(file: string, text: string) {
  const path = join(root, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function read(file: string) {
  return readFileSync(join(root, 'dist', file), 'utf8');
}

/** Text that gzip cannot make much smaller, the same at every run. */
function noise(bytes: number) {
  let seed = 1;
  let text = '';
  while (text.length < bytes) {
    seed = (seed * 48271) % 2147483647;
    text += seed.toString(36);
  }
  return text;
}

async function run(kilobytes = 60, alsoLoaded: string[] = []) {
  await build({
    root,
    configFile: false,
    logLevel: 'silent',
    plugins: [
      budget({ kilobytes, alsoLoaded }),
      boardPage('later.js'),
      notice([{ name: 'copied 1', licence: 'ISC', textFile: 'copied.txt' }]),
      serviceWorker(join(root, 'sw.js')),
      precompress(),
    ],
  });
}

function version() {
  return /"version":"(\w+)"/.exec(read('sw.js'))?.[1];
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'jana-build-'));
  write('index.html', '<!doctype html><title>one</title><script type="module" src="/main.js">');
  write('main.js', `import { part } from 'part'; console.log(part); import('./later.js');`);
  write('later.js', `console.log(${JSON.stringify(noise(20_000))});`);
  write('sw.js', '// the worker');
  write('copied.txt', 'the text of the copied part');
  write(
    'node_modules/part/package.json',
    '{"name":"part","version":"1.2.3","license":"MIT","main":"a.js"}',
  );
  write('node_modules/part/a.js', `export const part = ${JSON.stringify(noise(4_000))};`);
  write('node_modules/part/LICENSE', 'the text of the part');
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

test('the notice has the licence of every bundled package and of what was copied', async () => {
  await run();
  expect(read('NOTICE.txt')).toContain('==== part 1.2.3 (MIT) ====\n\nthe text of the part');
  expect(read('NOTICE.txt')).toContain('==== copied 1 (ISC) ====\n\nthe text of the copied part');
});

test('a package that is not permissive stops the build', async () => {
  write(
    'node_modules/part/package.json',
    '{"name":"part","version":"1.2.3","license":"GPL-3.0","main":"a.js"}',
  );
  await expect(run()).rejects.toThrow('part 1.2.3 is under GPL-3.0');
});

test('a package without the text of its licence stops the build', async () => {
  rmSync(join(root, 'node_modules/part/LICENSE'));
  await expect(run()).rejects.toThrow('part ships without the text of its licence');
});

test('the budget counts what a first load loads, and nothing that comes later', async () => {
  await run(10);
  await expect(run(10, ['/later.js'])).rejects.toThrow(/first board load: .* of 10 kB/);
  await expect(run(1)).rejects.toThrow(/first board load: .* of 1 kB/);
});

test('a budget for a module that is in no chunk stops the build', async () => {
  await expect(run(60, ['/renamed.js'])).rejects.toThrow('names /renamed.js, which is in no chunk');
});

test('the worker keeps the page and all code', async () => {
  await run();
  const { files } = JSON.parse(/const shell = (.*);/.exec(read('sw.js'))?.[1] ?? '') as {
    files: string[];
  };
  const code = filesBelow(join(root, 'dist/assets')).filter((name) => name.endsWith('.js'));
  expect(code).toHaveLength(2);
  expect(files.sort()).toEqual(['/', ...code.map((name) => `/assets/${name}`)].sort());
  expect(read('sw.js')).toMatch(/\n\/\/ the worker$/);
});

test('the worker has a new version when only the page changed, and the old one when nothing did', async () => {
  await run();
  const first = version();
  await run();
  expect(version()).toBe(first);
  write('index.html', '<!doctype html><title>two</title><script type="module" src="/main.js">');
  await run();
  expect(version()).not.toBe(first);
});

test('compressed twins open to the file beside which they stand', async () => {
  await run();
  const large = filesBelow(join(root, 'dist')).find((name) => /later.*\.js$/.test(name)) ?? '';
  const plain = readFileSync(join(root, 'dist', large));
  expect(brotliDecompressSync(readFileSync(join(root, 'dist', `${large}.br`)))).toEqual(plain);
  expect(gunzipSync(readFileSync(join(root, 'dist', `${large}.gz`)))).toEqual(plain);
  expect(filesBelow(join(root, 'dist'))).not.toContain('sw.js.br');
});

test('what a page loads first is two chunks, of which another page needs one', async () => {
  write('main.js', `import './always.js'; import('./page.js'); import('./other.js');`);
  write('page.js', `import './shared.js'; import './own.js'; import('./later.js');`);
  write('other.js', `import './shared.js';`);
  write('later.js', `import './own.js'; console.log('later');`);
  for (const name of ['always', 'shared', 'own']) {
    write(`${name}.js`, `console.log('${name}');`);
  }
  const codeSplitting = firstLoad({
    entry: '/main.js',
    page: '/page.js',
    other: '/other.js',
    unused: /none/,
  });
  await build({
    root,
    configFile: false,
    logLevel: 'silent',
    build: { rolldownOptions: { output: { codeSplitting } } },
  });
  const holding = (text: string) =>
    filesBelow(join(root, 'dist'))
      .filter((name) => name.endsWith('.js') && read(name).includes(`\`${text}\``))
      .map((name) => /assets\/(\w+)-/.exec(name)?.[1]);
  expect(['always', 'shared', 'own'].map(holding)).toEqual([['core'], ['core'], ['page']]);
});

test('the page of a board asks at once for what is loaded later elsewhere', async () => {
  write('index.html', '<html><head><script type="module" src="/main.js"></script></head></html>');
  write('later.js', `import './later.css'; console.log(${JSON.stringify(noise(2000))});`);
  write('later.css', `p { content: '${noise(100)}' }`);
  await run();
  const later = filesBelow(join(root, 'dist')).filter((file) => /later-.*\.(js|css)$/.test(file));
  expect(later).toHaveLength(2);
  for (const file of later) {
    expect(read('board.html')).toContain(`crossorigin href="/${file}"`);
    expect(read('index.html')).not.toContain(file);
  }
  expect(read('board.html').match(/<script/g)).toHaveLength(1);
});
