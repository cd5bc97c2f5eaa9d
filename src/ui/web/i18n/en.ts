// The words of the interface; the other languages have the same keys (the type checker holds them to it).
import { access } from './en/access.ts';
import { history } from './en/history.ts';
import { imports } from './en/imports.ts';
import { orders } from './en/orders.ts';
import { people } from './en/people.ts';
import { products } from './en/products.ts';
import { shell } from './en/shell.ts';
import { vault } from './en/vault.ts';

export const en = { ...shell, ...access, ...people, ...products, ...history, ...orders, ...imports, ...vault };
