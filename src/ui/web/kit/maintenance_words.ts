// The words that every maintenance job shares.
import { wordsOf } from '../i18n/i18n.svelte.ts';

export const w = wordsOf({
  en: { cancelled: 'Cancelled. What was mended until then stays.' },
  nl: { cancelled: 'Geannuleerd. Wat tot dan is hersteld, blijft.' },
  de: { cancelled: 'Abgebrochen. Was bis dahin berichtigt war, bleibt.' },
  fr: { cancelled: 'Annulé. Ce qui était corrigé le reste.' },
});
