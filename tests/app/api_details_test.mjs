// What clients of an HTTP API count on, of the real executable over TLS.
import assert from 'node:assert/strict';
import test from 'node:test';
import { mkdirSync, readFileSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import https from 'node:https';
import { gunzipSync } from 'node:zlib';
import { Appliance, anOrder, buyerWords, newShop, removeFolder, run } from './appliance.mjs';

let shop, appliance;
test.before(async () => {
  shop = newShop();
  appliance = await Appliance.start(shop.data, { token: shop.token });
  assert.equal((await appliance.post('/api/v1/product/LAST-1', { title: 'The last pieces' })).status, 201);
});
test.after(async () => {
  await appliance.stop();
  removeFolder(shop.data);
});
// Tokens, because two that look alike are still two: nothing but the key tells that one was asked for before.
const tokenCount = async () => (await appliance.get('/api/v1/token')).json.data.length;
const aToken = { name: 'scanner', scopes: ['orders.read'] };

test('a POST with an Idempotency-Key is done once, however often it is sent', async () => {
  const before = await tokenCount();
  const headers = { 'idempotency-key': 'once-1' };
  const first = await appliance.post('/api/v1/token', aToken, { headers });
  assert.equal(first.status, 201, first.text);
  const second = await appliance.post('/api/v1/token', aToken, { headers });
  assert.equal(second.status, 201, second.text);
  assert.equal(second.headers['idempotency-replayed'], 'true');
  assert.equal(second.text, first.text);
  assert.equal(await tokenCount(), before + 1);

  const other = await appliance.post('/api/v1/token', { ...aToken, name: 'printer' }, { headers });
  assert.equal(other.status, 422, other.text);
  assert.equal(other.json.errors[0].field, 'Idempotency-Key');
  assert.equal(await tokenCount(), before + 1);
});

test('callers that race with one Idempotency-Key make one token', async () => {
  const before = await tokenCount();
  const answers = await Promise.all(Array.from({ length: 16 }, () =>
    appliance.post('/api/v1/token', aToken, { headers: { 'idempotency-key': 'race-1' } })));
  assert.equal(await tokenCount(), before + 1);
  const ids = new Set(answers.filter((answer) => answer.status === 201).map((answer) => answer.json.data.id));
  assert.equal(ids.size, 1);
  for (const answer of answers) assert.ok([201, 409].includes(answer.status), answer.text);
});

test('an order that was refused may be sent again with the same Idempotency-Key', async () => {
  const headers = { 'idempotency-key': 'again-1' };
  assert.equal((await appliance.post('/api/v1/order', anOrder('AGAIN-1', { currency_code: 'euro' }), { headers })).status, 422);
  assert.equal((await appliance.post('/api/v1/order', anOrder('AGAIN-1'), { headers })).status, 201);
});

test('after a restart the same Idempotency-Key still does nothing twice', async () => {
  const before = await tokenCount();
  const headers = { 'idempotency-key': 'restart-1' };
  assert.equal((await appliance.post('/api/v1/token', aToken, { headers })).status, 201);
  await appliance.stop();
  appliance = await Appliance.start(shop.data, { token: shop.token });
  const again = await appliance.post('/api/v1/token', aToken, { headers });
  assert.equal(again.status, 409, again.text);  // the answer shows a secret, so it is not kept on disk
  assert.equal(await tokenCount(), before + 1);
});

test('HEAD answers the head of GET', async () => {
  const get = await appliance.get('/api/v1/product/LAST-1');
  const head = await appliance.request('HEAD', '/api/v1/product/LAST-1');
  assert.equal(head.status, 200);
  assert.equal(head.text, '');
  for (const name of ['content-length', 'content-type', 'etag']) assert.equal(head.headers[name], get.headers[name], name);
});

test('OPTIONS and a wrong method name the methods that are possible', async () => {
  const options = await appliance.request('OPTIONS', '/api/v1/product/LAST-1');
  assert.equal(options.status, 204);
  assert.deepEqual(options.headers.allow.split(', ').sort(), ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT']);
  assert.equal(options.headers['access-control-allow-origin'], undefined);
  const wrong = await appliance.request('DELETE', '/api/v1/order');
  assert.equal(wrong.status, 405);
  assert.deepEqual(wrong.headers.allow.split(', ').sort(), ['GET', 'HEAD', 'POST']);
});

test('an ETag saves the second reading, and keeps two editors apart', async () => {
  const { headers: { etag } } = await appliance.get('/api/v1/product/LAST-1');
  assert.equal((await appliance.get('/api/v1/product/LAST-1', { headers: { 'if-none-match': etag } })).status, 304);
  const changed = await appliance.request('PATCH', '/api/v1/product/LAST-1', { body: { brand: 'Acme' }, headers: { 'if-match': etag } });
  assert.equal(changed.status, 200, changed.text);
  const late = await appliance.request('PATCH', '/api/v1/product/LAST-1', { body: { brand: 'Other' }, headers: { 'if-match': etag } });
  assert.equal(late.status, 412, late.text);
  assert.equal((await appliance.get('/api/v1/product/LAST-1', { headers: { 'if-none-match': etag } })).status, 200);
});

test('X-Company-Id must be this company when it is sent', async () => {
  assert.equal((await appliance.get('/api/v1/product', { headers: { 'x-company-id': '1' } })).status, 200);
  const other = await appliance.get('/api/v1/product', { headers: { 'x-company-id': '77' } });
  assert.equal(other.status, 422);
  assert.equal(other.json.errors[0].field, 'X-Company-Id');
});

test('a form of 100 KB with a long description is taken whole', async () => {
  const description = '€ & more '.repeat(9_000);
  const body = new URLSearchParams({ title: 'From a form', description, 'attributes[color]': 'blue' }).toString();
  assert.ok(body.length > 100_000);
  const made = await appliance.post('/api/v1/product/FORM-1', body, { headers: { 'content-type': 'application/x-www-form-urlencoded' } });
  assert.equal(made.status, 201, made.text.slice(0, 500));
  const product = (await appliance.get('/api/v1/product/FORM-1')).json.data;
  assert.equal(product.description, description);
  assert.equal(product.attributes.color, 'blue');
});

test('every answer of the API says how many requests are left', async () => {
  const answers = [
    await appliance.get('/api/v1/product'), await appliance.get('/api/v1/product/NOT-THERE'), await appliance.get('/api/v1/nothing'),
    await appliance.request('DELETE', '/api/v1/order'), await appliance.request('OPTIONS', '/api/v1/order'),
    await appliance.get('/api/v1/product', { token: '' }), await appliance.get('/api/v1/product', { token: 'pf_invented' }),
    await appliance.get('/healthz', { token: '' }), await appliance.post('/api/v1/order', '{'),
  ];
  assert.deepEqual(answers.map((answer) => answer.status), [200, 404, 404, 405, 204, 401, 401, 200, 400]);
  for (const { status, headers } of answers) {
    for (const name of ['ratelimit-limit', 'ratelimit-remaining', 'ratelimit-reset'])
      assert.match(headers[name] ?? '', /^\d+$/, `${name} of ${status}`);
    assert.equal(headers['www-authenticate'], status === 401 ? 'Bearer' : undefined);
  }
});

// The last one: the stranger that is refused here is this machine.
test('a stranger who tries too often is told when to come back', async () => {
  let refused;
  for (let i = 0; i < 200 && !refused; ++i) {
    const answer = await appliance.post('/api/v1/session', { email: 'nobody@example.com', password: 'not-the-password' }, { token: '' });
    if (answer.status === 429) refused = answer;
    else assert.equal(answer.status, 401);
  }
  assert.ok(refused, 'it ends');
  assert.match(refused.headers['retry-after'], /^[1-9]\d*$/);
  assert.ok(Number(refused.headers['retry-after']) <= 900);
  assert.equal((await appliance.get('/api/v1/product')).status, 200, 'a program with a token is not held up by it');
});

// curl sends fields in the order in which they are written; a dry run behind the file must still be one.
test('an import is looked at, mapped and tried, wherever its fields stand in the form', async () => {
  const form = (parts) => Buffer.from(parts.map(([name, value]) =>
    `--b\r\nContent-Disposition: form-data; name="${name}"${name === 'file' ? '; filename="list.csv"' : ''}\r\n\r\n${value}\r\n`).join('') + '--b--\r\n');
  const headers = { 'content-type': 'multipart/form-data; boundary=b' };
  const file = 'Teil;Bez;Netto\nIM-1;Hemd;10\n', mapping = JSON.stringify({ Teil: 'sku', Bez: 'title', Netto: { to: 'sell_price.EUR', as: 'value * 1.19' } });
  const ended = async (accepted) => {
    assert.equal(accepted.status, 202, accepted.text);
    for (;;) {
      const job = (await appliance.get('/api/v1/import/' + accepted.json.data.id)).json.data;
      if (!['queued', 'running'].includes(job.status)) return job;
      await new Promise((wake) => setTimeout(wake, 20));
    }
  };
  const seen = await appliance.post('/api/v1/import/preview', form([['file', file]]), { headers });
  assert.equal(seen.status, 200, seen.text);
  assert.deepEqual(seen.json.data.columns.map((column) => [column.name, column.samples[0]]), [['Teil', 'IM-1'], ['Bez', 'Hemd'], ['Netto', '10']]);
  assert.equal(seen.json.data.format, '');

  const tried = await ended(await appliance.post('/api/v1/import', form([['file', file], ['mapping', mapping], ['dry_run', 'true']]), { headers }));
  assert.deepEqual([tried.dry_run, tried.counts.created], [true, 1]);
  assert.equal((await appliance.get('/api/v1/product/IM-1')).status, 404);
  const kept = await ended(await appliance.post('/api/v1/import', form([['mapping', mapping], ['file', file]]), { headers }));
  assert.deepEqual([kept.format, kept.counts.created], ['mapped products', 1]);
  assert.equal((await appliance.get('/api/v1/product/IM-1/offer')).json.data.prices.EUR.sell_price, 11.9);
  const other = await ended(await appliance.post('/api/v1/import', form([['mapping', mapping], ['file', file.replace('Hemd;10', 'Bluse;20')], ['dry_run', '1']]), { headers }));
  assert.equal(other.counts.changed, 1);
  const rows = (await appliance.get(`/api/v1/import/${other.id}/row?outcome[eq]=changed`)).json.data;
  assert.deepEqual(rows[0].changes.map((one) => [one.field, one.before, one.after]), [['title', 'Hemd', 'Bluse'], ['prices.EUR.sell_price', 11.9, 23.8]]);
  assert.equal((await appliance.get('/api/v1/product/IM-1')).json.data.title, 'Hemd');
  const again = await appliance.post('/api/v1/import/preview', form([['file', file]]), { headers });
  assert.deepEqual(again.json.data.mapping, JSON.parse(mapping));

  // What the file does not show, as fields of their own or in the mapping. What the columns mean is remembered without it.
  const odd = 'sku!title\nIM-2!Hemd\n', looked = async (...more) => (await appliance.post('/api/v1/import/preview', form([['file', odd], ...more]), { headers })).json;
  const plain = await ended(await appliance.post('/api/v1/import', form([['file', odd], ['delimiter', '!'], ['encoding', 'iso-8859-7']]), { headers }));
  assert.deepEqual([plain.format, plain.counts.created], ['products', 1]);
  const shown = (await looked(['delimiter', '!'], ['encoding', 'iso-8859-7'])).data;
  assert.deepEqual([shown.columns.map((one) => one.name), shown.encoding, shown.mapping], [['sku', 'title'], 'ISO-8859-7', null]);
  const whole = { columns: [{ column: 'title', to: 'brand' }], delimiter: '!' };
  await ended(await appliance.post('/api/v1/import', form([['mapping', JSON.stringify(whole)], ['file', odd]]), { headers }));
  assert.deepEqual((await looked(['delimiter', '!'])).data.mapping, { columns: whole.columns });
  assert.deepEqual((await appliance.post('/api/v1/import/preview', form([['file', odd.replaceAll('!', ';')]]), { headers })).json.data.mapping, { columns: whole.columns });
  for (const [field, value] of [['encoding', 'klingon'], ['delimiter', 'a'], ['quote', '|']])
    assert.equal((await looked([field, value])).errors[0].field, 'mapping.' + field);
  assert.equal((await looked(['mapping', '{"title":"brand"}'], ['delimiter', '!'])).errors[0].field, 'mapping');

  const wrong = await appliance.post('/api/v1/import', form([['file', file], ['mapping', '{"Teil":{"to":"sku","as":"1 +"}}']]), { headers });
  assert.equal(wrong.status, 422, wrong.text);
  assert.equal(wrong.json.errors[0].field, 'mapping.Teil.as');
  const twice = await appliance.post('/api/v1/import', form([['file', file], ['file', file]]), { headers });
  assert.equal(twice.status, 422);
});

test('a feed is fetched at its own address by whoever has it, costs little while nothing changed, and ends when it is closed', async () => {
  const profile = (await appliance.post('/api/v1/export-profile', { name: 'Till & more', format: 'csv', columns: [{ name: 'nr', from: '[sku]' }, { name: 'price', from: '[price]' }, { name: 'picture', from: '[image]' }], query: 'q=feed', public_address: appliance.url.origin })).json.data;
  const picture = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
  const asset = (await appliance.post('/api/v1/asset', picture, { headers: { 'content-type': 'image/png' } })).json.data;
  const small = await appliance.get(asset.thumbnails[128]);
  assert.equal(small.status, 200, small.text);
  assert.equal(small.headers['content-type'], 'image/webp', 'made in a cell; one pixel that shines through');
  assert.equal((await appliance.get(asset.thumbnails[128], { headers: { 'if-none-match': small.headers.etag } })).status, 304);
  for (let i = 1; i <= 3; ++i)
    assert.equal((await appliance.post(`/api/v1/product/FEED-${i}`, { title: 'Feed', images: i === 1 ? [asset.image] : [] })).status, 201);
  const { path } = (await appliance.post(`/api/v1/export-profile/${profile.id}/feed`)).json.data;
  const fetch = (headers = {}, where = path) => appliance.get(where, { token: '', headers });

  const first = await fetch();
  assert.equal(first.status, 200, first.text);
  assert.match(first.text, /^nr,price,picture\r\nFEED-1,,https:\S+\r\nFEED-2,,\r\nFEED-3,,\r\n$/);
  assert.equal(first.headers['content-type'].split(';')[0], 'text/csv');
  assert.match(first.headers.etag, /^"[0-9a-f]{32}"$/);
  assert.ok(Date.parse(first.headers['last-modified']) > 0);
  assert.equal(first.headers.vary, 'accept-encoding');
  const packed = await fetch({ 'accept-encoding': 'gzip' });
  assert.equal(packed.headers['content-encoding'], 'gzip');
  assert.notEqual(packed.headers.etag, first.headers.etag);
  assert.equal(gunzipSync(packed.bytes).toString(), first.text);
  for (const known of [first.headers.etag, packed.headers.etag, `"other", W/${first.headers.etag}`]) {
    const unchanged = await fetch({ 'if-none-match': known });
    assert.deepEqual([unchanged.status, unchanged.text, unchanged.headers.etag], [304, '', first.headers.etag]);
  }
  for (const [whole, headers] of [[first, {}], [packed, { 'accept-encoding': 'gzip' }]]) {
    const rest = await fetch({ ...headers, range: 'bytes=9-', 'if-range': whole.headers.etag });
    assert.equal(rest.status, 206, rest.text);
    assert.equal(rest.headers['content-range'], `bytes 9-${whole.bytes.length - 1}/${whole.bytes.length}`);
    assert.deepEqual(rest.bytes, whole.bytes.subarray(9));
  }
  const head = await appliance.request('HEAD', path, { token: '' });
  assert.deepEqual([head.status, head.text, head.headers.etag], [200, '', first.headers.etag]);

  const [, address] = /FEED-1,,(https:\S+)/.exec(first.text);
  const shown = await fetch({}, new URL(address).pathname);
  assert.deepEqual([shown.status, shown.headers['content-type'], shown.bytes], [200, 'image/png', picture]);
  assert.equal(shown.headers['cross-origin-resource-policy'], 'cross-origin');
  assert.equal((await fetch({}, new URL(address).pathname.replace(/[0-9a-f]$/, (last) => (last === '0' ? '1' : '0')))).status, 404);

  // Every change makes it another; what concerns no product does not.
  await appliance.post('/api/v1/token', aToken);
  assert.equal((await fetch({ 'if-none-match': first.headers.etag })).status, 304);
  await appliance.post('/api/v1/product/FEED-2/offer', { prices: { EUR: { sell_price: 3 } } });
  const second = await fetch({ 'if-none-match': first.headers.etag });
  assert.match(second.text, /FEED-2,3.00,/);
  assert.equal((await appliance.get('/api/v1/product', { token: path.slice(6) })).status, 401, 'its token opens nothing else');

  assert.equal((await appliance.request('DELETE', `/api/v1/export-profile/${profile.id}/feed`)).status, 200);
  const closed = await fetch({ 'if-none-match': second.headers.etag });
  assert.deepEqual([closed.status, closed.text.includes('FEED')], [404, false]);
  // Whoever goes on guessing waits, and the log says so once.
  const guesses = [];
  for (let i = 0; i < 30; ++i) guesses.push((await fetch({}, `/feed/${'x'.repeat(42)}${i % 10}`)).status);
  assert.ok(guesses.includes(429) && guesses.every((status) => status === 404 || status === 429), guesses.join());
  assert.equal((await appliance.get('/api/v1/audit?per_page=50')).json.data.filter((entry) => entry.action === 'feed.refused').length, 1);
});

test('a download goes on where it was cut off, with the same bytes', async () => {
  for (const format of ['csv', 'xlsx', 'xml', 'json', 'ndjson']) {
    const path = `/api/v1/export?format=${format}`;
    const whole = await appliance.get(path);
    assert.deepEqual([whole.status, whole.headers['accept-ranges']], [200, 'bytes'], whole.text);
    const middle = Math.floor(whole.bytes.length / 2);
    const rest = await appliance.get(path, { headers: { range: `bytes=${middle}-`, 'if-range': whole.headers.etag } });
    assert.deepEqual([rest.status, rest.headers.etag], [206, whole.headers.etag]);
    assert.equal(rest.headers['content-range'], `bytes ${middle}-${whole.bytes.length - 1}/${whole.bytes.length}`);
    assert.deepEqual(rest.bytes, whole.bytes.subarray(middle), format);
    const none = await appliance.get(path, { headers: { range: `bytes=${whole.bytes.length}-`, 'if-range': whole.headers.etag } });
    assert.deepEqual([none.status, none.headers['content-range']], [416, `bytes */${whole.bytes.length}`]);
    assert.equal((await appliance.post('/api/v1/product/RESUMED', { title: format })).status, format === 'csv' ? 201 : 200);
    const kept = await appliance.get(path, { headers: { range: `bytes=${middle}-`, 'if-range': whole.headers.etag } });
    assert.deepEqual([kept.status, kept.headers.etag, kept.bytes], [206, whole.headers.etag, whole.bytes.subarray(middle)]);
    // Of what is not kept, such as by a server that was started anew, nothing has changed, or it comes anew.
    for (const [other, status] of [[whole, 200], [await appliance.get(path), 206]]) {
      const unknown = other.headers.etag.replace(/-.*"/, '-0000000000000000"');
      assert.equal((await appliance.get(path, { headers: { range: 'bytes=9-', 'if-range': unknown } })).status, status);
    }
  }
  // A whole answer to who names no ETag would be glued to what he has (wget does): he is refused, and so is a feed's reader.
  assert.equal((await appliance.get('/api/v1/export', { headers: { range: 'bytes=9-' } })).status, 412);
  const profile = await appliance.post('/api/v1/export-profile', { name: 'Resumed', format: 'csv', query: 'updated_at[gte]=now-7d', columns: [{ name: 'sku', from: '[sku]' }] });
  const file = `/api/v1/export-profile/${profile.json.data.id}/file`, fed = (await appliance.post(file.replace('/file', '/feed'), {})).json.data.path;
  assert.equal((await appliance.get(fed, { headers: { range: 'bytes=9-' } })).status, 412);
  const tags = new Set();  // of a question that moves with the clock: unchanged is never said of it
  for (let i = 0; i < 10; ++i) tags.add((await appliance.request('HEAD', fed)).headers.etag);
  assert.ok(tags.size > 1);
  const own = await appliance.get(file), rest = await appliance.get(file, { headers: { range: 'bytes=2-', 'if-range': own.headers.etag } });
  assert.deepEqual([rest.status, rest.text], [206, own.text.slice(2)]);
  // Every other kind too; what changes beside it breaks none.
  const orders = '/api/v1/export?kind=order&format=json', kinds = [orders, '/api/v1/export?kind=stock_by_location', '/api/v1/export?kind=reference&reference_kind=maker'];
  assert.equal((await appliance.request('PUT', '/api/v1/reference-kind/maker', { body: { attributes: [] } })).status, 201);
  assert.equal((await appliance.request('PUT', '/api/v1/reference/maker/acme', { body: { labels: { en: 'Acme' } } })).status, 201);
  for (const path of kinds) {
    const whole = await appliance.get(path);
    if (path === orders) assert.equal((await appliance.post('/api/v1/product/RESUMED', { title: 'beside' })).status, 200);
    const rest = await appliance.get(path, { headers: { range: 'bytes=9-', 'if-range': whole.headers.etag } });
    assert.deepEqual([rest.status, rest.bytes], [206, whole.bytes.subarray(9)], path);
  }
  // What moves by itself is another question each millisecond, and goes on in what is kept alone.
  const moving = `/api/v1/export?view=${(await appliance.post('/api/v1/view', { list: 'order', name: 'This week', query: 'placed_at[gte]=now-7d', columns: ['total'] })).json.data.id}`;
  const before = (await appliance.get(moving)).headers.etag;
  while ((await appliance.get(moving)).headers.etag === before);
  assert.equal((await appliance.get(moving, { headers: { range: 'bytes=9-', 'if-range': before.replace(/-.*"/, '-0000000000000000"') } })).status, 200);
});

// As a browser whose connection is lost: takes the head and `most` bytes.
function breakOff(path, most) {
  return new Promise((done, fail) => {
    const request = https.request({ host: appliance.url.hostname, port: appliance.url.port, path, ca: appliance.ca, agent: false, headers: { authorization: `Bearer ${appliance.token}` } }, (response) => {
      const pieces = [];
      let got = 0;
      response.on('data', (piece) => {
        pieces.push(piece);
        got += piece.length;
        if (got < most) return;
        response.destroy();
        done({ status: response.statusCode, headers: response.headers, bytes: Buffer.concat(pieces) });
      });
      response.on('error', fail);
    });
    request.on('error', fail);
    request.end();
  });
}

test('orders that change and buyers who are forgotten while an export broke off leave the rest as it was to be', async () => {
  // Long enough that much of it is still to be written when the reader is gone.
  const lines = Array.from({ length: 100 }, (_, line) => ({ title: `Part ${line} of ${'a long name '.repeat(60)}`, quantity: 1, price: 1 }));
  const ids = [];
  for (let i = 0; i < 100; ++i) {
    const order = await appliance.post('/api/v1/order', anOrder(`BROKEN-${i}`, { channel: 'broken', lines }));
    assert.equal(order.status, 201, order.text);
    ids.push(order.json.data.id);
  }
  const path = '/api/v1/export?kind=order&channel[eq]=broken';
  const whole = (await appliance.get(path + '&sort=placed_at')).text;
  const part = await breakOff(path + '&sort=placed_at', 1 << 20);
  assert.ok(part.bytes.length < whole.length / 2);
  assert.equal((await appliance.post(`/api/v1/order/${ids[50]}/cancel`, {})).status, 200);
  // A page of the export is read at this very moment perhaps, but no longer than that.
  const erase = async (id) => (await appliance.post('/api/v1/buyer/erase', { orders: [id], reason: 'asked for it' })).json.data.clean;
  let clean = false;
  for (let i = 60; i < 90 && !clean; ++i) clean = await erase(ids[i]);
  assert.ok(clean, 'no read is held for the download');
  const rest = await appliance.get(path + '&sort=placed_at', { headers: { range: `bytes=${part.bytes.length}-`, 'if-range': part.headers.etag } });
  assert.deepEqual([rest.status, rest.headers.etag], [206, part.headers.etag], rest.text.slice(0, 300));
  const all = Buffer.concat([part.bytes, rest.bytes]).toString();
  assert.equal(rest.headers['content-range'], `bytes ${part.bytes.length}-${all.length - 1}/${all.length}`);
  assert.equal(all.trim().split('\r\n').length, whole.trim().split('\r\n').length, 'each order once');
  for (const word of buyerWords) assert.ok(!all.includes(word));
  assert.ok((await appliance.get(path + '&sort=placed_at')).text !== whole, 'who asks anew sees what has changed');
});

test('orders hold buyers, so they can be no profile', async () => {
  const refused = await appliance.post('/api/v1/export-profile', { name: 'x', kind: 'order', format: 'csv' });
  assert.deepEqual([refused.status, refused.json.errors[0].field], [422, 'kind']);
  const unknown = await appliance.post('/api/v1/export-profile', { name: 'x', format: 'csv', query: 'nonsense[zz]=1' });
  assert.deepEqual([unknown.status, unknown.json.errors[0].field], [422, 'query'], unknown.text);
});

test('a schedule writes a profile into a folder, reads what is put into another, and fetches a feed, which costs nothing while it is the same', async () => {
  const own = { name: 'Own', format: 'csv', columns: [{ name: 'sku', from: '[sku]' }, { name: 'title', from: '[title]' }], query: 'q=scheduled' };
  assert.equal((await appliance.post('/api/v1/product/SCHED-1', { title: 'Scheduled' })).status, 201);
  const profile = (await appliance.post('/api/v1/export-profile', own)).json.data;
  const make = async (body) => {
    const made = await appliance.post('/api/v1/schedule', { every_minutes: 60, ...body });
    assert.equal(made.status, 201, made.text);
    assert.ok(Date.parse(made.json.data.next_at) > Date.now() - 1000);
    return made.json.data;
  };
  const ran = async (schedule, count) => {
    assert.equal((await appliance.post(`/api/v1/schedule/${schedule.id}/run`)).status, 200);
    for (;;) {
      const runs = (await appliance.get(`/api/v1/schedule/${schedule.id}/run`)).json.data;
      if (runs.length === count) return runs[0];
      await new Promise((wake) => setTimeout(wake, 20));
    }
  };
  const out = await make({ name: 'Out', task: 'export_folder', profile: profile.id, folder: 'till' });
  assert.equal((await ran(out, 1)).status, 'done');
  assert.equal(readFileSync(join(shop.data, 'exchange/out/till/own.csv'), 'utf8'), 'sku,title\r\nSCHED-1,Scheduled\r\n');

  assert.equal(run(['export', '--data', shop.data, '--profile', 'Own']).out, 'sku,title\r\nSCHED-1,Scheduled\r\n');
  assert.equal(run(['export', '--data', shop.data, '--profile', 'Nobody']).code, 1);

  const watched = await make({ name: 'In', task: 'import_folder', folder: 'supplier', at: '02:30', every_minutes: 0, time_zone: 'UTC' });
  const folder = join(shop.data, 'exchange/in/supplier');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'new.csv'), 'sku,title\nSCHED-2,Came by a folder\n');
  utimesSync(join(folder, 'new.csv'), new Date(Date.now() - 60_000), new Date(Date.now() - 60_000));
  const read = await ran(watched, 1);
  assert.deepEqual([read.status, read.message], ['done', 'new.csv: 1 row: 1 created, 0 changed, 0 unchanged, 0 refused']);
  assert.equal((await appliance.get('/api/v1/product/SCHED-2')).json.data.title, 'Came by a folder');
  assert.equal(readdirSync(join(folder, 'done')).length, 2);

  const { path } = (await appliance.post(`/api/v1/export-profile/${profile.id}/feed`)).json.data;
  const url = appliance.url.origin + path;
  const refused = await appliance.post('/api/v1/schedule', { name: 'Fetch', task: 'import_url', url, every_minutes: 60 });
  assert.deepEqual([refused.status, refused.json.errors[0].field], [422, 'url'], refused.text);
  assert.equal((await appliance.request('PUT', `/api/v1/webhook-host/${appliance.url.host}`, { body: { private_network: true, authority: appliance.ca.toString() } })).status, 200);
  const fetched = await make({ name: 'Fetch', task: 'import_url', url });
  const first = await ran(fetched, 1);
  assert.deepEqual([first.status, first.message], ['done', '1 row: 0 created, 0 changed, 1 unchanged, 0 refused']);
  assert.equal((await ran(fetched, 2)).status, 'unchanged');
  assert.equal((await appliance.request('DELETE', `/api/v1/export-profile/${profile.id}/feed`)).status, 200);
  const gone = await ran(fetched, 3);
  assert.equal(gone.status, 'failed');
  assert.match(gone.message, /404|429/);  // the guesses of the test above count
  const metrics = await appliance.get('/metrics');
  assert.match(metrics.text, /productflow_schedules_failing 1\n/);
  assert.equal((await appliance.request('DELETE', `/api/v1/schedule/${fetched.id}`)).status, 204);
});
