// One's own way in: an app, a passkey of a virtual authenticator, the codes for a lost phone, and the devices.
import assert from 'node:assert/strict';
import { createHash, createHmac, X509Certificate } from 'node:crypto';
import { after, before, test } from 'node:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Appliance, newShop, owner, removeFolder } from '../app/appliance.mjs';
import { Visit, openBrowser } from './browser.mjs';

let made, shop, browser, visit, devtools, authenticator;
before(async () => {
  made = newShop();
  shop = await Appliance.start(made.data, { token: made.token });
  // A passkey wants a page that Chromium trusts, under a name: this certificate, as localhost.
  const { publicKey } = new X509Certificate(readFileSync(join(made.data, 'tls', 'server.pem')));
  const pin = createHash('sha256').update(publicKey.export({ type: 'spki', format: 'der' })).digest('base64');
  browser = await openBrowser([`--ignore-certificate-errors-spki-list=${pin}`]);
  visit = await Visit.start(browser, `https://localhost:${shop.url.port}`, { trusted: true });
  devtools = await visit.context.newCDPSession(visit.page);
  await devtools.send('WebAuthn.enable');
  const options = { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true };
  authenticator = (await devtools.send('WebAuthn.addVirtualAuthenticator', { options })).authenticatorId;
});
after(async () => {
  await browser?.close();
  await shop?.stop();
  removeFolder(made.data);
});

const inside = () => visit.page.getByRole('navigation', { name: 'Menu' }).waitFor();
const button = (name) => visit.page.getByRole('button', { name, exact: true });
async function signOut() {
  await visit.page.goto('about:blank'); // or the page goes on asking, by a session that is gone
  await visit.page.context().clearCookies({ name: '__Host-session' });
  await visit.page.goto(visit.base + '/');
  await visit.page.getByLabel('E-mail').waitFor();
}

test('a passkey is made, shown with its recovery codes, and opens the door alone', async () => {
  await visit.signIn(owner);
  await visit.go('/settings?tab=account');
  await button('Add').click();
  await visit.page.getByRole('dialog').getByLabel('Name').fill('My phone');
  await button('Go on').click();
  await visit.page.getByRole('heading', { name: 'Recovery codes' }).waitFor();
  assert.equal(await visit.page.locator('.codes li').count(), 10);
  await visit.checkAccess('recovery codes');
  await button('I have kept them').click();
  await visit.page.getByText('My phone').waitFor();
  assert.equal((await devtools.send('WebAuthn.getCredentials', { authenticatorId: authenticator })).credentials.length, 1);
  await visit.checkAccess('my account');
  await signOut();
  await visit.checkAccess('sign-in');
  await button('Use a passkey instead').click();
  await inside();
});

test('after the password the passkey is asked for, and without it nobody comes in', async () => {
  await signOut();
  await visit.page.getByLabel('E-mail').fill(owner.email);
  await visit.page.getByLabel('Password', { exact: true }).fill(owner.password);
  await button('Sign in').click();
  await button('Use the passkey').waitFor();
  await visit.checkAccess('second step');
  visit.expects = [401, 422];
  await visit.page.getByLabel('Code').fill('000000');
  await button('Go on').click();
  await visit.page.getByRole('alert').waitFor();
  await button('Use the passkey').click();
  await inside();
});

test('an app is set up from its QR code, which a phone can read', async () => {
  await visit.go('/settings?tab=account');
  await button('Set up').click();
  const qr = visit.page.getByRole('img', { name: `QR code for ${owner.email}` });
  await qr.waitFor();
  assert.ok((await qr.evaluate((image) => image.naturalWidth)) > 0);
  const secret = await visit.page.locator('.secret').innerText();
  const bits = [...secret].map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const mac = createHmac('sha1', Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)))).update(counter).digest();
  await visit.page.getByLabel('Six digits').fill(String((mac.readUInt32BE(mac[19] & 15) & 0x7fffffff) % 1_000_000).padStart(6, '0'));
  await button('Turn on').click();
  await qr.waitFor({ state: 'detached' });
  assert.equal((await shop.get('/api/v1/user')).json.data[0].totp, true);
  await visit.page.getByText('Where you are signed in').waitFor();
});

test('the owner invites a colleague, who joins by the link and finds only his work', async () => {
  await visit.go('/people');
  await button('Invite somebody').click();
  await visit.page.getByLabel('E-mail').fill('ann@example.com');
  await visit.page.getByLabel('Role').selectOption('packer');
  await visit.checkAccess('invite');
  await button('Make the link').click();
  const link = await visit.page.locator('.secret').innerText();
  const colleague = await Visit.start(browser, visit.base, { trusted: true });
  await colleague.page.goto(link);
  await colleague.page.getByLabel('New password').fill('seven quiet boats in a row');
  await colleague.checkAccess('join');
  await colleague.page.getByRole('button', { name: 'Join' }).click();
  await colleague.page.getByText('From now on sign in as ann@example.com').waitFor();
  await colleague.signIn({ email: 'ann@example.com', password: 'seven quiet boats in a row' });
  await colleague.page.getByRole('link', { name: 'Orders' }).waitFor();
  for (const name of ['People', 'Vault', 'Audit log', 'Imports']) assert.equal(await colleague.page.getByRole('link', { name, exact: true }).count(), 0, name);
  await colleague.end();
});

test('a link that was bent on its way is shown to be mended, not a broken page', async () => {
  const stranger = await Visit.start(browser, `https://localhost:${shop.url.port}`, { trusted: true });
  await stranger.page.goto(stranger.base + '/join#0123.abc%');
  await stranger.page.getByRole('heading', { name: /Join|Welcome|invited/i }).first().waitFor();
  assert.equal(await stranger.page.locator('input.mono').inputValue(), '0123.abc%');
  await stranger.end();
});

test('the owner reviews who has access, signs it, and finds it in the log', async () => {
  await visit.go('/people?tab=review');
  await visit.checkAccess('access review');
  const sign = visit.page.getByRole('button', { name: 'Sign the review' });
  assert.equal(await sign.isDisabled(), true); // nobody is decided yet
  for (const group of await visit.page.locator('fieldset.decide').all()) await group.getByLabel('Keep').check();
  await visit.page.getByLabel('Note').fill('Everybody is still here.');
  await sign.click();
  await visit.page.getByText('signature holds').waitFor();
  await visit.go('/audit');
  await visit.page.getByLabel('Action').fill('access.review');
  await visit.page.getByRole('button', { name: 'Search' }).click();
  await visit.page.getByRole('cell', { name: 'access.review' }).waitFor();
  assert.equal(await visit.page.locator('tbody tr').count(), 1);
  await visit.checkAccess('searched log');
});

test('nothing went wrong on the way', () => visit.end());
