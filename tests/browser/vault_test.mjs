// A buyer asks what the shop holds about them, then wants it erased; the shop proves that it is gone.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { Appliance, anOrder, buyerWords, newShop, owner, removeFolder } from '../app/appliance.mjs';
import { Visit, openBrowser } from './browser.mjs';

let made, shop, browser, visit;
before(async () => {
  made = newShop();
  shop = await Appliance.start(made.data, { token: made.token });
  await shop.post('/api/v1/order', anOrder('V-1'));
  await shop.post('/api/v1/order', anOrder('V-2'));
  await shop.post('/api/v1/order', anOrder('V-3', { email: 'somebody.else@example.com' }));
  browser = await openBrowser();
  visit = await Visit.start(browser, shop.url.origin);
  await visit.signIn(owner);
});
after(async () => {
  await browser?.close();
  await shop?.stop();
  removeFolder(made.data);
});

const prove = async (text) => {
  const { page } = visit;
  await visit.go('/vault?tab=prove');
  await page.getByLabel('A name, an e-mail address, any text').fill(text);
  await page.getByRole('button', { name: 'Look' }).click();
  await page.locator('.verdict').waitFor();
  return page.locator('.verdict').innerText();
};

test('today is alive in the calendar, and nothing is due', async () => {
  const { page } = visit;
  await visit.go('/vault');
  await page.getByText(/can be read until/).last().waitFor({ state: 'attached' });
  await page.getByRole('button', { name: 'What is due?' }).click();
  await page.getByRole('dialog').getByText(/Nothing is due/).waitFor();
  await visit.checkAccess('what is due');
  await page.keyboard.press('Escape');
});

test('while a buyer is alive, the proof says where', async () => {
  assert.match(await prove('zyx.quillon@example.com'), /still here/);
  await visit.page.getByRole('link', { name: 'V-1' }).waitFor();
  await visit.checkAccess('a text that is there');
});

test('all orders of one person are found by e-mail, masked, and what is held is exported for them', async () => {
  const { page } = visit;
  await visit.go('/vault?tab=persons');
  await page.getByLabel('E-mail').fill('ZYX.quillon@example.com');
  await page.getByRole('button', { name: 'Find orders' }).click();
  await page.getByRole('heading', { name: '2 orders found' }).waitFor();
  const shown = await page.locator('main').innerText();
  for (const word of ['Zyxander', 'Quillonbury', 'Vexillology']) assert.ok(!shown.includes(word), `${word} is masked`);
  await visit.checkAccess('orders of a person');

  await page.getByRole('button', { name: 'Export', exact: true }).click();
  await page.getByLabel('Reason').fill('request of 25 November');
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Make the file' }).click()]);
  const held = readFileSync(await download.path(), 'utf8');
  for (const word of buyerWords.filter((one) => one !== '0000 0123')) assert.ok(held.includes(word), word);
});

test('erasing asks for a reason, leaves the orders, and gives a certificate', async () => {
  const { page } = visit;
  await page.getByRole('button', { name: 'Erase' }).click();
  await page.getByLabel('Reason').fill('request of 25 November');
  await page.getByRole('button', { name: 'Erase for good' }).click();
  await page.getByRole('status').filter({ hasText: /Erased in 2 orders; certificate \d+/ }).waitFor();
  await page.getByText('Nobody found').waitFor();
  const orders = (await shop.get('/api/v1/order')).json;
  assert.equal(orders.meta.total, 3);
  await page.goto(visit.base + '/orders/' + orders.data.find((one) => one.channel_order_id === 'V-1').id);
  await page.getByText(/Details deleted/).waitFor();

  await visit.go('/vault?tab=certificates');
  await page.getByRole('cell', { name: 'Erasure' }).waitFor();
  await page.getByRole('button', { name: 'Check them all' }).click();
  await page.getByText(/chain and signatures? whole/).waitFor();
  await page.getByRole('button', { name: 'Show' }).first().click();
  await visit.checkAccess('a certificate');
  const words = await page.getByRole('dialog').innerText();
  for (const word of buyerWords) assert.ok(!words.includes(word), `${word} is not in a certificate`);
  await page.keyboard.press('Escape');
});

test('afterwards the text is proven gone, and the other person still there', async () => {
  assert.match(await prove('zyx.quillon@example.com'), /is gone/);
  assert.match(await prove('somebody.else@example.com'), /still here/);
});

test('a channel is given fewer days; another word than a channel is refused at its field', async () => {
  const { page } = visit;
  visit.expects.push(422);
  await visit.go('/vault?tab=key');
  await page.getByLabel('Channel').fill('Amazon');
  await page.getByLabel('Days', { exact: true }).fill('7');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText(/Name the channel as its orders do/).waitFor();
  await page.getByLabel('Channel').fill('amazon');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('row').filter({ hasText: 'amazon' }).filter({ hasText: '7 days' }).waitFor();
  await visit.checkAccess('the key and retention');
});

test('the vault gets a passphrase, is sealed, opens with none but that, and its buyers are there again', async () => {
  const { page } = visit;
  const words = 'harbour lantern quiet forty-two';
  const confirmed = async () => {
    // A change of keys asks for the password again when the sign-in is older than five minutes.
    const password = page.getByRole('dialog').getByLabel('Password', { exact: true });
    if (await password.isVisible()) { await password.fill(owner.password); await page.keyboard.press('Enter'); }
  };
  await page.getByRole('button', { name: 'New master key' }).click();
  await page.getByLabel('Kept by').selectOption('passphrase');
  await page.getByLabel('Passphrase').fill(words);
  await visit.checkAccess('a new master key');
  await page.getByRole('dialog').getByRole('button', { name: 'New master key' }).click();
  await confirmed();
  await page.getByRole('status').filter({ hasText: 'The vault has a new master key.' }).waitFor();
  await page.locator('dd').filter({ hasText: 'A passphrase' }).waitFor();

  await page.getByRole('button', { name: 'Seal now' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Seal now' }).click();
  await page.getByRole('button', { name: 'Unseal' }).waitFor();
  const order = (await shop.get('/api/v1/order')).json.data.find((one) => one.channel_order_id === 'V-3').id;
  assert.equal((await shop.get(`/api/v1/order/${order}/customer?reason=check`)).status, 503);
  await visit.checkAccess('the sealed vault');

  await page.getByLabel('Passphrase').fill('not these words at all');
  await page.getByRole('button', { name: 'Unseal' }).click();
  await page.getByText('This passphrase does not open the vault.').waitFor();
  await page.getByLabel('Passphrase').fill(words);
  await page.getByRole('button', { name: 'Unseal' }).click();
  await page.getByRole('button', { name: 'Seal now' }).waitFor();
  assert.match((await shop.get(`/api/v1/order/${order}/customer?reason=check`)).text, /somebody\.else@example\.com/);
  assert.ok(!(await page.content()).includes(words));
  await visit.end();
});
