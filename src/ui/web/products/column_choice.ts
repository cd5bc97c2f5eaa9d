// Which columns a person's product list has, in their order: the list's own, and any attribute's as the API names them,
// attributes.color or, in another language than the list's, attributes.material@nl-NL.
export const kColumns = ['title', 'sku', 'brand', 'family', 'category', 'ean', 'price', 'stock', 'completeness', 'state', 'updated'];
export const kUsual = kColumns.filter((key) => !['ean', 'family', 'updated', 'completeness'].includes(key));
export const kValueColumnsMax = 30; // as the API: wider tables are read in a file

export const isValue = (key: string): boolean => key.startsWith('attributes.') && key.length > 11 && !key.includes(',');
export const isColumn = (key: string): boolean => kColumns.includes(key) || isValue(key);
export interface ValueName { name: string; locale: string } // no locale: as the list is
// A locale is told by its form, since a name may hold an @ too.
export function valueName(key: string): ValueName {
  const [, name = key.slice(11), locale = ''] = /^attributes\.(.+)@([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)$/.exec(key) ?? [];
  return { name, locale };
}
export const valueKey = (name: string, locale = ''): string => `attributes.${name}${locale && '@' + locale}`;

// Known columns once each, the title first, since a row is called by it; values up to their number.
export function columnsOf(keys: readonly unknown[]): string[] {
  const known = [...new Set(keys)].filter((key): key is string => typeof key === 'string' && key !== 'title' && isColumn(key));
  let values = 0;
  return ['title', ...known.filter((key) => !isValue(key) || ++values <= kValueColumnsMax)];
}

const kKept = 'products.columns', kHidden = 'products.hidden-columns'; // the second: from before there was an order
function kept(name: string): unknown {
  try {
    return JSON.parse(localStorage.getItem(name) ?? 'null') as unknown;
  } catch {
    return null;
  }
}
export function keptColumns(): string[] {
  const listed = (name: string): unknown[] | null => { const list = kept(name); return Array.isArray(list) ? list : null; };
  const hidden = listed(kHidden);
  return columnsOf(listed(kKept) ?? (hidden ? kColumns.filter((key) => !hidden.includes(key)) : kUsual));
}
export function keepColumns(keys: string[]): void {
  localStorage.setItem(kKept, JSON.stringify(keys));
}

// The same of the variants of a family's products; null: nobody has chosen any.
const kVariants = 'variants.columns';
const ofFamilies = (): Map<string, unknown> => { const of = kept(kVariants); return new Map(of !== null && typeof of === 'object' ? Object.entries(of) : []); };
export function keptVariantColumns(family: string): string[] | null {
  const list = ofFamilies().get(family);
  return Array.isArray(list) ? columnsOf(list) : null;
}
export function keepVariantColumns(family: string, keys: string[] | null): void {
  localStorage.setItem(kVariants, JSON.stringify(Object.fromEntries(ofFamilies().set(family, keys))));
}

// `to`: the place among the others; the title stays first.
export function moved(keys: string[], key: string, to: number): string[] {
  const others = keys.filter((one) => one !== key);
  const at = Math.max(1, Math.min(others.length, to));
  return [...others.slice(0, at), key, ...others.slice(at)];
}
