// Asks the appliance's API. Every answer that is not a success becomes an ApiError with the problem's words. What only a
// person can mend is asked of the person on the way: a session that ended signs in again over the page, a dangerous
// action confirms the password, and then the same request is sent once more, so that nothing typed is lost.
import { language } from '../i18n/i18n.svelte.ts';
import type { Fault, Problem } from './types.ts';

export class ApiError extends Error {
  constructor(readonly status: number, readonly problem: Problem) {
    super(problem.detail ?? problem.title ?? `Error ${status}`);
  }
  get faults(): Fault[] { return this.problem.errors ?? []; }
  get requestId(): string { return this.problem.request_id ?? ''; }
}

// Set by the shell. Each resolves to true when the request may be sent again.
export const ways = {
  csrf: () => '',
  signInAgain: async (): Promise<boolean> => false,
  confirmPassword: async (): Promise<boolean> => false,
  era: 0, // rises when the session's secret is made anew: what was on the way with the old one is sent again
  active: () => {}, // an answer came for a signed-in person: the idle time starts anew
};

export type QueryValue = string | number | boolean | null | undefined | string[];
export function query(values: Record<string, QueryValue>): string {
  const all = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined || value === null || value === '') continue;
    if (Array.isArray(value)) for (const one of value) all.append(name, one);
    else all.set(name, String(value));
  }
  const text = all.toString();
  return text ? '?' + text : '';
}

export interface Asked {
  method?: string;
  body?: unknown; // sent as JSON, unless it is a FormData or text with `type`
  type?: string;
  headers?: Record<string, string>;
  signal?: AbortSignal | undefined;
  blob?: boolean; // the answer's bytes as they are
  quiet?: boolean; // neither prolongs the session nor asks a person
}
export interface Answered<T> { data: T; etag: string; status: number }

async function problemOf(response: Response): Promise<Problem> {
  try {
    return (await response.json()) as Problem;
  } catch {
    return { status: response.status, title: response.statusText, request_id: response.headers.get('x-request-id') ?? '' };
  }
}
// The refusal that people read: in their language where its words are known there.
export async function refusal(problem: Problem): Promise<ApiError> {
  const it = language() === 'en' ? null : await import('../told/say.ts').catch(() => null);
  return new ApiError(problem.status, it?.said(problem) ?? problem);
}

async function send(path: string, asked: Asked): Promise<Response> {
  const method = asked.method ?? 'GET';
  const headers: Record<string, string> = { accept: 'application/json', ...asked.headers };
  let body: BodyInit | undefined;
  if (asked.body instanceof FormData) body = asked.body;
  else if (asked.body !== undefined) {
    headers['content-type'] = asked.type ?? 'application/json';
    body = asked.type && typeof asked.body === 'string' ? asked.body : JSON.stringify(asked.body);
  }
  if (method !== 'GET') headers['x-csrf-token'] = ways.csrf();
  else if (asked.quiet) headers['x-unattended'] = '1';
  try {
    return await fetch('/api/v1/' + path, { method, headers, body: body ?? null, credentials: 'same-origin', cache: 'no-store', signal: asked.signal ?? null });
  } catch (failure) {
    if (failure instanceof DOMException && failure.name === 'AbortError') throw failure;
    throw new ApiError(0, { status: 0, title: 'offline' });
  }
}

export async function ask<T>(path: string, asked: Asked = {}): Promise<Answered<T>> {
  for (let tries = 0; ; ++tries) {
    const era = ways.era, response = await send(path, asked);
    if (response.ok) {
      if (!asked.quiet) ways.active();
      const type = response.headers.get('content-type') ?? '';
      const data = response.status === 204 ? undefined : asked.blob ? await response.blob() : type.startsWith('application/json') ? await response.json() : type === 'application/pdf' ? await response.blob() : await response.text();
      return { data: data as T, etag: response.headers.get('etag') ?? '', status: response.status };
    }
    const problem = await problemOf(response);
    const again = !asked.quiet && tries < 3 &&
      (response.status === 401 ? era !== ways.era || await ways.signInAgain()
       : problem.errors?.some((fault) => fault.code === 'reauthenticate') ? await ways.confirmPassword()
       : false);
    if (!again) throw await refusal({ ...problem, status: response.status });
  }
}

export const get = async <T>(path: string, values: Record<string, QueryValue> = {}, asked: Asked = {}): Promise<T> =>
  (await ask<T>(path + query(values), asked)).data;
export const post = async <T>(path: string, body?: unknown, asked: Asked = {}): Promise<T> =>
  (await ask<T>(path, { ...asked, method: 'POST', body })).data;
export const change = async <T>(method: 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown, asked: Asked = {}): Promise<T> =>
  (await ask<T>(path, { ...asked, method, body })).data;

// A SKU may hold '/', blanks and '%'.
export const skuPath = (sku: string): string => 'product/' + encodeURIComponent(sku);
