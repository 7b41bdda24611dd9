// Style sheets, icons and scripts, under a path that names their content, so that browsers may keep them.

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';
import type { Middleware } from 'koa';

const TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

const folder = new URL('../assets/', import.meta.url);
const files = new Map(
  readdirSync(folder)
    .sort()
    .map((name) => [name, readFileSync(new URL(name, folder))] as const),
);
const version = createHash('sha256')
  .update([...files].map(([name, content]) => `${name}:${content}`).join('\0'))
  .digest('base64url')
  .slice(0, 12);

export function assetPath(name: string): string {
  if (!files.has(name)) throw new Error(`there is no asset ${name}`);
  return `/assets/${version}/${name}`;
}

export const serveAssets: Middleware = async (ctx, next) => {
  const [, root, , name] = ctx.path.split('/');
  const content = root === 'assets' && name !== undefined ? files.get(name) : undefined;
  if (!content || (ctx.method !== 'GET' && ctx.method !== 'HEAD')) return next();
  ctx.type = TYPES[extname(name!)]!;
  // An old version's path answers with today's file, which must then not be kept as the old one.
  ctx.set('cache-control', ctx.path === assetPath(name!) ? 'public, max-age=31536000, immutable' : 'no-cache');
  ctx.body = content;
};
