// The refused rows of a file that this page has sent: as they stand in it, below its header, to be mended and sent
// again; and of any import a table of what was wrong with which line.
import type { ImportRow } from '../api/types.ts';

const kWholeMax = 256 << 20; // bytes of a file that is gone through here
const kHeaderWithin = 30; // records that may stand above the header and with it, as when the appliance reads it
const [kTab, kLf, kCr, kQuote, kComma, kSemicolon, kBrace, kBar] = [9, 10, 13, 34, 44, 59, 123, 124] as const;

// From the line that each record begins on to where it begins and ends.
function recordsIn(bytes: Uint8Array, quotes: boolean): { line: number; begin: number; end: number }[] {
  const out = [];
  let line = 1, of = 1, begin = 0, quoted = false, cellBegins = true;
  for (let at = 0; at < bytes.length; ++at) {
    const byte = bytes[at];
    const ends = byte === kLf || (byte === kCr && bytes[at + 1] !== kLf);
    if (ends) ++line;
    if (quoted) {
      if (byte === kQuote) quoted = false; // one of two: the next opens it again
    } else if (byte === kQuote && quotes && (cellBegins || bytes[at - 1] === kQuote)) quoted = true;
    else if (ends) {
      out.push({ line: of, begin, end: at + 1 });
      [of, begin] = [line, at + 1];
    }
    cellBegins = !quoted && (ends || byte === kComma || byte === kSemicolon || byte === kTab || byte === kBar);
  }
  if (begin < bytes.length) out.push({ line: of, begin, end: bytes.length });
  return out;
}

// Nothing when the file is no text of lines (a workbook, an archive, XML), or its lines are not those that were refused.
export async function rowsAsSent(file: File, columns: string[], refused: ImportRow[]): Promise<Blob | null> {
  if (file.size > kWholeMax || refused.some((row) => row.file)) return null;
  const bytes = new Uint8Array(await file.arrayBuffer()), start = bytes.subarray(0, 3).join();
  const first = new TextDecoder().decode(bytes.subarray(0, 200)).trimStart()[0];
  const packed = (bytes[0] === 0x50 && bytes[1] === 0x4b) || (bytes[0] === 0x1f && bytes[1] === 0x8b) || bytes.subarray(0, 4000).includes(0);
  if (packed || start.startsWith('255,254') || start.startsWith('254,255') || first === '<' || first === '[') return null;
  const isJson = first === String.fromCharCode(kBrace), all = recordsIn(bytes, !isJson);
  const wanted = new Set(refused.map((row) => row.line)), rows = all.filter((one) => wanted.has(one.line));
  if (rows.length !== wanted.size) return null;
  const text = (one: { begin: number; end: number }): string => new TextDecoder().decode(bytes.subarray(one.begin, one.end));
  const names = columns.filter((name) => name && /^[\x20-\x7e]+$/.test(name)).map((name) => name.replace(/\.\d+$/, ''));
  const header = isJson ? -1 : all.slice(0, kHeaderWithin).findIndex((one) => names.every((name) => text(one).includes(name)));
  if (!isJson && (header < 0 || rows.some((one) => one.begin <= (all[header]?.begin ?? 0)))) return null;
  const parts = [...all.slice(0, header + 1), ...rows].map((one) => bytes.subarray(one.begin, one.end));
  return new Blob(parts.flatMap((part, at) => (at + 1 < parts.length && part.at(-1) !== kLf && part.at(-1) !== kCr ? [part, '\n'] : [part])), { type: file.type || 'text/csv' });
}

// A spreadsheet takes a cell that begins so for a formula.
const cell = (text: string): string => `"${(/^[=+\-@\t\r]/.test(text) ? "'" : '') + text.replaceAll('"', '""')}"`;
export const tableOf = (head: string[], rows: string[][]): string => '\ufeff' + [head, ...rows].map((row) => row.map(cell).join(',') + '\r\n').join('');
