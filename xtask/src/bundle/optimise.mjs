// node optimise.mjs <folder with binaryen in its node_modules> <file.wasm>…
//
// What `wasm-opt -Oz` does, in one process for all files: starting the optimiser takes longer than most chunks need.

import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [folder, ...files] = process.argv.slice(2);
const { resolve: find } = createRequire(resolve(folder, 'package.json'));
const { default: binaryen } = await import(pathToFileURL(find('binaryen')).href);

// What every browser with reference types has. Not `All`: that may emit what one lacks.
const { BulkMemory, BulkMemoryOpt, Multivalue, MutableGlobals, NontrappingFPToInt, ReferenceTypes, SignExt } =
  binaryen.Features;
const features =
  BulkMemory | BulkMemoryOpt | Multivalue | MutableGlobals | NontrappingFPToInt | ReferenceTypes | SignExt;

binaryen.setOptimizeLevel(2);
binaryen.setShrinkLevel(2);
// Names are for debuggers.
binaryen.setDebugInfo(false);
// Inlining makes the file 3 % smaller and what brotli makes of it 9 % larger: copies compress, once they are cut to
// fit their place they no longer do.
binaryen.addPassToSkip('inlining-optimizing');

for (const file of files) {
  const module = binaryen.readBinary(readFileSync(file), features);
  module.optimize();
  module.runPasses(['strip-producers', 'strip-target-features']);
  if (!module.validate()) throw new Error(`${file} is no valid module after optimising`);
  writeFileSync(file, module.emitBinary());
  module.dispose();
}
