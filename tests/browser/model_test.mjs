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
  await visit.go('/products/MUG-2-S');
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
