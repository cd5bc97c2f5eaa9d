// What the check of a file knows about mappings: rows of its table to and from the appliance's JSON.
import { post } from '../api/client.ts';
import type { ImportPreview, MappedColumn, One, SavedMapping } from '../api/types.ts';

export interface MappedRow { name: string; samples: string[]; to: string; as: string; values: string } // values: "red = rood", a line each

const kBeginning = 1 << 20; // of a text file: many times what the first rows need
const kPackedMax = 16 << 20; // the appliance's limit for what must be whole: workbooks and archives

// What is sent for a look; nothing when the file is packed and too large for one.
export async function beginningOf(file: File): Promise<Blob | null> {
  const start = new Uint8Array(await file.slice(0, 4).arrayBuffer());
  const packed = (start[0] === 0x50 && start[1] === 0x4b) || (start[0] === 0x1f && start[1] === 0x8b);
  if (!packed) return file.slice(0, kBeginning);
  return file.size <= kPackedMax ? file : null;
}

export async function look(part: Blob, name: string, kind: string, mapping: string): Promise<ImportPreview> {
  const form = new FormData();
  form.set('kind', kind);
  form.set('mapping', mapping);
  form.set('file', part, name);
  return (await post<One<ImportPreview>>('import/preview', form)).data;
}

const kProduct = ['sku', 'ean', 'title', 'description', 'brand', 'family', 'parent', 'categories', 'images', 'enabled', 'sell_price', 'sell_price.EUR', 'stock'];
const kOrder = ['channel_order_id', 'channel', 'placed_at', 'ship_by', 'currency', 'total', 'shipping_cost', 'sku', 'title', 'quantity', 'price', 'first_name', 'last_name', 'name',
  'company_name', 'street_name', 'house_number', 'house_number_addition', 'address_2', 'zip_code', 'city', 'state', 'country_code', 'email', 'phone_number', 'comment'];
export const targets = (kind: string): string[] =>
  kind === 'order' ? kOrder : kind === 'product' ? kProduct : kind === 'stock' ? ['sku', 'stock'] : [...new Set([...kProduct, ...kOrder])];

export function rowsOf(seen: ImportPreview): MappedRow[] {
  const known: MappedColumn[] = seen.mapping?.columns ??
    Object.entries(seen.mapping ?? {}).map(([column, what]) => ({ column, ...(typeof what === 'object' ? what : { to: String(what) }) }));
  const rows: MappedRow[] = seen.columns.map((column) => {
    const before = known.find((one) => one.column?.toLowerCase() === column.name.toLowerCase());
    return { name: column.name, samples: column.samples, to: before ? before.to ?? '' : column.to, as: before?.as ?? '', values: linesOf(before?.values) };
  });
  for (const one of known) if (!one.column && one.as) rows.push({ name: '', samples: [], to: one.to ?? '', as: one.as, values: '' });
  return rows;
}
const linesOf = (values: Record<string, string> | undefined): string =>
  Object.entries(values ?? {}).map(([from, to]) => `${from} = ${to}`).join('\n');
const valuesOf = (lines: string): Record<string, string> =>
  Object.fromEntries(lines.split('\n').map((line) => line.split('=')).filter((parts) => parts.length > 1)
    .map(([from, ...to]) => [(from ?? '').trim(), to.join('=').trim()]));

// The rows that a mapping has, in its order: one that was only just added says nothing yet.
export const meant = (rows: MappedRow[]): MappedRow[] => rows.filter((row) => row.name !== '' || row.as.trim() !== '');

// How a text is written, as somebody says it; what is empty is told by the file.
export interface Written { encoding: string; delimiter: string; quote: string }
export const writtenOf = (mapping: SavedMapping | null): Written => ({ encoding: mapping?.encoding ?? '', delimiter: mapping?.delimiter ?? '', quote: mapping?.quote ?? '' });
const filled = (records: string, written: Written): Record<string, string> => Object.fromEntries(Object.entries({ records, ...written }).filter(([, said]) => said));
export const isSaid = (written: Written): boolean => Object.values(written).some(Boolean);
export const kEncodings: [name: string, of: string][] = [['utf-8', ''], ['utf-16le', ''], ['utf-16be', ''], ['windows-1252', 'Deutsch, Français, …'], ['iso-8859-15', 'Deutsch, Français, …'], ['macintosh', ''], ['ibm850', 'DOS'],
  ['windows-1250', 'Polski, Čeština, …'], ['iso-8859-2', 'Polski, Čeština, …'], ['ibm852', 'Polski, Čeština, … DOS'], ['windows-1251', 'Русский, Українська, …'], ['koi8-r', 'Русский, Українська'], ['iso-8859-5', 'Русский, …'],
  ['ibm866', 'Русский, … DOS'], ['windows-1253', 'Ελληνικά'], ['iso-8859-7', 'Ελληνικά'], ['windows-1254', 'Türkçe'], ['windows-1257', 'Latviešu, Lietuvių']];
export const kDelimiters = ['tab', 'comma', 'semicolon', 'pipe', 'space'] as const;
export const kQuotes = ['"', "'", '`', 'none'];

// Whether the appliance reads it as JSON.
export const isJson = async (file: File): Promise<boolean> => /^\s*[{[]/.test(await file.slice(0, 256).text());
// JSON whose names are the keys of its rows: where they stand. "products" is "$/products/*".
export const isKeyed = (records: string): boolean => records.endsWith('/*');
export const keysAt = (records: string): string => records.slice(2, -2);
export const keyed = (at: string): string => `$/${at.trim().replace(/^\$(\/|$)|^\//, '')}/*`.replace('//', '/');

// Where the records are in XML or JSON, how a text is written, and nothing about the columns.
export function saidAlone(records: string, written: Written): string {
  const said = filled(records, written);
  return Object.keys(said).length ? JSON.stringify({ columns: [], ...said }) : '';
}

export function mappingOf(rows: MappedRow[], byEan: boolean, records: string, written: Written): string {
  const columns = meant(rows).map((row) => {
    const values = valuesOf(row.values), to = row.to.trim(), as = row.as.trim();
    return { ...(row.name ? { column: row.name } : {}), to: to || null, ...(as ? { as } : {}), ...(to && Object.keys(values).length ? { values } : {}) };
  });
  return JSON.stringify({ columns, select: byEan ? 'ean' : 'sku', others: 'leave', ...filled(records, written) });
}
