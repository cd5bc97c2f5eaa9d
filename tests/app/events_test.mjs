// What changes is told to whoever listens, as it changes: what he may read, and never a word about a buyer.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Appliance, anOrder, buyerWords, newShop, owner, removeFolder } from './appliance.mjs';
import { Stream } from './listeners.mjs';

let made, shop;
before(async () => {
  made = newShop();
  shop = await Appliance.start(made.data, { token: made.token });
});
after(async () => {
  await shop?.stop();
  removeFolder(made.data);
});
const place = async (number, changes) => (await shop.post('/api/v1/order', anOrder(number, changes))).json.data;

test('a listener hears of orders, products, stock, imports and the vault, and of no buyer', async () => {
  const stream = await Stream.open(shop);
  assert.equal(stream.status, 200);
  assert.equal(stream.headers['content-type'], 'text/event-stream');
  await stream.hears('ready');
  const order = await place('LIVE-1');
  const told = await stream.hears('order.created');
  assert.deepEqual(told.data.data, { id: order.id, channel: 'manual', channel_order_id: 'LIVE-1', status: 'open' });
  assert.match(told.data.timestamp, /^\d{4}-.*Z$/);
  await shop.post('/api/v1/product/LAST-1', { title: 'The last pieces' });
  await stream.hears('product.created', (data) => data.skus.includes('LAST-1'));
  await shop.post('/api/v1/product/LAST-1/offer', { qty_available: 3, prices: { EUR: { sell_price: 19.95 } } });
  await stream.hears('offer.updated', (data) => data.skus.includes('LAST-1'));
  await stream.hears('stock.updated', (data) => data.skus.includes('LAST-1'));
  await shop.post(`/api/v1/order/${order.id}/shipment`, { identifier: 'PACK01', method: 'DHL' });
  assert.equal((await stream.hears('shipment.created')).data.data.shipment, 'PACK01');
  assert.ok(await stream.hears('order.updated', (data) => data.status === 'shipped'));
  const job = await shop.importFile('p.csv', 'sku,title\n' + Array.from({ length: 250 }, (_, i) => `F-${i},File ${i}\n`).join(''));
  await stream.hears('import.updated', (data) => data.id === job.id && data.status === 'done');
  const files = stream.told.list.filter(({ event, data }) => event === 'product.created' && data.data.skus[0].startsWith('F-'));
  assert.equal(files.length, 3, 'a file is told by few events');
  assert.equal(files.flatMap(({ data }) => data.data.skus).length, 250);
  await shop.post('/api/v1/vault/seal', {});
  await stream.hears('vault.sealed');
  await shop.post('/api/v1/vault/unseal', {});
  await stream.hears('vault.unsealed');
  await shop.request('DELETE', '/api/v1/product/F-1');
  await stream.hears('product.deleted');
  const all = JSON.stringify(stream.told.list);
  for (const word of buyerWords) assert.ok(!all.includes(word), word);
  assert.deepEqual(stream.told.list.slice(1).map(({ id }) => Number(id)), Array.from({ length: stream.told.list.length - 1 }, (_, i) => i + 1 + Number(stream.told.list[0].id)), 'none is missing');
  stream.close();
});

test('a listener goes on where he was, and is told when he missed something', async () => {
  const first = await Stream.open(shop, { path: '/api/v1/event?types=order.created' });
  const { id } = await first.hears('ready');
  first.close();
  const missed = await place('LIVE-2');
  const again = await Stream.open(shop, { path: '/api/v1/event?types=order.*', headers: { 'last-event-id': id } });
  assert.ok(await again.hears('order.created', (data) => data.id === missed.id));
  again.close();
  for (const strange of ['999999', 'nonsense']) {
    const lost = await Stream.open(shop, { path: `/api/v1/event?last_event_id=${strange}` });
    assert.ok((await lost.hears('reset')).data.data.missed_to > 0);
    lost.close();
  }
  assert.equal((await shop.get('/api/v1/event?types=nonsense')).status, 422);
  assert.equal((await shop.get('/api/v1/event', { token: '' })).status, 401);
});

test('whoever may read little hears little', async () => {
  const token = async (scopes) => (await shop.post('/api/v1/token', { name: scopes[0], scopes })).json.data.token;
  const orders = await Stream.open(shop, { token: await token(['orders.read']) }), products = await Stream.open(shop, { token: await token(['catalog.read']) });
  await Promise.all([orders.hears('ready'), products.hears('ready')]);
  const order = await place('LIVE-3');
  await shop.post('/api/v1/product/LIVE-3', { title: 'Third' });
  await place('LIVE-4');
  await orders.hears('order.created', (data) => data.id === order.id);
  await orders.hears('order.created', (data) => data.channel_order_id === 'LIVE-4');
  await products.hears('product.created', (data) => data.skus[0] === 'LIVE-3');
  assert.ok(!orders.told.list.some(({ event }) => event.startsWith('product.')));
  assert.ok(!products.told.list.some(({ event }) => event.startsWith('order.')));
  orders.close();
  products.close();
});

test('a session that ends takes its stream along, and listening keeps none alive', async () => {
  const agent = { 'user-agent': 'Mozilla/5.0 Firefox/140.0' };
  const signed = await shop.request('POST', '/api/v1/session', { token: '', body: owner, headers: agent });
  assert.equal(signed.status, 201);
  const cookie = signed.headers['set-cookie'].map((one) => one.split(';')[0]).join('; ');
  const ends = async (headers = {}) => Date.parse((await shop.get('/api/v1/session', { token: '', headers: { ...agent, cookie, ...headers } })).json.data.idle_expires_at);
  const before = await ends();
  const stream = await Stream.open(shop, { token: '', headers: { ...agent, cookie } });
  await stream.hears('ready');
  await shop.get('/api/v1/order', { token: '', headers: { ...agent, cookie, 'x-unattended': '1' } });
  assert.equal(await ends(), before, 'neither the stream nor what a page asks by itself counts as activity');
  await shop.get('/api/v1/order', { token: '', headers: { ...agent, cookie } });
  assert.ok(await ends() > before, 'but a person does');
  const out = await shop.request('DELETE', '/api/v1/session', { token: '', headers: { ...agent, cookie, 'x-csrf-token': signed.json.data.csrf } });
  assert.equal(out.status, 204);
  await stream.ended;
});

test('one person opens so many streams and no more, and none of them holds the appliance up', async () => {
  const streams = [];
  for (let i = 0; i < 8; i++) streams.push(await Stream.open(shop));
  const refused = await shop.get('/api/v1/event');
  assert.equal(refused.status, 429);
  assert.ok(Number(refused.headers['retry-after']) > 0);
  streams.pop().close();
  const start = Date.now();
  for (const stream of streams) await stream.hears('ready');
  await shop.stop();
  assert.ok(Date.now() - start < 5000, 'open streams do not delay the end');
  await Promise.all(streams.map((stream) => stream.ended));
  shop = await Appliance.start(made.data, { token: made.token });
  const back = await Stream.open(shop, { headers: { 'last-event-id': streams[0].told.list[0].id } });
  const order = await place('LIVE-5');
  await back.hears('order.created', (data) => data.id === order.id);
  assert.ok(!back.told.list.some(({ event }) => event === 'reset'), 'numbers go on after a restart');
  back.close();
});
