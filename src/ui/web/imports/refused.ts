// The refused rows of a file that this page has sent: as they stand in it, below its header, to be mended and sent
// again; and of any import a table of what was wrong with which line.
import type { ImportRow } from '../api/types.ts';

const kWholeMax = 256 << 20; // bytes of a file that is gone through here
const kHeaderWithin = 30; // records that may stand above the header and with it, as when the appliance reads it
const [kTab, kLf, kCr, kBlank, kQuote, kComma, kSemicolon, kBrace, kBar] = [9, 10, 13, 32, 34, 44, 59, 123, 124] as const;

// Whose rows each say all of themselves (of an order all are refused together). In the exports of shops a row is often
// about the product of the row above it, and would come back to another one.
const kAlone = /^(mapped )?(products|productflow products|stock|tracking|(.* )?orders)$/;
export const standAlone = (format: string, refused: ImportRow[]): boolean =>
  kAlone.test(format) && !refused.some((row) => row.errors?.some((fault) => fault.code === 'second_table'));

interface Piece { line: number; begin: number; end: number; blank: boolean }

// The first records and those that begin on these lines, with how many there are in all and on which line the first
// blank one behind the first begins. Cells are told apart as the appliance's reader does.
function recordsIn(bytes: Uint8Array, quotes: boolean, wanted: ReadonlySet<number>): { pieces: Piece[]; count: number; gap: number } {
  const pieces: Piece[] = [];
  let count = 0, gap = Infinity, line = 1, of = 1, begin = 0, quoted = false, closed = false, cellBegins = true, blank = true;
  const keep = (end: number): void => {
    if (count >= kHeaderWithin && blank && gap === Infinity) gap = of;
    if (count < kHeaderWithin || wanted.has(of)) pieces.push({ line: of, begin, end, blank });
    ++count;
  };
  for (let at = 0; at < bytes.length; ++at) {
    const byte = bytes[at] ?? 0;
    const ends = byte === kLf || (byte === kCr && bytes[at + 1] !== kLf);
    const parts = byte === kComma || byte === kSemicolon || byte === kTab || byte === kBar;
    if (ends) ++line;
    if (quoted) {
      if (byte !== kQuote) blank &&= byte <= kBlank;
      else [quoted, closed, cellBegins] = [false, true, false]; // one of two: the next opens it again
      continue;
    }
    if (byte === kQuote && quotes && (cellBegins || closed)) {
      blank &&= !closed;
      quoted = true;
    } else if (ends) {
      keep(at + 1);
      [of, begin, blank] = [line, at + 1, true];
    } else blank &&= parts || byte <= kBlank;
    closed = false;
    cellBegins = ends || parts;
  }
  if (begin < bytes.length) keep(bytes.length);
  return { pieces, count, gap };
}

function isJson(text: string): boolean {
  try {
    return JSON.parse(text) !== null;
  } catch {
    return false;
  }
}

// Nothing when the file is no text of lines (a workbook, an archive, XML, one JSON), was changed on the disk since, or may
// hold a second table, or its lines are not those that were refused.
export async function rowsAsSent(file: File, columns: string[], refused: ImportRow[]): Promise<Blob | null> {
  if (file.size > kWholeMax || refused.some((row) => row.file)) return null;
  const whole = await file.arrayBuffer().catch(() => null);
  if (!whole) return null;
  const bytes = new Uint8Array(whole), start = bytes.subarray(0, 3).join();
  const first = new TextDecoder().decode(bytes.subarray(0, 200)).trimStart()[0];
  const packed = (bytes[0] === 0x50 && bytes[1] === 0x4b) || (bytes[0] === 0x1f && bytes[1] === 0x8b) || bytes.subarray(0, 4000).includes(0);
  if (packed || start.startsWith('255,254') || start.startsWith('254,255') || first === '<' || first === '[') return null;
  const ofJson = first === String.fromCharCode(kBrace), wanted = new Set(refused.map((row) => row.line));
  const { pieces, count, gap } = recordsIn(bytes, !ofJson, wanted), rows = pieces.filter((one) => wanted.has(one.line));
  if (rows.length === 0 || rows.length !== wanted.size) return null;
  const text = (one: Piece): string => new TextDecoder().decode(bytes.subarray(one.begin, one.end));
  const above: Piece[] = [];
  if (ofJson) {
    if (count < 2 || ![...pieces.slice(0, 1), ...rows].every((one) => isJson(text(one)))) return null; // one JSON over several lines
  } else {
    const names = columns.filter((name) => name && /^[\x20-\x7e]+$/.test(name)).map((name) => name.replace(/\.\d+$/, ''));
    if (!names.length) return null;
    const tops = pieces.slice(0, kHeaderWithin), at = tops.findIndex((one) => names.every((name) => text(one).includes(name)));
    const header = tops[at], last = rows.at(-1)?.line ?? 0;
    if (!header || rows.some((one) => one.begin <= header.begin)) return null;
    if (gap < last || tops.slice(at + 1).some((one) => one.blank && one.line < last)) return null; // below it another table may begin
    above.push(...tops.slice(0, at + 1));
  }
  const parts = [...above, ...rows].map((one) => bytes.subarray(one.begin, one.end));
  return new Blob(parts.flatMap((part, at) => (at + 1 < parts.length && part.at(-1) !== kLf && part.at(-1) !== kCr ? [part, '\n'] : [part])), { type: file.type || 'text/csv' });
}

// A spreadsheet takes a cell that begins so for a formula, unless it is a number: as the appliance's own tables guard it.
const kFormula = /^[=+\-@\t\r\n']/, kNumber = /^-?\d+(\.\d+)?$/;
const cell = (text: string): string => `"${(kFormula.test(text) && !kNumber.test(text) ? "'" : '') + text.replaceAll('"', '""')}"`;
export const tableOf = (head: string[], rows: string[][], separator: ',' | ';'): string => '\ufeff' + [head, ...rows].map((row) => row.map(cell).join(separator) + '\r\n').join('');
