// Reads the texts of a PDF that the appliance made, as a reader would: streams unpacked, letters by what the fonts say.
import { inflateSync } from 'node:zlib';

export function pdfPages(bytes) {
  const file = bytes.toString('latin1'), objects = new Map();
  for (let at = file.indexOf(' 0 obj\n'); at >= 0; at = file.indexOf(' 0 obj\n', at)) {
    const number = Number(/\d+$/.exec(file.slice(Math.max(0, at - 8), at))[0]), begin = at + 7;
    const length = /^<< [^\n]*\/Length (\d+) >>\nstream\n/.exec(file.slice(begin, begin + 200));
    const stream = length && inflateSync(bytes.subarray(begin + length[0].length, begin + length[0].length + Number(length[1]))).toString('latin1');
    at = length ? begin + length[0].length + Number(length[1]) : file.indexOf('\nendobj', begin);
    objects.set(number, stream || file.slice(begin, at));
  }
  const letters = (font) => {
    const table = objects.get(Number(/\/ToUnicode (\d+)/.exec(objects.get(font))[1]));
    return new Map([...table.matchAll(/^<([0-9A-F]{4})> <([0-9A-F]+)>$/gm)].map(([, glyph, text]) => [glyph, Buffer.from(text, 'hex').swap16().toString('utf16le')]));
  };
  return [...objects.values()].filter((object) => object.startsWith('<< /Type /Page ')).map((page) => {
    const fonts = { F1: letters(Number(/\/F1 (\d+)/.exec(page)[1])), F2: letters(Number(/\/F2 (\d+)/.exec(page)[1])) };
    const content = objects.get(Number(/\/Contents (\d+)/.exec(page)[1]));
    return [...content.matchAll(/^BT \/(F[12]) .* <([0-9A-F]+)> Tj ET$/gm)].map(([, font, glyphs]) => glyphs.match(/.{4}/g).map((glyph) => fonts[font].get(glyph)).join('')).join('\n');
  });
}
