// A contributor proposes, the owner decides field by field; a task comes from a product and is counted in the menu.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Appliance, newShop, owner, removeFolder } from '../app/appliance.mjs';
import { Visit, openBrowser } from './browser.mjs';

const helper = { email: 'helper@example.com', password: 'seven-quiet-boats-in-a-row' };
let made, shop, browser;
before(async () => {
  made = newShop();
  shop = await Appliance.start(made.data, { token: made.token });
  await shop.post('/api/v1/product/T-1', { title: 'Teapot', brand: 'Acme', ean: '4006381333931' });
  const { json } = await shop.post('/api/v1/user', { email: helper.email, role: 'contributor' });
  assert.equal((await shop.post('/api/v1/invitation', { code: json.data.code, password: helper.password }, { token: '' })).status, 201);
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await shop?.stop();
  removeFolder(made.data);
});

test('what a contributor proposes is decided field by field, and a task is given and done', async () => {
  const his = await Visit.start(browser, shop.url.origin);
  await his.signIn(helper);
  await his.go('/products/T-1');
  await his.page.getByLabel('Title').fill('Tea pot');
  await his.page.getByLabel('Brand').fill('Acme & Sons');
  await his.page.getByLabel('Sell price (EUR)').fill('9.50');
  await his.page.getByRole('button', { name: 'Propose…' }).click();
  await his.page.getByLabel('Why (optional)').fill('So the maker writes it');
  await his.page.getByRole('button', { name: 'Propose', exact: true }).click();
  await his.page.getByText('One proposal for this product').waitFor();
  assert.equal(await his.page.getByLabel('Title').inputValue(), 'Teapot');

  const hers = await Visit.start(browser, shop.url.origin);
  await hers.signIn(owner);
  await hers.page.getByRole('link', { name: /^Tasks\s*1$/ }).click();
  await hers.page.getByRole('link', { name: /Proposed changes/ }).click();
  await hers.page.getByRole('link', { name: 'Teapot' }).click();
  await hers.page.getByText('So the maker writes it').waitFor();
  await hers.page.getByRole('button', { name: 'Reject: Title (en)' }).click();
  await hers.page.getByRole('button', { name: 'Approve: Sell price (EUR)' }).click();
  await hers.page.getByRole('button', { name: 'Approve: Brand' }).click();
  await hers.page.getByText('partly approved').first().waitFor();
  await hers.checkAccess('a decided draft');
  const { data } = (await shop.get('/api/v1/product/T-1')).json;
  assert.deepEqual([data.title, data.brand], ['Teapot', 'Acme & Sons']);
  assert.equal((await shop.get('/api/v1/product/T-1/offer')).json.data.prices.EUR.sell_price, 9.5);

  await hers.go('/products/T-1?tab=history');
  await hers.page.getByRole('link', { name: 'proposal 1 of helper@example.com' }).first().waitFor();
  await hers.page.getByRole('button', { name: 'More' }).click();
  await hers.page.getByRole('menuitem', { name: 'Make a task…' }).click();
  await hers.page.getByLabel('What is to be done').fill('Photograph the spout');
  await hers.page.getByLabel('For', { exact: true }).selectOption({ label: helper.email });
  await hers.page.getByLabel('Until').fill('2020-01-31');
  await hers.checkAccess('a new task');
  await hers.page.getByRole('button', { name: 'Save', exact: true }).last().click();
  await his.page.getByRole('link', { name: /^Tasks\s*1$/ }).click(); // told without asking
  await his.page.getByText('Photograph the spout').waitFor();
  await his.page.getByText('overdue', { exact: true }).waitFor({ state: 'attached' });
  await his.page.getByRole('checkbox', { name: 'Done: Photograph the spout' }).click(); // the row goes at once, so nothing is left to be seen checked
  await his.page.getByText('Nothing waits for you').waitFor();

  await hers.go('/products/T-1?tab=comments');
  await hers.page.getByLabel('Say something').pressSequentially('Which lid, @hel');
  await hers.page.getByRole('option', { name: '@helper' }).waitFor();
  await hers.checkAccess('colleagues that are offered');
  await hers.page.keyboard.press('Enter');
  await hers.page.getByRole('button', { name: 'Say', exact: true }).click();
  await hers.page.getByText('Which lid, @helper', { exact: true }).waitFor();
  await his.page.getByRole('link', { name: /^Tasks\s*1$/ }).waitFor(); // told without asking
  await his.page.getByRole('link', { name: /^Mentions/ }).click();
  await his.page.getByText('Which lid, @helper', { exact: true }).waitFor();
  await his.checkAccess('mentions');
  await his.page.getByRole('link', { name: 'Teapot' }).click();
  await his.page.getByText('Which lid, @helper', { exact: true }).waitFor();
  await his.page.getByRole('link', { name: 'Tasks', exact: true }).waitFor(); // seen is read
  await hers.page.getByRole('button', { name: 'Settled' }).click();
  await hers.page.getByText('Nobody has said anything yet.').waitFor();
  await his.end();
  await hers.end();
});
