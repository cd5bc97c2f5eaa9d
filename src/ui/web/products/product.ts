// What the pages do with products through the API.
import { ApiError, ask, get, post, query, skuPath } from '../api/client.ts';
import type { Json, Offer, One, Product } from '../api/types.ts';
import { parseDecimal } from '../kit/forms.ts';
import { session } from '../shell/session.svelte.ts';
import { t } from '../i18n/i18n.svelte.ts';

export const pageOf = (sku: string): string => '/products/' + encodeURIComponent(sku);
// The first picture, of the product or of one above it.
export function imageOf(product: Product): string | undefined {
  const above = product.inherited?.images?.value;
  return product.images[0] ?? (Array.isArray(above) && typeof above[0] === 'string' ? above[0] : undefined);
}
export const assetUrl = (image: string): string | null => (image.startsWith('asset:') ? '/api/v1/asset/' + image.slice(6) : null);

// The answer falls back to the shop's first language; where a product above has the text in this one, that counts, and
// the fallback is not the product's own.
function ownOf(product: Product): Product {
  const above = product.inherited;
  if (!above) return product;
  const lacks = (name: 'title' | 'description'): boolean => above[name]?.overridden === false;
  return {
    ...product, title: lacks('title') ? null : product.title, description: lacks('description') ? null : product.description,
    attributes: Object.fromEntries(Object.entries(product.attributes).filter(([name]) => above.attributes[name]?.overridden !== false)),
  };
}
export interface Loaded { product: Product; etag: string }
export async function load(sku: string, locale: string, quiet = false): Promise<Loaded> {
  const { data, etag } = await ask<One<Product>>(skuPath(sku) + query({ locale, include: 'offer,texts,inherited' }), { quiet });
  return { product: ownOf(data.data), etag };
}
export async function patch(sku: string, locale: string, body: Record<string, Json>, etag = ''): Promise<string> {
  const answer = await ask<One<Product>>(skuPath(sku) + query({ locale }), { method: 'PATCH', body, headers: etag ? { 'if-match': etag } : {} });
  return answer.etag;
}
export async function exists(sku: string): Promise<boolean> {
  try {
    await get(skuPath(sku), { fields: 'sku' });
    return true;
  } catch (failure) {
    if (failure instanceof ApiError && failure.status === 404) return false;
    throw failure;
  }
}

export function sellPrice(product: Product, currency = session.settings.currency): number | null {
  return product.offer?.prices?.[currency]?.sell_price ?? null;
}
// Shop currency first, then those that the offer has.
export function currenciesOf(offer: Offer | undefined): string[] {
  return [...new Set([session.settings.currency, ...Object.keys(offer?.prices ?? {})])];
}
export async function savePrice(product: Product, text: string): Promise<Product> {
  const decimal = parseDecimal(text);
  if (decimal === null && text.trim() !== '') throw new Error(t('products.price_format'));
  const of = (sell_price: Json): Record<string, Json> => ({ prices: { [session.settings.currency]: { sell_price } } });
  return saveOffer(product, of(decimal), of(sellPrice(product)));
}
export async function saveStock(product: Product, text: string): Promise<Product> {
  const pieces = text.trim().replace(/[.,\s]/g, '');
  if (!/^\d+$/.test(pieces)) throw new Error(t('products.stock_format'));
  return saveOffer(product, { qty_available: Number(pieces) }, { qty_available: product.offer?.qty_available ?? 0 });
}
export async function saveText(product: Product, field: 'title' | 'brand', text: string): Promise<Product> {
  const address = skuPath(product.sku) + query({ locale: session.contentLocale });
  const write = async (version?: number): Promise<Product> =>
    (await ask<One<Product>>(address, { method: 'PATCH', body: { [field]: text.trim() || null, ...(version !== undefined && { version }) } })).data.data;
  return { ...product, ...(await agreed(() => write(product.version), write, async () => (await get<One<Product>>(address)).data)) };
}
// `seen`: what stood there when it was typed, so that nobody overwrites what they did not see.
async function saveOffer(product: Product, body: Record<string, Json>, seen: Json): Promise<Product> {
  const address = skuPath(product.sku) + '/offer';
  const write = async (more: Record<string, Json> = {}): Promise<Offer> => (await post<One<Offer>>(address, { ...body, ...more })).data;
  return { ...product, offer: await agreed(() => write({ seen }), write, async () => (await get<One<Offer>>(address)).data) };
}
// Where somebody else was faster with the same, the person says whose stays.
async function agreed<T>(write: () => Promise<T>, anyway: () => Promise<T>, theirs: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (failure) {
    if (!(failure instanceof ApiError) || failure.status !== 412) throw failure;
    const { mineStays } = await import('./agree.ts');
    return (await mineStays(failure)) ? anyway() : theirs();
  }
}

export interface LineAnswer { line: number; sku: string; status: 'created' | 'changed' | 'unchanged' | 'refused'; errors?: { message: string }[] }
// Many products in one request, one answer a line.
export async function bulk(lines: Record<string, Json>[], mode: 'create' | 'update'): Promise<LineAnswer[]> {
  const text = await post<string>('product' + query({ mode, locale: session.contentLocale }), lines.map((line) => JSON.stringify(line)).join('\n') + '\n', { type: 'application/x-ndjson' });
  return text.split('\n').filter(Boolean).map((line) => JSON.parse(line) as LineAnswer);
}

// The list that a product page was opened from, for its next and previous.
export const walk: { skus: string[] } = { skus: [] };
