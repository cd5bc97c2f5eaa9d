// What a product lacks, in the names of its fields, and the way to the field of each.
import type { Product } from '../api/types.ts';
import { t } from '../i18n/i18n.svelte.ts';
import { labelOf } from '../model/model.ts';
import { session, setContentLocale } from '../shell/session.svelte.ts';
import type { Described } from './described.ts';
import type { Draft } from './draft.ts';
import type { ProductEdit } from './product_edit.svelte.ts';

export function fieldName(code: string, model: Described | null, locale: string): string {
  const attribute = model?.attributes.get(code);
  if (attribute && Object.keys(attribute.labels).length) return labelOf(attribute, locale);
  return ['title', 'description', 'brand', 'ean', 'categories', 'images', 'family', 'parent', 'sku'].includes(code) ? t(`products.${code}` as 'products.title') : code;
}
export function channelName(code: string, model: Described | null, locale: string): string {
  const channel = model?.channels.find((one) => one.code === code);
  return channel ? labelOf(channel, locale) : code;
}
// Codes of what its family asks for in this language, of any channel.
export const lackingIn = (product: Product | null, locale: string): string[] => [...new Set(Object.values(product?.completeness?.channels ?? {}).flatMap((locales) => locales[locale]?.missing ?? []))];
// Names of what a product without a family usually has.
export function lackingOfDraft(product: Product, draft: Draft, hasVariants: boolean): string[] {
  return [
    !draft.title.trim() && !product.inherited?.title && t('products.title'), !draft.description.trim() && !product.inherited?.description && t('products.description'), draft.images.length === 0 && !product.inherited?.images && t('products.images'),
    !hasVariants && !draft.ean.trim() && t('products.ean'), draft.categories.trim() === '' && !product.inherited?.categories && t('products.category'),
  ].filter((one): one is string => typeof one === 'string');
}
// To the field of what is missing; in another language after changing to it.
export function showField(edit: ProductEdit, code: string, locale: string, channel: string): void {
  if (locale !== edit.locale && session.locales.some((one) => one.locale === locale) && !edit.dirty) setContentLocale(locale);
  const section = { title: 'texts', description: 'texts', images: 'images' }[code] ?? 'place';
  const names = edit.draft?.attributes.map((row) => row.name) ?? [];
  const own = edit.model?.attributes.get(code)?.per_channel ? names.findIndex((name) => name === `${code}-${channel}` || name.startsWith(`${code}-${channel}-`)) : -1;
  const at = own >= 0 ? own : names.findIndex((name) => name === code || name.startsWith(code + '-'));
  const target = at >= 0 ? document.getElementById(`attribute-${at}`) : document.getElementById(section)?.closest('section')?.querySelector<HTMLElement>(code === 'description' || code === 'categories' ? 'textarea' : 'input:not([type=checkbox]), button');
  target?.scrollIntoView({ block: 'center' });
  target?.focus();
}
