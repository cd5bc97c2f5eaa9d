// The words of the interface in German.
import { access } from './de/access.ts';
import { history } from './de/history.ts';
import { imports } from './de/imports.ts';
import { orders } from './de/orders.ts';
import { people } from './de/people.ts';
import { products } from './de/products.ts';
import { shell } from './de/shell.ts';
import { vault } from './de/vault.ts';
import type { Messages } from './i18n.svelte.ts';

export const de: Messages = { ...shell, ...access, ...people, ...products, ...history, ...orders, ...imports, ...vault };
