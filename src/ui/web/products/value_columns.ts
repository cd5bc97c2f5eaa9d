// Attributes as columns of the product list: what each is called, how its values read in one line, and how they are
// edited in their cells. Fetched when somebody has such a column.
import { ask, get, query, skuPath } from '../api/client.ts';
import type { ColumnValue, Json, List, One, Product } from '../api/types.ts';
import { localeName, money, region, t } from '../i18n/i18n.svelte.ts';
import type { Column, FromElsewhere } from '../kit/grid.ts';
import { all, type Attribute, type AttributeType, type Channel } from '../model/model.ts';
import { mineStays } from './agree.ts';
import { valueName } from './column_choice.ts';
import { cw } from './column_words.ts';
import { cellName, cellOf, kindOf, type Cell, type Described } from './described.ts';
import { decimalSign } from './decimals.ts';
import { attributeRow, valueText, written, type AttributeRow } from './draft.ts';
import { typedValue } from './typed_value.ts';
import ValueEditor from './ValueEditor.svelte';

// Of which the server has no order that means anything, and which no cell is large enough to edit.
const kUnsorted: readonly AttributeType[] = ['image', 'file', 'table', 'rich_text'];
const kOnPage: readonly AttributeType[] = ['image', 'file', 'table', 'rich_text'];
const kWidths: Partial<Record<AttributeType, number>> = { yes_no: 90, number: 110, decimal: 110, price: 110, measurement: 120, date: 145, image: 80 };
const kNumbers: readonly AttributeType[] = ['number', 'decimal', 'price', 'measurement'];

export interface ValueColumns { asked: string[]; of: Map<string, Column<Product>> }
export interface Terms { locale: string; locales: string[]; may_edit: boolean; read: (sku: string) => Promise<Product> }

// Descriptions of those that the columns name, and nothing of the thousands besides.
async function describedFor(names: string[]): Promise<{ model: Described; free: Set<string> }> {
  // description-web-EUR may be an attribute, or one in a channel, or one in a currency of it.
  const codes = [...new Set(names.flatMap((name) => name.split('-').map((_, at, parts) => parts.slice(0, at + 1).join('-'))))];
  const [attributes, channels] = await Promise.all([get<List<Attribute>>('attribute', { 'code[]': codes, choices: '1' }), all<Channel>('channel')]);
  return {
    model: { attributes: new Map(attributes.data.filter((one) => one.described).map((one) => [one.code, one])), channels, groups: new Map(), units: new Map() },
    free: new Set(attributes.data.filter((one) => !one.described).map((one) => one.code)),
  };
}

const plain = (value: Json | undefined): string => (value === undefined || value === null ? '' : valueText(value));
const numeric = (value: number): string => new Intl.NumberFormat(region(), { maximumFractionDigits: 20 }).format(value);
function day(text: string): string {
  const at = /^\d{4}-\d\d-\d\d$/.test(text) ? new Date(text) : null;
  return at && !Number.isNaN(at.getTime()) ? new Intl.DateTimeFormat(region(), { dateStyle: 'medium', timeZone: 'UTC' }).format(at) : text;
}
// A value in one line, as people read it.
export function valueLine({ value, label }: ColumnValue, cell: Cell | null): string {
  if (label !== undefined && cell?.attribute.type !== 'measurement') return [label].flat().join(', ');
  switch (cell?.attribute.type) {
    case 'number': case 'decimal': return typeof value === 'number' ? numeric(value) : plain(value);
    case 'price': return typeof value === 'number' ? (cell.currency ? money(value, cell.currency) : numeric(value)) : plain(value);
    case 'date': return typeof value === 'string' ? day(value) : plain(value);
    case 'rich_text': return plain(value).replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ').trim();
    case 'table': return Array.isArray(value) ? t('grid.count', { count: value.length }) : plain(value);
    case 'measurement': {
      const of = value !== null && typeof value === 'object' && !Array.isArray(value) ? value : {};
      return typeof of['amount'] === 'number' ? `${numeric(of['amount'])} ${typeof label === 'string' ? label : String(of['unit'] ?? '')}` : plain(value);
    }
    default: return typeof value === 'boolean' ? t(value ? 'common.yes' : 'common.no') : typeof value === 'number' ? numeric(value) : plain(value);
  }
}

// Of the version that the row shows; where somebody else was faster with the same, the person says whose stays.
export async function saveOwn(row: Product, body: Record<string, Json>, locale: string, terms: Terms): Promise<Product> {
  const write = async (version: number): Promise<void> => {
    await ask<One<Product>>(skuPath(row.sku) + query({ locale }), { method: 'PATCH', body: { ...body, version } });
  };
  try {
    await write(row.version);
  } catch (failure) {
    if (await mineStays(failure)) await write((await terms.read(row.sku)).version);
  }
  return terms.read(row.sku);
}

function columnOf(key: string, model: Described, terms: Terms): Column<Product> {
  const { name, locale } = valueName(key), cell = cellOf(name, model), type = cell?.attribute.type;
  const written = locale || terms.locale;
  const said = (row: Product): ColumnValue | undefined => row.columns?.[key];
  const isOwn = (of: ColumnValue): boolean => of.from === undefined && of.locale === undefined;
  const own = (row: Product): ColumnValue | undefined => { const of = said(row); return of && isOwn(of) ? of : undefined; };
  const kindIn = (row: Product): AttributeRow['kind'] => (cell ? kindOf(cell.attribute) : attributeRow(name, said(row)?.value ?? '').kind);
  const fits = (row: Product): boolean => {
    const now = attributeRow(name, own(row)?.value ?? '');
    return now.kind !== 'json' && !now.text.includes('\n') && (cell !== null || kindIn(row) !== 'json');
  };
  const from = (row: Product): FromElsewhere | null => {
    const of = said(row);
    if (!of || isOwn(of)) return null;
    return { text: valueLine(of, cell), title: [of.from && `${t('products.inherited_from')} ${of.from}`, of.locale && cw('lent', { language: localeName(of.locale) })].filter(Boolean).join(', ') };
  };
  const drawn = type === 'yes_no' || type === 'image';
  return {
    key, label: (cell ? cellName(cell, model, terms.locale) : name) + (locale ? ` · ${locale}` : ''),
    width: (type && kWidths[type]) ?? 170,
    ...(type && kNumbers.includes(type) && { align: 'end' as const }),
    ...(!(type && kUnsorted.includes(type)) && { sort: `attributes.${name}${cell?.attribute.localisable ? '@' + written : ''}` }),
    ...(drawn ? { value: (row: Product) => said(row)?.value } : { text: (row: Product) => { const of = own(row); return of ? valueLine(of, cell) : ''; } }),
    from, opens: true,
    ...(terms.may_edit && !(type && kOnPage.includes(type)) && {
      edit: {
        value: (row: Product) => { const of = own(row); return of ? attributeRow(name, of.value).text : ''; },
        can: fits,
        save: (row: Product, text: string) => saveOwn(row, { attributes: Object.fromEntries([[name, typedValue(text, type, kindIn(row))]]) }, written, terms),
        ...(type === 'number' ? { inputmode: 'numeric' as const } : type === 'decimal' || type === 'price' ? { inputmode: 'decimal' as const } : {}),
        ...(cell && ['yes_no', 'date', 'choice', 'choices', 'reference', 'references'].includes(cell.attribute.type) && { editor: ValueEditor, of: cell.attribute }),
      },
    }),
  };
}

// Columns whose attribute is gone, or whose language the shop no longer has, are left out, so that a view from before
// still opens.
export async function valueColumns(keys: string[], terms: Terms): Promise<ValueColumns> {
  written.decimal = decimalSign();
  const { model, free } = await describedFor(keys.map((key) => valueName(key).name));
  const asked = keys.filter((key) => {
    const { name, locale } = valueName(key);
    return (cellOf(name, model) !== null || free.has(name)) && (!locale || terms.locales.includes(locale));
  });
  return { asked, of: new Map(asked.map((key) => [key, columnOf(key, model, terms)])) };
}
