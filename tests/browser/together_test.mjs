// Two people at once, and sessions that end: nobody's work vanishes.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { Appliance, newShop, owner, removeFolder } from '../app/appliance.mjs';
import { pdfPages } from '../app/pdf.mjs';
import { Visit, openBrowser } from './browser.mjs';

let made, shop, browser, visit;
before(async () => {
  made = newShop();
  shop = await Appliance.start(made.data, { token: made.token });
  await shop.request('PUT', '/api/v1/attribute/color', { body: { type: 'choice', labels: { en: 'Colour' }, choices: [{ code: 'r', labels: { en: 'Red' } }, { code: 'b', labels: { en: 'Blue' } }, { code: 'g', labels: { en: 'Green' } }] } });
  await shop.post('/api/v1/product/T-1', { title: 'Teapot', brand: 'Old brand', ean: '4006381333931', attributes: { color: 'r' } });
  browser = await openBrowser();
  visit = await Visit.start(browser, shop.url.origin);
  await visit.signIn(owner);
});
after(async () => {
  await browser?.close();
  await shop?.stop();
  removeFolder(made.data);
});
const open = async () => {
  await visit.go('/products/T-1');
  await visit.page.getByLabel('Title').waitFor();
};

test('two people who change different fields both keep their work', async () => {
  const { page } = visit;
  visit.expects = [412];
  await open();
  await page.getByLabel('Brand').fill('My brand');
  await shop.post('/api/v1/product/T-1', { title: 'Teapot of somebody else' });
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('both changes are kept').waitFor();
  const { data } = (await shop.get('/api/v1/product/T-1')).json;
  assert.deepEqual([data.title, data.brand], ['Teapot of somebody else', 'My brand']);
});

test('two people who change the same field see both values, and the choice is saved', async () => {
  const { page } = visit;
  await open();
  await page.getByLabel('Title').fill('My teapot');
  await page.getByLabel('Brand').fill('My second brand');
  await page.getByLabel('Colour', { exact: true }).selectOption('Blue');
  await page.getByLabel('Sell price (EUR)').fill('9,50');
  await shop.post('/api/v1/product/T-1', { title: 'Their teapot', brand: 'Their brand', attributes: { color: 'g' } });
  await shop.post('/api/v1/product/T-1/offer', { prices: { EUR: { sell_price: 8, cost_price: 4 } } });
  await page.getByRole('button', { name: 'Save' }).click();
  const dialog = page.getByRole('dialog', { name: 'Two people changed the same' });
  await dialog.getByText('Their teapot').waitFor();
  await visit.checkAccess('the conflict');
  await dialog.getByRole('group', { name: 'Title' }).getByLabel(/Saved meanwhile/).check();
  assert.match(await dialog.getByRole('group', { name: 'Colour' }).innerText(), /Blue[^]*Green/);
  await dialog.getByRole('button', { name: 'Save as chosen' }).click();
  assert.match(await dialog.getByRole('group', { name: 'Sell price (EUR)' }).innerText(), /€9.50[^]*€8.00/); // of the offer, once the product is saved
  await dialog.getByRole('button', { name: 'Save as chosen' }).click();
  await page.getByRole('status').filter({ hasText: 'Saved.' }).first().waitFor();
  const { data } = (await shop.get('/api/v1/product/T-1?include=offer')).json;
  assert.deepEqual([data.title, data.brand, data.attributes.color, data.offer.prices.EUR], ['Their teapot', 'My second brand', 'b', { sell_price: 9.5, cost_price: 4 }]);
});

test('an open page says that somebody else saved, shows it where nothing is typed, and still asks about what both changed', async () => {
  const { page } = visit;
  await open();
  await page.getByLabel('Title').fill('Typed on');
  await shop.post('/api/v1/product/T-1', { title: 'Saved elsewhere', brand: 'Their brand' });
  await page.getByText('test changed this meanwhile: Title, Brand. You changed Title too').waitFor();
  assert.equal(await page.getByLabel('Brand').inputValue(), 'My second brand');
  await visit.checkAccess('somebody else saved');
  const shows = (text) => page.waitForFunction((wanted) => [...document.querySelectorAll('input')].some((field) => field.value === wanted), text);
  const stock = async (available) => { // moves all day: shown without a word
    await shop.post('/api/v1/stock/T-1', { available });
    await shows(String(available));
  };
  await page.getByRole('button', { name: 'Not now' }).click();
  await stock(40);
  assert.equal(await page.getByText('changed this meanwhile').count(), 0);
  await shop.post('/api/v1/product/T-1', { brand: 'Live brand' });
  await page.getByText('changed this meanwhile: Title, Brand').waitFor();
  await page.getByRole('button', { name: 'Show', exact: true }).click();
  await shows('Live brand');
  assert.equal(await page.getByLabel('Title').inputValue(), 'Typed on');
  await stock(41);
  await page.getByRole('button', { name: 'Save' }).click();
  const dialog = page.getByRole('dialog', { name: 'Two people changed the same' });
  assert.match(await dialog.getByRole('group').first().innerText(), /Title[^]*Typed on[^]*Saved elsewhere/);
  assert.equal(await dialog.getByRole('group').count(), 1);
  await dialog.getByRole('button', { name: 'Save as chosen' }).click();
  await page.getByRole('status').filter({ hasText: 'Saved.' }).first().waitFor();
  const { data } = (await shop.get('/api/v1/product/T-1')).json;
  assert.deepEqual([data.title, data.brand], ['Typed on', 'Live brand']);
  visit.expects = [];
});

test('when a session has ended, the sign-in opens over the page and what was typed is saved afterwards', async () => {
  const { page } = visit;
  await open();
  await page.getByLabel('Title').fill('Typed before the end');
  visit.expects = [401];
  await visit.context.clearCookies();
  await page.getByRole('button', { name: 'Save' }).click();
  const dialog = page.getByRole('dialog', { name: 'Your session has ended' });
  await dialog.getByLabel('Password', { exact: true }).fill(owner.password);
  await dialog.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('status').filter({ hasText: 'Saved.' }).first().waitFor();
  assert.equal((await shop.get('/api/v1/product/T-1')).json.data.title, 'Typed before the end');
  visit.expects = [];
});

test('leaving with something unsaved asks first', async () => {
  const { page } = visit;
  await open();
  await page.getByLabel('Title').fill('Not saved');
  page.once('dialog', (dialog) => dialog.dismiss());
  await page.getByRole('navigation', { name: 'Menu' }).getByRole('link', { name: 'Orders' }).click();
  assert.match(page.url(), /\/products\/T-1$/);
  assert.equal(await page.getByLabel('Title').inputValue(), 'Not saved');
  await page.getByRole('button', { name: 'Discard' }).click();
});

test('with a scanner alone an order is picked and packed, and a wrong scan is said in words, colour and name', async () => {
  const { page } = visit;
  visit.expects = [409];
  await shop.post('/api/v1/product/T-2', { title: 'Milk jug' });
  for (const sku of ['T-1', 'T-2']) await shop.post(`/api/v1/stock/${sku}`, { available: 10 });
  const { data: order } = (await shop.post('/api/v1/order', { channel: 'manual', channel_order_id: 'SCAN-7', paid: true, lines: [{ sku: 'T-1', title: 'Teapot', quantity: 2, price: 10 }, { title: 'Gift wrap', quantity: 1 }] })).json;
  await shop.post('/api/v1/order', { channel: 'manual', channel_order_id: 'WAITS-8', paid: true, lines: [{ sku: 'T-2', title: 'Milk jug', quantity: 99, price: 10 }] });
  await visit.go('/warehouse?view=waits');
  await page.getByRole('link', { name: 'WAITS-8' }).waitFor();
  assert.equal(await page.getByRole('link', { name: 'SCAN-7' }).count(), 0);
  await visit.go('/warehouse');
  await page.getByRole('link', { name: 'SCAN-7' }).waitFor();
  assert.equal(await page.getByRole('link', { name: 'WAITS-8' }).count(), 0); // nobody walks to a shelf for what is not there
  const scan = async (code, answer) => { // as a keyboard-wedge scanner does, wherever the focus is
    await page.evaluate(() => document.activeElement?.blur());
    await page.keyboard.type(code);
    await page.keyboard.press('Enter');
    await page.getByRole('status').filter({ hasText: answer }).waitFor();
  };
  await scan('nowhere', 'No order has the number nowhere.');
  // The pick lists of all that is shown in one document; the code on one opens its order.
  await page.getByRole('button', { name: /^Print/ }).click();
  const [lists] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: 'Pick lists' }).click()]);
  const list = pdfPages(readFileSync(await lists.path())).find((one) => one.includes('SCAN-7'));
  assert.match(list, /Pick list .*4006381333931.*Teapot/s);
  assert.equal(/PF\d+/.exec(list)[0], `PF${order.id}`);
  await page.keyboard.type(`PF${order.id}`);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'SCAN-7' }).waitFor();
  await scan('4006381333931', 'Teapot: 1 of 2');
  await scan('T-2', 'This is Milk jug, not on this list.');
  await visit.checkAccess('a wrong scan');
  await scan('T-1', 'Teapot: 2 of 2');
  await scan('T-1', 'Teapot: there are enough already.');
  await scan('PF-UNDO', 'Taken back: Teapot.');
  await page.reload(); // the tablet went dark: the appliance knows
  await page.getByText('1 of 3').waitFor();
  await scan('T-1', 'Teapot: 2 of 2');
  await page.getByRole('button', { name: 'Missing: Gift wrap' }).click();
  await page.getByRole('status').filter({ hasText: 'Gift wrap: said to be missing.' }).waitFor();
  await page.getByRole('heading', { level: 2, name: 'Parcel PACK01' }).waitFor(); // what could be picked is
  await scan('t-1', 'Teapot: 1 of 2');
  await page.getByLabel('Weight, grams').fill('900');
  await page.getByLabel('Weight, grams').press('Tab');
  await page.getByRole('status').filter({ hasText: 'Parcel PACK01' }).waitFor();
  await scan('PF-NEXT', 'Parcel PACK02');
  await scan('T-1', 'All packed.');
  await visit.checkAccess('two open parcels');
  for (const parcel of ['PACK02', 'PACK01']) await scan('PF-SHIP', `Parcel ${parcel} has left.`);
  const { data: sent } = (await shop.get(`/api/v1/order/${order.id}`)).json;
  assert.deepEqual(sent.parcels.map((one) => [one.identifier, one.weight_grams, one.lines[0].quantity]), [['PACK02', null, 1], ['PACK01', 900, 1]]);
  assert.deepEqual([sent.status, sent.lines[1].missing], ['partially_shipped', 1]);
  // What was never found is taken off the order.
  await visit.go('/orders/' + order.id);
  await page.getByRole('button', { name: 'Change', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Change order SCAN-7' });
  await dialog.getByRole('button', { name: 'Add an article' }).click();
  await visit.checkAccess('changing an order');
  await dialog.getByRole('button', { name: 'Take off New article 1' }).click();
  await dialog.getByLabel('Pieces of Gift wrap').fill('0');
  await dialog.getByRole('button', { name: 'Change the order' }).click();
  await dialog.waitFor({ state: 'detached' });
  await page.getByText('Removed').waitFor();
  assert.equal((await shop.get(`/api/v1/order/${order.id}`)).json.data.status, 'shipped');
  visit.expects = [];
});

test('a deleted product can be brought back for 8 seconds, then it is gone', async () => {
  const { page } = visit;
  await shop.post('/api/v1/product/T-2', { title: 'Short-lived' });
  await visit.go('/products');
  const row = page.getByRole('grid').getByRole('row').filter({ hasText: 'Short-lived' });
  await row.getByRole('checkbox').check();
  await page.getByRole('region', { name: 'Selected rows' }).getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('button', { name: 'Undo' }).click();
  assert.equal((await shop.get('/api/v1/product/T-2')).status, 200);
  await row.getByRole('checkbox').check();
  await page.getByRole('region', { name: 'Selected rows' }).getByRole('button', { name: 'Delete' }).click();
  await row.waitFor({ state: 'detached', timeout: 12_000 });
  assert.equal((await shop.get('/api/v1/product/T-2')).status, 404);
});

test('the history of a product says who changed what, and puts a field and a version back', async () => {
  const { page } = visit;
  await shop.post('/api/v1/product/T-3', { title: 'First title', brand: 'First brand' });
  await shop.post('/api/v1/product/T-3', { title: 'Second title', brand: 'Second brand' });
  await visit.go('/products/T-3');
  await page.getByRole('navigation', { name: 'History' }).getByRole('link', { name: 'History' }).click();
  await page.getByRole('heading', { name: 'Version 2 · Changed' }).waitFor();
  await page.getByText('by the API').first().waitFor();
  await visit.checkAccess('the history');
  await page.getByRole('button', { name: 'Put back: Title (en)' }).click();
  await page.getByRole('heading', { name: 'Version 3 · Changed' }).waitFor();
  const now = async () => (await shop.get('/api/v1/product/T-3')).json.data;
  assert.deepEqual([(await now()).title, (await now()).brand], ['First title', 'Second brand']);
  await page.getByText('put back from version 1').waitFor();
  await page.getByRole('button', { name: 'Back to version 1' }).click();
  await page.getByRole('heading', { name: 'Version 4 · Changed' }).waitFor();
  assert.equal((await now()).brand, 'First brand');
  await page.getByLabel('With version').fill('2');
  await page.getByRole('spinbutton', { name: 'Version', exact: true }).fill('4');
  await page.getByRole('button', { name: 'Compare versions' }).click();
  await page.getByRole('region', { name: 'Compare versions' }).getByText('Second title').first().waitFor();
});

test('all products that a search finds are edited at once after a preview, and taken back', async () => {
  const { page } = visit;
  const rows = Array.from({ length: 30 }, (_, i) => `B-${i},Beaker ${i},Labs`);
  const made = await shop.importFile('beakers.csv', 'sku,title,brand\n' + rows.join('\n') + '\n');
  await visit.go('/products?q=beaker');
  await page.getByRole('grid').getByRole('row').nth(1).getByRole('checkbox').check();
  const bar = page.getByRole('region', { name: 'Selected rows' });
  await bar.getByRole('button', { name: 'Select all 30 found' }).click();
  await bar.getByRole('button', { name: 'Edit…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Value').fill('New Labs');
  await dialog.getByRole('button', { name: 'Preview' }).click();
  await dialog.getByText('Tried on the first 30 of 30').waitFor();
  await visit.checkAccess('the bulk edit');
  const count = async (brand) => (await shop.get(`/api/v1/product?per_page=1&brand[eq]=${encodeURIComponent(brand)}`)).json.meta.total;
  assert.equal(await count('Labs'), 30);
  await dialog.getByRole('button', { name: 'Change 30 products' }).click();
  await page.getByText('No product was left alone').waitFor();
  assert.equal(await count('New Labs'), 30);
  await visit.checkAccess('the bulk edit’s page');
  page.once('dialog', (asked) => asked.accept());
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await page.getByRole('heading', { name: /^Undo / }).waitFor();
  await page.getByText('No product was left alone').waitFor();
  await page.locator('.counts').getByText('Changes', { exact: true }).waitFor(); // of a product its texts and its offer each
  assert.equal(await count('Labs'), 30);

  await visit.go('/imports/' + made.id);
  page.once('dialog', (asked) => asked.accept());
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await page.getByText('Undone: 0 changed back, 30 deleted, 0 left alone.').waitFor();
  assert.equal(await page.getByRole('button', { name: 'Undo', exact: true }).count(), 0); // there is nothing left to undo
  await visit.checkAccess('the import’s page');
});

test('signing out forgets: no page, no answer, no cookie', async () => {
  const { page } = visit;
  await page.getByRole('button', { name: 'Account and appearance' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByLabel('E-mail').waitFor();
  // The mark of a known browser stays: it opens nothing, and without it every sign-in were one from a new device.
  const left = (await visit.context.cookies()).filter((cookie) => cookie.value !== '').map((cookie) => cookie.name);
  assert.deepEqual(left, ['__Host-device']);
  visit.expects = [401];
  const status = await page.evaluate(async () => (await fetch('/api/v1/product')).status);
  assert.equal(status, 401);
  await visit.end();
});
