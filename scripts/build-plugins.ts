/** What the build does to files before esbuild joins them. */
import { readFileSync } from 'node:fs';
import type { Plugin } from 'esbuild';

/** Node's own modules without the look at all their exports that `import` takes: that of node:fs loads streams. */
export const builtins: Plugin = {
  name: 'builtins',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:/ }, ({ path }) => ({ path, namespace: 'builtin' }));
    onLoad({ filter: /^/, namespace: 'builtin' }, ({ path }) => ({ contents: `module.exports = process.getBuiltinModule('${path}');` }));
  },
};

/** Of @sindresorhus/is the few functions that check our arguments: its table of all of them, and its lists in English, take long to make. */
export const checks: Plugin = {
  name: 'checks',
  setup({ onLoad }) {
    onLoad({ filter: /@sindresorhus\/is\/distribution\/index\.js$/ }, ({ path }) =>
      ({ contents: readFileSync(path, 'utf8').replaceAll(/(?<= = )(?=Object\.assign\(|new Intl\.ListFormat\()/g, '/* @__PURE__ */ ') }));
  },
};

/**
 * What a file gives to `later` as `() => name` it loads when that is called: see src/schema/later.ts. Of its import only
 * the types are left, lest esbuild count it among what the file needs.
 */
export const deferred: Plugin = {
  name: 'deferred',
  setup({ onLoad }) {
    onLoad({ filter: /\/src\/.*\.ts$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8'), calls = text.match(/\blater\(\{[^]*?\}/g);
      if (calls === null) return undefined;
      const given = new Set([...calls.join().matchAll(/\(\) => (\w+)/g)].map(([, name]) => name!)), loads = new Map<string, string>();
      const typed = text.replaceAll(/^import (?:\* as (\w+)|\{ (.*?) \}) from '(\.[^']+)';$/gm, (line, all: string | undefined, list: string, from: string) => {
        const names = all === undefined ? list.split(', ') : [all], taken = names.filter((name) => given.has(name));
        for (const name of taken) loads.set(name, all === undefined ? `require('${from}').${name}` : `require('${from}')`);
        return taken.length === names.length ? line.replace('import', 'import type') : line;
      });
      const contents = typed.replaceAll(/\blater\(\{[^]*?\}/g, (call) => call.replaceAll(/\(\) => (\w+)/g, (made, name: string) => loads.has(name) ? `() => ${loads.get(name)}` : made));
      return { contents, loader: 'ts' };
    });
  },
};
