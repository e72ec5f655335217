import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin, Rollup } from 'vite';

/** Something that ships and is not ours. */
interface Part {
  name: string;
  licence: string;
  text: string;
}

/** A part that stands in our own source, with its licence in a file beside it. */
export interface Vendored {
  name: string;
  licence: string;
  textFile: string;
}

const packageFolder = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//;

const permissive = ['MIT', 'ISC', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'OFL-1.1', '0BSD'];

function readPart(folder: string): Part {
  const { name, version, license } = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  ) as { name: string; version: string; license?: string };
  const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying)\b/i.test(entry));
  if (file === undefined) throw new Error(`${name} ships without the text of its licence`);
  return {
    name: `${name} ${version}`,
    licence: license ?? 'not named',
    text: readFileSync(join(folder, file), 'utf8').trim(),
  };
}

/** The folders of all npm packages of which a module or a file is in the bundle. */
function packagesIn(bundle: Rollup.OutputBundle, root: string): string[] {
  const folders = new Set<string>();
  for (const output of Object.values(bundle)) {
    const sources =
      output.type === 'chunk'
        ? output.moduleIds
        : output.originalFileNames.map((file) => join(root, file));
    for (const source of sources) {
      const folder = packageFolder.exec(source)?.[1];
      if (folder !== undefined) folders.add(folder);
    }
  }
  return [...folders].sort();
}

/**
 * Writes NOTICE.txt: name, version and licence text of every npm package that is in the bundle, and of what was copied
 * into our source. The build stops at a licence that is not permissive.
 */
export function notice(vendored: Vendored[]): Plugin {
  let root = '';
  return {
    name: 'jana:notice',
    apply: 'build',
    configResolved(config) {
      root = config.root;
    },
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const parts = [
          ...packagesIn(bundle, root).map(readPart),
          ...vendored.map(({ name, licence, textFile }) => ({
            name,
            licence,
            text: readFileSync(join(root, textFile), 'utf8').trim(),
          })),
        ];
        for (const { name, licence } of parts) {
          if (!permissive.includes(licence)) this.error(`${name} is under ${licence}`);
        }
        const source = [
          'Jana stands on the work of others. These are their licences.\n',
          ...parts.map(({ name, licence, text }) => `==== ${name} (${licence}) ====\n\n${text}\n`),
        ].join('\n');
        this.emitFile({ type: 'asset', fileName: 'NOTICE.txt', source });
      },
    },
  };
}
