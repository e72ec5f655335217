import { gzipSync } from 'node:zlib';
import type { Plugin, Rollup } from 'vite';

interface Limits {
  /** What the first load may weigh: JavaScript and CSS after gzip, in units of 1,000 bytes. */
  kilobytes: number;
  /** Modules that a first load imports dynamically, as ends of their paths. */
  alsoLoaded: string[];
}

function gzipBytes(content: string | Uint8Array): number {
  return gzipSync(content, { level: 9 }).length;
}

/** A chunk, what it imports statically, what that imports, and the CSS of them all. */
function withImports(bundle: Rollup.OutputBundle, start: string, found = new Set<string>()) {
  const chunk = bundle[start];
  if (chunk?.type !== 'chunk' || found.has(start)) return found;
  found.add(start);
  for (const css of chunk.viteMetadata?.importedCss ?? []) found.add(css);
  for (const name of chunk.imports) withImports(bundle, name, found);
  return found;
}

/** Stops the build when a browser would have to load more than the limit before a board is usable. */
export function budget({ kilobytes, alsoLoaded }: Limits): Plugin {
  return {
    name: 'jana:budget',
    apply: 'build',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const chunks = Object.values(bundle).filter((output) => output.type === 'chunk');
        const starts = chunks.filter((chunk) => chunk.isEntry);
        for (const module of alsoLoaded) {
          const chunk = chunks.find(({ moduleIds }) => moduleIds.some((id) => id.endsWith(module)));
          if (chunk === undefined)
            this.error(`the size budget names ${module}, which is in no chunk`);
          starts.push(chunk);
        }
        const names = new Set(starts.flatMap(({ fileName }) => [...withImports(bundle, fileName)]));
        let bytes = 0;
        for (const name of names) {
          const output = bundle[name];
          if (output) bytes += gzipBytes(output.type === 'chunk' ? output.code : output.source);
        }
        const sum = `first board load: ${(bytes / 1000).toFixed(1)} of ${kilobytes} kB (gzip)`;
        if (bytes > kilobytes * 1000) this.error(sum);
        this.info(sum);
      },
    },
  };
}
