// A new folder: the shop is set up in the browser with the code that `serve` printed.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Appliance, removeFolder, tempFolder } from '../app/appliance.mjs';
import { Visit, openBrowser } from './browser.mjs';

const folder = tempFolder();
let shop, browser, visit;
before(async () => {
  shop = await Appliance.start(join(folder, 'new'));
  browser = await openBrowser();
  visit = await Visit.start(browser, shop.url.origin, { locale: 'nl-NL' });
});
after(async () => {
  await browser?.close();
  await shop?.stop();
  removeFolder(folder);
});

const fill = async (page, code, password) => {
  await page.getByLabel('Eenmalige code').fill(code);
  await page.getByLabel('E-mail').fill('owner@example.com');
  await page.getByLabel('Wachtwoord', { exact: true }).fill(password);
  await page.getByLabel('Naam van de winkel').fill('De Nieuwe Winkel');
  await page.locator('form button.primary').click();
};

test('the person’s language is spoken from the first page on, and the page is accessible', async () => {
  await visit.page.goto(visit.base + '/');
  await visit.page.getByLabel('Eenmalige code').waitFor();
  assert.equal(await visit.page.locator('html').getAttribute('lang'), 'nl');
  await visit.checkAccess('first run');
});

test('a wrong code and a short password are refused in words', async () => {
  const { page } = visit;
  visit.expects = [401, 403, 422];
  await fill(page, 'not-the-code', 'a long enough password');
  await page.getByRole('alert').or(page.locator('.fault')).first().waitFor();
  const code = /with the code (\S+)/.exec(shop.out)[1];
  await fill(page, code, 'short');
  await page.locator('.field', { hasText: 'Wachtwoord' }).locator('.fault').waitFor();
  visit.expects = [];
});

test('the code makes the owner, who is signed in at an empty shop that says what to do first', async () => {
  const { page } = visit;
  const code = /with the code (\S+)/.exec(shop.out)[1];
  await fill(page, code, 'quiet-harbour-lantern-42');
  await page.getByRole('heading', { level: 1, name: 'De Nieuwe Winkel' }).waitFor();
  await page.locator('main').getByRole('link').first().waitFor();
  await visit.checkAccess('an empty shop');
});

test('the code does not work a second time', async () => {
  const code = /with the code (\S+)/.exec(shop.out)[1];
  const again = await shop.post('/api/v1/setup', { code, email: 'other@example.com', password: 'quiet-harbour-lantern-43' });
  assert.equal(again.status, 409);
  await visit.end();
});
