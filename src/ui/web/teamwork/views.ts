// Views of a list that somebody saved: what they say, and the page's address that shows one.
import { get, query, type QueryValue } from '../api/client.ts';
import type { List } from '../api/types.ts';
import type { Person } from './team.ts';

export interface SavedView {
  id: string; version: number; list: 'product' | 'order'; name: string; query: string; columns: string[]; shared: boolean; position: number;
  owner: Person; own: boolean; changeable: boolean;
}
export const savedViews = async (list?: string): Promise<SavedView[]> => (await get<List<SavedView>>('view', { list })).data;
export const viewsPage = (view: SavedView): string => (view.list === 'order' ? '/orders' : '/products') + '?view=' + view.id;

type Filters = Record<string, string | string[]>;
// Filters that the page has no field for, as its address says them: color[eq]=red.
export function rawFilters(address: URLSearchParams): Filters {
  return Object.fromEntries([...new Set(address.keys())].filter((name) => name.includes('[')).map((name) => [name, address.getAll(name)]));
}
// Times that move with the day, as the appliance reads them in a view.
export const momentOf = (value: string): string => {
  const [, days] = /^now(?:([+-]\d{1,4})d)?$/.exec(value) ?? [null];
  return days === null ? value : new Date(Date.now() + Number(days ?? 0) * 86_400_000).toISOString();
};
export const momentsOf = <T extends Record<string, QueryValue>>(filters: T): T => Object.fromEntries(Object.entries(filters).map(([name, value]) => [name, /^(\w+_at|ship_by)\[/.test(name) ? (Array.isArray(value) ? value.map(momentOf) : typeof value === 'string' ? momentOf(value) : value) : value])) as T;

const pairsOf = (text: string): [string, string][] => [...new URLSearchParams(text)].filter(([name]) => name !== 'locale');
// The same for two questions that ask the same.
export const sameQuestion = (one: string, other: string): boolean => {
  const [a, b] = [one, other].map((text) => pairsOf(text).map((pair) => JSON.stringify(pair)).sort().join());
  return a === b;
};
// `plain`: what the page's address calls a filter; `built_in`: the page's own views, whose conditions its tab says.
export function addressOf(path: string, view: SavedView, plain: Record<string, string>, built_in: Record<string, Filters>, usual: string): string {
  let pairs = pairsOf(view.query), tab = usual === 'all' ? '' : 'all', most = 0;
  const conditions = (of: Filters): string[] => pairsOf(query(of)).map((pair) => JSON.stringify(pair));
  const held = pairs.map((pair) => JSON.stringify(pair));
  for (const [name, filters] of Object.entries(built_in)) {
    const wanted = conditions(filters);
    if (wanted.length > most && wanted.every((one) => held.includes(one))) [most, tab] = [wanted.length, name];
  }
  if (most > 0) {
    const told = conditions(built_in[tab] ?? {});
    pairs = pairs.filter((pair) => !told.includes(JSON.stringify(pair)));
  }
  const out = new URLSearchParams();
  if (tab && tab !== usual) out.set('view', tab);
  for (const [name, value] of pairs) {
    const short = plain[name];
    out.append(short && !out.has(short) ? short : name, value); // said twice, it stays a filter of its own
  }
  out.set('saved', view.id);
  return path + '?' + out.toString();
}
