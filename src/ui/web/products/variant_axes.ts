// What the variants of a product differ in: which values of their axes there are, which combinations nobody has made yet,
// and what one of these might be called.
import { get, skuPath } from '../api/client.ts';
import type { Json, One, Product } from '../api/types.ts';
import { valueKey } from './column_choice.ts';

// Attributes: those that each variant has a value of, and those of levels below, which one may have too, since a shop may
// put all its variants right below the product.
export interface AxesBelow { own: string[]; deeper: string[] }
export type Combination = Record<string, Json>; // attribute -> value

const kLevelsMax = 3; // as the appliance
// `axes`: of its family, level by level.
export async function axesBelow(product: Product, axes: string[][]): Promise<AxesBelow> {
  let level = 0;
  if (axes.length > 0)
    try {
      for (let at = product.parent; at && level < kLevelsMax; ++level)
        at = axes.length > 1 ? (await get<One<Product>>(skuPath(at), { fields: 'sku,parent' })).data.parent : null;
    } catch {
      return { own: [], deeper: [] }; // the product above is none of this person's
    }
  return { own: axes[level] ?? [], deeper: axes.slice(level + 1).flat() };
}

export const keyOf = (value: Json | undefined): string => JSON.stringify(value ?? null);
export const combinationKey = (of: Combination, codes: string[]): string => keyOf(codes.map((code) => of[code] ?? null));
// What a variant says itself; what it has from above tells it from nobody.
export function combinationOf(row: Product, codes: string[]): Combination {
  const out: Combination = {};
  for (const code of codes) {
    const said = row.columns?.[valueKey(code)];
    if (said && said.from === undefined) out[code] = said.value;
  }
  return out;
}

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });
const amountIn = (value: Json): { amount: number; unit: string } | null =>
  value !== null && typeof value === 'object' && !Array.isArray(value) && typeof value['amount'] === 'number' ? { amount: value['amount'], unit: String(value['unit']) } : null;
// Choices as their attribute lists them (S before XL), numbers by size, texts as people sort them.
export function compareValues(one: Json, other: Json, order: string[] = []): number {
  const place = (value: Json): number => { const at = typeof value === 'string' ? order.indexOf(value) : -1; return at < 0 ? order.length : at; };
  if (place(one) !== place(other)) return place(one) - place(other);
  if (typeof one === 'number' && typeof other === 'number') return one - other;
  const [a, b] = [amountIn(one), amountIn(other)];
  if (a && b) return collator.compare(a.unit, b.unit) || a.amount - b.amount;
  return collator.compare(String(one), String(other));
}
export type Orders = Record<string, string[]>; // axis -> its choices, in their order
// Who lacks a value stands last.
export function compareCombinations(one: Combination, other: Combination, codes: string[], orders: Orders): number {
  for (const code of codes) {
    const a = one[code] ?? null, b = other[code] ?? null;
    if (keyOf(a) === keyOf(b)) continue;
    if (a === null || b === null) return a === null ? 1 : -1;
    return compareValues(a, b, orders[code]);
  }
  return 0;
}
export function valuesOf(code: string, all: Combination[], orders: Orders): Json[] {
  const values = new Map(all.flatMap((one) => (one[code] === undefined || one[code] === null ? [] : [[keyOf(one[code]), one[code]] as const])));
  return [...values.values()].toSorted((a, b) => compareValues(a, b, orders[code]));
}
// All that can be made of these values and is not there. `count` is how many; `first` at most `most` of them.
export function missingOf(codes: string[], values: Json[][], there: Combination[], most: number): { first: Combination[]; count: number } {
  if (codes.length === 0 || values.some((of) => of.length === 0)) return { first: [], count: 0 };
  const taken = new Set(there.map((one) => combinationKey(one, codes)));
  const first: Combination[] = [];
  const places = codes.map(() => 0), all = values.reduce((product, of) => product * of.length, 1);
  const usable = values.map((of) => new Set(of.map(keyOf)));
  let known = 0; // of those that are there, the ones that these values make
  for (const key of taken) if ((JSON.parse(key) as Json[]).every((value, at) => usable[at]?.has(keyOf(value)))) ++known;
  for (let step = 0; step < all && first.length < Math.min(most, all - known); ++step) {
    const one = Object.fromEntries(codes.map((code, at) => [code, values[at]?.[places[at] ?? 0] ?? null]));
    if (!taken.has(combinationKey(one, codes))) first.push(one);
    for (let at = codes.length - 1; at >= 0; --at) {
      places[at] = (places[at] ?? 0) + 1;
      if ((places[at] ?? 0) < (values[at]?.length ?? 0)) break;
      places[at] = 0;
    }
  }
  return { first, count: all - known };
}

interface Manner { separator: string; cased: (text: string) => string; spelled: (code: string, value: Json) => string }
const kSeparators = ['-', '_', '.', '/', ' ', ''], kLookedAt = 50; // siblings
const asIs = (text: string): string => text, upper = (text: string): string => text.toUpperCase(), lower = (text: string): string => text.toLowerCase();
const skuWith = (parent: string, of: Combination, codes: string[], { separator, cased, spelled }: Manner): string =>
  [parent, ...codes.filter((code) => (of[code] ?? null) !== null).map((code) => cased(spelled(code, of[code] ?? null)))].join(separator);
function codeText(code: string, value: Json): string {
  return (typeof value === 'boolean' ? (value ? code : `no-${code}`) : String(value)).trim().replace(/\s+/g, '-');
}
// How the product's other variants are called, as far as that follows from their values; else MUG-1-red-xl, in capitals
// where the product's own SKU has no small letters.
export function namingOf(parent: string, codes: string[], siblings: { sku: string; of: Combination }[], label: (code: string, value: Json) => string): (of: Combination, taken: (sku: string) => boolean) => string {
  // 1.5L: an amount has the sign of its unit, and no decimal sign of somebody's language.
  const amountText = (code: string, value: Json): string => { const of = amountIn(value); return of ? `${of.amount}${label(code, value).replace(/^[^\p{L}]+/u, '') || of.unit}`.replace(/\s+/g, '-') : codeText(code, value); };
  const labelText = (code: string, value: Json): string => label(code, value).trim().replace(/\s+/g, '-');
  const cases = parent === upper(parent) ? [upper, asIs, lower] : [asIs, upper, lower];
  const manners = [amountText, labelText].flatMap((spelled) => kSeparators.flatMap((separator) => cases.map((cased): Manner => ({ separator, cased, spelled }))));
  const some = siblings.slice(0, kLookedAt);
  let best = manners[0]!, most = 0;
  for (const manner of some.length ? manners : []) {
    const fit = some.filter((one) => one.sku === skuWith(parent, one.of, codes, manner)).length;
    if (fit > most) [best, most] = [manner, fit];
  }
  return (of, taken) => {
    const plain = skuWith(parent, of, codes, best);
    let sku = plain;
    for (let more = 2; taken(sku); ++more) sku = `${plain}-${more}`;
    return sku;
  };
}
