// What two people made of one form, put together; asks about what they made different things of.
import type { Json } from '../api/types.ts';
import { t } from '../i18n/i18n.svelte.ts';
import { whoseStay } from '../products/agree.ts';
import { done } from '../shell/toasts.svelte.ts';
import { w as unitWord } from './measurement_words.ts';
import type { OpenedForm } from './model.ts';
import { putTogether, standardMoved, type Parted } from './together.ts';
import { w } from './words.ts';

type Word = Parameters<typeof w>[0];
const kParts: Record<string, Word> = { labels: 'label', choices: 'choices', attributes: 'attributes_of', columns: 'columns', required: 'required', top: 'parent', category: 'categories' };
const kUnitParts: Record<string, Parameters<typeof unitWord>[0]> = { standard_unit: 'standard', symbol: 'symbol', to_standard: 'conversion' };
const kNotSaid = ['validation', 'labels', 'foreign'];
// choices.red.labels.de is "Choices: red (de)".
function nameOf(path: string[]): string {
  const language = path.at(-2) === 'labels' ? ` (${path.at(-1) ?? ''})` : '';
  const said = (language ? path.slice(0, path.length === 2 ? -1 : -2) : path).filter((part, at) => at === 0 ? part !== 'validation' : !kNotSaid.includes(part));
  return said.map((part, at) => (part in kUnitParts && at !== 1 ? unitWord(kUnitParts[part]!) : at === 0 || path[0] === 'validation' || part === 'required' ? w((kParts[part] ?? part) as Word) : part)).join(': ') + language;
}
function textOf(value: Json): string {
  if (value === null || value === '') return '–';
  if (typeof value === 'boolean') return t(value ? 'common.yes' : 'common.no');
  if (Array.isArray(value)) return value.length ? value.map((one) => (one === '*' ? w('everywhere') : Array.isArray(one) ? one.join(', ') : textOf(one))).join('; ') : '–';
  if (typeof value === 'object' && typeof value['operator'] === 'string') return `${unitWord(value['operator'] as 'mul')} ${String(value['value'])}`;
  return typeof value === 'object' ? Object.values(value).map(textOf).join('; ') : String(value);
}
const only = (of: Json, names: string[]): Json => Object.fromEntries(Object.entries(of as Record<string, Json>).filter(([name]) => names.includes(name)));

// Null: they cannot be put together, and the form is to be opened anew.
export async function mergedForm(opened: OpenedForm, body: Json, now: Json): Promise<Json> {
  const names = Object.keys(body as Record<string, Json>), read = only(opened.read, names), is = only(now, names), was = only(opened.body, names);
  if (standardMoved(was, body, read, is)) return null;
  const { whole, parted } = putTogether(was, body, read, is);
  if (parted.length === 0) {
    done(t('products.merged'));
    return whole;
  }
  const field = ({ path }: Parted): string => JSON.stringify(path);
  const theirs = await whoseStay(parted.map((one) => ({ field: field(one), mine: one.mine, theirs: one.theirs })), { name: (of) => nameOf(JSON.parse(of) as string[]), text: (_, value) => textOf(value) });
  return putTogether(was, body, read, is, theirs).whole;
}
