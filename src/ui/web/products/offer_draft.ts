// The offer's fields while they are edited, as the texts that stand in them, and what of them has changed.
import type { Json, PriceKind, Product } from '../api/types.ts';
import { parseDecimal } from '../kit/forms.ts';
import { currenciesOf } from './product.ts';

export const priceKinds: PriceKind[] = ['sell_price', 'base_price', 'suggested_retail_price', 'purchase_price', 'cost_price'];

export interface OfferDraft {
  prices: Record<string, string>; // "EUR.sell_price" -> what is typed
  pieces: string; proposition: string;
}
export const offerDraftOf = ({ offer }: Product): OfferDraft => ({
  prices: Object.fromEntries(currenciesOf(offer).flatMap((currency) => priceKinds.map((kind) => [`${currency}.${kind}`, offer?.prices?.[currency]?.[kind]?.toString() ?? '']))),
  pieces: String(offer?.qty_available ?? 0), proposition: offer?.proposition ?? '',
});

export function offerChangesOf({ offer }: Product, draft: OfferDraft): Record<string, Json> {
  const out: Record<string, Json> = {}, changed: Record<string, Record<string, Json>> = {};
  for (const [key, text] of Object.entries(draft.prices)) {
    const [currency = '', kind = ''] = key.split('.');
    const before = offer?.prices?.[currency]?.[kind as PriceKind]?.toString() ?? '';
    if (text.trim() !== before) (changed[currency] ??= {})[kind] = text.trim() === '' ? null : (parseDecimal(text) ?? text);
  }
  if (Object.keys(changed).length) out['prices'] = changed;
  if (draft.pieces.trim() !== String(offer?.qty_available ?? 0)) out['qty_available'] = draft.pieces.trim();
  if (draft.proposition.trim() !== (offer?.proposition ?? '')) out['proposition'] = draft.proposition.trim();
  return out;
}
