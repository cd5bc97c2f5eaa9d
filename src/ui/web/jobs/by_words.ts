// Who had a job done: a person or a token by the name that people gave, which is not translated, or a schedule.
import { wordsOf } from '../i18n/i18n.svelte.ts';

const w = wordsOf({ en: { schedule: 'schedule {name}' }, nl: { schedule: 'schema {name}' }, de: { schedule: 'Zeitplan {name}' }, fr: { schedule: 'planification {name}' } });
const kSchedule = 'schedule ';
export const byWords = (by: string): string => (by.startsWith(kSchedule) ? w('schedule', { name: by.slice(kSchedule.length) }) : by);
