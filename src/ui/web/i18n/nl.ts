// The words of the interface in Dutch.
import { access } from './nl/access.ts';
import { history } from './nl/history.ts';
import { imports } from './nl/imports.ts';
import { orders } from './nl/orders.ts';
import { people } from './nl/people.ts';
import { products } from './nl/products.ts';
import { shell } from './nl/shell.ts';
import { vault } from './nl/vault.ts';
import type { Messages } from './i18n.svelte.ts';

export const nl: Messages = { ...shell, ...access, ...people, ...products, ...history, ...orders, ...imports, ...vault };
