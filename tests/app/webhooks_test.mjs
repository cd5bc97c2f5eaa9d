// Webhooks against a real receiver over TLS: signed as the specification says, at least once whatever happens, and to
// nobody whom the owner has not named.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Appliance, anOrder, buyerWords, newShop, removeFolder, run } from './appliance.mjs';
import { Receiver, signaturesThatHold } from './listeners.mjs';

let made, shop, receiver, hook;
before(async () => {
  made = newShop();
  shop = await Appliance.start(made.data, { token: made.token });
  receiver = await Receiver.start(made.data);
});
after(async () => {
  await shop?.stop();
  await receiver?.stop();
  removeFolder(made.data);
});
const place = async (number) => (await shop.post('/api/v1/order', anOrder(number))).json.data;
const logOf = async (of) => (await shop.get(`/api/v1/webhook/${of.id}/delivery`)).json.data;
// Until the newest delivery is so; its attempt is written after the receiver has answered.
async function becomes(of, fits) {
  for (let tries = 0; tries < 200; tries++) {
    const [newest] = await logOf(of);
    if (newest && fits(newest)) return newest;
    await new Promise((wake) => setTimeout(wake, 50));
  }
  assert.fail(`the delivery stays ${JSON.stringify(await logOf(of))}`);
}

test('nothing is sent to a host that the owner has not allowed', async () => {
  const refused = await shop.post('/api/v1/webhook', { url: receiver.url });
  assert.equal(refused.status, 422);
  assert.equal(refused.json.errors[0].code, 'host_not_allowed');
  for (const url of [`http://${receiver.host}/hook`, `https://user:secret@${receiver.host}/`, 'ftp://x/', 'https://'])
    assert.equal((await shop.post('/api/v1/webhook', { url, allow_host: true })).status, 422, url);
  const allowed = await shop.request('PUT', `/api/v1/webhook-host/${encodeURIComponent(receiver.host)}`, { body: { private_network: true, authority: receiver.authority } });
  assert.equal(allowed.status, 200);
  assert.equal((await shop.get('/api/v1/webhook-host')).json.data[0].host, receiver.host);
});

test('an order is told, signed, and without its buyer', async () => {
  const answer = await shop.post('/api/v1/webhook', { url: `${receiver.url}?shop=1`, description: 'the till', event: 'order.created' });
  assert.equal(answer.status, 201);
  hook = answer.json.data;
  assert.match(hook.secret, /^whsec_[A-Za-z0-9+/]{43}=$/);
  assert.equal(hook.uuid, hook.id);
  assert.equal((await shop.get(`/api/v1/webhook/${hook.id}`)).json.data.secret, undefined, 'the secret is shown once');
  const order = await place('HOOK-1');
  const got = await receiver.gets('order.created');
  assert.equal(got.method, 'POST');
  assert.equal(got.url, '/hook?shop=1');
  assert.deepEqual(got.json.data, { id: order.id, channel: 'manual', channel_order_id: 'HOOK-1', status: 'open' });
  assert.equal(signaturesThatHold(hook.secret, got), 1);
  assert.equal(signaturesThatHold(`whsec_${Buffer.alloc(32).toString('base64')}`, got), 0);
  assert.equal(signaturesThatHold(hook.secret, { ...got, body: `${got.body} ` }), 0);
  for (const word of buyerWords) assert.ok(!JSON.stringify(got).includes(word), word);
  const delivered = await becomes(hook, (one) => one.status === 'delivered');
  assert.equal(delivered.attempts[0].status, 204);
});

test('a new secret signs beside the old one, so that the receiver can change over', async () => {
  const rotated = (await shop.post(`/api/v1/webhook/${hook.id}/secret`)).json.data;
  await shop.post(`/api/v1/webhook/${hook.id}/test`);
  const got = await receiver.gets('webhook.test');
  assert.equal(signaturesThatHold(hook.secret, got), 1);
  assert.equal(signaturesThatHold(rotated.secret, got), 1);
  hook.secret = rotated.secret;
});

test('an order whose appliance is killed before it could tell is told after the restart', async () => {
  let asked;
  const held = new Promise((done) => (asked = done));
  receiver.answer = () => asked();  // and never answers
  const order = await place('HOOK-2');
  await held;
  const more = await place('HOOK-3');  // waits behind it
  await shop.kill();
  receiver.answer = (_request, response) => response.writeHead(200).end('thank you');
  const before = receiver.got.list.length;
  shop = await Appliance.start(made.data, { token: made.token });
  const after = (number) => receiver.got.until((one, at) => at >= before && one.json.data.channel_order_id === number, number);
  const [again, next] = await Promise.all([after('HOOK-2'), after('HOOK-3')]);
  assert.equal(again.json.data.id, order.id);
  assert.equal(next.json.data.id, more.id);
  const first = receiver.got.list.find((one) => one.json.data.id === order.id);
  assert.equal(again.headers['webhook-id'], first.headers['webhook-id'], 'the receiver can tell that it is the same');
  assert.equal(signaturesThatHold(hook.secret, again), 1);
});

test('a receiver that was down, that refuses or that sends us elsewhere is tried again', async () => {
  const { port } = receiver;
  await receiver.stop();
  await place('HOOK-4');
  const waiting = await becomes(hook, (one) => one.attempts.length === 1 && one.status === 'pending');
  assert.match(waiting.attempts[0].answer, /does not take connections/);
  assert.ok(Date.parse(waiting.next_at) > Date.now());
  assert.ok((await shop.get(`/api/v1/webhook/${hook.id}`)).json.data.failing_since);
  receiver = await Receiver.start(made.data, port);
  let elsewhere = 0;
  receiver.answer = (request, response) => {
    if (request.url === '/elsewhere') ++elsewhere;
    response.writeHead(307, { location: '/elsewhere' }).end();
  };
  await shop.post(`/api/v1/webhook/${hook.id}/delivery/${waiting.id}/replay`);
  const turned = await becomes(hook, (one) => one.attempts.length === 2);
  assert.equal(turned.attempts[1].status, 307);
  receiver.answer = (_request, response) => response.writeHead(503, { 'retry-after': '600' }).end('x'.repeat(5000));
  await shop.post(`/api/v1/webhook/${hook.id}/delivery/${waiting.id}/replay`);
  const refused = await becomes(hook, (one) => one.attempts.length === 3);
  assert.equal(refused.attempts[2].answer.length, 1000, 'of an answer its beginning is kept');
  assert.ok(Date.parse(refused.next_at) - Date.now() > 500_000, 'who asks for time is given it');
  receiver.answer = (_request, response) => response.writeHead(204).end();
  await shop.post(`/api/v1/webhook/${hook.id}/delivery/${waiting.id}/replay`);
  await becomes(hook, (one) => one.status === 'delivered' && one.attempts.length === 4);
  assert.equal(elsewhere, 0, 'a redirect is not followed');
  assert.equal(new Set(receiver.got.list.map((one) => one.headers['webhook-id'])).size, 1);
  assert.equal((await shop.get(`/api/v1/webhook/${hook.id}`)).json.data.failing_since, null);
});

test('everything since a time is sent again', async () => {
  const before = receiver.got.list.length;
  const since = new Date(Date.now() - 3_600_000).toISOString();
  const replayed = await shop.post(`/api/v1/webhook/${hook.id}/replay`, { since });
  assert.equal(replayed.status, 202);
  assert.equal(replayed.json.data.deliveries, 4);
  await receiver.got.count(before + 4, 'messages');
  assert.deepEqual(receiver.got.list.slice(before).map((one) => one.json.data.channel_order_id), ['HOOK-1', 'HOOK-2', 'HOOK-3', 'HOOK-4']);
  assert.equal((await shop.post(`/api/v1/webhook/${hook.id}/replay`, { since: 'yesterday' })).status, 422);
});

test('hostile receivers learn nothing and hold nobody up', async () => {
  // The same place without leave to be in our own network: by its address, and by a name that leads there.
  await shop.request('PUT', `/api/v1/webhook-host/${encodeURIComponent(receiver.host)}`, { body: { authority: receiver.authority } });
  await shop.request('PUT', `/api/v1/webhook-host/localhost%3A${receiver.port}`, { body: { authority: receiver.authority } });
  const before = receiver.got.list.length;
  for (const host of [receiver.host, `localhost:${receiver.port}`, '169.254.169.254']) {
    const strange = (await shop.post('/api/v1/webhook', { url: `https://${host}/latest/meta-data`, events: ['order.created'], ...(host.startsWith('169') && { allow_host: true, private_network: true }) })).json.data;
    await shop.post(`/api/v1/webhook/${strange.id}/test`);
    const refused = await becomes(strange, (one) => one.attempts.length === 1);
    assert.match(refused.attempts[0].answer, /inside a network|never a server's own/);
    assert.equal((await shop.request('DELETE', `/api/v1/webhook/${strange.id}`)).status, 204);
  }
  assert.equal(receiver.got.list.length, before, 'not even a connection');
  // A certificate of an authority that nobody has named.
  await shop.request('PUT', `/api/v1/webhook-host/${encodeURIComponent(receiver.host)}`, { body: { private_network: true } });
  await shop.post(`/api/v1/webhook/${hook.id}/test`);
  assert.match((await becomes(hook, (one) => one.attempts.length === 1)).attempts[0].answer, /not trusted/);
  assert.equal(receiver.got.list.length, before);
  await shop.request('PUT', `/api/v1/webhook-host/${encodeURIComponent(receiver.host)}`, { body: { private_network: true, authority: receiver.authority } });
  // An answer without an end.
  receiver.answer = (_request, response) => {
    response.writeHead(200);
    const pour = () => { while (!response.destroyed && response.write(Buffer.alloc(65536))); };
    response.on('drain', pour).on('error', () => {});
    pour();
  };
  await shop.post(`/api/v1/webhook/${hook.id}/test`);
  assert.equal((await becomes(hook, (one) => one.status === 'delivered')).attempts[0].status, 200);
  // One that never answers: others are told meanwhile, and the appliance ends at once.
  let asked;
  const held = new Promise((done) => (asked = done));
  receiver.answer = (request, response) => (request.url.startsWith('/hook?') ? asked() : response.writeHead(204).end());
  const other = (await shop.post('/api/v1/webhook', { url: `https://${receiver.host}/other`, events: ['order.created'] })).json.data;
  await place('HOOK-5');
  await held;
  await becomes(other, (one) => one.status === 'delivered');
  const start = Date.now();
  await shop.stop();
  assert.ok(Date.now() - start < 3000, 'a slow receiver does not delay the end');
  receiver.answer = (_request, response) => response.writeHead(204).end();
  shop = await Appliance.start(made.data, { token: made.token });
  await becomes(hook, (one) => one.type === 'order.created' && one.status === 'delivered');
});

test('410 Gone switches a hook off, and the audit log knows who did what', async () => {
  receiver.answer = (_request, response) => response.writeHead(410).end();
  await shop.post(`/api/v1/webhook/${hook.id}/test`);
  await becomes(hook, (one) => one.attempts.length === 1 && one.attempts[0].status === 410);
  const off = (await shop.get(`/api/v1/webhook/${hook.id}`)).json.data;
  assert.equal(off.enabled, false);
  assert.match(off.disabled_because, /410/);
  assert.equal((await shop.post(`/api/v1/webhook/${hook.id}/test`)).status, 409);
  receiver.answer = (_request, response) => response.writeHead(204).end();
  const on = await shop.request('PATCH', `/api/v1/webhook/${hook.id}`, { body: { enabled: true } });
  assert.equal(on.json.data.disabled_because, null);
  const actions = new Set((await shop.get('/api/v1/audit?action=webhook&per_page=200')).json.data.map((one) => one.action));
  for (const action of ['create', 'rotate', 'test', 'replay', 'allow_host', 'disable', 'change', 'remove']) assert.ok(actions.has(`webhook.${action}`), action);
});

test('the command line does the same', async () => {
  const at = (...args) => run(['webhook', ...args, '--data', made.data]);
  const pem = join(made.data, 'receiver.pem');
  writeFileSync(pem, receiver.authority);
  assert.equal(at('allow', receiver.host, '--own-network', '--authority', pem).code, 0);
  const fresh = at('new', '--url', `https://${receiver.host}/cli`, '--event', 'order.created');
  assert.equal(fresh.code, 0, fresh.err);
  const secret = fresh.out.trim();
  assert.match(secret, /^whsec_/);
  const listed = JSON.parse(at('list', '--json').out).data.find((one) => one.url.endsWith('/cli'));
  const before = receiver.got.list.length;
  assert.equal(at('test', listed.id).code, 0);
  const got = await receiver.got.until((one, at_) => at_ >= before && one.url === '/cli', 'the test');
  assert.equal(signaturesThatHold(secret, got), 1);
  assert.notEqual(at('secret', listed.id).out.trim(), secret);
  await becomes(listed, (one) => one.status === 'delivered');
  assert.equal(JSON.parse(at('log', listed.id, '--json').out).data.length, 1);
  assert.equal(at('replay', listed.id, '--delivery', '1').code, 0);
  assert.equal(at('replay', listed.id, '--since', new Date().toISOString()).code, 0);
  assert.equal(at('replay', listed.id).code, 1);
  for (const [command, id] of [['off', listed.id], ['on', listed.id], ['remove', listed.id], ['forbid', receiver.host]]) assert.equal(at(command, id).code, 0, command);
  assert.equal(at('list', '--json').out.includes('/cli'), false);
});
