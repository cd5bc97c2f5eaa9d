// Says in the person's language what the appliance says in English, by a table: one row for each message, its pattern in
// English first. Loaded when there is such a message to be said. A message that no row fits stays as it came, whole.
//
//   {file}            any text, said as it came        {#rows}   a number, written as the person does
//   {@day}            a day such as 2026-01-31         {~why}    another message of the table, said in the language too
//   {rows:row|rows}   the word that goes with {#rows}  {{sku}}   {sku} itself
//   {+system}         one word, said as it came; of a system, by its name
// A row that ends in "; {~more}" is about lists of what stands before that, which may end in messages of other rows.
import type { Problem } from '../api/types.ts';
import { language, region, type Language } from '../i18n/i18n.svelte.ts';
import { files } from './files.ts';
import { jobs } from './jobs.ts';
import { rows } from './rows.ts';
import { rules } from './rules.ts';
import { systemName } from './systems.ts';
import { values } from './values.ts';

export type Told = readonly [en: string, nl: string, de: string, fr: string];
export const kTable: readonly Told[] = [...files, ...rows, ...values, ...rules, ...jobs];

const kColumn: Record<Language, number> = { en: 0, nl: 1, de: 2, fr: 3 };
const kHole = /\{\{(\w+)\}\}|\{([#@~+]?)(\w+)(?::([^{}|]*)\|([^{}]*))?\}/g;
const kDeep = 6; // messages in messages; far more than there are
const kRemembered = 2000;
const kMore = '; {~more}';
const kTries = 250; // of cutting the lists in one message, enough for a hundred files; some tenths of a second
const kWithin = 8; // parts that "; " cuts one message of a list into; far more than there are

interface Pattern { row: Told; expression: RegExp; holes: { sign: string; name: string }[]; fixed: number; ofLists: boolean }

function patternOf(row: Told): Pattern {
  const ofLists = row[0].endsWith(kMore), english = ofLists ? row[0].slice(0, -kMore.length) : row[0];
  const holes: Pattern['holes'] = [];
  let expression = '', fixed = 0, at = 0;
  const plain = (text: string): void => {
    expression += text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
    fixed += text.length;
  };
  for (const hole of english.matchAll(kHole)) {
    const [whole, literal, sign = '', name = ''] = hole;
    plain(english.slice(at, hole.index));
    at = hole.index + whole.length;
    if (literal !== undefined) plain(`{${literal}}`);
    else {
      holes.push({ sign, name });
      expression += sign === '#' ? '(-?\\d+(?:\\.\\d+)?)' : sign === '@' ? '(\\d{4}-\\d\\d-\\d\\d)' : sign === '+' ? '(\\S+)' : '([^]+?)';
    }
  }
  plain(english.slice(at));
  return { row, expression: new RegExp(`^${expression}$`), holes, fixed: fixed + Number(ofLists), ofLists }; // a list goes before its last
}

const exact = new Map<string, Told>();
const patterns: Pattern[] = [];
for (const row of kTable) {
  const pattern = patternOf(row);
  if (pattern.holes.length) patterns.push(pattern);
  else exact.set(row[0].replace(kHole, (_, literal: string) => `{${literal}}`), row);
}
// What is said about another message goes before what that one is; else the more of it is fixed, the surer it is meant.
const isAbout = (pattern: Pattern): number => Number(pattern.row[0].startsWith('{~'));
patterns.sort((a, b) => isAbout(b) - isAbout(a) || b.fixed - a.fixed);

function filled(text: string, values: ReadonlyMap<string, string>, to: Language): string {
  return text.replace(kHole, (whole, literal: string | undefined, sign: string, name: string, one: string | undefined, other: string) => {
    if (literal !== undefined) return `{${literal}}`;
    const value = values.get(name) ?? whole;
    if (one !== undefined) return new Intl.PluralRules(to).select(Number(value)) === 'one' ? one : other;
    return sign === '#' ? numbered(value) : sign === '@' ? day(value) : sign === '+' ? systemName(value) : value;
  });
}
// As many digits as came, and the day itself, whatever the shop's time zone.
const numbered = (value: string): string => new Intl.NumberFormat(region(), { maximumFractionDigits: 20 }).format(value as `${number}`);
const day = (value: string): string => new Intl.DateTimeFormat(region(), { dateStyle: 'medium', timeZone: 'UTC' }).format(new Date(value));

// A message in another may have left its full stop to that one.
function inside(text: string, to: Language, deep: number): string | null {
  const said = understood(text, to, deep);
  if (said !== null || /[.!?]$/.test(text)) return said;
  return understood(text + '.', to, deep)?.replace(/\.$/, '') ?? null;
}

function valuesOf({ expression, holes }: Pattern, text: string, to: Language, deep: number): Map<string, string> | null {
  const found = expression.exec(text);
  if (!found) return null;
  const values = new Map<string, string>();
  for (const [at, { sign, name }] of holes.entries()) {
    const value = found[at + 1] ?? '', said = sign === '~' ? inside(value, to, deep + 1) : value;
    if (said === null) return null;
    values.set(name, said);
  }
  return values;
}

// Cut at those "; " between which all is understood: the messages of a list hold such themselves.
let tries = 0;
function listed(pattern: Pattern, text: string, to: Language, deep: number): string | null {
  const row = pattern.row[kColumn[to]] ?? '', alone = row.replace(/ ?; \{~more\}$/, '');
  const ends = [...text.matchAll(/; /g)].map((one) => one.index), known = new Map<number, string | null>();
  const from = (begin: number): string | null => {
    const before = known.get(begin);
    if (before !== undefined) return before;
    let said: string | null = null;
    for (const end of [...ends.filter((one) => one > begin), text.length].slice(0, kWithin)) {
      if ((begin === 0 && end === text.length) || said !== null) break; // one alone is no list
      if (--tries < 0) return null;
      const values = valuesOf(pattern, text.slice(begin, end), to, deep), more = values && end < text.length ? from(end + 2) ?? inside(text.slice(end + 2), to, deep + 1) : '';
      if (values && more !== null) said = filled(more ? row : alone, values.set('more', more), to);
    }
    known.set(begin, said);
    return said;
  };
  return ends.length && pattern.expression.test(text) ? from(0) : null;
}

function understood(text: string, to: Language, deep: number): string | null {
  const known = exact.get(text);
  if (known) return filled(known[kColumn[to]] ?? text, new Map(), to);
  if (deep > kDeep) return null;
  for (const pattern of patterns) {
    if (pattern.ofLists) {
      const said = listed(pattern, text, to, deep);
      if (said !== null) return said;
      continue;
    }
    const values = valuesOf(pattern, text, to, deep);
    if (values) return filled(pattern.row[kColumn[to]] ?? text, values, to);
  }
  // Several sentences, or one that names its field before it goes on.
  const sentences = text.split(/(?<=[.!?]) (?=\S)/);
  if (sentences.length > 1 && deep < kDeep) {
    const said = sentences.map((one) => understood(one, to, kDeep));
    if (said.every((one) => one !== null)) return said.join(' ');
  }
  const [, field, rest] = /^([a-z][\w.[\]-]*) ([a-z][^]*)$/.exec(text) ?? [];
  const said = deep === 0 && field && rest ? understood(rest, to, 1) : null;
  return said === null ? null : `${field}: ${said}`;
}

const remembered = new Map<string, string>();
export function inLanguage(text: string, to: Language): string {
  if (to === 'en' || text === '') return text;
  const key = to + text, before = remembered.get(key);
  if (before !== undefined) return before;
  tries = kTries;
  const said = understood(text, to, 0) ?? text;
  if (remembered.size >= kRemembered) remembered.clear();
  remembered.set(key, said);
  return said;
}

// A refusal, field by field. Faults that the pages read by their words are of codes that no row is about.
export function said(problem: Problem): Problem {
  const to = language();
  return {
    ...problem,
    ...(typeof problem.detail !== 'string' ? {} : { detail: inLanguage(problem.detail, to) }),
    ...(Array.isArray(problem.errors) ? { errors: problem.errors.map((fault) => ({ ...fault, message: inLanguage(fault.message, to) })) } : {}),
  };
}
