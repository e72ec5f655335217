import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';
import { boardPage } from './build/board-page.ts';
import { budget } from './build/budget.ts';
import { firstLoad } from './build/chunks.ts';
import { notice } from './build/notice.ts';
import { precompress } from './build/precompress.ts';
import { serviceWorker } from './build/service-worker.ts';

const protocol = fileURLToPath(new URL('../protocol', import.meta.url));

// The Go server that `vite dev` hands /api to.
const server = process.env['JANA_DEV_SERVER'] ?? 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [
    svelte(),
    budget({ kilobytes: 78, alsoLoaded: ['src/ui/board/BoardPage.svelte'] }),
    boardPage('src/ui/board/BoardPage.svelte'),
    notice([{ name: 'lucide 1.65.0', licence: 'ISC', textFile: 'src/ui/icons.LICENSE.txt' }]),
    serviceWorker(fileURLToPath(new URL('src/sw.js', import.meta.url))),
    precompress(),
  ],
  resolve: { alias: { $protocol: protocol } },
  build: {
    target: ['es2022', 'safari16.4', 'chrome111', 'firefox114'],
    // A font or picture as a data: URI would need a hole in the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // Svelte's index brings all of it along, and only modules without side effects are left where they are used.
      treeshake: {
        moduleSideEffects: [
          { test: /svelte.src.(internal.(client|shared)|reactivity|store)/, sideEffects: false },
        ],
      },
      output: {
        codeSplitting: firstLoad({
          entry: 'src/main.ts',
          page: 'src/ui/board/BoardPage.svelte',
          other: 'src/ui/start/Start.svelte',
          unused: /svelte.*bindings.(input|select)/,
        }),
      },
    },
  },
  server: {
    fs: { allow: ['.', protocol] },
    proxy: { '/api': { target: server, ws: true } },
  },
  test: {
    environment: 'node',
    // What runs at the real server needs one; node has it without asking from 22 on.
    execArgv: ['--experimental-websocket'],
    include: [
      'src/**/*.test.ts',
      'test/**/*.test.ts',
      'build/**/*.test.ts',
      '../protocol/**/*.test.ts',
    ],
  },
});
