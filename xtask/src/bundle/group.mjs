// wasm-split makes a chunk of whatever the same pages have in common: hundreds of small files, of which a page would wait
// for a hundred. Here they become a few dozen groups, each one file, and a page waits for a handful.

import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const LOADER = '__wasm_split.js';

/** What one more file costs a page, told in bytes of wasm that it could load in the same time without needing them. */
const FILE = 24_000;

// Each module after its length. Which page needs which group is written below.
const LOAD_GROUP = `
const loadGroup = (file) =>
  makeLoad(() => {
    const bytes = fetch(new URL(file, import.meta.url)).then((answer) => {
      if (!answer.ok) throw new Error(answer.status + " " + file);
      return answer.arrayBuffer();
    });
    bytes.catch(() => {});
    return async (imports) => {
      const group = await bytes;
      const modules = [];
      for (let end = 0; end < group.byteLength; ) {
        const start = end + 4;
        end = start + new DataView(group).getUint32(end, true);
        modules.push(WebAssembly.instantiate(group.slice(start, end), imports));
      }
      await Promise.all(modules);
    };
  }, []);
`;

/**
 * Has the loader fetch groups in place of chunks. Answers the groups, each with its file's name and those of its chunks,
 * and the files that each lazy route needs.
 */
export function groupChunks(code) {
  const loader = readFileSync(join(code, LOADER), 'utf8');
  const chunks = new Map();
  for (const [, variable, file] of loader.matchAll(
    /^const (__chunk_\d+) = makeLoad\(\(\) => \{[^]*?"\.\/(chunk_\d+\.wasm)"/gm,
  )) {
    chunks.set(variable, { file, size: statSync(join(code, file)).size, routes: new Set() });
  }
  const exports = loader.slice(loader.indexOf('export const ')).split(/^(?=export const )/m);
  const routes = exports.map((text) => {
    const [, needed] = text.match(/, \[([^[\]]*)\]\)\);\s*$/);
    return { text, name: text.match(/"\.\/split_(\w+)\.wasm"/)?.[1], needed };
  });
  for (const { name, needed } of routes) {
    for (const variable of needed.split(', ').filter(Boolean)) chunks.get(variable).routes.add(name);
  }
  const groups = merge([...chunks.values()]).map((group, i) => ({ ...group, file: `group_${i}.bin` }));

  const needs = (name) => groups.flatMap((group, i) => (group.routes.has(name) ? [`group_${i}`] : []));
  const runtime = loader.slice(0, loader.search(/^\/\* .* \*\/$/m));
  const loads = groups.map(({ file }, i) => `const group_${i} = loadGroup("./${file}");\n`);
  const ends = routes.map(({ text, name, needed }) => text.replace(`[${needed}]`, `[${needs(name).join(', ')}]`));
  writeFileSync(join(code, LOADER), [runtime, LOAD_GROUP, ...loads, ...ends].join(''));
  const files = routes.map(({ name }) => [name, [...needs(name).map((group) => `${group}.bin`), `split_${name}.wasm`]]);
  return { groups, files: Object.fromEntries(files) };
}

/** Joins those two first that save the most, until nothing is saved any more. */
function merge(chunks) {
  const groups = chunks.map(({ file, size, routes }) => ({ files: [file], size, routes }));
  const cost = ({ size, routes }) => routes.size * (FILE + size);
  const join = (a, b) => ({
    files: [...a.files, ...b.files],
    size: a.size + b.size,
    routes: new Set([...a.routes, ...b.routes]),
  });
  for (;;) {
    let best = { saved: 0 };
    for (const [i, a] of groups.entries()) {
      for (const b of groups.slice(i + 1)) {
        const joined = join(a, b);
        const saved = cost(a) + cost(b) - cost(joined);
        if (saved > best.saved) best = { saved, a, b, joined };
      }
    }
    if (best.joined === undefined) return groups;
    groups.splice(groups.indexOf(best.a), 1, best.joined);
    groups.splice(groups.indexOf(best.b), 1);
  }
}

/** Writes the groups' files in place of the chunks'. */
export function writeGroups(code, groups) {
  for (const { file, files } of groups) {
    const parts = files.flatMap((chunk) => {
      const module = readFileSync(join(code, chunk));
      const length = Buffer.alloc(4);
      length.writeUInt32LE(module.length);
      return [length, module];
    });
    writeFileSync(join(code, file), Buffer.concat(parts));
    for (const chunk of files) rmSync(join(code, chunk));
  }
}
