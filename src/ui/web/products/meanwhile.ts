// What somebody else saved while a product's page is open: which fields, by whom, and what the page holds when it takes
// them over, with what is typed on it kept.
import { get, skuPath } from '../api/client.ts';
import type { HistoryEntry, Json, List, Offer, PriceKind, Product } from '../api/types.ts';
import type { Told } from '../shell/live.ts';
import type { Draft } from './draft.ts';

const kFields = ['title', 'description', 'brand', 'ean', 'family', 'parent', 'categories', 'enabled', 'images'] as const;
const kLookedAt = 20; // of the history; who changed more often is named by these
const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

// Products and stock are told of by up to a hundred SKUs at once; after a reset anything may have changed.
export const isAbout = (told: Told, sku: (one: string) => boolean): boolean =>
  told.type === 'reset' || (Array.isArray(told.data['skus']) && told.data['skus'].some((one) => typeof one === 'string' && sku(one)));

// As conflicts name them. Stock is none: orders move it all day.
export function changedFields(before: Product, now: Product): string[] {
  const out: string[] = kFields.filter((field) => !same(before[field] ?? null, now[field] ?? null));
  for (const name of new Set([...Object.keys(before.attributes), ...Object.keys(now.attributes)])) if (!same(before.attributes[name], now.attributes[name])) out.push(`attributes.${name}`);
  const [was, is] = [before.offer?.prices ?? {}, now.offer?.prices ?? {}];
  for (const currency of new Set([...Object.keys(was), ...Object.keys(is)]))
    for (const kind of new Set([...Object.keys(was[currency] ?? {}), ...Object.keys(is[currency] ?? {})]) as Set<PriceKind>)
      if (was[currency]?.[kind] !== is[currency]?.[kind]) out.push(`prices.${currency}.${kind}`);
  if ((before.offer?.proposition ?? '') !== (now.offer?.proposition ?? '')) out.push('offer.proposition');
  return out;
}
export async function changedBy(before: Product): Promise<string[]> {
  const { data } = await get<List<HistoryEntry>>(skuPath(before.sku) + '/history', { per_page: kLookedAt }, { quiet: true });
  const since = before.offer?.updated_at ?? '';
  return [...new Set(data.filter((one) => (one.offer ? one.at > since : one.version > before.version)).map((one) => one.by).filter(Boolean))];
}

// Fields that the person typed over; `old`: as the page had them.
export function touchedFields(old: Draft, draft: Draft): string[] {
  const out: string[] = kFields.filter((field) => !same(old[field], draft[field]));
  const was = new Map(old.attributes.map((row) => [row.name, row.text])), is = new Map(draft.attributes.map((row) => [row.name, row.text]));
  for (const name of new Set([...was.keys(), ...is.keys()])) if ((was.get(name) ?? '') !== (is.get(name) ?? '') || (was.has(name) && !is.has(name))) out.push(`attributes.${name}`);
  return out;
}
// `fresh`: as the page would have them now. Rows stay where they are, so that nobody's cursor does, and those that only
// the page has, still empty, stay too.
export function mergedDraft(old: Draft, draft: Draft, fresh: Draft): Draft {
  const touched = new Set(touchedFields(old, draft)), isTouched = (name: string): boolean => touched.has(`attributes.${name}`);
  const out = { ...fresh, attributes: [] as Draft['attributes'] };
  for (const field of kFields) if (touched.has(field)) Object.assign(out, { [field]: draft[field] });
  const now = new Map(fresh.attributes.map((row) => [row.name, row])), here = new Set(draft.attributes.map((row) => row.name)), had = new Set(old.attributes.map((row) => row.name));
  out.attributes = [
    ...draft.attributes.flatMap((row) => (isTouched(row.name) || (!had.has(row.name) && !now.has(row.name)) ? [{ ...row }] : now.get(row.name) ?? [])),
    ...fresh.attributes.filter((row) => !here.has(row.name) && !isTouched(row.name)),
  ];
  return out;
}
// What is there now, with what was there before of the fields that both changed, and the version of that: whoever saves is
// asked about those, and a proposal says what its author saw.
export function seenOf(now: Product, before: Product, both: string[]): Product {
  const out = { ...now, version: both.length > 0 ? before.version : now.version, attributes: { ...now.attributes } };
  for (const field of both) {
    if (!field.startsWith('attributes.')) Object.assign(out, { [field]: before[field as 'title'] });
    else if (before.attributes[field.slice(11)] !== undefined) out.attributes[field.slice(11)] = before.attributes[field.slice(11)] as Json;
    else delete out.attributes[field.slice(11)];
  }
  return out;
}
// What the page had, with the stock that is there now: it moves while the rest waits for the person.
export function withStockOf<T extends { product: Product }>(known: T, { offer }: Product): T {
  const was = known.product.offer ?? {}, out = { ...offer };
  for (const field of ['prices', 'proposition', 'updated_at'] as const)
    if (was[field] !== undefined) Object.assign(out, { [field]: was[field] });
    else delete out[field];
  return { ...known, product: { ...known.product, offer: out } };
}
// The same of its offer; `typed`: what is typed of it, as it would be saved.
export function seenOffer(now: Offer | undefined, before: Offer | undefined, typed: Record<string, Json>): Offer {
  const out: Offer = structuredClone(now ?? {});
  for (const [currency, kinds] of Object.entries((typed['prices'] ?? {}) as Record<string, Record<string, Json>>))
    for (const kind of Object.keys(kinds) as PriceKind[]) ((out.prices ??= {})[currency] ??= {} as Record<PriceKind, number | undefined>)[kind] = before?.prices?.[currency]?.[kind];
  if ('qty_available' in typed) out.qty_available = before?.qty_available ?? 0;
  if ('proposition' in typed) out.proposition = before?.proposition ?? '';
  return out;
}
