// Pages that stay up to date by themselves, and webhooks as their owner sees them.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Appliance, anOrder, newShop, owner, removeFolder } from '../app/appliance.mjs';
import { Receiver } from '../app/listeners.mjs';
import { Visit, openBrowser } from './browser.mjs';

const { data, token } = newShop();
let shop, browser, receiver;
before(async () => {
  shop = await Appliance.start(data, { token });
  await shop.post('/api/v1/product/LAST-1', { title: 'The last pieces' }); // an empty shop has another dashboard
  receiver = await Receiver.start(data);
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await receiver?.stop();
  await shop?.stop();
  removeFolder(data);
});

test('an order that comes in shows in every tab, which share one stream', async () => {
  const visit = await Visit.start(browser, shop.url.origin);
  await visit.signIn(owner);
  await visit.go('/orders?view=all');
  const other = await visit.newPage();
  await other.goto(visit.base + '/');
  await other.getByRole('heading', { level: 1 }).waitFor();
  const toShip = other.locator('a.tile strong').first();
  await toShip.waitFor();
  const before = Number(await toShip.textContent());
  await shop.post('/api/v1/order', anOrder('LIVE-IN-TAB'));
  await visit.page.getByText('LIVE-IN-TAB').waitFor();
  await other.bringToFront();
  await other.waitForFunction((wanted) => document.querySelector('a.tile strong')?.textContent === String(wanted), before + 1);
  const figures = (await shop.get('/metrics')).text;
  assert.match(figures, /^productflow_event_streams 1$/m);
  await visit.end();
});

test('a webhook is made, sees its secret once, is tested, looked at and removed', async () => {
  const visit = await Visit.start(browser, shop.url.origin);
  visit.expects = [422];
  await visit.signIn(owner);
  const { page } = visit;
  await visit.go('/settings?tab=webhooks');
  await page.getByRole('button', { name: 'New webhook' }).click();
  await page.getByLabel('Address').fill(receiver.url);
  await page.getByRole('button', { name: 'Create' }).click();
  await page.getByText('before the owner has allowed that host').waitFor();
  await page.getByLabel(`Allow the host ${receiver.host}`).check();
  await page.getByLabel('It is in our own network').check();
  await page.getByLabel('Its certificate authority (PEM)').fill(receiver.authority);
  await page.getByLabel('order.created').check();
  await visit.checkAccess('the dialog of a new webhook');
  await page.getByRole('button', { name: 'Create' }).click();
  const secret = await page.getByText(/^whsec_/).textContent();
  assert.match(secret, /^whsec_[A-Za-z0-9+/]{43}=$/);
  await page.getByRole('button', { name: 'I have kept it' }).click();
  const more = page.getByRole('button', { name: `More about ${receiver.url}` });
  await more.click();
  await page.getByRole('menuitem', { name: 'Send a test' }).click();
  await receiver.gets('webhook.test');
  await more.click();
  await page.getByRole('menuitem', { name: 'Deliveries' }).click();
  await page.getByText('webhook.test').waitFor();
  await visit.checkAccess('the deliveries');
  await page.getByRole('button', { name: 'Close' }).last().click();
  receiver.answer = (_request, response) => response.writeHead(410).end();
  await more.click();
  await page.getByRole('menuitem', { name: 'Send a test' }).click();
  await page.getByText('410 Gone').waitFor(); // without a reload: the page is told
  await visit.go('/');
  await page.getByText('1 webhook was switched off').waitFor();
  await visit.checkAccess('the dashboard with its notice');
  await visit.go('/settings?tab=webhooks');
  await more.click();
  await page.getByRole('menuitem', { name: 'Remove' }).click();
  await page.getByRole('button', { name: 'Remove' }).last().click();
  await page.getByText('No webhooks').waitFor();
  assert.equal((await page.content()).includes(secret), false);
  await visit.end();
});
