// What the product page holds while it is edited, what of it has changed, and what to do when somebody else was faster.
import type { Json, Product } from '../api/types.ts';
import { parseDecimal } from '../kit/forms.ts';

// Of numbers in fields; whoever shows some sets what the person's language has.
export const written = { decimal: '.' };
const decimal = (value: number): string => String(value).replace('.', written.decimal);

export interface AttributeRow { name: string; text: string; kind: 'text' | 'number' | 'boolean' | 'json' | 'list' | 'measure' }
export interface Draft {
  title: string; description: string; brand: string; ean: string; family: string; parent: string;
  categories: string; // one path a line
  enabled: boolean;
  images: string[];
  attributes: AttributeRow[];
}

// A number and its unit, which has something that is no part of a number: "10 000" has none.
const kUnit = /^\S*[^\d\s.,'’]\S*$/, kMeasure = /^(.*\S)\s+(\S*[^\d\s.,'’]\S*)$/;

export function attributeRow(name: string, value: Json): AttributeRow {
  if (typeof value === 'string') return { name, text: value, kind: 'text' };
  if (typeof value === 'number') return { name, text: decimal(value), kind: 'number' };
  if (typeof value === 'boolean') return { name, text: String(value), kind: 'boolean' };
  if (Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string' && one.trim() === one && one !== '' && !one.includes(','))) return { name, text: value.join(', '), kind: 'list' };
  if (value !== null && !Array.isArray(value) && Object.keys(value).join() === 'amount,unit' && typeof value['amount'] === 'number' && typeof value['unit'] === 'string' && kUnit.test(value['unit'])) return { name, text: `${decimal(value['amount'])} ${value['unit']}`, kind: 'measure' };
  return { name, text: JSON.stringify(value), kind: 'json' };
}
// A value in one line, for reading.
export const valueText = (value: Json): string => (Array.isArray(value) ? value.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))).join(', ') : attributeRow('', value).text);
// Throws a SyntaxError for text that is no JSON where JSON is needed.
export function attributeValue(row: AttributeRow): Json {
  if (row.kind === 'text') return row.text;
  if (row.text === '' && row.kind !== 'number') return null;
  if (row.kind === 'boolean') return row.text === 'true';
  if (row.kind === 'list') return row.text.split(',').map((one) => one.trim()).filter(Boolean);
  if (row.kind === 'measure') {
    const [, typed = '', unit = ''] = kMeasure.exec(row.text.trim()) ?? [], amount = parseDecimal(typed);
    return amount === null ? row.text : { amount: Number(amount), unit }; // the appliance reads "1.5kg" too
  }
  if (row.kind === 'number') {
    const plain = parseDecimal(row.text) ?? row.text.trim(); // 1e21 too
    return plain !== '' && Number.isFinite(Number(plain)) ? Number(plain) : row.text;
  }
  return JSON.parse(row.text) as Json;
}

export function draftOf(product: Product): Draft {
  return {
    title: product.title ?? '', description: product.description ?? '', brand: product.brand ?? '', ean: product.ean ?? '',
    family: product.family ?? '', parent: product.parent ?? '', categories: product.categories.join('\n'), enabled: product.enabled,
    images: [...product.images],
    attributes: Object.entries(product.attributes).map(([name, value]) => attributeRow(name, value)),
  };
}

const lines = (text: string): string[] => text.split('\n').map((line) => line.trim()).filter(Boolean);
const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

// The merge patch from `before` to the draft; empty when nothing changed. Attributes are named one by one.
export function changesOf(before: Product, draft: Draft): Record<string, Json> {
  const out: Record<string, Json> = {};
  for (const field of ['title', 'description', 'brand', 'ean', 'family', 'parent'] as const)
    if ((before[field] ?? '') !== draft[field].trim()) out[field] = draft[field].trim() || null;
  if (before.enabled !== draft.enabled) out['enabled'] = draft.enabled;
  if (!same(before.categories, lines(draft.categories))) out['categories'] = lines(draft.categories);
  if (!same(before.images, draft.images)) out['images'] = [...draft.images];
  const attributes: [string, Json][] = []; // made an object at the end: a name such as __proto__ is a name
  for (const row of draft.attributes) {
    if (!row.name.trim() || (row.text === '' && before.attributes[row.name] === undefined)) continue;
    const value = row.text === '' ? null : attributeValue(row); // emptied: it goes, and a variant has its parent's again
    if (!same(before.attributes[row.name], value)) attributes.push([row.name.trim(), value]);
  }
  for (const name of Object.keys(before.attributes)) if (!draft.attributes.some((row) => row.name === name)) attributes.push([name, null]);
  if (attributes.length) out['attributes'] = Object.fromEntries(attributes);
  return out;
}

export interface Conflict { field: string; mine: Json; theirs: Json }
const valueAt = (product: Product, field: string): Json =>
  field.startsWith('attributes.') ? (product.attributes[field.slice(11)] ?? null) : ((product as unknown as Record<string, Json>)[field] ?? null);

// Fields that both changed, to different values; edits of different fields do not disturb each other.
export function conflictsOf(before: Product, now: Product, changes: Record<string, Json>): Conflict[] {
  const out: Conflict[] = [];
  const look = (field: string, mine: Json): void => {
    const theirs = valueAt(now, field);
    if (!same(valueAt(before, field), theirs) && !same(mine, theirs)) out.push({ field, mine, theirs });
  };
  for (const [field, value] of Object.entries(changes)) {
    if (field === 'attributes') for (const [name, mine] of Object.entries(value as Record<string, Json>)) look('attributes.' + name, mine);
    else look(field, value);
  }
  return out;
}
export function without(changes: Record<string, Json>, field: string): Record<string, Json> {
  const out = structuredClone(changes);
  if (field.startsWith('attributes.')) {
    const attributes = out['attributes'] as Record<string, Json> | undefined;
    if (attributes) delete attributes[field.slice(11)];
    if (attributes && Object.keys(attributes).length === 0) delete out['attributes'];
  } else delete out[field];
  return out;
}
