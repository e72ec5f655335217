import type { Plugin, Rollup } from 'vite';

/** A chunk, and those that it needs at once. */
function needed(bundle: Rollup.OutputBundle, name: string, found = new Set<string>()): Set<string> {
  const chunk = bundle[name];
  if (chunk?.type !== 'chunk' || found.has(name)) return found;
  found.add(name);
  for (const other of chunk.imports) needed(bundle, other, found);
  return found;
}

/**
 * Writes /board.html: index.html that asks at once for what a board needs, where index.html only knows it when the first
 * script runs. `module`: the end of the path of the module that is loaded then.
 */
export function boardPage(module: string): Plugin {
  return {
    name: 'jana:board-page',
    apply: 'build',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const index = bundle['index.html'];
        if (index?.type !== 'asset') this.error('there is no index.html');
        const html = String(index.source);
        const chunks = Object.values(bundle).filter((output) => output.type === 'chunk');
        const page = chunks.find(({ moduleIds }) => moduleIds.some((id) => id.endsWith(module)));
        if (page === undefined) this.error(`the board page names ${module}, which is in no chunk`);
        const scripts = [...needed(bundle, page.fileName)];
        const styles = scripts.flatMap((name) => {
          const chunk = bundle[name];
          return chunk?.type === 'chunk' ? [...(chunk.viteMetadata?.importedCss ?? [])] : [];
        });
        const link = (rel: string, name: string) =>
          html.includes(name) ? '' : `  <link rel="${rel}" crossorigin href="/${name}">\n  `;
        const links = [
          ...scripts.map((name) => link('modulepreload', name)),
          ...styles.map((name) => link('stylesheet', name)),
        ];
        this.emitFile({
          type: 'asset',
          fileName: 'board.html',
          source: html.replace('</head>', `${links.join('')}</head>`),
        });
      },
    },
  };
}
