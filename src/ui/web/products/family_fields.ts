// What a product's family asks for, and what it has from the products above it: shown among its own attributes, empty.
import type { Product } from '../api/types.ts';
import { session } from '../shell/session.svelte.ts';
import { cellsOf, kindOf, type Described } from './described.ts';
import { attributeRow, type Draft } from './draft.ts';

const kOwnFields = ['sku', 'title', 'description', 'brand', 'ean', 'family', 'parent', 'categories', 'images'];

// Its own family, or that of a product above it.
export const familyIn = (of: Product): string => of.family ?? (typeof of.inherited?.family?.value === 'string' ? of.inherited.family.value : '');

// `names`: the family's attributes. Values are edited as their attribute's kind asks.
export function withFamily(own: Draft, loaded: Product, described: Described | null, names: string[]): Draft {
  const named = new Set(own.attributes.map((row) => row.name));
  // What it has from above is shown too, to be overridden.
  const above = Object.entries(loaded.inherited?.attributes ?? {}).filter(([name]) => !named.has(name));
  const plain = { ...own, attributes: [...own.attributes, ...above.map(([name, of]) => ({ ...attributeRow(name, of.value), text: '' }))] };
  if (!described) return plain;
  const wanted = names.flatMap((code) => {
    const attribute = described.attributes.get(code);
    const isField = kOwnFields.includes(code) && !attribute?.per_channel;
    return attribute && !isField ? cellsOf(attribute, described, session.settings.currency).map((name) => ({ name, kind: kindOf(attribute) })) : [];
  });
  const there = new Set(plain.attributes.map((row) => row.name));
  return { ...plain, attributes: [...plain.attributes, ...wanted.filter((cell) => !there.has(cell.name)).map((cell) => ({ ...cell, text: '' }))] };
}
