// How the systems that files come from write their names; a format is called by them in small letters ("shopify orders").
const kSystems: ReadonlyMap<string, string> = new Map([
  ...['Akeneo', 'Amazon', 'Ecwid', 'Etsy', 'Galaxus', 'Gambio', 'Google', 'Kaufland', 'Lightspeed', 'Magento', 'Mirakl', 'Moneybird', 'Odoo', 'Shopify', 'Shopware', 'Square', 'Squarespace', 'Stripe', 'Vend', 'Vendure', 'Wix', 'Xentral',
    'BigCommerce', 'OpenCart', 'PrestaShop', 'ProductFlow', 'UnoPim', 'WooCommerce', 'WordPress', 'eBay', 'DATANORM', 'FNAC', 'JTL', 'OXID', 'SAP'].map((name): [string, string] => [name.toLowerCase(), name]),
  ['billiger', 'billiger.de'],
]);
export const systemName = (name: string): string => kSystems.get(name) ?? name;
