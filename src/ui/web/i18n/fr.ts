// The words of the interface in French; the space before : ; ! ? is the narrow no-break one (U+202F).
import { access } from './fr/access.ts';
import { history } from './fr/history.ts';
import { imports } from './fr/imports.ts';
import { orders } from './fr/orders.ts';
import { people } from './fr/people.ts';
import { products } from './fr/products.ts';
import { shell } from './fr/shell.ts';
import { vault } from './fr/vault.ts';
import type { Messages } from './i18n.svelte.ts';

export const fr: Messages = { ...shell, ...access, ...people, ...products, ...history, ...orders, ...imports, ...vault };
