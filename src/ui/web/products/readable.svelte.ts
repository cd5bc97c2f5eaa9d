// What a product's fields are called and how their values read, for pages that have both as the API names them:
// histories, drafts, previews, conflicts. What is not known yet is asked once for all that is drawn together; until then,
// and where nobody described the catalogue, the codes stand there.
import { get } from '../api/client.ts';
import type { Json, List } from '../api/types.ts';
import { money, number, t } from '../i18n/i18n.svelte.ts';
import { all, labelOf, referencePath, type Attribute, type AttributeType, type Channel, type ReferenceRecord, type UnitFamily } from '../model/model.ts';
import { session } from '../shell/session.svelte.ts';
import { cellName, cellOf, type Described } from './described.ts';
import { fieldLabel } from './history.ts';
import { valueLine } from './value_columns.ts';

export interface Said { field: string; locale?: string | null; values: Json[] }

const kFresh = 60_000; // ms: somebody may have given it another label
const kAsked = 40; // codes of one request: its address has an end
const kQuiet = { quiet: true };
const kAsTyped: readonly (AttributeType | undefined)[] = ['text', 'rich_text', 'link', 'identifier', 'image', 'file', 'table'];

let known = $state.raw<{ model: Described; labels: Map<string, string> }>({ model: { attributes: new Map(), channels: [], groups: new Map(), units: new Map() }, labels: new Map() });
const asked = new Map<string, number>(); // code of an attribute -> when
let said: Said[] = [];

const texts = (value: Json): string[] => [value].flat().filter((one): one is string => typeof one === 'string');
const chunks = (codes: string[]): string[][] => Array.from({ length: Math.ceil(codes.length / kAsked) }, (_, at) => codes.slice(at * kAsked, (at + 1) * kAsked));

export function learn(what: Said[]): void {
  const attributes = what.filter((one) => one.field.startsWith('attributes.'));
  if (attributes.length === 0) return;
  if (said.length === 0) void Promise.resolve().then(ask).catch(() => asked.clear()); // codes stay until they are asked for again
  said.push(...attributes);
}
// Quiet, since pages that look for what others save learn without anybody being there.
async function ask(): Promise<void> {
  const all_said = said, now = Date.now();
  said = [];
  // description-web-EUR may be an attribute, or one in a channel, or one in a currency of it.
  const codes = [...new Set(all_said.flatMap(({ field }) => field.slice(11).split('-').map((_, at, parts) => parts.slice(0, at + 1).join('-'))))].filter((code) => now - (asked.get(code) ?? 0) > kFresh);
  for (const code of codes) asked.set(code, now);
  const found = (await Promise.all(chunks(codes).map((some) => get<List<Attribute>>('attribute', { 'code[]': some, choices: '1' }, kQuiet)))).flatMap((list) => list.data).filter((one) => one.described);
  const channels = known.model.channels.length === 0 && found.some((one) => one.per_channel) ? await all<Channel>('channel', {}, kQuiet) : known.model.channels;
  const model: Described = { ...known.model, channels, attributes: new Map([...known.model.attributes, ...found.map((one) => [one.code, one] as const)]) };
  known = { ...known, model };
  const wanted = new Map<string, Set<string>>(); // kind of records -> codes
  let units = false;
  for (const { field, values } of all_said) {
    const attribute = cellOf(field.slice(11), model)?.attribute;
    units ||= attribute?.type === 'measurement';
    if (attribute?.reference_kind) wanted.set(attribute.reference_kind, new Set([...(wanted.get(attribute.reference_kind) ?? []), ...values.flatMap(texts)]));
  }
  const labels = new Map(known.labels);
  if (units && !labels.has('unit')) for (const of of await all<UnitFamily>('unit', {}, kQuiet)) for (const unit of of.units) labels.set('unit', '').set(`unit/${unit.code}`, unit.symbol || labelOf(unit, session.contentLocale));
  await Promise.all([...wanted].flatMap(([kind, of]) => chunks([...of]).map(async (some) => {
    const records = await get<List<ReferenceRecord>>(referencePath(kind), { 'code[in]': some.join(','), per_page: 200, locale: session.contentLocale }, kQuiet);
    for (const record of records.data) labels.set(`${kind}/${record.code}`, record.label);
  })));
  known = { ...known, labels };
}

export function fieldWords({ field, locale = null }: Pick<Said, 'field' | 'locale'>): string {
  const cell = field.startsWith('attributes.') ? cellOf(field.slice(11), known.model) : null;
  if (!cell) return fieldLabel({ field, locale });
  const name = cellName(cell, known.model, session.contentLocale);
  return locale ? `${name} (${locale})` : name;
}
// A link to a product as people say it: SKU × 2.
// An upload's 64 digits say nothing to anybody; beside each other the first tell them apart.
const upload = (text: string): string => text.replace(/^(asset:[0-9a-f]{8})[0-9a-f]{56}$/, '$1…');
const item = (value: Json): string => (typeof value === 'string' ? upload(value) : value !== null && !Array.isArray(value) && typeof value === 'object' && typeof value['sku'] === 'string' ? value['sku'] + (value['quantity'] ? ` × ${String(value['quantity'])}` : '') : JSON.stringify(value));
export function valueWords(field: string, value: Json): string {
  if (value === null || value === '') return '–';
  if (!field.startsWith('attributes.')) {
    if (typeof value === 'number') return field.startsWith('prices.') ? money(value, field.slice(7, 10)) : number(value);
    if (typeof value === 'boolean') return t(value ? 'bulk.on' : 'bulk.off');
    return Array.isArray(value) ? value.map(item).join(', ') : item(value);
  }
  const cell = cellOf(field.slice(11), known.model), attribute = cell?.attribute;
  if (typeof value === 'string' && kAsTyped.includes(attribute?.type)) return value;
  if (attribute?.type === 'table') return JSON.stringify(value);
  const label = (code: string): string => {
    const choice = attribute?.choices?.find((one) => one.code === code);
    return choice ? labelOf(choice, session.contentLocale) : (known.labels.get(`${attribute?.reference_kind ?? ''}/${code}`) ?? code);
  };
  if (attribute && ['choice', 'choices', 'reference', 'references'].includes(attribute.type)) return texts(value).map(label).join(', ');
  if (attribute?.type === 'measurement' && typeof value === 'object' && !Array.isArray(value)) return valueLine({ value, label: known.labels.get(`unit/${String(value['unit'])}`) ?? String(value['unit']) }, cell);
  return Array.isArray(value) ? value.map(item).join(', ') : valueLine({ value }, cell);
}
