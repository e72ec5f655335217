import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';
import { filesBelow } from './files.ts';

/** What the worker keeps from its first day: all code, in every language, and the one font that each page needs. */
function belongsToShell(file: string): boolean {
  if (file === 'index.html' || file === 'icon.svg' || file === 'manifest.webmanifest') return true;
  return file.startsWith('assets/') && !file.includes('latin-ext');
}

/**
 * Writes /sw.js: the source with the list of files to keep put before it, and a version that is a digest of their
 * contents. The names alone would miss a change of index.html.
 */
export function serviceWorker(source: string): Plugin {
  return {
    name: 'jana:service-worker',
    apply: 'build',
    writeBundle: {
      order: 'post',
      sequential: true,
      handler({ dir = '' }) {
        const kept = filesBelow(dir).filter(belongsToShell);
        const digest = createHash('sha256');
        for (const file of kept) {
          digest.update(`${file}\0`).update(readFileSync(join(dir, file)));
        }
        const shell = {
          version: digest.digest('hex').slice(0, 16),
          files: kept.map((file) => (file === 'index.html' ? '/' : `/${file}`)),
        };
        const worker = readFileSync(source, 'utf8');
        writeFileSync(join(dir, 'sw.js'), `const shell = ${JSON.stringify(shell)};\n${worker}`);
      },
    },
  };
}
