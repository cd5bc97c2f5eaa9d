// A seller's first day with the demo's shop: sign in, find a product, change its price, import two files, ship an order.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Appliance, removeFolder, run, sharedData, tempFolder } from '../app/appliance.mjs';
import { Visit, openBrowser } from './browser.mjs';

const folder = tempFolder(), data = join(folder, 'demo');
let shop, browser, visit, token;

before(async () => {
  shop = await Appliance.start(data, { command: 'demo' });
  shop.owner = { email: /e-mail\s+(\S+)/.exec(shop.out)[1], password: /password\s+(\S+)/.exec(shop.out)[1] };
  token = run(['token', 'new', '--data', data, '--name', 'test', '--scope', 'all']).out.trim();
  shop.token = token;
  browser = await openBrowser();
  visit = await Visit.start(browser, shop.url.origin);
});
after(async () => {
  await browser?.close();
  await shop?.stop();
  removeFolder(folder);
});

const amazon = [
  'order-id\torder-item-id\tpurchase-date\tpayments-date\tbuyer-email\tbuyer-name\tbuyer-phone-number\tsku\tproduct-name\tquantity-purchased\tcurrency\titem-price\titem-tax\tshipping-price\tship-service-level\trecipient-name\tship-address-1\tship-city\tship-postal-code\tship-country',
  '999-1111111-1111111\t1\t2026-11-24T09:00:00+00:00\t2026-11-24T09:01:00+00:00\tq1@marketplace.example\tQuirina Bosch\t0612345678\tMUG-ALM-SKY\tAlma Mug\t1\tEUR\t13.95\t0\t4.95\tStandard\tQuirina Bosch\tDorpsstraat 1\tUtrecht\t3511 AA\tNL',
  '999-2222222-2222222\t2\t2026-11-24T10:00:00+00:00\t2026-11-24T10:01:00+00:00\tq2@marketplace.example\tQuentin Laval\t\tMUG-ALM-SKY\tAlma Mug\tmany\tEUR\t13.95\t0\t4.95\tStandard\tQuentin Laval\tRue Haute 2\tLille\t59000\tFR',
].join('\n') + '\n';

test('a wrong password is refused in words, the right one opens the dashboard', async () => {
  const { page } = visit;
  visit.expects = [401];
  await page.goto(visit.base + '/');
  await page.getByLabel('E-mail').fill(shop.owner.email);
  await page.getByLabel('Password', { exact: true }).fill('not the password at all');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('alert').filter({ hasText: /e-mail|password/i }).waitFor();
  visit.expects = [];
  await visit.signIn(shop.owner);
  await page.getByRole('link', { name: /To ship/ }).waitFor();
  assert.match(await page.getByRole('link', { name: /To ship/ }).innerText(), /\d/);
});

test('a product is found by typing, and its price changed in the grid and on its page', async () => {
  const { page } = visit;
  await page.getByRole('link', { name: 'Products', exact: true }).first().click();
  const grid = page.getByRole('grid', { name: 'Products' });
  await grid.getByRole('row').nth(3).waitFor();
  await page.getByRole('searchbox').fill('tindra mug');
  await page.waitForURL(/q=tindra/);
  const row = grid.getByRole('row').filter({ hasText: 'Tindra Mug' }).first();
  await row.waitFor();
  const sku = await row.getByRole('gridcell').nth(2).innerText();

  const price = row.getByRole('gridcell').filter({ hasText: '€' });
  await price.dblclick();
  await page.getByRole('textbox', { name: 'Price' }).fill('14,25');
  await page.keyboard.press('Enter');
  await row.filter({ hasText: '€14.25' }).waitFor();
  const offer = await shop.get(`/api/v1/product/${encodeURIComponent(sku)}/offer`);
  assert.equal(offer.json.data.prices.EUR.sell_price, 14.25);

  await row.getByRole('link').click();
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.getByLabel('Sell price (EUR)').fill('15.10');
  await page.getByLabel('Title', { exact: true }).fill('Tindra Mug, first day');
  await page.keyboard.press('Control+s');
  await page.getByRole('status').filter({ hasText: 'Saved.' }).waitFor();
  const saved = await shop.get(`/api/v1/product/${encodeURIComponent(sku)}?include=offer`, { headers: { 'accept-language': 'en-GB' } });
  assert.equal(saved.json.data.offer.prices.EUR.sell_price, 15.1);
  assert.equal(saved.json.data.title, 'Tindra Mug, first day');
});

test('a wrong EAN is refused beside its field and nothing typed is lost', async () => {
  const { page } = visit;
  visit.expects = [422];
  await page.getByLabel('EAN').fill('4006381333932');
  await page.getByLabel('Brand', { exact: true }).fill('Kept as typed');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.locator('.field', { hasText: 'EAN' }).locator('.fault').waitFor();
  assert.equal(await page.getByLabel('Brand', { exact: true }).inputValue(), 'Kept as typed');
  await page.getByRole('button', { name: 'Discard' }).click();
  await page.getByRole('button', { name: 'Dismiss' }).last().click();
  visit.expects = [];
});

async function importFile(path) {
  const { page } = visit;
  await page.goto(visit.base + '/imports');
  await page.getByLabel('Choose a file, or drop it here').setInputFiles(path);
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await page.waitForURL(/\/imports\/\d+/);
  await page.getByRole('status').filter({ hasText: /Done|Failed/ }).waitFor();
  const count = async (name) => Number((await page.locator('.counts .card').filter({ has: page.getByText(name, { exact: true }) }).locator('dd').innerText()).replace(/\D/g, ''));
  return { rows: await count('Rows'), created: await count('Created'), changed: await count('Changed'), unchanged: await count('Unchanged'), refused: await count('Refused') };
}

test('a products file goes in with its progress; the bad row is named with line, column and reason', async () => {
  const { page } = visit;
  await page.goto(visit.base + '/imports');
  await page.getByLabel('Choose a file, or drop it here').setInputFiles(new URL('./files/products.csv', import.meta.url).pathname);
  const left = async (cell) => (await page.locator(`.mapping ${cell}:nth-child(2)`).first().boundingBox()).x;
  assert.equal(await left('th'), await left('td')); // what a column becomes stands below its heading
  const counts = await importFile(new URL('./files/products.csv', import.meta.url).pathname);
  assert.deepEqual(counts, { rows: 3, created: 2, changed: 0, unchanged: 0, refused: 1 });
  const report = page.getByRole('row').filter({ hasText: 'NEW-3' });
  assert.match(await report.innerText(), /4\s/);
  assert.match(await report.innerText(), /ean/i);
  const mug = await shop.get('/api/v1/product/NEW-2', { headers: { 'accept-language': 'en-GB' } });
  assert.equal(mug.json.data.title, 'Café crème mug');
});

test('a supplier’s list that nobody knows is mapped, tried, imported; the next one is understood', async () => {
  const { page } = visit;
  const path = join(folder, 'lieferliste.csv');
  writeFileSync(path, 'Lieferliste\nNr;Bez;Netto;Farbe\nL-1;Hemd;19,95;rot\nL-2;Hose;zwei;blau\n');
  const choose = async () => {
    await page.goto(visit.base + '/imports');
    await page.getByLabel('Choose a file, or drop it here').setInputFiles(path);
  };
  await choose();
  await page.getByText('Not recognised').waitFor();
  await page.getByLabel('What Nr becomes').fill('sku');
  await page.getByLabel('What Bez becomes').fill('title');
  await page.getByLabel('What Netto becomes').fill('sell_price.EUR');
  await page.getByLabel('What Farbe becomes').fill('color');
  await page.getByRole('row', { name: /Farbe/ }).getByRole('button').click();
  await page.getByLabel('Values of Farbe, one a line').fill('rot = red');
  await page.getByRole('row', { name: /Netto/ }).getByRole('button').click();
  await page.getByLabel('Formula for Netto').fill('round(value * 1.19, 2)');
  await page.getByRole('cell', { name: '23.74' }).waitFor();
  visit.expects = [422]; // while two columns claim the same name
  await page.getByLabel('What Farbe becomes').fill('sku');
  await page.getByRole('alert').filter({ hasText: 'two columns become sku' }).waitFor();
  await page.getByLabel('What Farbe becomes').fill('color');
  await page.getByRole('alert').waitFor({ state: 'detached' });
  visit.expects = [];
  await page.getByRole('cell', { name: 'red', exact: true }).waitFor();
  await page.getByRole('button', { name: 'Try first' }).click();
  await page.getByText('Dry run', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Import it now' }).click();
  await page.getByText('Dry run', { exact: true }).waitFor({ state: 'detached' });
  await page.getByRole('row').filter({ hasText: 'L-2' }).getByText('sell_price.EUR').waitFor();
  const shirt = await shop.get('/api/v1/product/L-1', { headers: { 'accept-language': 'en-GB' } });
  assert.deepEqual([shirt.json.data.title, shirt.json.data.attributes.color], ['Hemd', 'red']);
  await choose();
  await page.locator('.status').filter({ hasText: 'Products' }).waitFor();
  assert.equal(await page.getByLabel('Formula for Netto').inputValue(), 'round(value * 1.19, 2)');
});

test('what a file does not show is said beside it, seen at once, imported, and kept for the next', async () => {
  const { page } = visit;
  const greek = join(folder, 'greek.csv'), keys = join(folder, 'keys.json');
  writeFileSync(greek, Buffer.concat([Buffer.from('sku!title\nGR-1!'), Buffer.from([0xca, 0xef, 0xfd, 0xf0, 0xe1]), Buffer.from('\n')]));
  writeFileSync(keys, JSON.stringify({ count: 2, products: { 'KEY-1': { title: 'One', price: 5 }, 'KEY-2': { title: 'Two' } } }));
  const choose = async (path) => {
    await page.goto(visit.base + '/imports');
    await page.getByLabel('Choose a file, or drop it here').setInputFiles(path);
    await page.getByText('Read the file otherwise').click();
  };
  const imported = async () => {
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    await page.waitForURL(/\/imports\/\d+/);
    await page.getByRole('status').filter({ hasText: 'Done' }).waitFor();
  };
  const product = async (sku) => (await shop.get('/api/v1/product/' + sku, { headers: { 'accept-language': 'en-GB' } })).json.data;
  visit.expects = [415, 422]; // before it was said, and while it cannot be obeyed
  await choose(greek);
  await page.getByRole('alert').filter({ hasText: 'not a file that is understood' }).waitFor();
  await page.getByLabel('Delimiter').fill('komma');
  await page.getByRole('alert').filter({ hasText: 'a delimiter is tab' }).waitFor();
  await page.getByLabel('Delimiter').fill('!');
  await page.getByText('It was read as Windows-1252.').waitFor();
  await page.getByLabel('Encoding').selectOption('iso-8859-7');
  await page.getByRole('cell', { name: 'Κούπα', exact: true }).waitFor();
  await visit.checkAccess('what is said of a file');
  await page.getByLabel(/^Save this mapping/).fill('From Athens');
  await page.getByRole('button', { name: 'Save the mapping' }).click();
  await page.getByText('The mapping From Athens is saved.').waitFor();
  await imported();
  assert.equal((await product('GR-1')).title, 'Κούπα');
  const [saved] = (await shop.get('/api/v1/import-mapping')).json.data;
  assert.deepEqual(saved.mapping, { columns: [], encoding: 'iso-8859-7', delimiter: '!' });
  await choose(keys);
  assert.equal(await page.getByRole('checkbox', { name: /under their keys/ }).isChecked(), false);
  await page.getByRole('checkbox', { name: /under their keys/ }).check();
  await page.getByLabel('Below which name').fill('products');
  await page.getByLabel('Below which name').press('Enter');
  await page.getByRole('cell', { name: 'KEY-2', exact: true }).waitFor();
  assert.equal(await page.getByLabel('What key becomes').inputValue(), 'sku');
  await imported();
  assert.equal((await product('KEY-1')).title, 'One');
  visit.expects = [];
});

test('what is wrong with a row is read whole beside the narrow table of the first rows, and what an import would change too', async (t) => {
  const { page } = visit;
  const within = (one, other) => one.x >= other.x - 1 && one.x + one.width <= other.x + other.width + 1;
  await page.setViewportSize({ width: 360, height: 780 });
  t.after(() => page.setViewportSize({ width: 1360, height: 860 }));
  await page.goto(visit.base + '/imports');
  await page.getByRole('button', { name: 'Paste a table' }).click();
  await page.getByLabel('What was copied').fill('sku\ttitle\tbrand\tsell_price.EUR\nL-1\tHemd mit langem Namen\tHafen\tdear\n');
  await page.getByRole('button', { name: 'Look at it' }).click();
  const region = page.getByRole('region', { name: 'The first rows would be' });
  await region.getByText('is not an amount').waitFor();
  assert.ok(within(await region.locator('.said').boundingBox(), await region.boundingBox()), 'the sentence is cut off');
  await page.getByRole('button', { name: 'Try first' }).click();
  await page.getByRole('button', { name: 'What would change' }).click();
  const after = page.locator('ins', { hasText: 'Hemd mit langem Namen' });
  await after.waitFor();
  assert.ok(within(await after.boundingBox(), { x: 0, width: 360 }), 'what would be is cut off');
});

test('what is wrong with a rule stands beside what was typed', async () => {
  const { page } = visit;
  visit.expects = [422];
  await page.goto(visit.base + '/rules/new');
  await page.getByLabel('Name', { exact: true }).fill('Labels');
  await page.getByLabel('What to do').selectOption('derive');
  await page.getByLabel('Formula', { exact: true }).fill('upper([brand');
  await page.getByRole('button', { name: 'Save' }).click();
  const beside = (label) => page.locator('.field').filter({ has: page.getByLabel(label, { exact: true }) }).locator('.fault');
  await beside('Formula').filter({ hasText: 'a ] is missing' }).waitFor();
  await beside('Value').filter({ hasText: 'what it is compared with' }).waitFor();
  assert.equal(await page.getByLabel('What to do').getAttribute('aria-invalid'), null);
  visit.expects = [];
  page.once('dialog', (dialog) => dialog.accept());
});

test('a schedule says when it runs, in its own time zone, and refuses one that is none', async () => {
  const { page } = visit;
  await page.goto(visit.base + '/exports');
  await page.getByRole('button', { name: 'New schedule' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Supplier');
  await dialog.getByLabel('What it does').selectOption('import_folder');
  await dialog.getByLabel('Time', { exact: true }).fill('02:30');
  await dialog.getByLabel('Time zone').fill('Mars/Olympus');
  visit.expects = [422];
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.locator('.fault').filter({ hasText: 'does not know the time zone Mars/Olympus' }).waitFor();
  visit.expects = [];
  await dialog.getByLabel('Time zone').fill('Asia/Tokyo');
  await dialog.getByLabel('Mon').check();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Mon 02:30 Asia/Tokyo').waitFor();
});

test('a file is fetched from an address whose host is allowed in passing, and hosts are allowed by their name', async () => {
  const { page } = visit;
  const address = `https://feeds.example.com:8443/list.csv`;
  await page.getByRole('button', { name: 'New schedule' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Their list');
  await dialog.getByLabel('What it does').selectOption('import_url');
  // As suppliers write it: both go where they belong.
  await dialog.getByLabel('Address').fill(address.replace('://', '://shop-42:corridor%20zebra@'));
  await dialog.getByLabel('User name').focus();
  for (const [label, value] of [['Address', address], ['User name', 'shop-42'], ['Password', 'corridor zebra']]) assert.equal(await dialog.getByLabel(label, { exact: true }).inputValue(), value);
  await dialog.getByLabel('Allow the host feeds.example.com:8443').check();
  await dialog.getByLabel('Every so many minutes').check();
  await dialog.getByLabel('Minutes', { exact: true }).fill('1440');
  await visit.checkAccess('a schedule with a new host');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByText('every 1,440 minutes').waitFor();
  const feed = async () => (await shop.get('/api/v1/schedule')).json.data.find((one) => one.name === 'Their list');
  const open = async () => {
    await page.getByRole('button', { name: 'More about Their list' }).click();
    await page.getByRole('menuitem', { name: 'Change' }).click();
  };
  const save = async () => {
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'hidden' });
  };
  const first = await feed();
  assert.deepEqual([first.url, first.username, first.has_password], [address, 'shop-42', true]);
  // It is kept without being shown, goes to no other host, and is removed where one says so.
  await open();
  await dialog.getByText('One is kept, and not shown.').waitFor();
  assert.equal(await dialog.getByLabel('Password', { exact: true }).inputValue(), '');
  await visit.checkAccess('a schedule with a password');
  await save();
  assert.equal((await feed()).has_password, true);
  await open();
  await dialog.getByLabel('Address').fill('https://prices.example.com/list.csv');
  visit.expects = [422];
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.locator('.fault').filter({ hasText: 'The password that is kept is for feeds.example.com:8443 and goes nowhere else.' }).waitFor();
  visit.expects = [];
  await dialog.getByLabel('Address').fill(address);
  await dialog.getByLabel('Remove the password that is kept').check();
  await save();
  assert.equal((await feed()).has_password, false);
  await page.goto(visit.base + '/settings?tab=webhooks');
  await page.getByText('feeds.example.com:8443').waitFor();
  await page.getByRole('button', { name: 'Allow a host' }).click();
  await page.getByRole('dialog').getByLabel('Host', { exact: true }).fill('https://no/host');
  visit.expects = [404, 422];
  await page.getByRole('dialog').getByRole('button', { name: 'Allow a host' }).click();
  await page.getByRole('dialog').locator('.fault').first().waitFor();
  visit.expects = [];
  await page.getByRole('dialog').getByLabel('Host', { exact: true }).fill('files.example.org');
  await page.getByRole('dialog').getByLabel('It is in our own network').check();
  await visit.checkAccess('a new host');
  await page.getByRole('dialog').getByRole('button', { name: 'Allow a host' }).click();
  await page.getByText('files.example.org').waitFor();
  const hosts = (await shop.get('/api/v1/webhook-host')).json.data.map((one) => [one.host, one.private_network]);
  assert.deepEqual(hosts.sort(), [['feeds.example.com:8443', false], ['files.example.org', true]]);
});

test('what is wrong with a column of an export stands beside it, and a view’s filters are shown as one writes them', async () => {
  const { page } = visit;
  await shop.post('/api/v1/view', { name: 'Of Haven', list: 'product', query: 'brand%5Beq%5D=Haven', columns: ['title'], shared: true });
  await page.goto(visit.base + '/exports/new');
  await page.getByLabel('Name', { exact: true }).fill('Partner');
  await page.getByLabel('Saved view').selectOption({ label: 'Of Haven' });
  assert.equal(await page.getByLabel('Search and filters').inputValue(), 'brand[eq]=Haven');
  await page.getByLabel('Format', { exact: true }).selectOption('csv');
  for (let i = 0; i < 2; ++i) await page.getByRole('button', { name: 'Add a column' }).click();
  for (const [at, from] of ['[sku]', '[title'].entries()) {
    await page.getByLabel(`Column ${at + 1}`, { exact: true }).fill(`column ${at}`);
    await page.getByLabel(`What stands in it ${at + 1}`).fill(from);
  }
  visit.expects = [422];
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('The formula cannot be read at character 7: a ] is missing.', { exact: true }).waitFor();
  visit.expects = [];
  assert.equal(await page.getByLabel('What stands in it 2').getAttribute('aria-invalid'), 'true');
  assert.equal(await page.getByLabel('What stands in it 1').getAttribute('aria-invalid'), null);
  await page.getByLabel('What stands in it 2').fill('[title]');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('heading', { level: 1, name: 'Partner' }).waitFor();
});

test('WooCommerce’s own sample goes in as it is', async (t) => {
  const file = ['sample_products.csv', ...(existsSync(join(sharedData, 'woocommerce')) ? readdirSync(join(sharedData, 'woocommerce')).filter((name) => /sample.*\.csv$/.test(name)) : [])]
    .map((name) => join(sharedData, 'woocommerce', name)).find((path) => existsSync(path));
  if (!file) return t.skip('skipped: shared/data/woocommerce is not on this machine');
  const counts = await importFile(file);
  assert.ok(counts.rows > 20);
  assert.equal(counts.rows, counts.created + counts.changed + counts.unchanged + counts.refused);
  assert.equal(counts.refused, 0);
});

test('an orders file goes in, its order is accepted and shipped, and the buyer is shown to whom gives a reason', async () => {
  const { page } = visit;
  const path = join(folder, 'unshipped.txt');
  writeFileSync(path, amazon);
  const counts = await importFile(path);
  assert.deepEqual([counts.created, counts.refused], [1, 1]);
  await page.getByRole('link', { name: /^Orders/ }).last().click();
  await page.getByRole('searchbox').fill('999-1111111-1111111');
  await page.waitForURL(/q=999/);
  await page.getByRole('grid').getByRole('link', { name: '999-1111111-1111111' }).click();
  await page.getByRole('heading', { level: 1, name: '999-1111111-1111111' }).waitFor();

  assert.equal(await page.getByText('Quirina').count(), 0);
  await page.getByRole('button', { name: 'Reveal' }).click();
  await page.getByText('Quirina Bosch').first().waitFor();
  await page.getByText('Dorpsstraat 1').waitFor();
  await page.getByRole('button', { name: 'Cover' }).click();
  assert.equal(await page.getByText('Quirina').count(), 0);
  const entry = (await shop.get('/api/v1/audit?per_page=5')).json.data.find((one) => one.action.includes('reveal'));
  assert.equal(entry.details.reason, 'fulfilment');

  await page.getByRole('button', { name: 'Accept' }).click();
  await page.getByText('Accepted', { exact: true }).first().waitFor();
  await page.getByRole('button', { name: 'Ship', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Carrier').fill('PostNL');
  await dialog.getByLabel('Track and trace').fill('3STEST000000001');
  await dialog.getByRole('button', { name: 'Ship this parcel' }).click();
  await page.getByRole('cell', { name: '3STEST000000001' }).waitFor();
  const order = (await shop.get('/api/v1/order?q=999-1111111-1111111')).json.data[0];
  assert.equal(order.status, 'shipped');
});

test('an order typed in holds a product and a free line', async () => {
  const { page } = visit;
  await page.goto(visit.base + '/orders/new');
  await page.getByRole('searchbox').fill('NEW-2');
  await page.getByRole('button', { name: /Café crème mug/ }).click();
  await page.getByRole('button', { name: 'Free line' }).click();
  await page.getByLabel('Article').nth(1).fill('Gift wrap');
  await page.getByLabel('Price', { exact: true }).nth(1).fill('2.50');
  await page.getByLabel('First name').fill('Zelma');
  await page.getByLabel('City').fill('Zelmastad');
  await page.getByLabel('Country (2 letters)').fill('nl');
  await page.getByLabel('Order number').fill('BY-HAND-1');
  await page.getByRole('button', { name: 'Place order' }).click();
  await page.getByRole('heading', { level: 1, name: 'BY-HAND-1' }).waitFor();
  await page.getByText('Gift wrap').waitFor();
  const order = (await shop.get('/api/v1/order?q=BY-HAND-1')).json.data[0];
  assert.equal(order.total, 15);
  assert.equal(order.country_code, 'NL');
  assert.ok(!JSON.stringify(order).includes('Zelma'));
});

test('an order is held back and says why, is let go again, and carries the shop’s own tags', async () => {
  const { page } = visit;
  await page.getByRole('button', { name: 'Hold back' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Why').selectOption('Address in doubt');
  await dialog.getByLabel('More about it').fill('Zelma moved house');
  await visit.checkAccess('the dialog of a hold');
  await dialog.getByRole('button', { name: 'Hold it back' }).click();
  await page.getByRole('heading', { name: 'On hold' }).waitFor();
  await page.getByText('Zelma moved house').waitFor();
  assert.equal(await page.getByRole('button', { name: 'Ship', exact: true }).count(), 0);
  await visit.checkAccess('an order on hold');
  await page.getByLabel('Tag', { exact: true }).fill('Gift');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByRole('link', { name: 'gift', exact: true }).click();
  await page.getByRole('grid').getByRole('link', { name: 'BY-HAND-1' }).click();
  await page.getByRole('button', { name: 'Release the hold: Address in doubt' }).click();
  await page.getByRole('heading', { name: 'On hold' }).waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Ship', exact: true }).waitFor();
});

test('what a buyer sends back is entered, received and put back in stock', async () => {
  const { page } = visit;
  await shop.post('/api/v1/stock/NEW-2', { available: 5 }); // one of them goes to the order, which waited for it
  const before = (await shop.get('/api/v1/stock/NEW-2')).json.data.on_hand;
  await page.reload();
  await page.getByRole('button', { name: 'Ship', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Ship this parcel' }).click();
  const slip = await page.getByRole('link', { name: 'Packing slip: PACK01' }).getAttribute('href');
  const paper = await page.evaluate(async (at) => { const answer = await fetch(at); return [answer.status, answer.headers.get('content-type')]; }, slip);
  assert.deepEqual(paper, [200, 'application/pdf']);
  await page.getByRole('button', { name: 'Enter a return' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(/Pieces of Café crème mug/).fill('1');
  await dialog.getByLabel('Why').selectOption('Arrived damaged');
  await dialog.getByLabel('What the buyer says').fill('Zelma got a chipped one');
  await visit.checkAccess('the dialog of a return');
  await dialog.getByRole('button', { name: 'Enter the return' }).click();
  await page.getByRole('heading', { level: 1, name: /^Return \d+/ }).waitFor();
  await visit.checkAccess('a return');
  await page.getByRole('button', { name: 'All back in stock' }).click();
  await page.getByRole('button', { name: 'Save what came' }).click();
  await page.getByRole('button', { name: 'Close the return' }).click();
  await page.getByText('Closed', { exact: true }).waitFor();
  assert.equal((await shop.get('/api/v1/stock/NEW-2')).json.data.on_hand, before);
  await page.getByRole('link', { name: 'Returns' }).first().click();
  await page.getByRole('link', { name: /^All/ }).click();
  await page.getByRole('grid').getByText('BY-HAND-1').waitFor();
  await visit.checkAccess('the list of returns');
});

test('a refund in parts shows what was paid, what went back and what is left', async () => {
  const { page } = visit;
  await page.getByRole('grid').getByRole('link').first().click();
  await page.getByRole('link', { name: 'BY-HAND-1' }).first().click();
  await page.getByRole('heading', { level: 1, name: 'BY-HAND-1' }).waitFor();
  await page.getByRole('button', { name: 'Refund', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Refunded pieces of Gift wrap').fill('1');
  assert.equal(await dialog.getByLabel('Amount of Gift wrap').inputValue(), '2.50');
  await dialog.getByLabel('Why').selectOption('Goodwill');
  await visit.checkAccess('the dialog of a refund');
  await dialog.getByRole('button', { name: 'Record the refund' }).click();
  await page.getByRole('row', { name: /^Balance/ }).getByText('€12.50').waitFor();
  await page.getByRole('cell', { name: 'REF01' }).waitFor();
  await visit.checkAccess('an order with a refund');
});

test('a number that the catalogue does not know is linked to its product with one click', async () => {
  const { page } = visit;
  const placed = await shop.post('/api/v1/order', { channel: 'bol', channel_order_id: 'LINK-ME', currency_code: 'EUR', lines: [{ sku: 'THEIR-7', title: 'Café crème mug', quantity: 1, price: 12.5 }] });
  await visit.go('/orders/' + placed.json.data.id);
  await page.getByText('Not in the catalogue').waitFor();
  await page.getByRole('region', { name: 'Needs attention' }).getByRole('button', { name: 'Choose its product' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: /NEW-2/ }).waitFor();
  await visit.checkAccess('the dialog that links a line');
  await dialog.getByRole('button', { name: /NEW-2/ }).click();
  await page.getByRole('link', { name: 'NEW-2' }).waitFor();
  await page.getByText('bol calls it THEIR-7').waitFor();
  assert.equal(await page.getByText('Not in the catalogue').count(), 0);
  assert.equal(await page.getByText('Needs attention').count(), 0);
});

test('an order older than 30 days says that its buyer is gone, and what to do', async () => {
  const { page } = visit;
  const oldest = (await shop.get('/api/v1/order?sort=placed_at&per_page=1')).json.data[0];
  await visit.go('/orders/' + oldest.id);
  await page.getByText(/Details deleted on/).waitFor();
  assert.equal(await page.getByRole('button', { name: 'Reveal' }).count(), 0);
});

test('a view is saved with its words and columns, any attribute among them, opened from the palette, changed, exported and removed', async () => {
  const { page } = visit;
  assert.ok((await shop.request('PUT', '/api/v1/attribute/material', { body: { labels: { en: 'Made of' }, validation: { length_max: 12 } } })).status < 300);
  await visit.go('/products?q=tindra&sort=-sku');
  await page.getByRole('button', { name: 'Save view…' }).click();
  await page.getByLabel('Name', { exact: true }).fill('Tindra by number');
  await page.getByRole('checkbox', { name: /For everybody/ }).check();
  await visit.checkAccess('naming a view');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  const menu = page.getByRole('button', { name: 'Tindra by number' });
  await menu.waitFor();
  await page.getByRole('button', { name: 'Columns' }).click();
  await page.getByRole('checkbox', { name: 'EAN' }).check();
  await page.getByLabel('Find an attribute').fill('materi');
  await page.getByRole('checkbox', { name: 'Made of' }).check();
  await page.getByLabel('Find an attribute').fill('');
  await page.getByRole('button', { name: 'Move Made of forward' }).press('Enter');
  await visit.checkAccess('choosing columns');
  await page.keyboard.press('Escape');
  const heads = await page.getByRole('columnheader').allInnerTexts(), at = heads.indexOf('Made of');
  assert.ok(at > 1 && heads.indexOf('EAN') === at + 1, heads.join());

  // Typed into its cell: what is wrong stands there; what somebody else made of it meanwhile is shown beside one's own.
  const row = page.getByRole('grid').getByRole('row').filter({ hasText: 'Tindra' }).first(), cell = row.getByRole('gridcell').nth(at), field = page.getByRole('textbox', { name: 'Made of' });
  const sku = await row.getByRole('gridcell').nth(heads.indexOf('SKU')).innerText();
  await cell.click();
  await page.getByRole('grid').press('F2');
  await field.fill('a rather long name of a material');
  visit.expects = [422, 412];
  await field.press('Enter');
  await cell.getByRole('alert').filter({ hasText: '12' }).waitFor();
  await visit.checkAccess('a cell with a fault');
  await field.fill('Porcelain');
  await shop.post(`/api/v1/product/${encodeURIComponent(sku)}`, { attributes: { material: 'Bone china' } });
  await field.press('Enter');
  await page.getByRole('radio', { name: /Bone china/ }).waitFor();
  await page.getByRole('button', { name: 'Save as chosen' }).click();
  await cell.getByText('Porcelain').waitFor();
  visit.expects = [];

  await page.getByRole('button', { name: 'Save to this view' }).click();
  await page.getByRole('button', { name: 'Save to this view' }).waitFor({ state: 'detached' });
  await page.setViewportSize({ width: 360, height: 780 });
  await visit.noSidewaysScroll('a saved view at 360 px');
  await page.setViewportSize({ width: 1360, height: 860 });

  await visit.go('/orders?channel=amazon&q=Bosch'); // what may name a buyer is not kept
  assert.equal(await page.getByRole('columnheader', { name: 'EAN' }).count(), 0);
  await page.getByRole('button', { name: 'Save view…' }).click();
  await page.getByText('Your search is not saved with it').waitFor();
  await page.getByLabel('Name', { exact: true }).fill('Amazon');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('button', { name: 'Amazon', exact: true }).waitFor();
  const kept = await page.evaluate(() => fetch('/api/v1/view?list=order').then((answer) => answer.json()));
  assert.deepEqual(kept.data.map(({ query, own }) => [query.includes('channel%5Beq%5D=amazon'), query.includes('Bosch'), own]), [[true, false, true]]);

  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Find or go to' }).fill('tindra by');
  await page.getByRole('option', { name: /Tindra by number/ }).click();
  await page.waitForURL(/products\?q=tindra&sort=-sku&saved=/);
  await page.getByRole('columnheader', { name: 'EAN' }).waitFor();
  await cell.getByText('Porcelain').waitFor();
  await menu.click();
  await page.getByRole('menuitemradio', { name: 'Tindra by number', checked: true }).waitFor();
  await visit.checkAccess('the views');
  page.once('dialog', (asked) => asked.accept());
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await page.getByRole('button', { name: 'Views', exact: true }).waitFor();

  await visit.go('/exports');
  await page.getByLabel('Saved view', { exact: true }).waitFor();
  await visit.checkAccess('views as files');
  const file = await page.getByRole('link', { name: 'Download' }).first().getAttribute('href');
  assert.match(file, /export\?view=[0-9a-f]{16}&format=csv/);
});

test('no page broke its policy, asked another host, or left an error behind', async () => {
  await visit.end();
});
