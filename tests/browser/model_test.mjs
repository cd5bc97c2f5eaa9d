// A seller describes an attribute and a family in the pages, sees what a product still needs, fills it in, and has it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Appliance, newShop, owner, removeFolder } from '../app/appliance.mjs';
import { Visit, openBrowser } from './browser.mjs';

let made, shop, browser;
before(async () => {
  made = newShop();
  shop = await Appliance.start(made.data, { token: made.token });
  await shop.post('/api/v1/product/MUG-1', { title: 'A large blue mug', family: 'mugs', attributes: { glaze: 'matt' } });
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await shop?.stop();
  removeFolder(made.data);
});

test('from a free attribute to a complete product', async () => {
  const visit = await Visit.start(browser, shop.url.origin);
  const { page } = visit;
  await visit.signIn(owner);
  await visit.go('/model');
  await visit.checkAccess('/model');
  await page.getByRole('row').filter({ hasText: 'glaze' }).getByText('free', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'glaze', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Type').selectOption('choice');
  await dialog.getByLabel('Choices').fill('matt = Matt\nshiny = Shiny');
  await visit.checkAccess('an attribute');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('row').filter({ hasText: 'glaze' }).getByText('described', { exact: true }).waitFor();

  await page.getByRole('button', { name: 'New attribute' }).click();
  await dialog.getByLabel('Code').fill('capacity');
  await dialog.getByLabel('Type').selectOption('measurement');
  await dialog.getByLabel('Kind of measurement').selectOption('Volume');
  await dialog.getByLabel('Unit', { exact: true }).selectOption('MILLILITER');
  await dialog.getByLabel('Largest').fill('2000');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('button', { name: 'capacity', exact: true }).waitFor();

  await page.getByRole('navigation', { name: 'Attributes and families' }).getByRole('link', { name: 'Families' }).click();
  await page.getByRole('button', { name: 'mugs', exact: true }).click();
  for (const code of ['title', 'capacity', 'glaze']) {
    const row = dialog.getByRole('row').filter({ hasText: code });
    await row.getByRole('checkbox').first().check();
    await row.getByRole('checkbox', { name: /everywhere/ }).check();
  }
  await visit.checkAccess('a family');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.waitFor({ state: 'detached' });

  await page.waitForFunction(async () => (await (await fetch('/api/v1/product/MUG-1')).json()).data.completeness?.percent === 66);
  await visit.go('/products/MUG-1');
  await visit.checkAccess('/products/MUG-1');
  const card = page.getByRole('region', { name: 'Completeness' });
  await card.getByRole('button', { name: 'capacity' }).click();
  const field = page.getByLabel('capacity', { exact: false }).first();
  assert.equal(await page.evaluate(() => document.activeElement?.id.startsWith('attribute-')), true);
  visit.expects = [422];
  await page.keyboard.type('5 l');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('is more than 2000 MILLILITER').first().waitFor();
  await field.fill('0,33 l');
  await page.getByRole('button', { name: 'Save' }).click();
  await card.getByText('100%').first().waitFor();
  assert.deepEqual((await shop.get('/api/v1/product/MUG-1')).json.data.attributes.capacity, { amount: 0.33, unit: 'LITER' });
  assert.match(await page.getByLabel('capacity: Unit').locator('option:checked').textContent(), /^liters \(l\)$/i); // not by its code
  await field.fill(''); // typed anew: in the unit that it had
  await field.fill('0,5');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.waitForFunction(async () => (await (await fetch('/api/v1/product/MUG-1')).json()).data.attributes.capacity.amount === 0.5);
  assert.equal((await shop.get('/api/v1/product/MUG-1')).json.data.attributes.capacity.unit, 'LITER');

  await visit.go('/products?view=incomplete');
  await page.getByRole('heading', { name: 'No product fits' }).waitFor();
  await visit.end();
});

test('a variant shows what it has from its parent, overrides it, and takes the override back', async () => {
  await shop.post('/api/v1/product/MUG-2', { title: 'A stack of mugs', brand: 'Acme', attributes: { glaze: 'shiny', story: 'Fired in Delft' } });
  await shop.post('/api/v1/product/MUG-2-S', { parent: 'MUG-2' });
  const own = async () => (await shop.get('/api/v1/product/MUG-2-S')).json.data;
  const visit = await Visit.start(browser, shop.url.origin);
  const { page } = visit;
  await visit.signIn(owner);
  await visit.go('/products?brand=Acme');
  await page.locator('[title="from MUG-2"]', { hasText: 'Acme' }).waitFor();
  await page.getByRole('link', { name: 'A stack of mugs (from MUG-2)' }).click();
  await page.getByRole('heading', { name: 'A stack of mugs' }).waitFor();
  await page.getByText('Fired in Delft').waitFor();
  await visit.checkAccess('a variant');
  await page.getByRole('button', { name: 'Override: Brand' }).click();
  await page.getByRole('button', { name: 'Override: story' }).click();
  await page.getByLabel('story', { exact: true }).fill('Fired in Gouda');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Instead of “Fired in Delft”').waitFor();
  await page.getByText('Saved.').first().waitFor();
  assert.deepEqual([(await own()).brand, (await own()).attributes, (await own()).title], ['Acme', { story: 'Fired in Gouda' }, null]);
  await page.getByRole('button', { name: 'Clear override: story' }).click();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('button', { name: 'Override: story' }).waitFor();
  await page.waitForFunction(async () => (await (await fetch('/api/v1/product/MUG-2-S')).json()).data.attributes.story === undefined);
  await page.getByRole('link', { name: 'MUG-2', exact: true }).first().click();
  await page.getByRole('heading', { name: 'Variants' }).waitFor();
  await visit.end();
});

test('the variants of a product are a table to edit, whose empty rows are the combinations that nobody has made', async () => {
  const choices = (...codes) => codes.map((code) => ({ code, labels: { en: code[0].toUpperCase() + code.slice(1) } }));
  const put = (path, body) => shop.request('PUT', `/api/v1/${path}`, { body });
  await put('attribute/shade', { type: 'choice', labels: { en: 'Shade' }, choices: choices('red', 'blue') });
  await put('attribute/fit', { type: 'choice', labels: { en: 'Fit' }, choices: choices('slim', 'wide') });
  await put('family/coats', { attributes: [{ code: 'shade', required: [] }, { code: 'fit', required: [] }], axes: [['shade', 'fit']] });
  await shop.post('/api/v1/product/COAT', { title: 'A coat', family: 'coats' });
  for (const [shade, fit] of [['red', 'slim'], ['red', 'wide'], ['blue', 'wide']]) await shop.post(`/api/v1/product/COAT-${shade}-${fit}`, { parent: 'COAT', attributes: { shade, fit } });
  const visit = await Visit.start(browser, shop.url.origin);
  const { page } = visit;
  visit.expects = [412, 422];
  await visit.signIn(owner);
  await visit.go('/products/COAT');
  const grid = page.getByRole('grid', { name: 'Variants' });
  await grid.getByRole('row').nth(4).waitFor();
  assert.deepEqual(await grid.getByRole('row').evaluateAll((rows) => rows.slice(1).map((row) => row.children[1].textContent.trim())), ['Red · Slim', 'Red · Wide', 'Blue · Slim (not there yet)', 'Blue · Wide']);
  await visit.checkAccess('variants');
  const keys = async (...all) => { for (const key of all) await page.keyboard.press(key); };
  await grid.focus();
  await keys('ArrowDown', 'ArrowDown', 'Enter'); // opens the empty row
  const dialog = page.getByRole('dialog', { name: 'Add variants' });
  assert.equal(await dialog.getByLabel('SKU of Blue · Slim').inputValue(), 'COAT-blue-slim');
  await dialog.getByLabel('SKU of Blue · Slim').fill('COAT-red-slim');
  await keys('Enter');
  await dialog.getByRole('alert').waitFor(); // another has it
  await visit.checkAccess('a variant that is refused');
  await dialog.getByLabel('SKU of Blue · Slim').fill('COAT-NEW');
  await keys('Enter');
  await grid.getByRole('link', { name: 'Blue · Slim' }).waitFor();
  assert.deepEqual((await shop.get('/api/v1/product/COAT-NEW')).json.data.attributes, { shade: 'blue', fit: 'slim' });
  // A twin is refused at its cell, the other's change asked about, and a number typed where its two values meet.
  await keys('ArrowRight', 'Enter');
  await grid.getByLabel('Shade').selectOption('Red');
  await keys('Enter');
  await grid.getByText('no two variants may').waitFor();
  await keys('Escape', 'ArrowRight', 'ArrowRight', 'ArrowRight', 'Enter');
  await shop.post('/api/v1/product/COAT-NEW/offer', { prices: { EUR: { sell_price: 80 } } });
  await page.keyboard.type('75');
  await keys('Enter');
  await page.getByRole('dialog', { name: 'Two people changed the same' }).getByRole('button', { name: 'Save as chosen' }).click();
  await grid.getByText('€75.00').waitFor();
  await page.getByLabel('View').selectOption('Shade by Fit: Stock');
  const cross = page.getByRole('grid', { name: 'Shade by Fit: Stock' });
  await cross.getByRole('row').nth(2).waitFor();
  await cross.focus();
  await keys('ArrowDown', 'ArrowRight', 'Enter');
  await page.keyboard.type('12');
  await keys('Enter');
  await cross.getByText('12', { exact: true }).waitFor();
  assert.equal((await shop.get('/api/v1/product/COAT-NEW?include=offer')).json.data.offer.qty_available, 12);
  await shop.request('DELETE', '/api/v1/product/COAT-red-slim'); // by somebody else: shown without a word
  await cross.getByText('(Add Red · Slim)').waitFor();
  // Nor does another row come under a cell that is being typed in, when the table was asked for before.
  await page.getByLabel('View').selectOption('list');
  await page.getByRole('checkbox', { name: /not there yet/ }).uncheck();
  await grid.getByRole('row').nth(4).waitFor({ state: 'detached' });
  let goOn;
  const held = new Promise((reached) => page.route(/variant\?.*per_page=200/, (route) => { goOn = () => route.continue(); reached(); }, { times: 1 }));
  await shop.post('/api/v1/product/COAT-ANEW', { parent: 'COAT', attributes: { shade: 'red', fit: 'slim' } });
  await held;
  await grid.focus();
  await keys('ArrowRight', 'ArrowRight', 'ArrowRight', 'ArrowRight', 'Enter');
  await Promise.all([page.waitForResponse(/variant\?.*per_page=200/), goOn()]);
  await page.keyboard.type('66');
  await keys('Enter');
  await grid.getByRole('link', { name: 'Red · Slim' }).waitFor(); // now that the cell is left
  assert.equal((await shop.get('/api/v1/product/COAT-red-wide?include=offer')).json.data.offer.prices.EUR.sell_price, 66);
  await visit.end();
});

test('products are linked by their page, seen from both sides, and a kind of the shop’s own counts for both', async () => {
  for (const [sku, title] of [['CAM', 'Camera'], ['BAG', 'Camera bag'], ['CARD', 'Memory card']]) await shop.post(`/api/v1/product/${sku}`, { title });
  const links = async (sku) => (await shop.get(`/api/v1/product/${sku}`)).json.data.associations ?? {};
  const visit = await Visit.start(browser, shop.url.origin);
  const { page } = visit;
  await visit.signIn(owner);
  await visit.go('/model?tab=associations');
  await page.getByRole('button', { name: 'New kind of link' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Code').fill('FITS');
  await dialog.getByLabel('Counts for both products').check();
  await visit.checkAccess('a kind of link');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('button', { name: 'FITS' }).waitFor();

  await visit.go('/products/CAM?tab=links');
  await page.getByText('Nothing is linked to this product yet.').waitFor();
  const add = async (kind, sku, pieces) => {
    await page.getByLabel('Kind').selectOption(kind);
    await page.getByLabel('Product (SKU, or words to search)').fill(sku);
    if (pieces) await page.getByLabel('Pieces', { exact: true }).fill(pieces);
    await page.getByRole('button', { name: 'Add' }).click();
  };
  await add('FITS', 'BAG');
  await page.getByRole('region', { name: 'FITS' }).last().getByText('Camera bag').waitFor();
  await add('PACK', 'CARD', '2');
  await page.getByLabel('Pieces: CARD').waitFor();
  await visit.checkAccess('/products/CAM?tab=links');
  assert.deepEqual(await links('CAM'), { FITS: [{ sku: 'BAG' }], PACK: [{ sku: 'CARD', quantity: 2 }] });
  await page.getByLabel('Pieces: CARD').fill('3');
  await page.keyboard.press('Enter');
  await page.waitForFunction(async () => (await (await fetch('/api/v1/product/CAM')).json()).data.associations.PACK[0].quantity === 3);
  visit.expects = [422];
  await add('X_SELL', 'NO-SUCH');
  await page.getByText('The product "NO-SUCH" does not exist').first().waitFor();

  await visit.go('/products/CARD?tab=links');
  await page.getByRole('heading', { name: 'Products that name this one' }).waitFor();
  await visit.go('/products/BAG?tab=links');
  await page.getByRole('button', { name: 'Remove the link: CAM' }).click();
  await page.getByText('Nothing is linked to this product yet.').waitFor();
  assert.deepEqual(await links('CAM'), { PACK: [{ sku: 'CARD', quantity: 3 }] });
  await visit.go('/products/CAM?tab=history');
  await page.getByText('Links: FITS').first().waitFor();
  await visit.end();
});
