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
