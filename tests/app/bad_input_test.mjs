// Bad input gets a clear error and loses nothing.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import https from 'node:https';
import test from 'node:test';
import { Appliance, anOrder, newShop, owner, removeFolder, run, tempFolder } from './appliance.mjs';

let shop, appliance;
test.before(async () => {
  shop = newShop();
  appliance = await Appliance.start(shop.data, { token: shop.token });
});
test.after(async () => {
  await appliance.stop();
  removeFolder(shop.data);
});

test('a CSV that ends inside a quote keeps its good rows and says where it broke', async () => {
  const done = await appliance.importFile('cut.csv', 'sku,title\nCUT-1,Whole\nCUT-2,"cut off in the mid');
  assert.equal(done.counts.created, 1, JSON.stringify(done));
  assert.equal(done.counts.rows, done.counts.created + done.counts.changed + done.counts.unchanged + done.counts.refused);
  assert.equal((await appliance.get('/api/v1/product/CUT-1')).status, 200);
  const refused = await appliance.get(`/api/v1/import/${done.id}/row?outcome[eq]=refused`);
  assert.match(JSON.stringify(refused.json.data), /"line":3/);
});

test('a bad row is reported by line and reason and never stops the others', async () => {
  const done = await appliance.importFile('rows.csv', 'sku,title,ean\nROW-1,Good,4006381333931\nROW-2,Bad,4006381333930\n,No number,\nROW-4,Good too,\n');
  assert.equal(done.counts.created, 2, JSON.stringify(done));
  assert.equal(done.counts.refused, 2);
  const rows = (await appliance.get(`/api/v1/import/${done.id}/row?outcome[eq]=refused`)).json.data;
  assert.deepEqual(rows.map((row) => row.line).sort(), [3, 4]);
});

test('latin-1, UTF-16 and UTF-8 files give the same names', async () => {
  const text = 'sku;title\nENC-1;Crème brûlée à l’été\n';
  const files = {
    utf8: Buffer.from('\ufeff' + text), utf16: Buffer.from('\ufeff' + text, 'utf16le'),
    latin: Buffer.from(text.replaceAll('’', '\u0092'), 'latin1'),
  };
  for (const [name, bytes] of Object.entries(files)) {
    const done = await appliance.importFile(`${name}.csv`, bytes);
    assert.equal(done.status, 'done', `${name}: ${JSON.stringify(done)}`);
    assert.equal((await appliance.get('/api/v1/product/ENC-1')).json.data.title, 'Crème brûlée à l’été', name);
  }
});

test('a header that names a column twice is named in the error', async () => {
  const done = await appliance.importFile('twice.csv', 'sku,title,title\nTWICE-1,one,two\n');
  assert.match(JSON.stringify(done.refused?.json ?? done), /title/);
});

test('an upload of 2 GB is refused before it is sent', async () => {
  const answer = await new Promise((done, fail) => {
    const request = https.request({ host: appliance.url.hostname, port: appliance.url.port, method: 'POST', path: '/api/v1/import', ca: appliance.ca,
      headers: { authorization: `Bearer ${shop.token}`, 'content-type': 'multipart/form-data; boundary=x', 'content-length': 2 * 1024 ** 3 } },
      (response) => { let text = ''; response.on('data', (t) => (text += t)); response.on('end', () => done({ status: response.statusCode, text })); });
    request.on('error', fail);
    request.flushHeaders();
  });
  assert.equal(answer.status, 413, answer.text);
  assert.match(answer.text, /MiB/);
});

test('a wrong password and an expired or invented token get 401 and nothing else', async () => {
  const wrong = await appliance.post('/api/v1/session', { email: owner.email, password: 'not-the-password' }, { token: '' });
  assert.equal(wrong.status, 401, wrong.text);
  const unknown = await appliance.post('/api/v1/session', { email: 'nobody@example.com', password: 'not-the-password' }, { token: '' });
  assert.equal(unknown.status, 401);
  assert.equal(unknown.json.detail, wrong.json.detail, 'the answer does not tell which accounts exist');
  assert.equal((await appliance.get('/api/v1/product', { token: 'pf_invented' })).status, 401);
  assert.equal((await appliance.get('/api/v1/product', { token: '' })).status, 401);
  assert.equal((await appliance.get('/healthz', { token: '' })).status, 200);
});

test('every fault of an order is named at once and nothing is kept', async () => {
  const bad = await appliance.post('/api/v1/order', anOrder('BAD-1', { currency_code: 'euro', colour: 'blue', lines: [{ sku: 'A', quantity: 0, price: 'x' }] }));
  assert.equal(bad.status, 422, bad.text);
  const fields = bad.json.errors.map((fault) => fault.field);
  assert.ok(fields.some((field) => field.startsWith('lines[0]')), bad.text);
  assert.ok(fields.includes('colour'), bad.text);
  assert.ok(!bad.text.includes('Quillonbury'));
  assert.equal((await appliance.get('/api/v1/order?channel_order_id[eq]=BAD-1')).json.meta.total, 0);
});

test('a second process on the same folder is refused by name, also for commands', async () => {
  const second = run(['serve', '--data', shop.data, '--listen', '127.0.0.1:0']);
  assert.equal(second.code, 1);
  assert.match(second.err, /already|in use|another/i);
});

test('a full disk refuses writes, serves reads and loses nothing', { skip: process.getuid() === 0 ? false : 'needs root for a small tmpfs' }, async () => {
  const mount = join(tempFolder(), 'disk');
  mkdirSync(mount);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=400m', 'tmpfs', mount]);
  } catch {
    console.log('skipped: this machine does not let us mount a tmpfs');
    return;
  }
  let small;
  try {
    const data = join(mount, 'shop');
    assert.equal(run(['init', '--data', data, '--owner', owner.email, '--password-stdin'], { input: owner.password + '\n' }).code, 0);
    const token = run(['token', 'new', '--data', data, '--name', 'test', '--scope', 'all']).out.trim();
    small = await Appliance.start(data, { token });
    assert.equal((await small.post('/api/v1/product/KEPT-1', { title: 'Before the disk was full' })).status, 201);
    execFileSync('dd', ['if=/dev/zero', `of=${join(mount, 'filler')}`, 'bs=1M', 'count=300'], { stdio: 'ignore' });
    const refused = await small.post('/api/v1/product/KEPT-2', { title: 'After' });
    assert.equal(refused.status, 507, refused.text);
    assert.match(refused.text, /disk/i);
    assert.equal((await small.get('/api/v1/product/KEPT-1')).status, 200);
    execFileSync('rm', [join(mount, 'filler')]);
    assert.equal((await small.post('/api/v1/product/KEPT-2', { title: 'After' })).status, 201);
  } finally {
    await small?.stop();
    execFileSync('umount', ['-l', mount]);
  }
});
