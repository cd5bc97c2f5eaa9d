// What the model says about a product's attributes: which field a cell is, what it is called, what a family has.
import { all, labelOf, one, type Attribute, type Channel, type Family, type Unit, type UnitFamily } from '../model/model.ts';
import { get } from '../api/client.ts';
import type { List } from '../api/types.ts';
import type { AttributeRow } from './draft.ts';

export interface Described { attributes: Map<string, Attribute>; channels: Channel[]; groups: Map<string, string>; units: Map<string, Unit & { family: string }> }
export interface Cell { attribute: Attribute; channel: string; currency: string }

export async function loadDescribed(locale: string): Promise<Described> {
  const [attributes, channels, groups] = await Promise.all([
    all<Attribute>('attribute', { choices: '1' }), all<Channel>('channel'), get<List<{ code: string; labels: Record<string, string> }>>('attribute-group'),
  ]);
  // Whoever measures nothing needs none.
  const units = attributes.some((of) => of.type === 'measurement') ? await all<UnitFamily>('unit') : [];
  return {
    attributes: new Map(attributes.filter((of) => of.described).map((of) => [of.code, of])), channels,
    groups: new Map(groups.data.map((group) => [group.code, labelOf(group, locale)])),
    units: new Map(units.flatMap((family) => family.units.map((unit) => [unit.code, { ...unit, family: family.family }] as const))),
  };
}
// The attributes of a family with those of the families above it, and what its variants differ in, level by level.
export interface FamilyLine { attributes: string[]; axes: string[][] }
export async function lineOfFamily(code: string): Promise<FamilyLine> {
  const lines: string[][] = [];
  let axes: string[][] = [];
  for (let at = code, steps = 0; at !== '' && steps < 9; ++steps) {
    const { value } = await one<Family>('family', at);
    lines.unshift(value.attributes.map((attribute) => attribute.code));
    if (axes.length === 0) axes = value.axes;
    at = value.parent;
  }
  return { attributes: [...new Set(lines.flat())], axes };
}
// description-web is the attribute description in the channel web, price-EUR the price in euros.
export function cellOf(name: string, model: Described): Cell | null {
  const exact = model.attributes.get(name);
  if (exact) return { attribute: exact, channel: '', currency: '' };
  const parts = name.split('-');
  for (let end = parts.length - 1; end >= Math.max(1, parts.length - 2); --end) {
    const attribute = model.attributes.get(parts.slice(0, end).join('-'));
    if (!attribute) continue;
    const rest = parts.slice(end), currency = attribute.type === 'price' && /^[A-Z]{3}$/.test(rest[rest.length - 1] ?? '') ? (rest.pop() ?? '') : '';
    const channel = attribute.per_channel && model.channels.some((of) => of.code === rest[0]) ? (rest.shift() ?? '') : '';
    return rest.length === 0 ? { attribute, channel, currency } : null;
  }
  return null;
}
export function cellName(cell: Cell, model: Described, locale: string): string {
  const channel = model.channels.find((of) => of.code === cell.channel);
  return [labelOf(cell.attribute, locale), channel ? labelOf(channel, locale) : '', cell.currency].filter(Boolean).join(' · ');
}
// The cells that an attribute has: one for each channel and currency where it has a value for each.
export function cellsOf(attribute: Attribute, model: Described, currency: string): string[] {
  const channels = attribute.per_channel ? model.channels.map((of) => `-${of.code}`) : [''];
  const currencies = attribute.type === 'price' ? (attribute.currencies.length ? attribute.currencies : [currency]).map((of) => `-${of}`) : [''];
  return channels.flatMap((channel) => currencies.map((of) => attribute.code + channel + of));
}
export const unitsOf = (attribute: Attribute | undefined, model: Described | null): (Unit & { family: string })[] =>
  attribute?.type === 'measurement' ? [...(model?.units.values() ?? [])].filter((unit) => unit.family === attribute.unit_family) : [];
export function kindOf(attribute: Attribute): AttributeRow['kind'] {
  switch (attribute.type) {
    case 'number': case 'decimal': case 'price': return 'number';
    case 'yes_no': return 'boolean';
    case 'choices': case 'references': return 'list';
    case 'measurement': return 'measure';
    case 'table': return 'json';
    default: return 'text';
  }
}
