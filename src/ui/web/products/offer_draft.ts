// The offer's fields while they are edited, as the texts that stand in them, and what of them has changed.
import type { Json, Offer, PriceKind, Product } from '../api/types.ts';
import { parseDecimal } from '../kit/forms.ts';
import { decimalText } from './decimals.ts';
import { currenciesOf } from './product.ts';

export const priceKinds: PriceKind[] = ['sell_price', 'base_price', 'suggested_retail_price', 'purchase_price', 'cost_price'];

export interface OfferDraft {
  prices: Record<string, string>; // "EUR.sell_price" -> what is typed
  pieces: string; proposition: string;
}
export const offerDraftOf = ({ offer }: { offer?: Offer | undefined }): OfferDraft => ({
  prices: Object.fromEntries(currenciesOf(offer).flatMap((currency) => priceKinds.map((kind) => [`${currency}.${kind}`, decimalText(offer?.prices?.[currency]?.[kind])]))),
  pieces: String(offer?.qty_available ?? 0), proposition: offer?.proposition ?? '',
});

export function offerChangesOf({ offer }: Product, draft: OfferDraft): Record<string, Json> {
  const out: Record<string, Json> = {}, changed: Record<string, Record<string, Json>> = {};
  for (const [key, text] of Object.entries(draft.prices)) {
    const [currency = '', kind = ''] = key.split('.');
    const before = offer?.prices?.[currency]?.[kind as PriceKind], parsed = parseDecimal(text);
    if (text.trim() === '' ? before !== undefined : parsed === null || Number(parsed) !== before) (changed[currency] ??= {})[kind] = text.trim() === '' ? null : (parsed ?? text);
  }
  if (Object.keys(changed).length) out['prices'] = changed;
  if (draft.pieces.trim() !== String(offer?.qty_available ?? 0)) out['qty_available'] = draft.pieces.trim();
  if (draft.proposition.trim() !== (offer?.proposition ?? '')) out['proposition'] = draft.proposition.trim();
  return out;
}

// What stood in the fields that `changes` changes, as the appliance is told it.
export function offerSeen({ offer }: Product, changes: Record<string, Json>): Json {
  const prices = Object.entries((changes['prices'] ?? {}) as Record<string, Record<string, Json>>);
  return {
    ...(prices.length && { prices: Object.fromEntries(prices.map(([currency, kinds]) => [currency, Object.fromEntries(Object.keys(kinds).map((kind) => [kind, offer?.prices?.[currency]?.[kind as PriceKind] ?? null]))])) }),
    ...('qty_available' in changes && { qty_available: offer?.qty_available ?? 0 }), ...('proposition' in changes && { proposition: offer?.proposition ?? '' }),
  };
}
// What is typed goes on from another offer: fields that were not touched, and those named, are as it has them. The same
// amount written another way is not touched, and stands as it is written while it is the same there.
export function offerRebased(typed: OfferDraft, before: Product, offer: Offer | undefined, theirs: string[]): OfferDraft {
  const was = offerDraftOf(before), now = offerDraftOf({ offer });
  const amount = (text: string): string => { const read = parseDecimal(text); return read === null ? text.trim() : String(Number(read)); }; // "9.50" is 9.5
  const pick = (name: string, mine: string, old: string, fresh: string, read = (text: string): string => text.trim()): string => (theirs.includes(name) || (read(mine) === read(old) && read(fresh) !== read(mine)) ? fresh : mine);
  return {
    prices: Object.fromEntries([...new Set([...Object.keys(typed.prices), ...Object.keys(now.prices)])].map((key) => [key, pick(`prices.${key}`, typed.prices[key] ?? '', was.prices[key] ?? '', now.prices[key] ?? '', amount)])),
    pieces: pick('qty_available', typed.pieces, was.pieces, now.pieces), proposition: pick('offer.proposition', typed.proposition, was.proposition, now.proposition),
  };
}
