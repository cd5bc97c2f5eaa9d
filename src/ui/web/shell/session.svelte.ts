// Who is signed in, and until when. The appliance ends a session after 15 idle minutes or 12 hours; this keeps the same
// time by its answers, warns two minutes before, and lets the sign-in open over the page.
import { ApiError, ask, change, get, post, ways } from '../api/client.ts';
import type { Language as ShopLanguage, List, One, Session, Settings, Ticket } from '../api/types.ts';
import { setTimeZone } from '../i18n/i18n.svelte.ts';

export const kWarnSeconds = 120;

interface State {
  phase: 'starting' | 'setup' | 'out' | 'in' | 'unreachable';
  session: Session | null;
  settings: Settings;
  locales: ShopLanguage[];
  contentLocale: string; // whose product texts are shown and edited
  idleEnds: number; // milliseconds of this browser's clock
  ends: number;
  asking: 'sign-in' | 'password' | null; // a dialog over the page
}
export const session = $state<State>({
  phase: 'starting', session: null, settings: { shop_name: '', company_number: '', currency: 'EUR', time_zone: 'UTC' }, locales: [],
  contentLocale: localStorage.getItem('content-locale') ?? '', idleEnds: 0, ends: 0, asking: null,
});

// By the form, whose field had the focus: the page that comes takes it.
export const came = { signedIn: false };
let idleMilliseconds = 0;
let waiting: ((again: boolean) => void)[] = [];

function take(data: Session): void {
  const now = Date.parse(data.now);
  idleMilliseconds = Date.parse(data.idle_expires_at) - now;
  ++ways.era;
  session.session = data;
  session.idleEnds = Date.now() + idleMilliseconds;
  session.ends = Date.now() + Date.parse(data.expires_at) - now;
}

function ask_person(what: 'sign-in' | 'password'): Promise<boolean> {
  if (session.phase !== 'in') return Promise.resolve(false);
  session.asking = what;
  return new Promise((resolve) => waiting.push(resolve));
}
export function answered(again: boolean): void {
  session.asking = null;
  const all = waiting;
  waiting = [];
  for (const resolve of all) resolve(again);
}

ways.csrf = () => session.session?.csrf ?? '';
ways.signInAgain = () => ask_person('sign-in');
ways.confirmPassword = () => ask_person('password');
ways.active = () => {
  if (session.phase === 'in') session.idleEnds = Math.min(Date.now() + idleMilliseconds, session.ends);
};

export async function loadShop(): Promise<void> {
  const [settings, languages] = await Promise.all([get<One<Settings>>('settings'), get<List<ShopLanguage>>('language')]);
  session.settings = settings.data;
  session.locales = languages.data;
  if (!languages.data.some((one) => one.locale === session.contentLocale)) session.contentLocale = languages.data[0]?.locale ?? '';
  setTimeZone(settings.data.time_zone);
}

export async function startSession(): Promise<void> {
  try {
    const setup = await get<One<{ needed: boolean; signed_in: boolean }>>('setup', {}, { quiet: true });
    if (setup.data.needed) {
      session.phase = 'setup';
      return;
    }
    if (!setup.data.signed_in) {
      session.phase = 'out';
      return;
    }
    const mine = await get<One<Session>>('session', {}, { quiet: true });
    take(mine.data);
    await loadShop();
    session.phase = 'in';
  } catch (failure) {
    session.phase = failure instanceof ApiError && failure.status === 401 ? 'out' : 'unreachable';
  }
}

// Whoever signs in over a page goes on where the page was; another person starts afresh.
async function goOn(data: Session): Promise<void> {
  const before = session.session?.user.id;
  take(data);
  if (before !== undefined && before !== data.user.id) {
    location.assign('/');
    return;
  }
  await loadShop();
  came.signedIn = session.phase === 'out';
  session.phase = 'in';
  answered(true);
}
// Nothing when that was all; the ticket for the second step otherwise.
export async function signIn(email: string, password: string): Promise<Ticket | null> {
  const { data, status } = await ask<One<Session & Ticket>>('session', { method: 'POST', body: { email, password }, quiet: true });
  if (status === 202) return data.data;
  await goOn(data.data);
  return null;
}
export async function secondStep(ticket: string, code: string): Promise<void> {
  await goOn((await post<One<Session>>('session/factor', { ticket, code }, { quiet: true })).data);
}
export async function secondStepByPasskey(asked: Ticket): Promise<void> {
  const { answerOf } = await import('../access/passkeys.ts');
  const passkey = await answerOf(asked.question);
  await goOn((await post<One<Session>>('session/factor', { ticket: asked.ticket, passkey }, { quiet: true })).data);
}
export async function signInByPasskey(): Promise<void> {
  await secondStepByPasskey((await post<One<Ticket>>('session/passkey', undefined, { quiet: true })).data);
}

export async function confirmPassword(password: string): Promise<void> {
  take((await post<One<Session>>('session/reauthenticate', { password }, { quiet: true })).data);
  answered(true);
}
export async function confirmByPasskey(): Promise<void> {
  const asked = (await post<One<Ticket>>('session/reauthenticate/passkey', undefined, { quiet: true })).data;
  const { answerOf } = await import('../access/passkeys.ts');
  const passkey = await answerOf(asked.question);
  take((await post<One<Session>>('session/reauthenticate', { ticket: asked.ticket, passkey }, { quiet: true })).data);
  answered(true);
}
// After a factor was added: what one may do has changed.
export async function refreshSession(): Promise<void> {
  take((await get<One<Session>>('session', {}, { quiet: true })).data);
}

export async function stay(): Promise<void> {
  await get('language'); // any request prolongs; this one is the smallest
}

export async function signOut(): Promise<void> {
  try {
    await change('DELETE', 'session', undefined, { quiet: true });
  } catch { /* it has ended already */ }
  location.assign('/');
}

// The time ran out: what was on the screen goes behind the sign-in.
export function timeIsUp(): void {
  if (session.phase === 'in' && session.asking === null) session.asking = 'sign-in';
}

export async function setUp(values: Record<string, string>): Promise<void> {
  await post('setup', values, { quiet: true });
}

export function setContentLocale(locale: string): void {
  session.contentLocale = locale;
  localStorage.setItem('content-locale', locale);
}

export const may = (permission: string): boolean => session.session?.permissions.includes(permission) ?? false;
