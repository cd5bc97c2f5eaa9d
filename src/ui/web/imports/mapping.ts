// What the check of a file knows about mappings: rows of its table to and from the appliance's JSON.
import { post } from '../api/client.ts';
import type { ImportPreview, MappedColumn, One } from '../api/types.ts';

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

// Where the records are in XML or JSON, and nothing about their columns.
export const recordsAlone = (records: string): string => JSON.stringify({ columns: [], records });

export function mappingOf(rows: MappedRow[], byEan: boolean, records: string): string {
  const columns = meant(rows).map((row) => {
    const values = valuesOf(row.values), to = row.to.trim(), as = row.as.trim();
    return { ...(row.name ? { column: row.name } : {}), to: to || null, ...(as ? { as } : {}), ...(to && Object.keys(values).length ? { values } : {}) };
  });
  return JSON.stringify({ columns, select: byEan ? 'ean' : 'sku', others: 'leave', ...(records ? { records } : {}) });
}
