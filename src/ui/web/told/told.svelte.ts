// What the appliance says in English, in the person's language: in pages, as told(text). The table comes when it is
// first asked for; until then the English stands there.
import { language, type Language } from '../i18n/i18n.svelte.ts';

let say = $state.raw<((text: string, to: Language) => string) | null>(null), coming: Promise<void> | null = null;

// Resolves when told() speaks the person's language; a page that waits for it shows nothing twice.
export function ready(): Promise<void> {
  if (language() === 'en') return Promise.resolve();
  return (coming ??= import('./say.ts').then((it) => { say = it.inLanguage; }, () => { coming = null; }));
}
export function told(text: string): string {
  if (language() === 'en') return text;
  if (say === null) void ready();
  return say === null ? text : say(text, language());
}
