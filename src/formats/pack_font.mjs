// pack_font.mjs FONT OUT: what papers need of a TrueType font, compressed with brotli: the letters of the blocks below,
// the tables that draw them, and no hints for screens. The result is a TrueType font itself (ISO/IEC 14496-22), with the
// glyphs counted anew.
import { readFileSync, writeFileSync } from 'node:fs';
import { brotliCompressSync, constants } from 'node:zlib';

// Latin with all accents, Greek, Cyrillic, and the signs that stand among them.
const kBlocks = [
  [0x20, 0x7e], [0xa0, 0x24f], // Latin, Latin-1, extended A and B
  [0x2b0, 0x2ff], [0x300, 0x36f], // modifiers and combining accents
  [0x370, 0x3ff], [0x1f00, 0x1fff], // Greek, with ancient accents
  [0x400, 0x52f], // Cyrillic, with other languages than Russian
  [0x1e00, 0x1eff], // Latin extended additional: Vietnamese, Welsh
  [0x2010, 0x205f], [0x2070, 0x209c], [0x20a0, 0x20bf], // punctuation, raised and lowered digits, currencies
  [0x2100, 0x214f], [0x2150, 0x218f], // letter-like signs such as No and TM, fractions
  [0x2190, 0x2199], [0x21d0, 0x21d5], // arrows
  [0x2200, 0x22ff], // mathematical signs
  [0x2500, 0x25ff], [0x2605, 0x2606], [0x2640, 0x2642], [0x2713, 0x2718], // boxes, stars, ticks
  [0xfb00, 0xfb06], [0xfffd, 0xfffd], // fi, fl; the sign for what cannot be shown
];

const [from, to] = process.argv.slice(2);
const font = readFileSync(from);
const tables = new Map();
for (let i = 0; i < font.readUInt16BE(4); ++i) {
  const row = 12 + 16 * i, at = font.readUInt32BE(row + 8);
  tables.set(font.toString('latin1', row, row + 4), font.subarray(at, at + font.readUInt32BE(row + 12)));
}
const table = (tag) => {
  const found = tables.get(tag);
  if (!found) throw new Error(`${from}: has no table ${tag}`);
  return found;
};

function glyphsByCode() {
  const cmap = table('cmap'), found = new Map();
  for (let i = 0; i < cmap.readUInt16BE(2); ++i) {
    const sub = cmap.subarray(cmap.readUInt32BE(4 + 8 * i + 4));
    if (cmap.readUInt16BE(4 + 8 * i) !== 3 || sub.readUInt16BE(0) !== 4) continue; // Windows, format 4: the 16-bit letters
    const twice = sub.readUInt16BE(6);
    for (let segment = 0; segment < twice; segment += 2) {
      const last = sub.readUInt16BE(14 + segment), first = sub.readUInt16BE(16 + twice + segment);
      const delta = sub.readUInt16BE(16 + 2 * twice + segment), place = 16 + 3 * twice + segment, offset = sub.readUInt16BE(place);
      for (let code = first; code <= last && code !== 0xffff; ++code) {
        const raw = offset === 0 ? code : sub.readUInt16BE(place + offset + 2 * (code - first));
        const glyph = raw === 0 ? 0 : (raw + delta) & 0xffff;
        if (glyph !== 0) found.set(code, glyph);
      }
    }
  }
  if (found.size === 0) throw new Error(`${from}: has no map of Unicode letters in format 4`);
  return found;
}

const wide = table('head').readInt16BE(50) === 1, loca = table('loca'), glyf = table('glyf');
const outline = (glyph) => {
  const place = (i) => (wide ? loca.readUInt32BE(4 * i) : 2 * loca.readUInt16BE(2 * i));
  return glyf.subarray(place(glyph), place(glyph + 1));
};
// Where a composite glyph names its parts; the flags are those of the table "glyf".
const kWords = 1, kScale = 8, kMore = 32, kTwoScales = 64, kMatrix = 128, kHints = 256;
function partsOf(data) {
  const parts = [];
  if (data.length === 0 || data.readInt16BE(0) >= 0) return { parts, end: data.length };
  for (let at = 10; ; ) {
    const flags = data.readUInt16BE(at);
    parts.push(at);
    at += 4 + (flags & kWords ? 4 : 2) + (flags & kScale ? 2 : flags & kTwoScales ? 4 : flags & kMatrix ? 8 : 0);
    if (!(flags & kMore)) return { parts, end: at };
  }
}
function withoutHints(data) {
  if (data.length === 0) return data;
  const contours = data.readInt16BE(0), out = Buffer.from(data);
  if (contours >= 0) {
    const at = 10 + 2 * contours, hints = data.readUInt16BE(at);
    out.writeUInt16BE(0, at);
    return Buffer.concat([out.subarray(0, at + 2), out.subarray(at + 2 + hints)]);
  }
  const { parts, end } = partsOf(data);
  for (const at of parts) out.writeUInt16BE(out.readUInt16BE(at) & ~kHints, at);
  return out.subarray(0, end);
}

const codes = [...glyphsByCode()].filter(([code]) => kBlocks.some(([first, last]) => code >= first && code <= last)).sort((a, b) => a[0] - b[0]);
const kept = [0], numbers = new Map([[0, 0]]); // old numbers in the new order; 0 is the glyph for what is missing
const keep = (glyph) => {
  if (numbers.has(glyph)) return;
  numbers.set(glyph, kept.length);
  kept.push(glyph);
};
for (const [, glyph] of codes) keep(glyph);
for (let i = 0; i < kept.length; ++i) // grows while it is walked: parts of parts
  for (const at of partsOf(outline(kept[i])).parts) keep(outline(kept[i]).readUInt16BE(at + 2));

const outlines = kept.map((glyph) => {
  const data = Buffer.from(withoutHints(outline(glyph)));
  for (const at of partsOf(data).parts) data.writeUInt16BE(numbers.get(data.readUInt16BE(at + 2)), at + 2);
  return Buffer.concat([data, Buffer.alloc(-data.length & 3)]);
});
const places = Buffer.alloc(4 * (kept.length + 1));
outlines.reduce((at, data, i) => (places.writeUInt32BE(at + data.length, 4 * (i + 1)), at + data.length), 0);

const widths = Buffer.alloc(4 * kept.length), hmtx = table('hmtx'), measured = table('hhea').readUInt16BE(34);
kept.forEach((glyph, i) => {
  hmtx.copy(widths, 4 * i, 4 * Math.min(glyph, measured - 1), 4 * Math.min(glyph, measured - 1) + 2);
  const bearing = glyph < measured ? 4 * glyph + 2 : 4 * measured + 2 * (glyph - measured);
  hmtx.copy(widths, 4 * i + 2, bearing, bearing + 2);
});

// Format 12: runs of letters whose glyphs are numbered on.
const runs = [];
for (const [code, old] of codes) {
  const glyph = numbers.get(old), last = runs.at(-1);
  if (last && code === last.last + 1 && glyph === last.glyph + (code - last.first)) last.last = code;
  else runs.push({ first: code, last: code, glyph });
}
const cmap = Buffer.alloc(12 + 16 + 12 * runs.length);
cmap.writeUInt16BE(1, 2);
cmap.writeUInt16BE(3, 4);
cmap.writeUInt16BE(10, 6);
cmap.writeUInt32BE(12, 8);
cmap.writeUInt16BE(12, 12);
cmap.writeUInt32BE(16 + 12 * runs.length, 16);
cmap.writeUInt32BE(runs.length, 24);
runs.forEach((run, i) => [run.first, run.last, run.glyph].forEach((value, k) => cmap.writeUInt32BE(value, 28 + 12 * i + 4 * k)));

const head = Buffer.from(table('head')), hhea = Buffer.from(table('hhea')), maxp = Buffer.from(table('maxp'));
head.writeInt16BE(1, 50); // places in 32 bits
hhea.writeUInt16BE(kept.length, 34);
maxp.writeUInt16BE(kept.length, 4);
maxp.writeUInt16BE(0, 26); // no hints

const out = [['cmap', cmap], ['glyf', Buffer.concat(outlines)], ['head', head], ['hhea', hhea], ['hmtx', widths], ['loca', places], ['maxp', maxp]];
const front = Buffer.alloc(12 + 16 * out.length);
front.writeUInt32BE(0x00010000, 0);
front.writeUInt16BE(out.length, 4);
let at = front.length;
out.forEach(([tag, data], i) => {
  front.write(tag, 12 + 16 * i, 'latin1');
  front.writeUInt32BE(at, 20 + 16 * i);
  front.writeUInt32BE(data.length, 24 + 16 * i);
  at += data.length + (-data.length & 3);
});
const whole = Buffer.concat([front, ...out.flatMap(([, data]) => [data, Buffer.alloc(-data.length & 3)])]);
const packed = brotliCompressSync(whole, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 22, [constants.BROTLI_PARAM_SIZE_HINT]: whole.length } });
const size = Buffer.alloc(4);
size.writeUInt32BE(whole.length);
writeFileSync(to, Buffer.concat([size, packed])); // the size as it is unpacked, and then brotli's bytes
