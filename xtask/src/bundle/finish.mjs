// node finish.mjs <folder of the frontend> <folder of its code> <cargo's profile> <file for what lazy routes need>
//
// What npm's packages do for the code: the style sheets become two; but for `cargo xtask dev` the scripts are minified;
// every wasm file loses its names, and for a deployment gets what `wasm-opt -Oz` does, which takes a minute and saves a
// quarter. Chunks become groups (group.mjs).

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker, isMainThread, workerData } from 'node:worker_threads';
import { groupChunks, writeGroups } from './group.mjs';

const [frontend, code, profile, lazyRoutes] = process.argv.slice(2);
const { resolve: find } = createRequire(resolve(frontend, 'package.json'));
const load = async (name) => (await import(pathToFileURL(find(name)).href)).default;

if (isMainThread) {
  const { groups, files: filesOfRoutes } = groupChunks(code);
  const { build } = await load('esbuild');
  await build({
    entryPoints: { styles: join(frontend, 'styles/index.css'), pages: join(frontend, 'styles/pages.css') },
    outdir: code,
    bundle: true,
    minify: true,
    // An address on the site, not a file of the sources.
    external: ['/pictures/*'],
    logLevel: 'warning',
  });
  if (profile !== 'wasm-dev') {
    const files = readdirSync(code, { recursive: true }).map((file) => join(code, file));
    const ending = (suffix) => files.filter((file) => file.endsWith(suffix));
    await build({
      entryPoints: ending('.js'),
      outdir: code,
      outbase: code,
      minify: true,
      allowOverwrite: true,
      logLevel: 'warning',
    });
    forgetHashes(files);
    // The main module takes about as long as all others together.
    const isMain = (file) => file.endsWith('frontend_bg.wasm');
    const wasm = ending('.wasm');
    await Promise.all([wasm.filter(isMain), wasm.filter((file) => !isMain(file))].map(inThreadOfTheirOwn));
  }
  writeGroups(code, groups);
  writeFileSync(lazyRoutes, JSON.stringify(filesOfRoutes));
} else {
  await optimise(workerData);
}

// wasm-bindgen ends the name of each import with a hash, which does not compress. A number of the same length tells them
// apart as well, and takes its place in wasm files without a shift.
function forgetHashes(files) {
  const texts = files.filter((file) => /\.(js|wasm)$/.test(file)).map((file) => [file, readFileSync(file, 'latin1')]);
  const names = new Map();
  for (const [file, text] of texts) {
    const renamed = text.replace(/(__wbg_\w+_)[0-9a-f]{16}(?![0-9a-z])/g, (name, start) => {
      if (!names.has(name)) names.set(name, start + String(names.size).padStart(16, '0'));
      return names.get(name);
    });
    writeFileSync(file, renamed, 'latin1');
  }
}

function inThreadOfTheirOwn(files) {
  return new Promise((done, failed) => {
    const worker = new Worker(new URL(import.meta.url), { argv: process.argv.slice(2), workerData: files });
    worker.on('error', failed).on('exit', done);
  });
}

async function optimise(files) {
  const binaryen = await load('binaryen');
  // What every browser with reference types has. Not `All`: that may emit what one lacks.
  const { BulkMemory, BulkMemoryOpt, Multivalue, MutableGlobals, NontrappingFPToInt, ReferenceTypes, SignExt } =
    binaryen.Features;
  const features =
    BulkMemory | BulkMemoryOpt | Multivalue | MutableGlobals | NontrappingFPToInt | ReferenceTypes | SignExt;

  binaryen.setOptimizeLevel(2);
  binaryen.setShrinkLevel(2);
  // Inlining makes the file 3 % smaller and what brotli makes of it 9 % larger: copies compress, once they are cut to
  // fit their place they no longer do.
  binaryen.addPassToSkip('inlining-optimizing');
  // The same, on a smaller scale.
  binaryen.addPassToSkip('local-cse');

  const exportsOf = (module) =>
    Array.from({ length: module.getNumExports() }, (_, i) => binaryen.getExportInfo(module.getExportByIndex(i)).name);
  // For bodies of Leptos' server functions, which the shop has none of.
  const isOfStreams = (name) => name.includes('intounderlying');

  const transform = (wasm, change) => {
    const module = binaryen.readBinary(wasm, features);
    change(module);
    const changed = module.emitBinary();
    module.dispose();
    return changed;
  };

  for (const file of files) {
    // One generic function's copies become neighbours by its name, which brotli makes 1 % smaller. Otherwise names are for
    // debuggers.
    binaryen.setDebugInfo(true);
    const optimised = (wasm) =>
      transform(wasm, (module) => {
        exportsOf(module).filter(isOfStreams).forEach((name) => module.removeExport(name));
        module.optimize();
        module.runPasses(['reorder-functions-by-name']);
      });
    const compiled = readFileSync(file);
    const named = profile === 'wasm-dist' ? optimised(compiled) : compiled;
    binaryen.setDebugInfo(false);
    const unnamed = transform(named, (module) => {
      module.runPasses(['strip-debug', 'strip-producers', 'strip-target-features']);
      if (!module.validate()) throw new Error(`${file} is no valid module after optimising`);
    });
    writeFileSync(file, unnamed);
  }
}
