// A rule's conditions as a form has them, and calls that its pages share.
import { get } from '../api/client.ts';
import type { Json, List, RuleCondition, RuleDraft } from '../api/types.ts';
import { priceField } from '../products/wish.ts';

export type On = 'product' | 'order';
// Those of include/productflow/operators.h, as lists have them.
export const kOperators = ['eq', 'neq', 'in', 'nin', 'in_or_empty', 'direct', 'ndirect', 'direct_or_empty', 'starts', 'like', 'nlike', 'empty', 'gt', 'gte', 'lt', 'lte', 'between', 'nbetween'] as const;
export type Operator = (typeof kOperators)[number];
export const isSpan = (op: Operator): boolean => op === 'between' || op === 'nbetween';
export const isDirect = (op: Operator): boolean => op === 'direct' || op === 'ndirect' || op === 'direct_or_empty'; // of categories alone
export const takesList = (op: Operator): boolean => op === 'in' || op === 'nin' || op === 'in_or_empty' || isDirect(op) || isSpan(op);
export const kProductFields = ['brand', 'family', 'categories', 'title', 'description', 'enabled', 'sku', 'ean', 'parent', 'images', 'attribute', 'price', 'other'] as const;
export const kOrderFields = ['channel', 'country_code', 'total', 'currency_code', 'pieces', 'lines', 'skus', 'unknown_skus', 'brands', 'families', 'categories', 'payment_method', 'shipping_method', 'shipping_cost', 'paid', 'backordered', 'tags', 'status', 'fulfilled_by', 'channel_order_id'] as const;
export const isText = (row: Row): boolean => ['title', 'description', 'attribute'].includes(row.field);

export interface Row { key: number; field: string; name: string; price: string; currency: string; op: Operator; value: string; locale: string }
export const freshRow = (key: number, on: On, currency: string): Row => ({ key, field: on === 'order' ? 'channel' : 'brand', name: '', price: 'sell_price', currency, op: 'eq', value: '', locale: '' });

const shown = (value: Json): string => (value === null || value === undefined ? '' : typeof value === 'string' ? value : Array.isArray(value) ? value.map(shown).join('\n') : JSON.stringify(value));
export function rowOf(said: RuleCondition, key: number, on: On, currency: string): Row {
  const row = { ...freshRow(key, on, currency), op: said.operator as Operator, value: shown(said.value), locale: said.locale ?? '' };
  if (on === 'order') return { ...row, field: said.field };
  if (said.field.startsWith('attributes.')) return { ...row, field: 'attribute', name: said.field.slice(11) };
  if (said.field.startsWith('prices.')) return { ...row, field: 'price', currency: said.field.slice(7, 10), price: said.field.slice(11) };
  return (kProductFields as readonly string[]).includes(said.field) ? { ...row, field: said.field } : { ...row, field: 'other', name: said.field };
}
export function conditionOf(row: Row, on: On): RuleCondition {
  const field = on === 'order' ? row.field : row.field === 'attribute' ? 'attributes.' + row.name.trim() : row.field === 'price' ? priceField(row.currency, row.price) : row.field === 'other' ? row.name.trim() : row.field;
  const value: Json = row.op === 'empty' ? row.value !== 'false' : takesList(row.op) ? row.value.split('\n').map((one) => one.trim()).filter(Boolean) : row.value.trim();
  return { field, operator: row.op, value, ...(isText(row) && row.locale && { locale: row.locale }) };
}
export const freshDraft = (on: On): RuleDraft => ({ name: '', on, enabled: true, locale: '', stop: false, when: { match: 'all', formula: '', conditions: [] }, then: [] });

// What was said of a rule that was only just made, for the page that shows it from now on.
export const justMade: { id: string; warnings: string[] } = { id: '', warnings: [] };

// What a search finds to try rules on.
export async function found(on: On, q: string): Promise<{ name: string; title: string }[]> {
  if (on === 'product') {
    const list = await get<List<{ sku: string; title: string | null }>>('product', { q, per_page: 8, fields: 'sku,title' });
    return list.data.map((one) => ({ name: one.sku, title: one.title ?? '' }));
  }
  const list = await get<List<{ id: string; channel: string; name: string }>>('order', { q, per_page: 8 });
  return list.data.map((one) => ({ name: one.id, title: `${one.channel} ${one.name}` }));
}
