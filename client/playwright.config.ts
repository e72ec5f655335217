import { defineConfig } from '@playwright/test';
import { freePort } from './test/server/port';

// The workers read this file too, and inherit what the first reading chose.
process.env['JANA_E2E_PORT'] ??= String(await freePort());
const host = `127.0.0.1:${process.env['JANA_E2E_PORT']}`;

export default defineConfig({
  testDir: 'e2e',
  testMatch: '**/*.spec.ts',
  fullyParallel: true,
  // They end when what they wait for has come: a slow machine is no failure.
  timeout: 180_000,
  expect: { timeout: 20_000 },
  workers: 2,
  forbidOnly: Boolean(process.env['CI']),
  reporter: 'list',
  use: {
    baseURL: `http://${host}`,
    viewport: { width: 1080, height: 810 },
    hasTouch: true,
    locale: 'fi-FI',
    // A test about the offline shell says 'allow'.
    serviceWorkers: 'block',
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: process.env['JANA_CHROMIUM'] ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  webServer: {
    // All tests are one address, and each makes boards.
    command: `data=$(mktemp -d) && trap : TERM && trap 'rm -rf "$data"' EXIT && ../bin/jana -listen ${host} -admin-listen "" -boards-per-minute 6000 -board-burst 1000 -data "$data"`,
    url: `http://${host}/healthz`,
    reuseExistingServer: false,
    // A drain that works leaves no process to kill.
    gracefulShutdown: { signal: 'SIGTERM', timeout: 10_000 },
  },
});
