// What the shop describes of its catalogue, as the API answers it, and the small things that all its pages do with it.
import { ApiError, ask, change, get, type Asked } from '../api/client.ts';
import type { Fault, Json, List, One, Product } from '../api/types.ts';
import { language } from '../i18n/i18n.svelte.ts';

export const attributeTypes = ['text', 'rich_text', 'number', 'decimal', 'yes_no', 'date', 'choice', 'choices', 'measurement', 'price', 'image', 'file', 'link', 'table', 'reference', 'references', 'identifier'] as const;
export type AttributeType = (typeof attributeTypes)[number];
export type Labels = Record<string, string>;
export interface Choice { code: string; labels: Labels }
export interface Validation {
  length_min: number | null; length_max: number | null; number_min: number | null; number_max: number | null; decimals_max: number | null;
  date_min: string | null; date_max: string | null; pattern: string | null; extensions: string[];
}
export interface Attribute {
  code: string; type: AttributeType; labels: Labels; group: string; position: number; localisable: boolean; per_channel: boolean; unique: boolean;
  validation: Validation; choices?: Choice[]; unit_family: string; unit: string; currencies: string[]; check: '' | 'gtin' | 'isbn';
  columns: { code: string; type: string; labels: Labels }[]; reference_kind: string; foreign: Record<string, string>;
  choices_count?: number; described?: boolean; products?: number;
}
export interface FamilyRow { code: string; products: number; described?: boolean; labels?: Labels; parent?: string | null; attributes?: number } // the last four where it is described
export interface Family { code: string; labels: Labels; parent: string; attributes: { code: string; required: string[] }[]; axes: string[][]; label_attribute: string; image_attribute: string; foreign: Record<string, string> }
export interface CategoryRow { path: string; name: string; parent: string | null; products: number; described?: boolean; labels?: Labels; position?: number }
export interface Category { path: string; labels: Labels; parent: string; top: boolean; position: number }
export interface Channel { code: string; labels: Labels; locales: string[]; currencies: string[]; category: string; foreign: Record<string, string> }
export interface Unit { code: string; symbol: string; labels: Labels; built_in: boolean }
export interface UnitFamily { family: string; labels: Labels; built_in: boolean; units: Unit[] }
export interface MeasurementUnit extends Unit { to_standard: { operator: 'mul' | 'div' | 'add' | 'sub'; value: number | string }[] }
export interface MeasurementFamily { code: string; labels: Labels; standard_unit: string; units: MeasurementUnit[]; built_in: boolean }
// "Box (bx)": what a person reads for a unit. Its label in the person's language, else in that one; what is built in and
// has none is called as the browser knows it.
export function unitLabel(unit: Unit, locale: string): string {
  const own = Object.entries(unit.labels).find(([tag]) => tag.split('-')[0] === language())?.[1];
  const name = own ?? (Object.keys(unit.labels).length ? labelOf(unit, locale) : unit.built_in ? commonName(unit.code) : unit.code);
  return unit.symbol && unit.symbol !== name ? `${name} (${unit.symbol})` : name;
}
// By its code, symbol or label; mW and MW are two where both are there.
export function unitNamed<T extends Unit>(units: T[], said: string): T | undefined {
  const names = (one: Unit): string[] => [one.code, one.symbol, ...Object.values(one.labels)].filter(Boolean), folded = said.toLocaleLowerCase();
  return units.find((one) => names(one).includes(said)) ?? units.find((one) => names(one).some((name) => name.toLocaleLowerCase() === folded));
}
function commonName(code: string): string {
  try {
    const parts = new Intl.NumberFormat(language(), { style: 'unit', unit: code.toLowerCase().replaceAll('_', '-'), unitDisplay: 'long' }).formatToParts(2);
    return parts.find((part) => part.type === 'unit')?.value ?? code;
  } catch { // of few units it knows the names
    return code.toLowerCase().replaceAll('_', ' ');
  }
}
export type Completeness = NonNullable<Product['completeness']>;

export interface AssociationType { code: string; labels: Labels; two_way: boolean; quantified: boolean; parts: boolean; described: boolean }

// Kinds of reference records, and a record of one.
export const referenceTypes = ['text', 'number', 'yes_no', 'choice', 'image', 'reference'] as const;
export interface ReferenceAttribute { code: string; type: (typeof referenceTypes)[number]; labels: Labels; localisable: boolean; required: boolean; choices: Choice[]; reference_kind: string }
export interface ReferenceKind { code: string; labels: Labels; attributes: ReferenceAttribute[]; records?: number }
export interface ReferenceRecord { code: string; label: string; labels: Labels; values: Record<string, Json>; missing: string[]; version: number; created_at: string; updated_at: string; products: number; records: number }
export const referencePath = (kind: string, code = ''): string => `reference/${encodeURIComponent(kind)}${code ? `/${encodeURIComponent(code)}` : ''}`;
export const referencePage = (kind: string, code = ''): string => `/references/${encodeURIComponent(kind)}${code ? `/${encodeURIComponent(code)}` : ''}`;

export type Kind = 'attribute' | 'family' | 'category' | 'channel' | 'association-type' | 'reference-kind' | 'measurement-family';
export const productFields = ['title', 'description', 'brand', 'ean', 'categories', 'images'] as const;

export const all = async <T>(kind: Kind | 'unit' | `product/${string}/association`, more: Record<string, string> = {}, asked: Asked = {}): Promise<T[]> => (await get<List<T>>(kind, more, asked)).data;
const at = (kind: Kind, code: string): string => `${kind}/${encodeURIComponent(code)}`;
export const one = async <T>(kind: Kind, code: string): Promise<{ value: T; etag: string }> => {
  const answer = await ask<One<T>>(at(kind, code));
  return { value: answer.data.data, etag: answer.etag };
};
// Whole; an etag says what was read before, so that nobody's change is lost.
export const put = (kind: Kind, code: string, body: Json, etag = '', force = false): Promise<unknown> => change('PUT', at(kind, code) + forced(force), body, { headers: etag ? { 'if-match': etag } : {} });
// A form that was opened on what the appliance had then. Who was slower than somebody else has both changes, and is asked
// about what both made different things of.
export interface OpenedForm { etag: string; read: Json; body: Json }
// What is there now, not what a list had read before; and what remembers it, with what the form made of it.
export async function formOf<T>(kind: Kind, code: string): Promise<[T, (body: Json) => OpenedForm]> {
  const { value, etag } = await one<T>(kind, code);
  return [value, (body) => ({ etag, read: value as Json, body })];
}
export async function putForm(kind: Kind, code: string, body: Json, opened: OpenedForm | null, force = false): Promise<void> {
  try {
    await put(kind, code, body, opened?.etag ?? '', force);
  } catch (reason) {
    if (!opened || !(reason instanceof ApiError) || reason.status !== 412) throw reason;
    const { mergedForm } = await import('./merged_form.ts');
    const now = await one<Json>(kind, code), merged = await mergedForm(opened, body, now.value);
    if (merged === null) throw reason;
    await putForm(kind, code, merged, { etag: now.etag, read: now.value, body: now.value }, force);
  }
}
export const takeBack = (kind: Kind, code: string, force = false): Promise<unknown> => change('DELETE', at(kind, code) + forced(force));
// What products hold is asked about first: a refusal that says how many, until it comes with `force`.
const forced = (force: boolean): string => (force ? '?force=1' : '');
export const usesIn = (reason: unknown): Fault[] => (reason instanceof ApiError && reason.faults.every((fault) => fault.code === 'in_use') ? reason.faults : []);

// The label in that language, else in another, else the code.
export function labelOf(of: { labels?: Labels; code?: string; path?: string; name?: string }, locale: string): string {
  const short = locale.split('-')[0];
  const labels = of.labels ?? {};
  return labels[locale] ?? Object.entries(labels).find(([tag]) => tag.split('-')[0] === short)?.[1] ?? Object.values(labels)[0] ?? of.name ?? of.code ?? of.path ?? '';
}
export const withoutEmpty = (labels: Labels): Labels => Object.fromEntries(Object.entries(labels).map(([tag, text]) => [tag, text.trim()] as const).filter(([, text]) => text !== ''));
export const words = (text: string): string[] => text.split(',').map((one) => one.trim()).filter(Boolean);

// "red = Red" a line; what a line does not say of other languages stays.
export function choiceLines(choices: Choice[], locale: string): string {
  return choices.map((one) => (one.labels[locale] ? `${one.code} = ${one.labels[locale]}` : one.code)).join('\n');
}
export function choicesOf(text: string, before: Choice[], locale: string): Choice[] {
  return text.split('\n').map((line) => line.trim()).filter(Boolean).map((line) => {
    const [, code = line, label = ''] = /^(.*?)\s*=\s*(.*)$/.exec(line) ?? [];
    const labels = { ...before.find((one) => one.code === code)?.labels };
    if (label) labels[locale] = label;
    else delete labels[locale];
    return { code, labels };
  });
}
