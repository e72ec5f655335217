import type { Rollup } from 'vite';

interface Graph {
  getModuleInfo(id: string): Rollup.ModuleInfo | null;
}

/** Modules where pages begin, as ends of their paths. */
export interface Beginnings {
  /** Of every page. */
  entry: string;
  /** The page whose first load counts. */
  page: string;
  /** A page that has much in common with it and needs nothing of the rest. */
  other: string;
  /** Modules that are imported by way of an index and used by neither at first. */
  unused: RegExp;
}

/** All that a module imports statically, itself included. */
function reached(id: string, graph: Graph, found = new Set<string>()): Set<string> {
  if (found.has(id)) return found;
  found.add(id);
  for (const imported of graph.getModuleInfo(id)?.importedIds ?? []) {
    reached(imported, graph, found);
  }
  return found;
}

/**
 * Puts what a page loads first into two chunks: `core` is what every page and the other one need as well, `page` the rest.
 * The bundler would make a chunk of each set of modules that some pages share, and many small ones compress badly.
 */
export function firstLoad({ entry, page, other, unused }: Beginnings) {
  const ids = new Set<string>();
  let names: ReadonlyMap<string, string> | undefined;

  function decide(graph: Graph): ReadonlyMap<string, string> {
    const from = (end: string) => {
      const begin = [...ids].find((id) => id.endsWith(end));
      if (begin === undefined) throw new Error(`the chunks name ${end}, which is no module`);
      return reached(begin, graph);
    };
    const [always, first, shared] = [from(entry), from(page), from(other)];
    return new Map(
      [...always, ...first]
        .filter((id) => !unused.test(id))
        .map((id) => [id, always.has(id) || shared.has(id) ? 'core' : 'page']),
    );
  }

  return {
    includeDependenciesRecursively: false,
    groups: [
      {
        // All modules are asked for here before any name is.
        test: (id: string) => ids.add(id).has(id),
        name: (id: string, graph: Graph) => (names ??= decide(graph)).get(id) ?? null,
      },
    ],
  };
}
