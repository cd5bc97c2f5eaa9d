// One buyer as a person: found, given what is held, erased, and proven gone; what was destroyed is certified.
import assert from 'node:assert/strict';
import { createPublicKey, verify, createHash } from 'node:crypto';
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { Appliance, anOrder, buyerWords, filesHolding, newShop, removeFolder, run } from './appliance.mjs';

let shop, appliance;
before(async () => {
  shop = newShop();
  appliance = await Appliance.start(shop.data, { token: shop.token });
  for (const number of ['P-1', 'P-2']) assert.equal((await appliance.post('/api/v1/order', anOrder(number))).status, 201);
  const other = anOrder('P-3', { email: 'other@example.com' });
  other.shipping_customer = { ...other.shipping_customer, first_name: 'Wander', last_name: 'Overhill' };
  assert.equal((await appliance.post('/api/v1/order', other)).status, 201);
  const id = (await appliance.post('/api/v1/buyer/search', { email: 'zyx.quillon@example.com' })).json.data[0].id;
  assert.ok((await appliance.post(`/api/v1/order/${id}/note`, { message: 'Zyxander rang about the Vexillology gate' })).status < 300);
});
after(async () => {
  await appliance?.stop();
  removeFolder(shop.data);
});
const token = (...scopes) => run(['token', 'new', '--data', shop.data, '--name', scopes.join('+'), '--scope', ...scopes]).out.trim();

test('a buyer is found by exact values, masked, and every search is in the audit log without them', async () => {
  for (const body of [{ email: 'ZYX.Quillon@example.com' }, { phone_number: '0031 97 00000123', name: 'zyxander quillonbury' }]) {
    const found = await appliance.post('/api/v1/buyer/search', body);
    assert.equal(found.status, 200, found.text);
    assert.equal(found.json.data.length, 2);
    for (const word of buyerWords) assert.ok(!found.text.includes(word), word);
  }
  assert.equal((await appliance.post('/api/v1/buyer/search', { zip_code: '9876zx' })).json.data.length, 3);
  assert.equal((await appliance.post('/api/v1/buyer/search', { email: 'zyx' })).json.data.length, 0);
  assert.equal((await appliance.post('/api/v1/buyer/search', {})).status, 422);
  const log = await appliance.get('/api/v1/audit?per_page=20');
  assert.ok(log.json.data.some((entry) => entry.action === 'buyer.search' && entry.details.orders === 2));
  for (const word of buyerWords) assert.ok(!log.text.includes(word), word);
});

test('without the right nobody is found, exported, erased or looked for', async () => {
  const clerk = token('orders.read'), packer = token('orders.read', 'buyer.reveal');
  const body = { email: 'zyx.quillon@example.com', reason: 'curious' };
  for (const path of ['buyer/search', 'buyer/export', 'buyer/erase', 'vault/prove'])
    assert.equal((await appliance.post(`/api/v1/${path}`, body, { token: clerk })).status, 403, path);
  assert.equal((await appliance.post('/api/v1/buyer/search', { email: body.email }, { token: packer })).status, 200);
  assert.equal((await appliance.post('/api/v1/buyer/erase', body, { token: packer })).status, 403);
  // Looking through other folders of the box is for its own command line.
  assert.equal((await appliance.post('/api/v1/vault/prove', { text: 'Zyxander', in: '/etc' })).status, 403);
});

test('an access request gets everything that is held, and needs a reason', async () => {
  assert.equal((await appliance.post('/api/v1/buyer/export', { email: 'zyx.quillon@example.com', reason: '' })).status, 422);
  const out = run(['vault', 'export', '--data', shop.data, '--email', '-', '--reason', 'request'], { input: 'zyx.quillon@example.com\n' });
  assert.equal(out.code, 0, out.err);
  const orders = JSON.parse(out.out).data.orders;
  assert.deepEqual(orders.map((order) => order.channel_order_id).sort(), ['P-1', 'P-2']);
  assert.equal(orders[0].buyer.shipping_customer.last_name, 'Quillonbury');
  assert.ok(orders.some((order) => order.notes.some((note) => note.message.includes('Zyxander rang'))));
  assert.ok(!out.out.includes('Overhill'));
});

test('proof: alive it says in which orders; erased it says gone, and a copy made before still holds only sealed bytes', async () => {
  const alive = run(['vault', 'prove', 'Quillonbury', '--data', shop.data, '--json']);
  assert.equal(alive.code, 1, alive.err);
  const shown = JSON.parse(alive.out).data;
  assert.equal(shown.gone, false);
  assert.equal(shown.alive.length, 2);
  assert.ok(shown.traces.every((trace) => trace.found.startsWith('sealed')), alive.out);
  assert.deepEqual(filesHolding(shop.data, buyerWords), [], 'nothing about the buyer is in a file in the clear');

  const dry = run(['vault', 'erase', '--data', shop.data, '--email', 'zyx.quillon@example.com', '--reason', 'request', '--dry-run', '--json']);
  assert.equal(JSON.parse(dry.out).data.orders.length, 2);
  const erased = run(['vault', 'erase', '--data', shop.data, '--email', 'zyx.quillon@example.com', '--reason', 'request', '--json']);
  assert.equal(erased.code, 0, erased.err);
  const report = JSON.parse(erased.out).data;
  assert.equal(report.erased, 2);
  assert.equal(report.clean, true, erased.out);
  assert.ok(report.certificate > 0);

  for (const id of report.orders) {
    assert.equal((await appliance.get(`/api/v1/order/${id}/customer?reason=x`)).status, 410);
    const order = await appliance.get(`/api/v1/order/${id}`);
    assert.equal(order.status, 200, order.text);
    assert.equal(order.json.data.buyer.state, 'purged');
    for (const word of buyerWords) assert.ok(!order.text.includes(word), word);
  }
  assert.equal((await appliance.post('/api/v1/order', anOrder('P-1'))).status, 200);
  assert.equal((await appliance.get(`/api/v1/order/${report.orders[0]}/customer?reason=x`)).status, 410);
  const gone = run(['vault', 'prove', '-', '--data', shop.data, '--json'], { input: 'Quillonbury\n' });
  assert.equal(gone.code, 0, gone.out + gone.err);
  assert.equal(JSON.parse(gone.out).data.gone, true);
  assert.equal(run(['vault', 'prove', 'Overhill', '--data', shop.data]).code, 1, 'the other buyer lives');
  assert.equal(run(['vault', 'prove', 'xyz', '--data', shop.data]).code, 1, 'too short to prove anything');
});

test('proof: a text left in a copy of the folder is found there, packed as it is', async () => {
  const copy = join(shop.data, '..', 'copy');
  cpSync(shop.data, copy, { recursive: true, filter: (path) => !path.endsWith('.sock') });
  writeFileSync(join(copy, 'old-labels.txt'), 'T3ZlcmhpbGwgaXMgaGVyZQ==');  // "Overhill is here"
  const found = run(['vault', 'prove', 'Overhill', '--data', shop.data, '--in', copy, '--json']);
  assert.equal(found.code, 1, found.err);
  const traces = JSON.parse(found.out).data.traces.filter((trace) => !trace.found.startsWith('sealed'));
  assert.deepEqual(traces.map((trace) => [trace.file, trace.found]), [['old-labels.txt', 'in base64']]);
});

test('certificates: anybody can check signature and chain without ProductFlow', async () => {
  assert.ok((await appliance.post('/api/v1/vault/purge', { dry_run: false })).json.data.certificate > 0);
  const { json } = await appliance.get('/api/v1/vault/certificate');
  assert.ok(json.data.length >= 2);
  let previous = '0'.repeat(64);
  for (const one of json.data.reverse()) {
    const signature = Buffer.from(one.signature, 'base64url');
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: one.key }, format: 'jwk' });
    assert.ok(verify(null, Buffer.from(one.statement), key, signature), `certificate ${one.number}`);
    assert.equal(JSON.parse(one.statement).previous, previous);
    previous = createHash('sha256').update(one.statement).update(signature).digest('hex');
    assert.equal(one.hash, previous);
    for (const word of buyerWords) assert.ok(!one.statement.includes(word), word);
  }
  const checked = run(['vault', 'certificates', '--verify', '--data', shop.data, '--json']);
  assert.equal(checked.code, 0, checked.err);
  assert.equal(JSON.parse(checked.out).data.whole, true);
  const vault = (await appliance.get('/api/v1/vault')).json.data;
  assert.equal(vault.signing_key, json.data[0].key);
  assert.equal(vault.days[0].state, 'alive');
  assert.ok(vault.reveals.some((count) => count.this_hour > 0));
  assert.equal((await appliance.get('/api/v1/vault/certificate/999')).status, 404);
});
