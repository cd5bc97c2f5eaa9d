import type { Messages } from './i18n.svelte.ts';
import { en } from './en.ts';
export const de: Messages = en;
