// node compress.mjs <folder> <cargo's profile>
//
// Compression ahead of time: writes `.br` and `.gz` beside every file below the folder. The server sends these and never
// compresses itself, so for a deployment the highest quality is paid for once, here.

import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

// Pictures and fonts are compressed already.
const COMPRESSIBLE = /\.(bin|css|html|ico|js|json|map|svg|txt|wasm|webmanifest|xml)$/;

const [folder, profile] = process.argv.slice(2);
const [brotli, gz] = profile === 'wasm-dist' ? [constants.BROTLI_MAX_QUALITY, constants.Z_BEST_COMPRESSION] : [5, 6];
const files = (await readdir(folder, { recursive: true })).filter((file) => COMPRESSIBLE.test(file));
await Promise.all(
  files.map(async (name) => {
    const file = join(folder, name);
    const content = await readFile(file);
    const params = {
      [constants.BROTLI_PARAM_QUALITY]: brotli,
      [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
    };
    const [asBrotli, asGzip] = await Promise.all([
      promisify(brotliCompress)(content, { params }),
      promisify(gzip)(content, { level: gz }),
    ]);
    await Promise.all([writeFile(`${file}.br`, asBrotli), writeFile(`${file}.gz`, asGzip)]);
  }),
);
