// Every page of the application: its address and its component, loaded when it is first shown. ui.cpp answers exactly
// these first words.
import type { Key } from './i18n/i18n.svelte.ts';
import type { IconName } from './kit/icon_names.ts';

type Params = Record<string, string>;
// `default` is a component that may take `params`, the named parts of its address.
export interface PageRow { path: string; title: Key; load: () => Promise<{ default: unknown }> }

export const pages: PageRow[] = [
  { path: '/', title: 'nav.dashboard', load: () => import('./dashboard/DashboardPage.svelte') },
  { path: '/products', title: 'nav.products', load: () => import('./products/ProductsPage.svelte') },
  { path: '/products/:sku', title: 'nav.products', load: () => import('./products/ProductPage.svelte') },
  { path: '/assets', title: 'products.images', load: () => import('./products/AssetsPage.svelte') },
  { path: '/bulk-edits/:id', title: 'bulk.products', load: () => import('./products/BulkEditPage.svelte') },
  { path: '/model', title: 'nav.model', load: () => import('./model/ModelPage.svelte') },
  { path: '/tasks', title: 'nav.tasks', load: () => import('./teamwork/TasksPage.svelte') },
  { path: '/drafts', title: 'nav.tasks', load: () => import('./teamwork/DraftsPage.svelte') },
  { path: '/drafts/:id', title: 'nav.tasks', load: () => import('./teamwork/DraftPage.svelte') },
  { path: '/references/:kind', title: 'nav.model', load: () => import('./model/ReferencesPage.svelte') },
  { path: '/references/:kind/:code', title: 'nav.model', load: () => import('./model/ReferencePage.svelte') },
  { path: '/orders', title: 'nav.orders', load: () => import('./orders/OrdersPage.svelte') },
  { path: '/orders/new', title: 'orders.new', load: () => import('./orders/NewOrderPage.svelte') },
  { path: '/orders/:id', title: 'nav.orders', load: () => import('./orders/OrderPage.svelte') },
  { path: '/warehouse', title: 'nav.warehouse', load: () => import('./orders/WarehousePage.svelte') },
  { path: '/warehouse/batch/:id', title: 'nav.warehouse', load: () => import('./orders/BatchPage.svelte') },
  { path: '/warehouse/:id', title: 'nav.warehouse', load: () => import('./orders/WorkPage.svelte') },
  { path: '/returns', title: 'nav.returns', load: () => import('./orders/ReturnsPage.svelte') },
  { path: '/returns/:id', title: 'nav.returns', load: () => import('./orders/ReturnPage.svelte') },
  { path: '/invoices', title: 'nav.invoices', load: () => import('./orders/InvoicesPage.svelte') },
  { path: '/rules', title: 'nav.rules', load: () => import('./rules/RulesPage.svelte') },
  { path: '/rules/:id', title: 'nav.rules', load: () => import('./rules/RulePage.svelte') },
  { path: '/reports', title: 'nav.reports', load: () => import('./reports/ReportsPage.svelte') },
  { path: '/imports', title: 'nav.imports', load: () => import('./imports/ImportsPage.svelte') },
  { path: '/imports/:id', title: 'nav.imports', load: () => import('./imports/ImportPage.svelte') },
  { path: '/exports', title: 'nav.exports', load: () => import('./exports/ExportsPage.svelte') },
  { path: '/exports/:id', title: 'nav.exports', load: () => import('./exports/ProfilePage.svelte') },
  { path: '/vault', title: 'nav.vault', load: () => import('./vault/VaultPage.svelte') },
  { path: '/audit', title: 'nav.audit', load: () => import('./vault/AuditPage.svelte') },
  { path: '/people', title: 'nav.people', load: () => import('./people/PeoplePage.svelte') },
  { path: '/settings', title: 'nav.settings', load: () => import('./settings/SettingsPage.svelte') },
];

export function pageAt(path: string): { page: PageRow; params: Params } | null {
  const parts = path.split('/');
  for (const page of pages) {
    const wanted = page.path.split('/');
    if (wanted.length !== parts.length) continue;
    const params: Params = {};
    const fits = wanted.every((word, at) => {
      const part = parts[at] ?? '';
      if (!word.startsWith(':')) return word === part;
      params[word.slice(1)] = decodeURIComponent(part);
      return part !== '';
    });
    if (fits) return { page, params };
  }
  return null;
}

// The menu, with the letter that follows G.
export const menu: { href: string; key: Key; icon: IconName; letter: string; permission: string }[] = [
  { href: '/', key: 'nav.dashboard', icon: 'house', letter: 'd', permission: 'signed_in' },
  { href: '/products', key: 'nav.products', icon: 'tag', letter: 'p', permission: 'catalog.read' },
  { href: '/model', key: 'nav.model', icon: 'layers', letter: 'm', permission: 'catalog.read' },
  { href: '/rules', key: 'nav.rules', icon: 'funnel', letter: 'l', permission: 'catalog.read' },
  { href: '/tasks', key: 'nav.tasks', icon: 'clipboard-list', letter: 't', permission: 'catalog.read' },
  { href: '/orders', key: 'nav.orders', icon: 'shopping-cart', letter: 'o', permission: 'orders.read' },
  { href: '/warehouse', key: 'nav.warehouse', icon: 'package-open', letter: 'w', permission: 'orders.write' },
  { href: '/returns', key: 'nav.returns', icon: 'undo-2', letter: 'r', permission: 'orders.read' },
  { href: '/invoices', key: 'nav.invoices', icon: 'euro', letter: 'n', permission: 'orders.read' },
  { href: '/reports', key: 'nav.reports', icon: 'chart-column', letter: 's', permission: 'orders.read' },
  { href: '/imports', key: 'nav.imports', icon: 'file-up', letter: 'i', permission: 'imports' },
  { href: '/exports', key: 'nav.exports', icon: 'file-down', letter: 'x', permission: 'exports' },
  { href: '/vault', key: 'nav.vault', icon: 'shield-check', letter: 'v', permission: 'settings.read' },
  { href: '/audit', key: 'nav.audit', icon: 'scroll-text', letter: 'a', permission: 'audit.read' },
  { href: '/people', key: 'nav.people', icon: 'users', letter: 'u', permission: 'audit.read' },
  { href: '/settings', key: 'nav.settings', icon: 'settings', letter: 'e', permission: 'signed_in' },
];
