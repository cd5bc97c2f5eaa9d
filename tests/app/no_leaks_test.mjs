// A buyer with words that are nowhere else comes in by every way there is, every feature is used, and then every file and
// every answer that should not have the words is searched for them.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { Appliance, anOrder, buyerWords, filesHolding, newShop, owner, removeFolder, run, tempFolder } from './appliance.mjs';

let shop, appliance;
const answers = [];  // everything that was answered and must not show the buyer
const other = { first_name: 'Zyxander', last_name: 'Quillonbury', street: 'Vexillologylaan 77', zip: '9876 ZX', city: 'Quillonstad', phone: '+31970000 0123' };
const ask = async (method, path, options) => {
  const answer = await appliance.request(method, path, options);
  answers.push(`${method} ${path} ${JSON.stringify(answer.headers)} ${answer.text}`);
  return answer;
};

const kAmazon =
  'order-id\torder-item-id\tpurchase-date\tbuyer-email\tbuyer-name\tbuyer-phone-number\tsku\tproduct-name\tquantity-purchased\trecipient-name\tship-address-1\tship-city\tship-postal-code\tship-country\n' +
  `028-1\t1\t${new Date().toISOString()}\tzyx.quillon@example.com\tZyxander Quillonbury\t${other.phone}\tLAST-1\tLast\t1\tZyxander Quillonbury\t${other.street}\t${other.city}\t${other.zip}\tNL\n` +
  `028-2\t2\t${new Date().toISOString()}\tzyx.quillon@example.com\tZyxander Quillonbury\t${other.phone}\tLAST-1\tLast\tmany\tZyxander Quillonbury\t${other.street}\t${other.city}\t${other.zip}\tNL\n`;
const kShopify =
  'Name,Email,Financial Status,Fulfillment Status,Currency,Total,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Shipping Name,Shipping Street,Shipping Address1,Shipping City,Shipping Zip,Shipping Country,Shipping Phone,Notes\n' +
  `#1001,zyx.quillon@example.com,paid,unfulfilled,EUR,19.95,${new Date().toISOString()},1,Last,19.95,LAST-1,Zyxander Quillonbury,${other.street},${other.street},${other.city},${other.zip},NL,${other.phone},Ring at the Vexillology gate\n` +
  `#1002,zyx.quillon@example.com,paid,unfulfilled,EUR,nineteen,${new Date().toISOString()},x,Last,19.95,LAST-1,Zyxander Quillonbury,${other.street},${other.street},${other.city},${other.zip},NL,${other.phone},\n`;

before(async () => {
  shop = newShop();
  appliance = await Appliance.start(shop.data, { token: shop.token });
});
after(async () => {
  await appliance?.stop();
  removeFolder(shop.data);
});

test('no word of the buyer is in any answer or file but where it is asked for with a reason', async () => {
  const ids = [];
  const place = async (order, options = {}) => {
    const placed = await ask('POST', '/api/v1/order', { body: order, ...options });
    if (placed.status === 201) ids.push(placed.json.data.id);
    return placed;
  };
  // Ways in, right and wrong.
  assert.equal((await place(anOrder('L-1'))).status, 201);
  assert.equal((await place(anOrder('L-2'), { headers: { 'idempotency-key': 'once' } })).status, 201);
  await place(anOrder('L-2'), { headers: { 'idempotency-key': 'once' } });
  await place(anOrder('L-3', { lines: [] }));
  await place(anOrder('L-4', { shipping_customer: { ...anOrder('x').shipping_customer, shoe_size: 'Quillonbury' } }));
  await place('{"email": "zyx.quillon@example.com", "broken');
  const form = new URLSearchParams({ channel: 'manual', channel_order_id: 'L-5', currency_code: 'EUR', email: 'zyx.quillon@example.com',
    'lines[0][sku]': 'LAST-1', 'lines[0][title]': 'Last', 'lines[0][quantity]': '1', 'lines[0][price]': '19.95',
    'shipping_customer[first_name]': 'Zyxander', 'shipping_customer[last_name]': 'Quillonbury', 'shipping_customer[country_code]': 'NL' });
  const formed = await place(form.toString(), { headers: { 'content-type': 'application/x-www-form-urlencoded' } });
  assert.ok([200, 201].includes(formed.status), formed.text);
  for (const [name, content] of [['amazon.txt', kAmazon], ['shopify.csv', kShopify]]) {
    const report = await appliance.importFile(name, content, { kind: 'order' });
    answers.push(JSON.stringify(report));
    assert.ok(report.counts?.created >= 1, JSON.stringify(report));
    await ask('GET', `/api/v1/import/${report.id}/row?per_page=200`);
    await ask('GET', `/api/v1/import/${report.id}`);
  }
  await ask('POST', `/api/v1/order/${ids[0]}/shipment`, { body: { identifier: 'PACK01', method: 'DHL', track_and_trace: 'X1' } });
  // Features that must not show the buyer.
  for (const id of ids)
    for (const path of ['', '/picking', '/packing-slip', '/invoice']) await ask('GET', `/api/v1/order/${id}${path}`);
  for (const path of ['order', 'audit?per_page=200', 'vault', 'vault/certificate', 'openapi.json', 'import', 'dashboard'])
    await ask('GET', `/api/v1/${path}`);
  await ask('GET', `/api/v1/order/${ids[0]}/customer`);  // no reason
  await ask('POST', '/api/v1/buyer/search', { body: { name: 'Zyxander Quillonbury' } });
  await ask('POST', '/api/v1/vault/prove', { body: { text: 'Quillonbury' } });
  await ask('POST', '/api/v1/vault/purge', { body: { dry_run: false } });
  // Refused for what stands in an address, which the refusal does not repeat.
  await ask('POST', '/api/v1/stock/LAST-1', { body: { available: 20 } });
  await ask('PUT', '/api/v1/carrier-format/narrow', { body: { columns: [{ name: 'to', from: '[name] & [street] & [city]', length_max: 1 }] } });
  await ask('GET', `/api/v1/carrier-file?format=narrow&orders=${ids[1]}`);
  await ask('POST', '/api/v1/batch', { body: { next: 5 } });
  await ask('GET', '/metrics');
  for (const args of [['vault', 'status'], ['audit', 'export']]) {
    const done = run([...args, '--data', shop.data]);
    answers.push(done.out + done.err);
  }
  // Where it is asked for, it is shown, and kept by nobody on the way.
  const shown = await appliance.get(`/api/v1/order/${ids[0]}/customer?reason=fulfilment`);
  assert.match(shown.text, /Quillonbury/);
  const exported = await appliance.post('/api/v1/buyer/export', { email: 'zyx.quillon@example.com', reason: 'request' }, { headers: { 'idempotency-key': 'export' } });
  assert.equal(exported.status, 200, exported.text);
  assert.match(exported.headers['cache-control'] ?? '', /no-store/);
  assert.match(shown.headers['cache-control'] ?? '', /no-store/);
  const labels = await appliance.get(`/api/v1/carrier-file?orders=${ids[1]}`);
  assert.match(labels.text, /Quillonbury/);
  assert.match(labels.headers['cache-control'] ?? '', /no-store/);

  for (const answer of answers)
    for (const word of buyerWords) assert.ok(!answer.includes(word), `${word} in: ${answer.slice(0, 300)}`);
  assert.deepEqual(filesHolding(shop.data, buyerWords), [], 'while serving');
  const spool = join(shop.data, 'spool');
  assert.deepEqual(existsSync(spool) ? readdirSync(spool) : [], [], 'uploads are gone after their import');

  // Neither a core dump nor the swap gets the keys: the ring's 1,024 keys of 32 bytes lie in locked memory.
  const proc = `/proc/${appliance.process.pid}`;
  assert.match(readFileSync(`${proc}/limits`, 'utf8'), /^Max core file size\s+0\s+0\s/m);
  const locked = Number(/^VmLck:\s+(\d+) kB$/m.exec(readFileSync(`${proc}/status`, 'utf8'))[1]);
  assert.ok(locked >= 32, `${locked} kB locked`);
  // Nor does the browser keep anything of a session that ended.
  const signedIn = await appliance.request('POST', '/api/v1/session', { body: owner, token: '' });
  assert.equal(signedIn.status, 201, signedIn.text);
  const cookie = signedIn.headers['set-cookie'].map((line) => line.split(';')[0]).join('; ');
  const left = await appliance.request('DELETE', '/api/v1/session', { token: '', headers: { cookie, 'x-csrf-token': signedIn.json.data.csrf } });
  assert.match(left.headers['clear-site-data'] ?? '', /"cache".*"storage"/, left.text);

  // Killed, as a crash leaves it: what it printed, and every file.
  await appliance.kill();
  for (const word of buyerWords) assert.ok(!(appliance.out + appliance.err).includes(word), word);
  assert.deepEqual(filesHolding(shop.data, buyerWords), [], 'after a crash');
  assert.deepEqual(readdirSync(shop.data).filter((name) => name.startsWith('core')), []);
  // The product's own proof agrees, tables unpacked.
  const proof = JSON.parse(run(['vault', 'prove', 'Quillonbury', '--data', shop.data, '--json']).out).data;
  assert.ok(proof.alive.length >= 4, JSON.stringify(proof.alive.length));
  assert.deepEqual(proof.traces.filter((trace) => !trace.found.startsWith('sealed')), []);
  const safe = tempFolder();
  const key = run(['backup-key', '--out', join(safe, 'k')]).out.trim();
  assert.equal(run(['backup', '--data', shop.data, '--key', key, '--to', join(safe, 'b')]).code, 0);
  assert.deepEqual(filesHolding(safe, buyerWords), [], 'in a backup');
  removeFolder(safe);
});
