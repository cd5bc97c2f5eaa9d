// Who may do what: a shop with people and programs, and an attacker at its door.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import https from 'node:https';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Appliance, anOrder, newShop, owner, removeFolder, run, tempFolder } from './appliance.mjs';

let made, shop;
before(async () => {
  made = newShop();
  shop = await Appliance.start(made.data, { token: made.token });
});
after(async () => {
  await shop?.stop();
  removeFolder(made.data);
});

// A browser: it keeps its cookies and sends its name.
class Browser {
  constructor(agent = 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0') { this.agent = agent; this.jar = {}; this.csrf = ''; }
  async send(method, path, body, headers = {}) {
    const cookie = Object.entries(this.jar).map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await shop.request(method, path, { token: '', body, headers: { 'user-agent': this.agent, ...(cookie && { cookie }), ...(method !== 'GET' && { 'x-csrf-token': this.csrf }), ...headers } });
    for (const line of [answer.headers['set-cookie'] ?? []].flat()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
      this.jar[name] = value;
    }
    if (answer.json?.data?.csrf) this.csrf = answer.json.data.csrf;
    return answer;
  }
  signIn({ email, password }, code) { return this.send('POST', '/api/v1/session', { email, password, ...(code && { code }) }); }
}
const base32 = (text) => {
  const bits = [...text].map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0')).join('');
  return Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
};
function appCode(secret, steps = 0) {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const mac = createHmac('sha1', base32(secret)).update(counter).digest();
  return String((mac.readUInt32BE(mac[19] & 15) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}
async function invited(email, role, limits) {
  const { json } = await shop.post('/api/v1/user', { email, role, ...(limits && { limits }) });
  const person = { email, password: 'seven-quiet-boats-in-a-row', id: json.data.id };
  assert.equal((await new Browser().send('POST', '/api/v1/invitation', { code: json.data.code, password: person.password })).status, 201);
  return person;
}
const audit = async () => (await shop.get('/api/v1/audit?per_page=200')).json.data;

test('a packer is invited, sees the orders and addresses of one channel, and nothing else', async () => {
  const mine = (await shop.post('/api/v1/order', anOrder('BOL-1', { channel: 'bol' }))).json.data.id;
  const foreign = (await shop.post('/api/v1/order', anOrder('AMZ-1', { channel: 'amazon' }))).json.data.id;
  const packer = await invited('packer@example.com', 'packer', { channels: ['bol'], categories: [], locales: [], personal: [] });
  const browser = new Browser();
  const session = await browser.signIn(packer);
  assert.equal(session.status, 201);
  assert.deepEqual(session.json.data.permissions.toSorted(), ['buyer.reveal', 'catalog.read', 'orders.read', 'orders.write', 'signed_in', 'stock.read']);
  assert.deepEqual((await browser.send('GET', '/api/v1/order')).json.data.map((one) => one.id), [mine]);
  assert.equal((await browser.send('GET', `/api/v1/order/${foreign}`)).status, 404);
  assert.equal((await browser.send('PUT', `/api/v1/order/${foreign}/accept`)).status, 404);
  const buyer = (await browser.send('GET', `/api/v1/order/${mine}/customer?reason=fulfilment`)).json.data;
  assert.deepEqual(Object.keys(buyer).toSorted(), ['phone_number', 'shipping_customer']);
  for (const [method, path] of [['GET', '/api/v1/user'], ['GET', '/api/v1/audit'], ['PATCH', '/api/v1/settings'], ['POST', '/api/v1/token'], ['POST', '/api/v1/vault/purge']])
    assert.equal((await browser.send(method, path, method === 'GET' ? undefined : {})).status, 403, path);
});

test('who is named in a comment finds it, and nothing of what is said of a product that he may not see', async () => {
  await shop.post('/api/v1/product/MUG', { title: 'Mug', categories: ['kitchen'] });
  await shop.post('/api/v1/product/RAKE', { title: 'Rake', categories: ['garden'] });
  const gardener = await invited('gardener@example.com', 'contributor', { channels: [], categories: ['garden'], locales: [], personal: [] });
  const said = await shop.post('/api/v1/product/MUG/comment', { text: '@gardener: nobody but @nobody knows.' });
  assert.deepEqual(said.json.data.mentions.map(({ id, said }) => [id, said]), [[gardener.id, '@gardener']]);
  await shop.post('/api/v1/product/RAKE/comment', { text: 'Which red, @gardener@example.com?' });
  const browser = new Browser();
  await browser.signIn(gardener);
  assert.equal((await browser.send('GET', '/api/v1/teamwork')).json.data.mentions, 2);
  const found = (await browser.send('GET', '/api/v1/mention')).json.data;
  assert.deepEqual(found.map(({ sku, title, text, read }) => [sku, title, text, read]), [['RAKE', 'Rake', 'Which red, @gardener@example.com?', false], [null, null, null, false]]);
  assert.equal((await browser.send('GET', '/api/v1/product/RAKE/comment')).json.data[0].unread, true);
  assert.equal((await browser.send('PUT', '/api/v1/mention/read', { sku: 'RAKE' })).json.data.unread, 1);
  assert.equal((await browser.send('GET', '/api/v1/product/RAKE/comment')).json.data[0].unread, false);
  assert.equal((await shop.request('DELETE', `/api/v1/user/${gardener.id}`)).status, 204);
});

test('with an app the password alone opens nothing, and each code opens once', async () => {
  const clerk = await invited('clerk@example.com', 'order_clerk');
  const browser = new Browser();
  await browser.signIn(clerk);
  const { secret, uri } = (await browser.send('POST', '/api/v1/totp')).json.data;
  assert.match(uri, /^otpauth:\/\/totp\/.*clerk%40example\.com\?secret=[A-Z2-7]{32}&/);
  const { recovery_codes } = (await browser.send('POST', '/api/v1/totp/confirm', { code: appCode(secret, -1) })).json.data;
  assert.equal(recovery_codes.length, 10);
  const other = new Browser();
  const first = await other.signIn(clerk);
  assert.equal(first.status, 202);
  assert.deepEqual(first.json.data.factors, ['totp', 'recovery']);
  assert.equal(other.jar['__Host-session'], undefined);
  assert.equal((await other.send('GET', '/api/v1/order')).status, 401);
  const code = appCode(secret);
  assert.equal((await other.send('POST', '/api/v1/session/factor', { ticket: first.json.data.ticket, code })).status, 201);
  assert.equal((await other.send('GET', '/api/v1/order')).status, 200);
  assert.equal((await new Browser().signIn(clerk, code)).status, 422);
  assert.equal((await new Browser().signIn(clerk, recovery_codes[0])).status, 201);
  assert.equal((await new Browser().signIn(clerk, recovery_codes[0])).status, 422);
  const devices = (await other.send('GET', '/api/v1/device')).json.data;
  assert.equal(devices.length, 3);
  assert.equal((await other.send('DELETE', '/api/v1/device')).status, 204);
  assert.equal((await browser.send('GET', '/api/v1/order')).status, 401);
  assert.equal((await other.send('GET', '/api/v1/order')).status, 200);
  assert.equal((await shop.request('PUT', '/api/v1/role/order_clerk', { body: { second_factor: true } })).status, 200);
  const late = await invited('late@example.com', 'order_clerk');
  const held = new Browser();
  assert.equal((await held.signIn(late)).json.data.must_enrol, true);
  assert.equal((await held.send('GET', '/api/v1/order')).status, 403);
});

test('a person who leaves, or has less to say, is stopped in the open session and with the token', async () => {
  const manager = await invited('manager@example.com', 'manager');
  const browser = new Browser();
  await browser.signIn(manager);
  assert.equal((await browser.send('POST', '/api/v1/product/M-1', { title: 'By the manager' })).status, 201);
  assert.equal((await shop.request('PATCH', `/api/v1/user/${manager.id}`, { body: { role: 'read_only' } })).status, 200);
  assert.equal((await browser.send('POST', '/api/v1/product/M-1', { title: 'Once more' })).status, 403);
  assert.equal((await browser.send('GET', '/api/v1/product/M-1')).status, 200);
  const view = (shared) => ({ list: 'product', name: 'Enabled', query: 'enabled[eq]=1', shared });
  assert.deepEqual([(await browser.send('POST', '/api/v1/view', view(true))).status, (await browser.send('POST', '/api/v1/view', view(false))).status], [403, 201]);
  const gone = await invited('gone@example.com', 'owner');
  const hers = new Browser();
  await hers.signIn(gone);
  const token = (await hers.send('POST', '/api/v1/token', { name: 'hers', scopes: ['orders.read'] })).json.data.token;
  assert.equal((await shop.get('/api/v1/order', { token })).status, 200);
  for (const shared of [true, false]) assert.equal((await hers.send('POST', '/api/v1/view', view(shared))).status, 201);
  assert.equal((await shop.request('DELETE', `/api/v1/user/${gone.id}`)).status, 204);
  assert.deepEqual((await shop.get('/api/v1/view')).json.data.map(({ name, owner }) => [name, owner.name]), [['Enabled', 'gone@example.com']]);
  assert.equal((await shop.get('/api/v1/order', { token })).status, 401);
  assert.equal((await hers.send('GET', '/api/v1/order')).status, 401);
  assert.ok((await audit()).some((entry) => entry.action === 'user.remove' && entry.object === `user:${gone.id}`));
});

test('a program comes in by its certificate, from where it may, until it is removed', async () => {
  const out = join(tempFolder(), 'warehouse');
  const create = (...more) => run(['client', 'new', '--data', made.data, '--name', 'warehouse', '--scope', 'orders.read', '--out', out, ...more]);
  assert.equal(create().code, 0);
  assert.equal(create().code, 1); // never over a key that is in use
  assert.ok(['client.pem', 'ca.pem', 'curl.conf'].every((file) => existsSync(join(out, file))));
  const pem = readFileSync(join(out, 'client.pem'));
  const get = (path, options = {}) => new Promise((done, fail) => {
    https.get({ host: shop.url.hostname, port: shop.url.port, path, ca: readFileSync(join(out, 'ca.pem')), cert: pem, key: pem, agent: false, ...options }, (answer) => { answer.resume(); done(answer.statusCode); }).on('error', fail);
  });
  assert.equal(await get('/api/v1/order'), 200);
  assert.equal(await get('/api/v1/product'), 403);
  assert.equal(await get('/api/v1/order', { cert: undefined, key: undefined }), 401);
  const tokens = (await shop.get('/api/v1/token')).json.data;
  const [certificate] = tokens.filter((one) => one.kind === 'certificate');
  assert.equal(tokens.filter((one) => one.kind === 'certificate').length, 1);
  assert.equal(certificate.last_address, '127.0.0.1');
  assert.equal(run(['token', 'remove', '--data', made.data, certificate.id]).code, 0);
  assert.equal(await get('/api/v1/order'), 401);
  removeFolder(out);
});

test('a token is rotated without a gap, and bound to where it may come from', async () => {
  const old = (await shop.post('/api/v1/token', { name: 'feed', scopes: ['orders.read'], ranges: ['127.0.0.0/8'] })).json.data;
  const next = run(['token', 'rotate', '--data', made.data, old.id]).out.trim();
  for (const token of [old.token, next]) assert.equal((await shop.get('/api/v1/order', { token })).status, 200);
  const elsewhere = (await shop.post('/api/v1/token', { name: 'far', scopes: ['orders.read'], ranges: ['203.0.113.0/24'] })).json.data;
  assert.equal((await shop.get('/api/v1/order', { token: elsewhere.token })).status, 403);
});

test('the command line invites, resets, stops and removes people while the shop runs', async () => {
  const ask = (...args) => run(['user', ...args, '--data', made.data]);
  const code = ask('invite', '--email', 'line@example.com', '--role', 'read_only').out.trim();
  assert.match(code, /^[0-9a-f]{16}\.[\w-]{22}$/);
  const person = { email: 'line@example.com', password: 'nine-green-hills-at-noon' };
  assert.equal((await new Browser().send('POST', '/api/v1/invitation', { code, password: person.password })).status, 201);
  assert.equal(ask('stop', 'line@example.com').code, 0);
  assert.equal(ask('wake', 'LINE@example.com').code, 0);
  assert.match(ask('reset', 'line@example.com').out.trim(), /\./);
  assert.equal(ask('role', 'line@example.com', 'king').code, 1);
  assert.equal(ask('remove', 'line@example.com').code, 0);
  assert.equal(ask('remove', 'line@example.com').code, 1);
  assert.match(ask('roles').out, /packer/);
});

test('whoever confirms his password gets a new secret, and the one that somebody may have seen is dead', async () => {
  const mine = new Browser();
  await mine.signIn(await invited('fixed@example.com', 'manager'));
  const seen = new Browser();
  seen.jar = { ...mine.jar };
  seen.csrf = mine.csrf;
  assert.equal((await seen.send('GET', '/api/v1/order')).status, 200); // the same browser, as far as can be told
  const confirmed = await mine.send('POST', '/api/v1/session/reauthenticate', { password: 'seven-quiet-boats-in-a-row' });
  assert.equal(confirmed.status, 200);
  assert.notEqual(mine.jar['__Host-session'], seen.jar['__Host-session']);
  assert.equal((await seen.send('GET', '/api/v1/order')).status, 401);
  assert.equal((await mine.send('GET', '/api/v1/order')).status, 200);
  assert.equal(confirmed.json.data.csrf, seen.csrf); // another tab goes on
});

test('the log is searched by person, action, object and time, by the API and by command', async () => {
  const ask = async (query) => (await shop.get('/api/v1/audit?per_page=200&' + query)).json.data;
  const joined = await ask('action=user.join');
  assert.ok(joined.length > 1 && joined.every((one) => one.action === 'user.join'));
  assert.ok((await ask('action=user')).length > joined.length); // and all others of people
  assert.deepEqual((await ask(`object=${joined[0].object}&action=user.join`)).map((one) => one.number), [joined[0].number]);
  assert.ok((await ask('actor=' + joined[0].actor_name.toUpperCase())).every((one) => one.actor_name === joined[0].actor_name));
  assert.deepEqual(await ask('to=2020-01-01'), []);
  assert.deepEqual(await ask('from=2999-01-01'), []);
  assert.equal((await shop.get('/api/v1/audit?from=yesterday')).status, 422);
  const page = (await shop.get('/api/v1/audit?per_page=1&action=user.join')).json;
  const after = (await shop.get('/api/v1/audit?per_page=1&action=user.join&cursor=' + page.meta.next_cursor)).json;
  assert.deepEqual([page, after].map(({ data }) => data[0].number), joined.slice(0, 2).map((one) => one.number));
  const { out } = run(['audit', 'list', '--data', made.data, '--action', 'user.join', '--json']);
  assert.deepEqual(out.trim().split('\n').map((line) => JSON.parse(line).number), joined.map((one) => one.number));
  assert.equal(run(['audit', 'verify', '--data', made.data, '--recent']).code, 0);
});

test('the quarter’s access review is decided for each, signed by a person, and kept', async () => {
  const gone = await invited('quarter@example.com', 'packer');
  const program = (await shop.post('/api/v1/token', { name: 'old feed', scopes: ['orders.read'] })).json.data;
  const leaving = new Browser();
  await leaving.signIn(gone);
  const before = (await shop.get('/api/v1/access-review')).json.data;
  assert.equal(before.overdue, false);
  assert.ok(before.people.find((one) => one.id === gone.id).hints.includes('no_second_factor'));
  assert.deepEqual(before.programs.find((one) => one.id === program.id).hints, ['never_used', 'no_end']);
  const decide = (list, ends) => list.map(({ id }) => ({ id, decision: id === ends ? 'end' : 'keep' }));
  const review = { people: decide(before.people, gone.id), programs: decide(before.programs, program.id), note: 'all looked at' };
  assert.equal((await shop.post('/api/v1/access-review', review)).status, 403); // by a token: nobody's signature
  const mine = new Browser();
  await mine.signIn(owner);
  assert.equal((await mine.send('POST', '/api/v1/access-review', { ...review, people: review.people.slice(1) })).status, 422);
  const signed = await mine.send('POST', '/api/v1/access-review', review);
  assert.equal(signed.status, 201, signed.text);
  const { whole, stopped, removed, by, text } = signed.json.data;
  assert.deepEqual({ whole, stopped, removed, by }, { whole: true, stopped: 1, removed: 1, by: owner.email });
  assert.equal(JSON.parse(text).note, 'all looked at');
  assert.equal((await leaving.send('GET', '/api/v1/order')).status, 401);
  assert.equal((await shop.get('/api/v1/order', { token: program.token })).status, 401);
  const after = (await shop.get('/api/v1/access-review')).json.data;
  assert.equal(after.past[0].signature, signed.json.data.signature);
  assert.ok(after.due_at > before.due_at);
  assert.deepEqual((await shop.get('/api/v1/dashboard')).json.data.review, { due_at: after.due_at, overdue: false });
  assert.equal((await shop.get('/api/v1/dashboard', { token: (await shop.post('/api/v1/token', { name: 'reader', scopes: ['orders.read'] })).json.data.token })).json.data.review, undefined);
  assert.ok((await audit()).some((one) => one.action === 'access.review' && one.details.signature === after.past[0].signature));
});

test('the attacker: guesses, a fixed session, a forged page and a stolen cookie are stopped, seen, and hold up nobody', async () => {
  const mine = new Browser();
  assert.equal((await mine.signIn(owner)).status, 201);

  const counts = {};
  for (let i = 0; i < 300; i += 50)
    for (const { status } of await Promise.all(Array.from({ length: 50 }, () => new Browser().signIn({ email: owner.email, password: `wrong guess ${i}` }))))
      counts[status] = (counts[status] ?? 0) + 1;
  assert.deepEqual(Object.keys(counts).filter((status) => !['401', '429'].includes(status)), []);
  assert.ok(counts[401] <= 12, `${counts[401]} guesses were checked`);
  assert.equal((await mine.send('GET', '/api/v1/order')).status, 200); // whoever is in works on

  const fixed = new Browser();
  fixed.jar['__Host-session'] = 'chosen-by-the-attacker';
  assert.equal((await fixed.send('GET', '/api/v1/order')).status, 401);

  assert.equal((await mine.send('POST', '/api/v1/product/F-1', { title: 'x' }, { 'x-csrf-token': 'guessed' })).status, 403);
  assert.equal((await mine.send('POST', '/api/v1/product/F-1', { title: 'x' }, { 'sec-fetch-site': 'cross-site' })).status, 403);
  assert.equal((await shop.get('/api/v1/product/F-1')).status, 404);

  const thief = new Browser('curl/8.5.0');
  thief.jar = { ...mine.jar };
  assert.equal((await thief.send('GET', '/api/v1/order')).status, 401);
  assert.equal((await mine.send('GET', '/api/v1/order')).status, 401); // ended for both

  const seen = (await audit()).map((entry) => entry.action);
  for (const action of ['session.refused', 'session.stolen', 'access.refused', 'session.open', 'user.invite', 'user.join', 'factor.add']) assert.ok(seen.includes(action), action);
  const refused = (await shop.get('/api/v1/audit?per_page=200&action=access.refused')).json.data.map((entry) => `${entry.actor_name} ${entry.details.method} ${entry.details.path} ${entry.details.why}`);
  assert.ok(refused.includes(`${owner.email} POST /api/v1/product/{sku} page`), refused.join('\n')); // the forged page
  assert.ok(refused.includes('packer@example.com GET /api/v1/user permission'));
  assert.equal(new Set(refused).size, refused.length); // each once an hour
  assert.equal((await shop.get('/api/v1/audit/verify')).json.data.whole, true);
});
