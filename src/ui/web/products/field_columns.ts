// Columns that the list of products has, and the variants of a product: how they read and how they are edited in a cell.
import type { Product } from '../api/types.ts';
import { money, percent, t } from '../i18n/i18n.svelte.ts';
import type { Column } from '../kit/grid.ts';
import { may, session } from '../shell/session.svelte.ts';
import { decimalText } from './decimals.ts';
import { savePrice, saveStock, sellPrice } from './product.ts';

export const priceColumn = (): Column<Product> => ({
  key: 'price', label: t('products.price'), width: 100, align: 'end', sort: 'price', text: (p) => money(sellPrice(p), session.settings.currency),
  ...(may('catalog.write') && { edit: { value: (p: Product) => decimalText(sellPrice(p)), save: savePrice, inputmode: 'decimal' as const } }),
});
export const stockColumn = (): Column<Product> => ({
  key: 'stock', label: t('products.stock'), width: 80, align: 'end', sort: 'stock',
  ...(may('catalog.write') && { edit: { value: (p: Product) => String(p.offer?.qty_available ?? 0), save: saveStock, inputmode: 'numeric' as const } }),
});
export const completenessColumn = (): Column<Product> => ({
  key: 'completeness', label: t('products.completeness'), width: 110, align: 'end', sort: 'completeness', text: (p) => (p.completeness ? percent(p.completeness.percent / 100) : ''),
});
