// The words of the interface in the person's language, and numbers, money and times as that language writes them. A
// message may hold {name}s; one that counts has a form per plural category (CLDR, by Intl.PluralRules).
import { en } from './en.ts';

export type Message = string | { one?: string; few?: string; many?: string; other: string };
export type Key = keyof typeof en;
export type Messages = Record<Key, Message>;
export type Words<English> = Record<keyof English, Message>; // of one subject in another language

export const languages = { en: 'English', nl: 'Nederlands', de: 'Deutsch', fr: 'Français' } as const;
export type Language = keyof typeof languages;

const loaders: Record<Language, () => Promise<Messages>> = {
  en: async () => en,
  nl: async () => (await import('./nl.ts')).nl,
  de: async () => (await import('./de.ts')).de,
  fr: async () => (await import('./fr.ts')).fr,
};

const state = $state<{ language: Language; messages: Messages; timeZone: string }>({ language: 'en', messages: en, timeZone: 'UTC' });

// How numbers and times are written: as the person's own region does when it speaks that language (en-GB, nl-BE).
export const region = (): string => navigator.languages.find((tag) => tag.slice(0, 2) === state.language) ?? state.language;

const isLanguage = (text: string): text is Language => Object.hasOwn(languages, text);

export function language(): Language { return state.language; }
export async function setLanguage(to: Language): Promise<void> {
  state.messages = await loaders[to]();
  state.language = to;
  document.documentElement.lang = to;
  localStorage.setItem('language', to);
}
export async function startLanguage(): Promise<void> {
  const kept = localStorage.getItem('language') ?? '';
  const wanted = isLanguage(kept) ? kept : navigator.languages.map((tag) => tag.slice(0, 2)).find(isLanguage) ?? 'en';
  if (wanted !== 'en') await setLanguage(wanted);
  else document.documentElement.lang = 'en';
}
// The shop's time zone, so that everybody sees the same cut-off; the browser's where it does not know that zone.
export function setTimeZone(zone: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    state.timeZone = zone;
  } catch {
    state.timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  }
}

export type Values = Record<string, string | number>;
export const t = (key: Key, values: Values = {}): string => say(state.messages[key], values);
// The words of a page that few open, all languages beside it, so that the first page need not carry them.
export function wordsOf<K extends string>(of: Record<Language, Record<K, Message>>): (key: K, values?: Values) => string {
  return (key, values = {}) => say(of[state.language][key], values);
}
function say(message: Message, values: Values): string {
  let text: string;
  if (typeof message === 'string') text = message;
  else {
    const category = new Intl.PluralRules(state.language).select(Number(values['count'] ?? 0));
    text = (category === 'one' ? message.one : category === 'few' ? message.few : category === 'many' ? message.many : undefined) ?? message.other;
  }
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    return value === undefined ? whole : typeof value === 'number' ? number(value) : value;
  });
}
// A message whose key is put together at run time, such as "status.open"; the text itself where there is none.
export function named(group: string, name: string): string {
  const key = `${group}.${name}`;
  return Object.hasOwn(en, key) ? t(key as Key) : name.replaceAll('_', ' ');
}

export const number = (value: number): string => new Intl.NumberFormat(region()).format(value);
export const percent = (part: number): string => new Intl.NumberFormat(region(), { style: 'percent', maximumFractionDigits: 0 }).format(part);
export function money(value: number | null | undefined, currency: string): string {
  if (value === null || value === undefined) return '–';
  try {
    return new Intl.NumberFormat(region(), { style: 'currency', currency }).format(value);
  } catch {
    return `${value} ${currency}`;
  }
}
export function bytes(value: number): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;
  const step = Math.min(units.length - 1, value < 1 ? 0 : Math.floor(Math.log10(value) / 3));
  return new Intl.NumberFormat(region(), { style: 'unit', unit: units[step] ?? 'byte', unitDisplay: step ? 'short' : 'long', maximumFractionDigits: step ? 1 : 0 })
    .format(value / 1000 ** step);
}
export const date = (text: string): string =>
  new Intl.DateTimeFormat(region(), { dateStyle: 'medium', timeZone: state.timeZone }).format(new Date(text));
export const moment = (text: string): string =>
  new Intl.DateTimeFormat(region(), { dateStyle: 'medium', timeStyle: 'short', timeZone: state.timeZone }).format(new Date(text));
// "in 3 days", "2 hours ago"
export function relative(text: string, now = Date.now()): string {
  const seconds = (Date.parse(text) - now) / 1000;
  const steps: [Intl.RelativeTimeFormatUnit, number][] = [['day', 86_400], ['hour', 3_600], ['minute', 60]];
  const format = new Intl.RelativeTimeFormat(region(), { numeric: 'auto' });
  for (const [unit, size] of steps) if (Math.abs(seconds) >= size) return format.format(Math.trunc(seconds / size), unit);
  return format.format(Math.trunc(seconds), 'second');
}
export function countryName(code: string): string {
  if (!/^[A-Z]{2}$/.test(code)) return code;
  return new Intl.DisplayNames(state.language, { type: 'region', fallback: 'code' }).of(code) ?? code;
}
export function localeName(tag: string): string {
  try {
    return new Intl.DisplayNames(state.language, { type: 'language', fallback: 'code' }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}
