// 64 callers fight for the last 10 pieces.
import assert from 'node:assert/strict';
import test from 'node:test';
import { Appliance, anOrder, newShop, removeFolder } from './appliance.mjs';

const kCallers = 64, kPieces = 10;

async function fight(query) {
  const shop = newShop();
  const appliance = await Appliance.start(shop.data, { token: shop.token });
  try {
    assert.equal((await appliance.post('/api/v1/product/LAST-1', { title: 'The last pieces' })).status, 201);
    const offer = await appliance.post('/api/v1/product/LAST-1/offer', { qty_available: kPieces, prices: { EUR: { sell_price: 19.95 } } });
    assert.ok([200, 201].includes(offer.status), offer.text);
    const answers = await Promise.all(
      Array.from({ length: kCallers }, (_, i) => appliance.post(`/api/v1/order${query}`, anOrder(`FIGHT-${i}`))));
    const orders = await appliance.get('/api/v1/order?per_page=200');
    const held = await Promise.all(orders.json.data.map(async (row) => (await appliance.get(`/api/v1/order/${row.id}`)).json.data));
    const left = await appliance.get('/api/v1/product/LAST-1/offer');
    return { statuses: answers.map((answer) => answer.status), held, left: left.json.data.qty_available, sample: answers.find((a) => a.status >= 400) };
  } finally {
    await appliance.stop();
    removeFolder(shop.data);
  }
}
const count = (list, wanted) => list.filter((item) => item === wanted).length;
const sum = (orders, counter) => orders.reduce((total, order) => total + order.lines.reduce((n, line) => n + line[counter], 0), 0);

test('with stock required, exactly 10 orders are placed and 54 are refused whole', async () => {
  const { statuses, held, left, sample } = await fight('?stock=required');
  assert.equal(count(statuses, 201), kPieces);
  assert.equal(count(statuses, 409), kCallers - kPieces);
  assert.equal(held.length, kPieces);
  assert.equal(sum(held, 'allocated'), kPieces);
  assert.equal(left, 0);
  assert.match(sample.headers['content-type'], /^application\/problem\+json/);
});

test('without it, nobody is refused: exactly 10 hold a piece and 54 are backordered', async () => {
  const { statuses, held, left } = await fight('');
  assert.equal(count(statuses, 201), kCallers);
  assert.equal(sum(held, 'allocated'), kPieces);
  assert.equal(sum(held, 'backordered'), kCallers - kPieces);
  assert.equal(left, 0);
});
