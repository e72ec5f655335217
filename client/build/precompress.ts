import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';
import { filesBelow } from './files.ts';

const text = /\.(js|css|html|svg|json|webmanifest)$/;

/** Below this the answer fits one packet anyhow. */
const worthwhileBytes = 1024;

/** Puts name.br and name.gz beside every text file of a packet or more, so that the server never compresses a file. */
export function precompress(): Plugin {
  return {
    name: 'jana:precompress',
    apply: 'build',
    writeBundle: {
      order: 'post',
      sequential: true,
      handler({ dir = '' }) {
        for (const file of filesBelow(dir).filter((name) => text.test(name))) {
          const path = join(dir, file);
          const bytes = readFileSync(path);
          if (bytes.length < worthwhileBytes) continue;
          const params = {
            [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
            [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
          };
          writeFileSync(`${path}.br`, brotliCompressSync(bytes, { params }));
          writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
        }
      },
    },
  };
}
