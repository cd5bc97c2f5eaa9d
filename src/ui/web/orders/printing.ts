// Papers as files that the browser takes. Asked for by the page and not by a link, so that a refusal has words, and what
// names a buyer may ask for the password first.
import { get, type QueryValue } from '../api/client.ts';
import { language } from '../i18n/i18n.svelte.ts';
import { save } from '../kit/save.ts';
import { done, failed } from '../shell/toasts.svelte.ts';
import { w } from './paper_words.ts';

export const print = (paper: 'pick-list' | 'packing-slip' | 'address-label' | 'invoice' | 'commercial-invoice', name: string, values: Record<string, QueryValue>): Promise<void> => printAt('paper/' + paper, name, values);
export async function printAt(path: string, name: string, values: Record<string, QueryValue> = {}): Promise<void> {
  try {
    const file = await get<Blob>(path, { ...values, language: language() }, { headers: { accept: 'application/pdf' } });
    save(name.toLowerCase().replaceAll(/[\s’]+/g, '-') + '.pdf', 'application/pdf', file);
    done(w('made', { name }));
  } catch (reason) {
    failed(reason);
  }
}
