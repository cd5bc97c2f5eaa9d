// pack.mjs DIST OUT: every file of DIST, brotli at its best, one after another in OUT/pages.bin; OUT/pages.inc has a row
// for each, which ui.cpp includes. Names with a hash in them never change, so browsers may keep them for good.
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { extname, join, relative } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';

const [dist, out] = process.argv.slice(2);
const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8',
                '.svg': 'image/svg+xml', '.png': 'image/png', '.webmanifest': 'application/manifest+json' };

const files = readdirSync(dist, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name))
  .sort();
const pieces = [];
let at = 0;
const rows = files.map((file) => {
  const content = readFileSync(file);
  const packed = brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length } });
  const path = '/' + relative(dist, file);
  const type = types[extname(file)];
  if (!type) throw new Error(`${path}: which Content-Type is ${extname(file)}? Add it to pack.mjs.`);
  const etag = createHash('sha256').update(content).digest('hex').slice(0, 16);
  const row = `{"${path}", "${type}", "\\"${etag}\\"", ${at}, ${packed.length}, ${content.length}, ${path.startsWith('/assets/')}},\n`;
  pieces.push(packed);
  at += packed.length;
  return row;
});
writeFileSync(join(out, 'pages.bin'), Buffer.concat(pieces));
writeFileSync(join(out, 'pages.inc'), rows.join(''));
