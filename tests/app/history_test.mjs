// A shop that changes thousands of products at once can see who did what, take the whole of it back, and loses nothing
// when the machine stops in between.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { crc32 } from 'node:zlib';
import { Appliance, newShop, removeFolder } from './appliance.mjs';

const kProducts = 10_000;
let made, shop;
before(async () => {
  made = newShop();
  shop = await Appliance.start(made.data, { token: made.token });
});
after(async () => {
  await shop?.stop();
  removeFolder(made.data);
});
const file = (title, brand, from = 0, to = kProducts) => 'sku,title,brand,categories\n' + Array.from({ length: to - from }, (_, i) => `H-${from + i},${title} ${from + i},${brand},kitchen/mugs`).join('\n') + '\n';
const count = async (question) => (await shop.get(`/api/v1/product?per_page=1&${question}`)).json.meta.total;
const history = async (sku) => (await shop.get(`/api/v1/product/${sku}/history`)).json.data;
const post = async (path, body, status) => {
  const answer = await shop.post(`/api/v1/${path}`, body);
  assert.equal(answer.status, status, answer.text);
  return answer.json.data;
};
async function ended(id) {
  for (;;) {
    const { data } = (await shop.get(`/api/v1/bulk-edit/${id}`)).json;
    if (!['queued', 'running'].includes(data.status)) return data;
    await new Promise((wake) => setTimeout(wake, 20));
  }
}

test('an import is in the history with its id and line, and every edit with its fields', async () => {
  const first = await shop.importFile('mugs.csv', file('Mug', 'Acme'));
  assert.equal(first.counts.created, kProducts);
  const [entry] = await history('H-5');
  assert.deepEqual([entry.action, entry.source, entry.source_id, entry.row, entry.by, entry.changes], ['created', 'import', first.id, 7, 'test', []]);
  await shop.request('PATCH', '/api/v1/product/H-5', { body: { brand: 'Beta' } });
  assert.deepEqual((await history('H-5'))[0].changes, [{ field: 'brand', locale: null, before: 'Acme', after: 'Beta' }]);
  assert.equal((await history('H-5'))[0].source, 'api');
  await post('product/H-5/restore', { version: 1 }, 200);
  assert.equal((await shop.get('/api/v1/product/H-5')).json.data.brand, 'Acme');
});

test('a bulk edit over a search is previewed without writing, goes on after a kill, and is undone but for later edits', async () => {
  const wish = { select: { query: 'q=mug&brand[eq]=Acme' }, locale: 'en', actions: [{ action: 'set', field: 'brand', value: 'Gamma' }, { action: 'replace', field: 'title', find: 'Mug', with: 'Cup' }, { action: 'move', from: 'kitchen', to: 'home' }] };
  const { preview } = await post('bulk-edit', { ...wish, dry_run: true }, 200);
  assert.deepEqual([preview.products, preview.changed, preview.refused, preview.samples[0].changes.length], [kProducts, preview.tried, 0, 3]);
  assert.equal(await count('brand[eq]=Acme'), kProducts);

  const edit = await post('bulk-edit', wish, 202);
  await shop.kill(); // somewhere between the first and the last product
  shop = await Appliance.start(made.data, { token: made.token });
  const done = await ended(edit.id);
  assert.deepEqual([done.status, done.resumed, done.counts.done, done.counts.changed, done.counts.refused], ['done', true, kProducts, kProducts, 0]);
  assert.deepEqual([await count('brand[eq]=Gamma'), await count('q=cup'), await count('category[eq]=home%2Fmugs')], [kProducts, kProducts, kProducts]);
  const versions = await history('H-9');
  assert.deepEqual(versions.map(({ source }) => source), ['bulk-edit', 'import']); // once, not twice

  await shop.request('PATCH', '/api/v1/product/H-9', { body: { title: 'By hand' } });
  const undo = await post(`bulk-edit/${edit.id}/undo`, undefined, 202);
  await shop.kill();
  shop = await Appliance.start(made.data, { token: made.token });
  const undone = await ended(undo.id);
  assert.deepEqual([undone.status, undone.kind, undone.undoes.id, undone.counts.changed, undone.counts.collided], ['done', 'undo', edit.id, kProducts, 1]);
  const rows = (await shop.get(`/api/v1/bulk-edit/${undo.id}/row`)).json.data;
  assert.deepEqual([rows.length, rows[0].sku, rows[0].errors[0].field], [1, 'H-9', 'title (en)']);
  assert.deepEqual([await count('brand[eq]=Acme'), await count('q=mug'), await count('category[eq]=kitchen%2Fmugs')], [kProducts, kProducts - 1, kProducts]);
  assert.equal((await shop.get('/api/v1/product/H-9')).json.data.title, 'By hand');
});

test('an import is taken back: what it changed, and what it made unless somebody touched it', async () => {
  const second = await shop.importFile('more.csv', file('Jug', 'Delta', kProducts - 1000, kProducts + 500));
  assert.deepEqual([second.counts.created, second.counts.changed], [500, 1000]);
  await shop.request('PATCH', `/api/v1/product/H-${kProducts + 3}`, { body: { brand: 'Mine' } });
  assert.equal((await shop.get(`/api/v1/import/${second.id}/undo`)).json.data.possible, true);
  const undo = await post(`import/${second.id}/undo`, undefined, 202);
  const { counts } = await ended(undo.id);
  assert.deepEqual([counts.changed, counts.deleted, counts.collided], [1000, 499, 1]);
  assert.deepEqual([await count(''), await count('brand[eq]=Acme'), await count('q=jug')], [kProducts + 1, kProducts, 1]);
  assert.equal((await shop.get(`/api/v1/import/${second.id}/undo`)).json.data.latest.id, undo.id);
  const again = await ended((await post(`import/${second.id}/undo`, undefined, 202)).id);
  assert.deepEqual([again.counts.changed, again.counts.deleted, again.counts.unchanged], [0, 0, 1499]);
  const dry = await shop.importFile('dry.csv', file('X', 'Y'), { dry_run: '1' });
  assert.equal((await shop.post(`/api/v1/import/${dry.id}/undo`)).status, 409);
});

test('what cannot be is refused with its place', async () => {
  const refused = async (body, field) => {
    const answer = await shop.post('/api/v1/bulk-edit', body);
    assert.equal(answer.status, 422, answer.text);
    assert.ok(answer.json.errors.some((fault) => fault.field === field), answer.text);
  };
  const actions = [{ action: 'set', field: 'brand', value: 'B' }];
  await refused({ select: { skus: [] }, actions }, 'select.skus');
  await refused({ select: { skus: ['A'], query: 'q=a' }, actions }, 'select');
  await refused({ select: { query: 'price[bad]=1' }, actions }, 'select.query price[bad]');
  await refused({ select: { skus: ['A'] }, actions: [] }, 'actions');
  await refused({ select: { skus: ['A'] }, actions: [{ action: 'set', field: 'brand' }] }, 'actions[0].value');
  await refused({ select: { skus: ['A'] }, actions: [{ action: 'set', field: 'sku', value: 'x' }] }, 'actions[0].field');
  await refused({ select: { skus: ['A'] }, actions: [{ action: 'clear', field: 'brand', value: 'x' }] }, 'actions[0].value');
  const gone = await ended((await post('bulk-edit', { select: { skus: ['not there', 'H-1'] }, actions }, 202)).id);
  assert.deepEqual([gone.counts.refused, gone.counts.changed], [1, 1]);
  assert.equal((await shop.post('/api/v1/bulk-edit/999/undo')).status, 404);
  assert.equal((await shop.post(`/api/v1/bulk-edit/${gone.id}/cancel`)).status, 409);
});

test('prices of an import and of a bulk edit are shown before, told in the history, and taken back', async () => {
  const price = async (sku) => (await shop.get(`/api/v1/product/${sku}/offer`)).json.data.prices.EUR?.sell_price;
  const prices = (of) => 'sku,sell_price.EUR,cost_price.EUR\n' + [1, 2, 3].map((n) => `PR-${n},${of + n},${n}`).join('\n') + '\n';
  await shop.importFile('new.csv', 'sku,title,sell_price.EUR\n' + [1, 2, 3].map((n) => `PR-${n},Plate ${n},${n}.50`).join('\n') + '\n');
  assert.deepEqual((await history('PR-1')).map(({ action, offer }) => [action, offer]), [['created', false]]); // its offer came with it
  const dry = await shop.importFile('prices.csv', prices(10), { dry_run: '1' });
  const shown = (await shop.get(`/api/v1/import/${dry.id}/row?outcome[eq]=changed`)).json.data;
  assert.deepEqual(shown.map((row) => row.changes?.map(({ field, before, after }) => [field, before, after])), [1, 2, 3].map((n) => [['prices.EUR.sell_price', n + 0.5, 10 + n], ['prices.EUR.cost_price', null, n]]));

  const done = await shop.importFile('prices.csv', prices(10));
  assert.equal(done.counts.changed, 3);
  const [entry] = await history('PR-2');
  assert.deepEqual([entry.offer, entry.version, entry.source, entry.source_id, entry.row, entry.changes.length], [true, 1, 'import', done.id, 3, 2]);
  await post('product/PR-3/offer', { prices: { EUR: { sell_price: 20 } } }, 200);
  // Who looked before that is told, and what only they changed goes through.
  const late = await shop.post('/api/v1/product/PR-3/offer', { prices: { EUR: { sell_price: 21 } }, seen: { prices: { EUR: { sell_price: 13 } } } });
  assert.deepEqual([late.status, late.json.conflicts], [412, [{ field: 'prices.EUR.sell_price', locale: null, was: 13, theirs: 20, mine: 21 }]]);
  await post('product/PR-3/offer', { qty_available: 0, prices: { EUR: { sell_price: '20.00', cost_price: 3 } }, seen: { qty_available: 7, prices: { EUR: { sell_price: 13, cost_price: 3 } } } }, 200);
  const undone = await ended((await post(`import/${done.id}/undo`, undefined, 202)).id);
  assert.deepEqual([undone.status, undone.counts.changed, undone.counts.collided], ['done', 3, 1]);
  assert.deepEqual(await Promise.all([1, 2, 3].map((n) => price(`PR-${n}`))), [1.5, 2.5, 20]);

  const wish = { select: { skus: ['PR-1', 'PR-2', 'PR-3'] }, actions: [{ action: 'raise', field: 'prices.EUR.sell_price', value: 10 }] };
  const { preview } = await post('bulk-edit', { ...wish, dry_run: true }, 200);
  assert.deepEqual([preview.changed, preview.samples[0].changes], [3, [{ field: 'prices.EUR.sell_price', locale: null, before: 1.5, after: 1.65 }]]);
  const edit = await ended((await post('bulk-edit', wish, 202)).id);
  assert.equal(edit.counts.changed, 3);
  assert.deepEqual(await Promise.all([1, 2, 3].map((n) => price(`PR-${n}`))), [1.65, 2.75, 22]);
  assert.equal(await count('price.EUR[eq]=22'), 1);
  await ended((await post(`bulk-edit/${edit.id}/undo`, undefined, 202)).id);
  assert.deepEqual(await Promise.all([1, 2, 3].map((n) => price(`PR-${n}`))), [1.5, 2.5, 20]);
});

test('rules are followed by every write, tried without one, run over what is there as a job that a kill does not stop, and taken back', async () => {
  await shop.importFile('ruled.csv', 'sku,title,brand\n' + Array.from({ length: 3000 }, (_, i) => `RU-${i},Ruled ${i},zeta\n`).join(''));
  const draft = { name: 'Spell Zeta', when: { conditions: [{ field: 'brand', operator: 'eq', value: 'ZETA' }] }, then: [{ action: 'set', field: 'brand', value: 'Zeta' }, { action: 'derive', field: 'attributes.label', formula: '[brand] & ": " & [title]' }] };
  const bench = await post('rule/test', { rule: draft, skus: ['RU-1', 'nobody'] }, 200);
  assert.deepEqual(bench.items.map(({ found, changes }) => [found, changes.map(({ field, before, after }) => [field, before, after])]), [[true, [['brand', 'zeta', 'Zeta'], ['attributes.label', null, 'Zeta: Ruled 1']]], [false, []]]);
  const rule = await post('rule', draft, 201);
  assert.deepEqual([rule.warnings, rule.counts.matched], [[], 0]);

  await post('product/RU-9', { title: 'Anew' }, 200);
  const [entry] = await history('RU-9');
  assert.deepEqual(entry.changes.map(({ field, rule: by }) => [field, by?.name]), [['title', undefined], ['brand', 'Spell Zeta'], ['attributes.label', 'Spell Zeta']]);
  const imported = await shop.importFile('ruled.csv', 'sku,title,brand\nRU-8,Eight,zeta\n');
  assert.deepEqual([imported.counts.changed, (await history('RU-8'))[0].row, (await history('RU-8'))[0].changes[1].rule.id], [1, 2, rule.id]);

  const { preview } = await post('rule/run', { select: { query: 'brand[eq]=zeta' }, dry_run: true }, 200);
  assert.deepEqual([preview.products, preview.tried, preview.changed, preview.rules[0].matched, preview.samples[0].changes[0].rule.name], [3000, 1000, 1000, 1000, 'Spell Zeta']);
  const run = await post(`rule/${rule.id}/run`, { select: { query: 'brand[eq]=zeta' } }, 202);
  await shop.kill();
  shop = await Appliance.start(made.data, { token: made.token });
  const done = await ended(run.id);
  assert.deepEqual([done.status, done.kind, done.resumed, done.counts.changed, done.counts.unchanged, done.rules[0].matched], ['done', 'rules', true, 2998, 2, 3000]);
  assert.equal((await shop.get(`/api/v1/rule/${rule.id}`)).json.data.counts.matched, 3002);
  await post(`bulk-edit/${run.id}/undo`, undefined, 202).then(({ id }) => ended(id));
  assert.deepEqual([(await shop.get('/api/v1/product/RU-7')).json.data.brand, (await shop.get('/api/v1/product/RU-9')).json.data.brand], ['zeta', 'Zeta']);

  // A price that a file brings is seen by rules of the same row, and a daily file changes nothing twice.
  await post('rule', { name: 'Margin', when: { formula: '[prices.EUR.cost_price] > 0' }, then: [{ action: 'derive', field: 'prices.EUR.sell_price', formula: 'round([prices.EUR.cost_price] * 2, 2)' }, { action: 'add', field: 'categories', value: 'priced' }] }, 201);
  const costs = 'sku,title,cost_price.EUR,sell_price.EUR\nRP-1,Priced,10,1\n';
  assert.equal((await shop.importFile('costs.csv', costs)).counts.created, 1);
  assert.equal((await shop.get('/api/v1/product/RP-1/offer')).json.data.prices.EUR.sell_price, 20);
  assert.deepEqual([(await shop.get('/api/v1/product/RP-1')).json.data.categories, (await history('RP-1'))[0].changes[0].rule.name], [['priced'], 'Margin']);
  assert.equal((await shop.importFile('costs.csv', costs)).counts.unchanged, 1);

  const grows = await post('rule', { name: 'Grows', then: [{ action: 'derive', field: 'title', formula: '[title] & "!"' }] }, 201);
  assert.match(grows.warnings[0], /"Grows" changes title \(en\) each time/);
  assert.equal((await shop.request('DELETE', `/api/v1/rule/${grows.id}`)).status, 204);
  const refusal = await shop.post('/api/v1/rule', { name: 'x', when: { formula: '[colour] = 1' }, then: [{ action: 'set', field: 'ean', value: '1' }] });
  assert.deepEqual([refusal.status, refusal.json.errors.map(({ field }) => field)], [422, ['when.formula', 'then[0].field']]);
  const second = await shop.request('PATCH', `/api/v1/rule/${rule.id}`, { body: { name: 'Y' }, headers: { 'if-match': '"9"' } });
  assert.equal(second.status, 412);
});

test('rules of orders hold, tag and route what is placed, and are followed for open orders as a job and taken back', async () => {
  const order = (number, price) => post('order', { channel: 'manual', channel_order_id: number, currency_code: 'EUR', lines: [{ sku: 'RU-1', title: 'Ruled', quantity: 1, price }], shipping_customer: { last_name: 'Quillonbury', country_code: 'DE' } }, 201);
  const early = await order('RO-1', 900);
  const rule = await post('rule', { name: 'Dear abroad', on: 'order', when: { formula: '[total] >= 500 and [country_code] <> "NL"' }, then: [{ action: 'hold', reason: 'fraud' }, { action: 'tag', tag: 'dear' }, { action: 'route', method: 'Courier' }] }, 201);
  const late = await order('RO-2', 600), cheap = await order('RO-3', 5);
  const seen = async ({ id }) => { const { data } = (await shop.get(`/api/v1/order/${id}`)).json; return [data.holds.map(({ by, reason }) => `${reason} by ${by}`).join(), data.tags.join(), data.shipping_method]; };
  assert.deepEqual(await seen(late), ['fraud by Dear abroad', 'dear', 'Courier']);
  assert.deepEqual([await seen(cheap), await seen(early)], [['', '', ''], ['', '', '']]);
  const { preview } = await post('rule/run', { on: 'order', dry_run: true }, 200);
  assert.deepEqual([preview.products, preview.changed, preview.samples[0].changes.map(({ field }) => field)], [3, 1, ['hold', 'tags', 'shipping_method']]);
  const run = await ended((await post(`rule/${rule.id}/run`, {}, 202)).id);
  assert.deepEqual([run.status, run.on, run.counts.changed, run.counts.unchanged], ['done', 'order', 1, 2]);
  assert.deepEqual(await seen(early), ['fraud by Dear abroad', 'dear', 'Courier']);
  const undone = await ended((await post(`bulk-edit/${run.id}/undo`, undefined, 202)).id);
  assert.deepEqual([undone.counts.changed, await seen(early), await seen(late)], [1, ['', '', ''], ['fraud by Dear abroad', 'dear', 'Courier']]);
});

// Of files as they are, without packing them.
function zipOf(files) {
  const locals = [], list = [];
  let at = 0;
  for (const [name, bytes] of Object.entries(files)) {
    const head = Buffer.alloc(26);
    head.writeUInt16LE(20, 0);
    head.writeUInt32LE(crc32(bytes), 10);
    head.writeUInt32LE(bytes.length, 14);
    head.writeUInt32LE(bytes.length, 18);
    head.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), head, Buffer.from(name), bytes]), end = Buffer.alloc(14);
    end.writeUInt32LE(at, 10);
    list.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\0'), head, end, Buffer.from(name)]));
    locals.push(local);
    at += local.length;
  }
  const end = Buffer.alloc(18);
  end.writeUInt16LE(list.length, 4);
  end.writeUInt16LE(list.length, 6);
  end.writeUInt32LE(list.reduce((sum, one) => sum + one.length, 0), 8);
  end.writeUInt32LE(at, 12);
  return Buffer.concat([...locals, ...list, Buffer.from('PK\x05\x06'), end]);
}

test('pictures of an archive are shown before, come behind what is there whatever the machine does, and are taken back', async () => {
  const kShown = 1_000; // some seconds
  const picture = (name) => Buffer.from('GIF89a\x02\0\x02\0' + name, 'latin1');
  const images = async (sku) => (await shop.get('/api/v1/product/' + sku)).json.data.images;
  const archive = zipOf(Object.fromEntries([...Array.from({ length: kShown }, (_, i) => `h-${i}_${1 + (i % 2)}.gif`), 'H-0/front.gif', 'nobody.gif'].map((name) => [name, picture(name)])));
  await shop.request('PATCH', '/api/v1/product/H-0', { body: { images: ['https://a.test/0.png'] } });
  const dry = await shop.importFile('pictures.zip', archive, { dry_run: '1' });
  assert.deepEqual(dry.counts, { rows: kShown + 2, created: 0, changed: kShown + 1, unchanged: 0, refused: 1 });
  const rows = (await shop.get(`/api/v1/import/${dry.id}/row?outcome[eq]=changed&per_page=200`)).json.data;
  assert.deepEqual(rows.find((row) => row.sku === 'H-0').changes, [{ field: 'images', locale: null, before: ['https://a.test/0.png'], after: ['https://a.test/0.png', 'H-0/front.gif', 'h-0_1.gif'] }]);
  assert.deepEqual([await images('H-1'), (await shop.get('/api/v1/asset')).json.data.length], [[], 0]);

  const begun = (await shop.beginImport('pictures.zip', archive)).json.data.id;
  for (let now; !now?.counts.changed; now = (await shop.get(`/api/v1/import/${begun}`)).json.data) assert.ok(!now?.finished_at, JSON.stringify(now));
  await shop.kill(); // when some pictures are kept, and others are not
  shop = await Appliance.start(made.data, { token: made.token });
  let done;
  do done = (await shop.get(`/api/v1/import/${begun}`)).json.data; while (['queued', 'running'].includes(done.status));
  assert.ok(done.resumed, 'it was cut off');
  assert.deepEqual(done.counts, { rows: kShown + 2, created: 0, changed: kShown + 1, unchanged: 0, refused: 1 }, JSON.stringify(done));
  assert.deepEqual([(await images('H-0')).length, (await images(`H-${kShown - 1}`)).length], [3, 1]);
  await shop.request('PATCH', '/api/v1/product/H-2', { body: { images: ['https://a.test/2.png'] } });
  const undone = await ended((await post(`import/${begun}/undo`, undefined, 202)).id);
  assert.deepEqual([undone.counts.changed, undone.counts.collided], [kShown - 1, 1]);
  assert.deepEqual([await images('H-0'), await images('H-1'), await images('H-2')], [['https://a.test/0.png'], [], ['https://a.test/2.png']]);
});

test('what rules change of a product whose pictures find no room is counted beside these', async () => {
  const images = Array.from({ length: 250 }, (_, i) => `https://a.test/${i}.png`);
  await shop.importFile('full.csv', `sku,title,brand,images\nFULL,Full,omega,${images.join('|')}\n`);
  await post('rule', { name: 'Spell Omega', when: { conditions: [{ field: 'brand', operator: 'eq', value: 'omega' }] }, then: [{ action: 'set', field: 'brand', value: 'Omega' }] }, 201);
  const archive = zipOf({ 'FULL_1.gif': Buffer.from('GIF89a\x02\0\x02\0full 1', 'latin1'), 'FULL_2.gif': Buffer.from('GIF89a\x02\0\x02\0full 2', 'latin1') });
  const done = await shop.importFile('pictures.zip', archive);
  assert.deepEqual(done.counts, { rows: 3, created: 0, changed: 1, unchanged: 0, refused: 2 });
  const { brand, images: kept } = (await shop.get('/api/v1/product/FULL')).json.data;
  assert.deepEqual([brand, kept], ['Omega', images]);
  assert.deepEqual((await shop.importFile('pictures.zip', archive)).counts, { rows: 2, created: 0, changed: 0, unchanged: 0, refused: 2 });
});
