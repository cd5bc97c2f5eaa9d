// The OpenAPI document says everything, and what it says is what the executable answers.
import assert from 'node:assert/strict';
import test from 'node:test';
import { Appliance, anOrder, newShop, removeFolder, run } from './appliance.mjs';

const shop = newShop();
const document = JSON.parse(run(['openapi', '--data', shop.data]).out);
const operations = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({ name: `${method.toUpperCase()} ${path}`, method, path, operation })));
const successes = (operation) => Object.entries(operation.responses).filter(([status]) => status.startsWith('2'));
test.after(() => removeFolder(shop.data));

test('every operation says what it is for, what it takes and what it answers', () => {
  assert.ok(operations.length > 50);
  for (const { name, method, path, operation } of operations) {
    assert.ok(operation.summary?.length > 3 && operation.operationId && operation.tags.length === 1, name);
    for (const parameter of operation.parameters ?? [])
      if (parameter.in === 'query') assert.ok(parameter.description.length > 3 && parameter.schema, `${name}: ${parameter.name}`);
    assert.deepEqual((operation.parameters ?? []).filter((one) => one.in === 'path').map((one) => `{${one.name}}`), path.match(/\{\w+\}/g) ?? [], name);
    for (const [type, { schema }] of Object.entries(operation.requestBody?.content ?? {}))
      assert.ok(schema?.type === 'object', `${name} says what its ${type} holds`);
    if (['get', 'delete'].includes(method)) assert.equal(operation.requestBody, undefined, name);
    assert.ok(successes(operation).length > 0, name);
    for (const [status, { content }] of successes(operation)) {
      if (status === '204') { assert.equal(content, undefined, name); continue; }
      for (const [type, { schema }] of Object.entries(content))
        assert.ok(/json/.test(type) && !/^\/feed|\/(export|file)$/.test(path) ? schema?.properties : schema, `${name} says what its ${type} is`);
    }
    assert.ok(operation.responses['4XX'] && operation.responses['5XX'], name);
  }
  assert.equal(new Set(operations.map(({ operation }) => operation.operationId)).size, operations.length);
});

// What of `value` the schema does not say, as a list of places. Enough of JSON Schema for what we write.
function strays(schema, value, at = '') {
  if (Object.keys(schema).every((key) => key === 'description')) return [];
  const types = [schema.type].flat();
  const kind = value === null ? 'null' : Array.isArray(value) ? 'array' : Number.isInteger(value) ? 'integer' : typeof value;
  if (!types.includes(kind) && !(kind === 'integer' && types.includes('number'))) return [`${at} is ${kind}, not ${types}`];
  if (schema.format === 'date-time' && kind === 'string' && !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(value)) return [`${at} is no time: ${value}`];
  if (kind === 'array') return value.flatMap((item, i) => strays(schema.items ?? {}, item, `${at}[${i}]`));
  if (kind !== 'object') return [];
  const missing = (schema.required ?? []).filter((name) => !(name in value)).map((name) => `${at}.${name} is missing`);
  return missing.concat(Object.entries(value).flatMap(([name, member]) => {
    const known = schema.properties?.[name] ?? schema.additionalProperties;
    if (known === undefined) return schema.properties ? [`${at}.${name} is not in the document`] : [];
    return known === true ? [] : strays(known, member, `${at}.${name}`);
  }));
}

test('every answer is as the document says', async () => {
  const appliance = await Appliance.start(shop.data, { token: shop.token });
  const seen = new Set();
  const call = async (method, path, target, options = {}) => {
    const answer = await appliance.request(method, target, options);
    const name = `${method} ${path}`;
    assert.ok(answer.status < 300, `${name}: ${answer.status} ${answer.text.slice(0, 300)}`);
    const described = document.paths[path][method.toLowerCase()].responses[answer.status];
    assert.ok(described, `${name} may answer ${answer.status}`);
    seen.add(name);
    const type = answer.headers['content-type']?.split(';')[0];
    if (answer.status === 204) return answer;
    assert.ok(described.content[type], `${name} may answer ${type}`);
    const values = type === 'application/json' ? [answer.json] : type === 'application/x-ndjson' ? answer.text.trim().split('\n').map((line) => JSON.parse(line)) : [];
    for (const value of values) assert.deepEqual(strays(described.content[type].schema, value), [], name);
    return answer;
  };
  const get = (path, target = path) => call('GET', path, target);
  try {
    await call('POST', '/api/v1/product/{sku}', '/api/v1/product/A%2F1', { body: { title: 'Blue shirt', brand: 'Acme', categories: ['clothing/shirts'], attributes: { color: 'blue' }, family: 'shirts' } });
    await call('POST', '/api/v1/product/{sku}', '/api/v1/product/A%2F1', { body: { title: 'Bluer shirt' } });
    await call('PUT', '/api/v1/product/{sku}', '/api/v1/product/B', { body: { title: 'Other', parent: 'A/1' } });
    await call('PATCH', '/api/v1/product/{sku}', '/api/v1/product/B', { body: { brand: 'Acme' } });
    await call('POST', '/api/v1/product', '/api/v1/product', { body: '{"sku":"C","title":"Third"}\n{"title":"no sku"}\n', headers: { 'content-type': 'application/x-ndjson' } });
    await call('POST', '/api/v1/product/{sku}/offer', '/api/v1/product/B/offer', { body: { qty_available: 3, prices: { EUR: { sell_price: 19.95 } } } });
    for (const price of [18.5, 18])
      await call('POST', '/api/v1/product/{sku}/marketplace-offer', '/api/v1/product/B/marketplace-offer', { body: { marketplace: 'bol', qty_available: 2, prices: { EUR: { sell_price: price } } } });
    await call('PUT', '/api/v1/webhook-host/{host}', '/api/v1/webhook-host/hooks.example.com', { body: {} });
    const hook = (await call('POST', '/api/v1/webhook', '/api/v1/webhook', { body: { url: 'https://hooks.example.com/x', events: ['product.created'] } })).json.data;
    const of = (rest, n = '') => [`/api/v1/webhook/{id}${rest}`, `/api/v1/webhook/${hook.id}${rest.replace('{n}', n)}`];
    await call('GET', ...of(''));
    await call('PATCH', ...of(''), { body: { description: 'for the till' } });
    await call('POST', ...of('/secret'));
    await call('POST', ...of('/replay'), { body: { since: '2026-01-01T00:00:00Z' } });
    const sent = (await call('POST', ...of('/test'))).json.data;
    await call('GET', ...of('/delivery'));
    await call('GET', ...of('/delivery/{n}', sent.id));
    await call('POST', ...of('/delivery/{n}/replay', sent.id));
    await call('DELETE', ...of(''));
    await call('DELETE', '/api/v1/webhook-host/{host}', '/api/v1/webhook-host/hooks.example.com');
    await call('POST', '/api/v1/stock/{sku}', '/api/v1/stock/C', { body: { available: 7 } });
    await call('POST', '/api/v1/location', '/api/v1/location', { body: { code: 'loft', name: 'The loft' } });
    await call('PATCH', '/api/v1/location/{code}', '/api/v1/location/loft', { body: { rank: 5 } });
    await get('/api/v1/location');
    await call('POST', '/api/v1/stock/{sku}/transfer', '/api/v1/stock/C/transfer', { body: { from: 'main', to: 'loft', quantity: 2 } });
    for (const [path, body] of [['channel/{code}', { labels: { en: 'Shop' }, locales: ['en'] }], ['attribute-group/{code}', {}], ['attribute/{code}', { type: 'choice', choices: [{ code: 'blue', labels: { en: 'Blue' } }] }],
                                ['family/{code}', { attributes: [{ code: 'title', required: ['*'] }] }], ['category/{path}', { position: 1 }], ['association-type/{code}', { two_way: true }],
                                ['measurement-family/{code}', { standard_unit: 'EACH', units: [{ code: 'EACH' }, { code: 'BOX', symbol: 'bx', to_standard: [{ operator: 'mul', value: '12' }] }] }]]) {
      const code = { 'attribute/{code}': 'color', 'family/{code}': 'shirts' }[path] ?? 'web';
      const target = `/api/v1/${path.replace(/\{\w+\}/, code)}`;
      await call('PUT', `/api/v1/${path}`, target, { body });
      await call('PATCH', `/api/v1/${path}`, target, { body: { labels: { nl: 'Naam' } } });
      await get(`/api/v1/${path}`, target);
    }
    await call('POST', '/api/v1/category/{path}/move', '/api/v1/category/web/move', { body: { parent: 'clothing' } });
    await call('PUT', '/api/v1/category-order', '/api/v1/category-order', { body: { categories: [{ path: 'web', position: 3 }] } });
    for (const [path, target, body] of [['reference-kind/{code}', 'reference-kind/maker', { attributes: [{ code: 'site', type: 'text', localisable: true, required: true }] }], ['reference/{of}/{code}', 'reference/maker/acme', { labels: { en: 'Acme' } }]]) {
      await call('PUT', `/api/v1/${path}`, `/api/v1/${target}`, { body });
      await call('PATCH', `/api/v1/${path}`, `/api/v1/${target}`, { body: { labels: { nl: 'Naam' } } });
      await get(`/api/v1/${path}`, `/api/v1/${target}`);
    }
    await get('/api/v1/reference-kind');
    await get('/api/v1/reference/{of}', '/api/v1/reference/maker?incomplete[eq]=true');
    await get('/api/v1/reference/{of}/{code}/history', '/api/v1/reference/maker/acme/history');
    await get('/api/v1/export', '/api/v1/export?kind=reference&reference_kind=maker');
    await call('DELETE', '/api/v1/reference/{of}/{code}', '/api/v1/reference/maker/acme');
    await call('DELETE', '/api/v1/reference-kind/{code}', '/api/v1/reference-kind/maker');
    await call('DELETE', '/api/v1/measurement-family/{code}', '/api/v1/measurement-family/web');
    await call('PATCH', '/api/v1/product/{sku}', '/api/v1/product/A%2F1', { body: { description: 'Now with its completeness' } });
    await call('PATCH', '/api/v1/product/{sku}', '/api/v1/product/C', { body: { associations: { X_SELL: ['B'], PACK: [{ sku: 'A/1', quantity: 2 }] } } });
    for (const list of ['attribute', 'association-type', 'attribute-group', 'channel', 'measurement-family', 'unit', 'product', 'offer', 'marketplace-offer', 'webhook', 'webhook-event', 'webhook-host', 'stock', 'language', 'category', 'family', 'asset', 'marketplace', 'dashboard', 'token', 'settings', 'user', 'role', 'policy', 'vault', 'audit', 'audit/verify', 'audit/state', 'access-review', 'setup'])
      await get(`/api/v1/${list}`);
    await get('/api/v1/product', '/api/v1/product?facets=brand&per_page=1');
    await get('/api/v1/product/{sku}', '/api/v1/product/B?include=inherited');
    for (const sku of ['B', 'C']) await get('/api/v1/product/{sku}/association', `/api/v1/product/${sku}/association`);
    for (const of of ['', '/variant', '/offer', '/marketplace-offer']) await get(`/api/v1/product/{sku}${of}`, `/api/v1/product/${of === '/variant' ? 'A%2F1' : 'B'}${of}`);
    await get('/api/v1/stock/{sku}', '/api/v1/stock/C');
    await call('PUT', '/api/v1/stock/{sku}/shelf', '/api/v1/stock/C/shelf', { body: { shelf: 'A-1' } });
    await get('/api/v1/stock/{sku}/shelf', '/api/v1/stock/C/shelf');

    const order = await call('POST', '/api/v1/order', '/api/v1/order', { body: anOrder('DOC-1', { lines: [{ sku: 'B', title: 'Other', quantity: 2, price: 19.95 }] }) });
    await call('POST', '/api/v1/order', '/api/v1/order', { body: anOrder('DOC-1', { lines: [{ sku: 'B', title: 'Other', quantity: 2, price: 19.95 }] }) });
    const at = `/api/v1/order/${order.json.data.id}`;
    await call('PUT', '/api/v1/order/{id}/accept', `${at}/accept`);
    await call('POST', '/api/v1/order/{id}/note', `${at}/note`, { body: { message: 'Wrap it well' } });
    const held = await call('POST', '/api/v1/order/{id}/hold', `${at}/hold`, { body: { reason: 'fraud', message: 'Ask first' } });
    await get('/api/v1/order/{id}/hold', `${at}/hold`);
    await call('PUT', '/api/v1/order/{id}/tag/{tag}', `${at}/tag/gift`);
    await get('/api/v1/order/{id}/tag', `${at}/tag`);
    await get('/api/v1/order', '/api/v1/order?tag[in]=gift&facets=tag');
    await call('DELETE', '/api/v1/order/{id}/tag/{tag}', `${at}/tag/gift`);
    await call('DELETE', '/api/v1/order/{id}/hold/{hold}', `${at}/hold/${held.json.data.holds[0].id}`);
    await call('PATCH', '/api/v1/order/{id}', at, { body: { lines: [{ quantity: 1, title: 'Gift wrap', price: 2 }], shipping_cost: 1, message: 'Asked for', edit: 'e1' } });
    await call('PUT', '/api/v1/order/{id}/location', `${at}/location`, { body: { location: 'main' } });
    for (const lines of [[{ line: 0, quantity: 0 }], []]) await call('PUT', '/api/v1/order/{id}/later', `${at}/later`, { body: { lines } });
    const strange = await call('POST', '/api/v1/order', '/api/v1/order', { body: anOrder('DOC-2', { lines: [{ sku: 'NO-SUCH', quantity: 1 }] }) });
    await call('DELETE', '/api/v1/order/{id}/attention/{kind}', `/api/v1/order/${strange.json.data.id}/attention/unknown_sku`);
    const pair = [];
    for (const number of ['DOC-3', 'DOC-4']) pair.push((await call('POST', '/api/v1/order', '/api/v1/order', { body: anOrder(number, { lines: [{ title: number, quantity: 1, price: 1 }] }) })).json.data.id);
    await get('/api/v1/together');
    await call('POST', '/api/v1/together', '/api/v1/together', { body: { orders: pair, track_and_trace: '3S1' } });
    await get('/api/v1/order/{id}/picking', `${at}/picking`);
    await call('PUT', '/api/v1/order/{id}/line/{line}', `${at}/line/0`, { body: { sku: 'B' } });
    await get('/api/v1/order/{id}/packing-slip', `${at}/packing-slip`);
    await get('/api/v1/invoice-settings', '/api/v1/invoice-settings');
    await call('PUT', '/api/v1/invoice-settings', '/api/v1/invoice-settings', { body: { seller: { name: 'Shop', street: 'Street 1', city: 'Town', country_code: 'NL', small_business_note: 'None is charged.' }, country_rates: [{ country_code: 'DE', rate: 19 }] } });
    const invoice = await call('POST', '/api/v1/order/{id}/invoice', `${at}/invoice`, { body: {} });
    await get('/api/v1/order/{id}/invoice', `${at}/invoice`);
    await call('PUT', '/api/v1/invoice-settings', '/api/v1/invoice-settings', { body: { seller: { name: 'Shop', street: 'Street 1', city: 'Town', country_code: 'NL', vat_number: 'NL001234567B01' }, vat_rate: 21 } });
    await call('POST', '/api/v1/order/{id}/invoice/correction', `${at}/invoice/correction`, { body: {} });
    for (const settings of ['customs-settings', 'archive']) await get(`/api/v1/${settings}`);
    await call('PUT', '/api/v1/customs-settings', '/api/v1/customs-settings', { body: { eori: 'NL123456789', origin: 'NL' } });
    await call('PUT', '/api/v1/archive', '/api/v1/archive', { body: { enabled: true, understood: true } });
    await call('PUT', '/api/v1/archive', '/api/v1/archive', { body: { enabled: false } });
    await get('/api/v1/invoice', '/api/v1/invoice');
    await get('/api/v1/invoice/{name}', `/api/v1/invoice/${invoice.json.data.name}`);
    await get('/api/v1/order/{id}/fulfilment', `${at}/fulfilment`);
    for (const [of, body] of [['pick', { code: 'B' }], ['short', { line: 0, quantity: 1 }], ['lost', { line: 0, quantity: 1 }], ['pack', { line: 0, scan: 'p1' }]])
      await call('POST', `/api/v1/order/{id}/${of}`, `${at}/${of}`, { body });
    await call('PUT', '/api/v1/order/{id}/parcel/{parcel}', `${at}/parcel/PACK01`, { body: { weight_grams: 800 } });
    const scans = await call('DELETE', '/api/v1/order/{id}/parcel/{parcel}', `${at}/parcel/PACK01`);
    await call('DELETE', '/api/v1/order/{id}/scan/{event}', `${at}/scan/${scans.json.data.last.event}`);
    await call('POST', '/api/v1/order/{id}/shipment', `${at}/shipment`, { body: { identifier: 'PACK01', method: 'DHL', track_and_trace: 'T1', lines: [{ line: 0, quantity: 1 }] } });
    await call('PUT', '/api/v1/order/{id}/parcel/{parcel}/tracking', `${at}/parcel/PACK01/tracking`, { body: { track_and_trace: 'T2' } });
    const next = (await call('POST', '/api/v1/order', '/api/v1/order', { body: anOrder('DOC-5', { lines: [{ sku: 'C', title: 'Third', quantity: 3, price: 5 }] }) })).json.data.id;
    const { id: cart } = (await call('POST', '/api/v1/batch', '/api/v1/batch', { body: { orders: [next] } })).json.data;
    const batch = (rest) => [`/api/v1/batch/{id}${rest}`, `/api/v1/batch/${cart}${rest}`];
    for (const rest of ['', '/picking']) await get(...batch(rest));
    await get('/api/v1/batch', '/api/v1/batch?status=open');
    await call('POST', ...batch('/pick'), { body: { code: 'C', scan: 's1' } });
    const said = (await call('POST', ...batch('/short'), { body: { sku: 'C', quantity: 1 } })).json.data.last.scan;
    await call('DELETE', '/api/v1/batch/{id}/scan/{scan}', `/api/v1/batch/${cart}/scan/${said}`);
    await call('PUT', ...batch('/stop'));
    await get('/api/v1/carrier-format');
    await call('PUT', '/api/v1/carrier-format/{name}', '/api/v1/carrier-format/bike', { body: { carrier: 'Bike', columns: [{ name: 'to', from: '[city]' }] } });
    await get('/api/v1/carrier-format/{name}', '/api/v1/carrier-format/dhl_online');
    await get('/api/v1/carrier-file', `/api/v1/carrier-file?orders=${next}&format=bike`);
    await get('/api/v1/carrier-file/check', `/api/v1/carrier-file/check?orders=${next},999999&format=bike`);
    await call('DELETE', '/api/v1/carrier-format/{name}', '/api/v1/carrier-format/bike');
    for (const body of [{ order_id: order.json.data.id, reference: 'R-1', lines: [{ line: 0, quantity: 1 }] }, { order_id: order.json.data.id, reference: 'R-1' }])
      await call('POST', '/api/v1/return', '/api/v1/return', { body });
    const refused = (await get('/api/v1/order/{id}/return', `${at}/return`)).json.data[0].id;
    await call('PUT', '/api/v1/return/{id}/refuse', `/api/v1/return/${refused}/refuse`, { body: { message: 'Worn' } });
    const back = (await call('POST', '/api/v1/return', '/api/v1/return', { body: { order_id: order.json.data.id } })).json.data.id;
    await get('/api/v1/return', '/api/v1/return?facets=status');
    await get('/api/v1/return/{id}', `/api/v1/return/${back}`);
    await call('PUT', '/api/v1/return/{id}/approve', `/api/v1/return/${back}/approve`);
    await call('PUT', '/api/v1/return/{id}/receipt', `/api/v1/return/${back}/receipt`, { body: { lines: [{ line: 0, received: 1, restocked: 1 }] } });
    await call('PUT', '/api/v1/return/{id}/replacement', `/api/v1/return/${back}/replacement`, { body: {} });
    await call('PUT', '/api/v1/return/{id}/close', `/api/v1/return/${back}/close`);
    for (let i = 0; i < 2; ++i)
      await call('POST', '/api/v1/order/{id}/refund', `${at}/refund`, { body: { identifier: 'CN-1', return_id: back, lines: [{ line: 0, quantity: 1 }] } });
    await get('/api/v1/order/{id}/refund', `${at}/refund`);
    for (const _ of ['made', 'again']) await call('POST', '/api/v1/order/{id}/refund/{refund}/credit-note', `${at}/refund/CN-1/credit-note`);
    await call('POST', '/api/v1/order/{id}/cancel', `${at}/cancel`, { body: { reason: 'changed their mind' } });
    for (const of of ['', '/shipment', '/cancel', '/note', '/timeline']) await get(`/api/v1/order/{id}${of}`, at + of);
    await get('/api/v1/order/{id}/customer', `${at}/customer?reason=check`);
    await get('/api/v1/order', '/api/v1/order?facets=status,attention');

    await get('/api/v1/report');
    await get('/api/v1/report/stock-value');
    await call('POST', '/api/v1/report/recount', '/api/v1/report/recount');
    await get('/api/v1/report/recount');
    await call('POST', '/api/v1/report/recount/cancel', '/api/v1/report/recount/cancel');
    await call('POST', '/api/v1/index/rebuild', '/api/v1/index/rebuild');
    await get('/api/v1/index/rebuild');
    await call('POST', '/api/v1/index/rebuild/cancel', '/api/v1/index/rebuild/cancel');
    await get('/api/v1/report', '/api/v1/report?group=category&from=2026-01-01&to=2026-12-31');

    const done = await appliance.importFile('doc.csv', 'sku,title,ean\nD,Fourth,\nE,Fifth,4006381333930\n');
    await get('/api/v1/import');
    await call('POST', '/api/v1/import/preview', '/api/v1/import/preview', { headers: { 'content-type': 'multipart/form-data; boundary=b' },
      body: Buffer.from('--b\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\nsku,ean,price\nD,4006381333930,ten\n\r\n--b--\r\n') });
    await get('/api/v1/import/{id}', `/api/v1/import/${done.id}`);
    await get('/api/v1/import/{id}/row', `/api/v1/import/${done.id}/row?outcome[eq]=refused`);
    for (const format of ['csv', 'xlsx', 'json', 'ndjson', 'xml']) await get('/api/v1/export', `/api/v1/export?kind=product&format=${format}`);
    await get('/api/v1/export', '/api/v1/export?kind=description');
    const columns = [{ name: 'sku', from: '[sku]' }];
    await call('PUT', '/api/v1/export-format/{name}', '/api/v1/export-format/till', { body: { layout: 'tsv', columns } });
    await get('/api/v1/export-format');
    await get('/api/v1/export-format/{name}', '/api/v1/export-format/till');
    const profile = (await call('POST', '/api/v1/export-profile', '/api/v1/export-profile', { body: { name: 'Till', format: 'csv', columns, query: 'brand[eq]=Acme' } })).json.data;
    const profiled = (rest) => [`/api/v1/export-profile/{id}${rest}`, `/api/v1/export-profile/${profile.id}${rest}`];
    await get('/api/v1/export-profile');
    await call('PATCH', ...profiled(''), { body: { format: 'google_merchant', columns: [] } });
    await get(...profiled(''));
    const check = await call('POST', ...profiled('/check'));
    assert.ok(check.json.data.faults.length > 0 && check.json.data.advice.length > 0);
    await get(...profiled('/file'));
    const { path: feed } = (await call('POST', ...profiled('/feed'))).json.data;
    await get('/feed/{token}', feed);
    const schedule = (await call('POST', '/api/v1/schedule', '/api/v1/schedule', { body: { name: 'Till', task: 'export_folder', profile: profile.id, at: '02:30', weekdays: ['monday'] } })).json.data;
    const scheduled = (rest) => [`/api/v1/schedule/{id}${rest}`, `/api/v1/schedule/${schedule.id}${rest}`];
    await call('PATCH', ...scheduled(''), { body: { every_minutes: 60 } });
    const mapping = (await call('POST', '/api/v1/import-mapping', '/api/v1/import-mapping', { body: { name: 'Supplier', mapping: { columns: [{ column: 'nr', to: 'sku' }] } } })).json.data;
    const mapped = ['/api/v1/import-mapping/{id}', `/api/v1/import-mapping/${mapping.id}`];
    await get('/api/v1/import-mapping');
    await call('PATCH', ...mapped, { body: { name: 'Other' } });
    await get(...mapped);
    await call('DELETE', ...mapped);
    await call('POST', ...scheduled('/run'));
    while ((await get(...scheduled('/run'))).json.data.length === 0);
    await get(...scheduled(''));
    await get('/api/v1/schedule');
    await call('DELETE', ...scheduled(''));
    await call('DELETE', ...profiled('/feed'));
    await call('DELETE', ...profiled(''));
    await call('DELETE', '/api/v1/export-format/{name}', '/api/v1/export-format/till');
    await get('/api/v1/product/{sku}/history', '/api/v1/product/A%2F1/history');
    await get('/api/v1/product/{sku}/difference', '/api/v1/product/A%2F1/difference?from=1&to=2');
    await call('POST', '/api/v1/product/{sku}/restore', '/api/v1/product/A%2F1/restore', { body: { version: 1 } });
    const edit = { select: { skus: ['A/1', 'none'] }, actions: [{ action: 'set', field: 'brand', value: 'Other' }] };
    await call('POST', '/api/v1/bulk-edit', '/api/v1/bulk-edit', { body: { ...edit, dry_run: true } });
    const { id } = (await call('POST', '/api/v1/bulk-edit', '/api/v1/bulk-edit', { body: edit })).json.data;
    while (['queued', 'running'].includes((await get('/api/v1/bulk-edit/{id}', `/api/v1/bulk-edit/${id}`)).json.data.status));
    await get('/api/v1/bulk-edit/{id}/row', `/api/v1/bulk-edit/${id}/row`);
    await call('POST', '/api/v1/bulk-edit/{id}/undo', `/api/v1/bulk-edit/${id}/undo`);
    await get('/api/v1/bulk-edit');
    const rule = (await call('POST', '/api/v1/rule', '/api/v1/rule', { body: { name: 'Spell', when: { conditions: [{ field: 'brand', operator: 'eq', value: 'other' }] }, then: [{ action: 'set', field: 'brand', value: 'Others' }] } })).json.data;
    await call('POST', '/api/v1/rule', '/api/v1/rule', { body: { name: 'Gift', on: 'order', then: [{ action: 'tag', tag: 'gift' }] } });
    await get('/api/v1/rule');
    await get('/api/v1/rule/{id}', `/api/v1/rule/${rule.id}`);
    await call('PATCH', '/api/v1/rule/{id}', `/api/v1/rule/${rule.id}`, { body: { stop: true } });
    await call('PUT', '/api/v1/rule/order', '/api/v1/rule/order', { body: { ids: [rule.id] } });
    await call('POST', '/api/v1/product/{sku}', '/api/v1/product/A%2F1', { body: { brand: 'OTHER' } });
    await get('/api/v1/product/{sku}/history', '/api/v1/product/A%2F1/history');
    await call('POST', '/api/v1/rule/test', '/api/v1/rule/test', { body: { id: rule.id, rule: { then: [{ action: 'set', field: 'brand', value: 'X' }] }, skus: ['A/1', 'none'] } });
    await call('POST', '/api/v1/rule/test', '/api/v1/rule/test', { body: { orders: [order.json.data.id] } });
    await call('POST', '/api/v1/rule/run', '/api/v1/rule/run', { body: { dry_run: true } });
    await call('POST', '/api/v1/rule/run', '/api/v1/rule/run', { body: { on: 'order', dry_run: true } });
    const ruled = (await call('POST', '/api/v1/rule/{id}/run', `/api/v1/rule/${rule.id}/run`)).json.data;
    while (['queued', 'running'].includes((await get('/api/v1/bulk-edit/{id}', `/api/v1/bulk-edit/${ruled.id}`)).json.data.status));
    await call('DELETE', '/api/v1/rule/{id}', `/api/v1/rule/${rule.id}`);
    const propose = (brand) => call('POST', '/api/v1/product/{sku}/draft', '/api/v1/product/B/draft', { body: { change: { brand, title: 'Better' }, offer: { prices: { EUR: { sell_price: 9 } } }, comment: 'why not' } });
    const draft = (await propose('Mine')).json.data.id, drafted = (rest) => [`/api/v1/draft/{id}${rest}`, `/api/v1/draft/${draft}${rest}`];
    await propose('Ours');
    await get('/api/v1/mention');
    await call('PUT', '/api/v1/mention/read', '/api/v1/mention/read', { body: { sku: 'B' } });
    await get('/api/v1/draft', '/api/v1/draft?facets=status,author,family,field');
    await get('/api/v1/product/{sku}/draft', '/api/v1/product/B/draft');
    await call('PATCH', ...drafted(''), { body: { comment: 'because' } });
    await call('PUT', ...drafted('/reject'), { body: { fields: [{ field: 'title', locale: 'en' }], comment: 'no' } });
    await call('PUT', ...drafted('/approve'));
    await get(...drafted(''));
    await get('/api/v1/product/{sku}/history', '/api/v1/product/B/history');
    const another = (await propose('Theirs')).json.data.id;
    await call('PUT', '/api/v1/draft/{id}/withdraw', `/api/v1/draft/${another}/withdraw`);
    await call('POST', '/api/v1/draft/decide', '/api/v1/draft/decide', { body: { decision: 'approve', ids: [another, (await propose('All')).json.data.id] } });
    const spoken = (await call('POST', '/api/v1/product/{sku}/comment', '/api/v1/product/B/comment', { body: { text: 'Which blue?' } })).json.data.id;
    const comment = ['/api/v1/product/{sku}/comment/{id}', `/api/v1/product/B/comment/${spoken}`];
    await call('PATCH', ...comment, { body: { resolved: true } });
    await get('/api/v1/product/{sku}/comment', '/api/v1/product/B/comment');
    await call('DELETE', ...comment);
    const person = (await get('/api/v1/colleague')).json.data[0].id;
    const task = (await call('POST', '/api/v1/task', '/api/v1/task', { body: { title: 'Photograph', skus: ['B'], due: '2026-01-31', assignee: person } })).json.data.id;
    await get('/api/v1/task', '/api/v1/task?overdue=1&facets=status,assignee');
    await get('/api/v1/task/{id}', `/api/v1/task/${task}`);
    await call('PATCH', '/api/v1/task/{id}', `/api/v1/task/${task}`, { body: { status: 'done' } });
    await get('/api/v1/teamwork');
    await call('DELETE', '/api/v1/task/{id}', `/api/v1/task/${task}`);
    const view = ['/api/v1/view/{id}', `/api/v1/view/${(await call('POST', '/api/v1/view', '/api/v1/view', { body: { list: 'product', name: 'Ours', query: 'brand[eq]=Acme', columns: ['title'] } })).json.data.id}`];
    await get('/api/v1/view', '/api/v1/view?list=product');
    await get(...view);
    await call('PATCH', ...view, { body: { shared: true } });
    await call('DELETE', ...view);
    await call('POST', '/api/v1/vault/purge', '/api/v1/vault/purge', { body: { dry_run: true } });
    await call('POST', '/api/v1/vault/prove', '/api/v1/vault/prove', { body: { text: 'Quillonbury' } });
    await call('POST', '/api/v1/buyer/search', '/api/v1/buyer/search', { body: { email: 'zyx.quillon@example.com' } });
    await call('POST', '/api/v1/buyer/export', '/api/v1/buyer/export', { body: { email: 'zyx.quillon@example.com', reason: 'check' } });
    for (const dry_run of [true, false])
      await call('POST', '/api/v1/buyer/erase', '/api/v1/buyer/erase', { body: { email: 'zyx.quillon@example.com', reason: 'check', dry_run } });
    for (const of of ['', '/verify']) await get(`/api/v1/vault/certificate${of}`);
    await get('/api/v1/vault/certificate/{number}', '/api/v1/vault/certificate/1');
    await call('PUT', '/api/v1/vault/retention', '/api/v1/vault/retention', { body: { channel: 'amazon', days: 14 } });
    await get('/api/v1/vault/retention');
    await call('PUT', '/api/v1/audit/retention', '/api/v1/audit/retention', { body: { keep_days: 400 } });
    for (const [of, body] of [['share'], ['key', { provider: 'key_file' }], ['seal'], ['unseal', {}]])
      await call('POST', `/api/v1/vault/${of}`, `/api/v1/vault/${of}`, { body });
    await call('POST', '/api/v1/token', '/api/v1/token', { body: { name: 'doc', scopes: ['orders.read'] } });
    await call('PATCH', '/api/v1/settings', '/api/v1/settings', { body: { shop_name: 'Documented' } });
    for (const path of ['/healthz', '/readyz', '/metrics', '/api/v1/openapi.json']) await get(path);
    await call('DELETE', '/api/v1/product/{sku}', '/api/v1/product/C');
    await get('/api/v1/attribute', '/api/v1/attribute?choices=1');
    for (const [path, code] of [['family/{code}', 'shirts?force=1'], ['attribute/{code}', 'color?force=1'], ['attribute-group/{code}', 'web'], ['category/{path}', 'web'], ['channel/{code}', 'web'], ['association-type/{code}', 'web']])
      await call('DELETE', `/api/v1/${path}`, `/api/v1/${path.replace(/\{\w+\}/, code)}`);
  } finally {
    await appliance.stop();
  }
  // What needs a browser's session, a second shop or an upload, and what is no JSON, is told by its own stories.
  const elsewhere = operations.filter(({ method, path }) => !seen.has(`${method.toUpperCase()} ${path}`)).map(({ path }) => path);
  for (const path of elsewhere)
    assert.match(path, /\/(user|role|policy|access-review|invitation|account|device|notice|totp|recovery-code|passkey|client|session|setup|password|reauthenticate|asset|import|language|token|offer|cancel|backup|escrow|clock|event|paper|archive|image)\b/, `${path} is compared here`);
});
