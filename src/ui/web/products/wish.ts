// One action of a bulk edit or of a rule, as a form has it.
import type { Json, PriceKind } from '../api/types.ts';
import { parseDecimal } from '../kit/forms.ts';

export type Kind = 'set' | 'clear' | 'derive' | 'raise' | 'add' | 'remove' | 'replace' | 'move';
export interface Wish { key: number; kind: Kind; field: string; attribute: string; locale: string; value: string; find: string; with: string; price: PriceKind; currency: string }
export const kPrices: PriceKind[] = ['sell_price', 'base_price', 'suggested_retail_price', 'purchase_price', 'cost_price'];
const kFields = ['brand', 'family', 'categories', 'title', 'description', 'enabled', 'attribute', 'price'];
export const kFits: Record<Kind, string[]> = {
  set: kFields, clear: kFields.filter((field) => field !== 'enabled'), derive: kFields, raise: ['price'], add: ['categories', 'attribute'], remove: ['categories', 'attribute'],
  replace: ['title', 'description', 'brand', 'family', 'attribute'], move: [],
};
export const freshWish = (key: number, currency: string): Wish => ({ key, kind: 'set', field: 'brand', attribute: '', locale: '', value: '', find: '', with: '', price: 'sell_price', currency });

// An attribute's value as it is meant: true, 5, {"amount": 1, ...} are what they look like, all else is a text.
export function valueOf(text: string): Json {
  if (!/^(true|false|-?\d+(\.\d+)?|[{[].*)$/s.test(text.trim())) return text;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}
const parts = (text: string): string[] => text.split(',').map((one) => one.trim()).filter(Boolean);
export const priceField = (currency: string, price: string): string => `prices.${currency.trim().toUpperCase()}.${price}`;
export function actionOf(wish: Wish): Record<string, Json> {
  if (wish.kind === 'move') return { action: 'move', from: wish.find, to: wish.with };
  const field = wish.field === 'attribute' ? 'attributes.' + wish.attribute.trim() : wish.field === 'price' ? priceField(wish.currency, wish.price) : wish.field;
  const out: Record<string, Json> = { action: wish.kind, field };
  if (wish.locale) out['locales'] = wish.locale.split(',');
  if (wish.kind === 'replace') return { ...out, find: wish.find, with: wish.with };
  if (wish.kind === 'clear') return out;
  if (wish.kind === 'derive') return { ...out, formula: wish.value };
  if (wish.field === 'price') return { ...out, value: wish.kind === 'raise' ? wish.value.trim().replace(',', '.') : (parseDecimal(wish.value) ?? wish.value) };
  const listed = wish.field === 'categories' || wish.kind === 'add' || wish.kind === 'remove';
  out['value'] = wish.field === 'enabled' ? wish.value !== 'off' : listed ? parts(wish.value) : wish.field === 'attribute' ? valueOf(wish.value) : wish.value;
  return out;
}
// The form of an action that was kept; what no field of the form holds stays as it is.
export function wishOf(action: Record<string, Json>, key: number, currency: string): Wish {
  const text = (name: string): string => (typeof action[name] === 'string' ? action[name] : '');
  const wish = { ...freshWish(key, currency), kind: text('action') as Kind };
  if (wish.kind === 'move') return { ...wish, find: text('from'), with: text('to') };
  const field = text('field'), value = action['value'] ?? '';
  if (field.startsWith('attributes.')) Object.assign(wish, { field: 'attribute', attribute: field.slice(11) });
  else if (field.startsWith('prices.')) Object.assign(wish, { field: 'price', currency: field.slice(7, 10), price: field.slice(11) });
  else wish.field = field;
  wish.locale = Array.isArray(action['locales']) ? action['locales'].join(',') : '';
  wish.find = text('find');
  wish.with = text('with');
  const listed = wish.field === 'categories' || wish.kind === 'add' || wish.kind === 'remove';
  wish.value = wish.kind === 'derive' ? text('formula') : wish.field === 'enabled' ? (value === false ? 'off' : '') : typeof value === 'string' ? value : listed && Array.isArray(value) ? value.join(', ') : JSON.stringify(value);
  return wish;
}
