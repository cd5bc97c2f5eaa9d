// What drafts, comments and tasks have in common in the pages.
import { get } from '../api/client.ts';
import type { Json } from '../api/types.ts';
import { date } from '../i18n/i18n.svelte.ts';
import type { Tone } from '../kit/tone.ts';
import { w } from './team_words.ts';

export interface Person { id: string; name: string }
export type DraftStatus = 'open' | 'approved' | 'partly' | 'rejected' | 'withdrawn';
export interface DraftHead {
  id: string; version: number; sku: string; title: string; family: string | null; status: DraftStatus; author: Person & { program: boolean }; own: boolean;
  comment: string; field_names: string[]; open_fields: number; created_at: string; updated_at: string;
}
export interface DraftField {
  field: string; locale: string | null; seen: Json; now: Json; wanted: Json; state: 'open' | 'approved' | 'rejected'; conflict: boolean;
  decided_by: string | null; decided_at: string | null; word: string | null;
}
export interface Draft extends DraftHead { product_there: boolean; product_version: number | null; offer_version: number | null; fields: DraftField[] }
export interface Decided { decided: number; drafts: { id: string; status: DraftStatus | null; message: string | null }[] }
export interface Comment {
  id: string; by: Person; text: string; at: string; edited_at: string | null; resolved_by: string | null; resolved_at: string | null;
  own: boolean; removable: boolean; unread: boolean; mentions: (Person & { said: string })[];
}
export interface Mention { id: string; by: Person; at: string; read: boolean; sku: string | null; title: string | null; text: string | null }
export interface Colleague extends Person { login: string }
export interface Task {
  id: string; version: number; title: string; comment: string; skus: string[]; query: string | null; assignee: Person | null; due: string | null;
  overdue: boolean; status: 'open' | 'done'; by: Person; done_by: string | null; done_at: string | null; created_at: string; updated_at: string;
  removable: boolean;
}
export interface Waiting { drafts: number; tasks: number; overdue: number; mentions: number }

export const draftTone = (status: DraftStatus): Tone => ({ open: 'accent', approved: 'ok', partly: 'warn', rejected: 'bad', withdrawn: 'calm' } as const)[status];
// A program is called one: who reads it may not know the name.
export const authorName = ({ author }: DraftHead): string => (author.program ? w('program', { name: author.name }) : author.name);
export const waiting = async (quiet: boolean): Promise<Waiting> => (await get<{ data: Waiting }>('teamwork', {}, { quiet })).data;
// A day of the shop's calendar, wherever the browser is.
export const dayText = (day: string): string => date(day + 'T12:00:00Z');
export const productsHref = (query: string): string => '/products' + asPage(query);
// What a list asks the appliance, as the page of products has it in its address: family[eq]=a is family=a there.
function asPage(query: string): string {
  const out = new URLSearchParams();
  for (const [name, value] of new URLSearchParams(query)) {
    const plain = /^(brand|family|category)\[eq\]$/.exec(name)?.[1] ?? (name === 'q' ? 'q' : '');
    if (plain) out.set(plain, value);
  }
  const view = ([['enabled[eq]=1', 'enabled'], ['enabled[eq]=0', 'disabled'], ['images[empty]=1', 'no_image'], ['description[empty]=1', 'no_description'], ['ean[empty]=1', 'no_ean'], ['completeness[lt]=100', 'incomplete']] as const).find(([asked]) => decodeURIComponent(query).split('&').includes(asked));
  if (view) out.set('view', view[1]);
  const text = out.toString();
  return text ? '?' + text : '';
}
