// Killed under load, the appliance reopens with every change that it had acknowledged.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { Appliance, anOrder, exe, newShop, removeFolder, run, stoppedShop } from './appliance.mjs';

const kSeller = { seller: { name: 'Shop', street: 'Street 1', city: 'Town', country_code: 'NL', small_business_note: 'None is charged.' } };

test('kill -9 under load loses no acknowledged product, order or invoice, and leaves no gap in the numbers', async () => {
  const shop = newShop();
  let after;
  try {
    const acknowledged = { products: new Set(), orders: new Map(), invoices: new Set() };
    for (let round = 0; round < 4; ++round) {
      const appliance = await Appliance.start(shop.data, { token: shop.token });
      let going = true;
      if (round === 0) assert.equal((await appliance.request('PUT', '/api/v1/invoice-settings', { body: kSeller })).status, 200);
      const callers = Array.from({ length: 8 }, async (_, caller) => {
        for (let i = 0; going; ++i) {
          const name = `K-${round}-${caller}-${i}`;
          try {
            if ((await appliance.post(`/api/v1/product/${name}`, { title: name })).status === 201) acknowledged.products.add(name);
            const order = await appliance.post('/api/v1/order', anOrder(name));
            if (order.status !== 201) continue;
            acknowledged.orders.set(name, order.json.data.id);
            const invoice = await appliance.post(`/api/v1/order/${order.json.data.id}/invoice`, {});
            if (invoice.status === 201) acknowledged.invoices.add(invoice.json.data.name);
          } catch {
            return;  // killed meanwhile: nothing was acknowledged
          }
        }
      });
      await new Promise((wake) => setTimeout(wake, 150 + Math.random() * 400));
      await appliance.kill();
      going = false;
      await Promise.all(callers);
    }
    assert.ok(acknowledged.products.size > 20 && acknowledged.orders.size > 20, 'there was load');
    const damaged = stoppedShop('damage', shop.data); // opened after the kill, as by the appliance
    after = await Appliance.start(shop.data, { token: shop.token });
    // How many are found by the word that all their names begin with, and how many there are.
    const total = async (path) => (await after.get(`/api/v1/${path}per_page=1`)).json.meta.total;
    const found = () => Promise.all(['product?q=K&', 'order?q=K&', 'product?', 'order?'].map(total));
    const [someProducts, someOrders, products, orders] = await found();
    assert.deepEqual([someProducts, someOrders], [0, 0], 'the index is damaged');
    for (const sku of acknowledged.products) assert.equal((await after.get(`/api/v1/product/${sku}`)).status, 200, sku);
    for (const [number, id] of acknowledged.orders) {
      const order = (await after.get(`/api/v1/order/${id}`)).json.data;
      assert.equal(order.channel_order_id, number);
      assert.equal((await after.get(`/api/v1/order/${id}/customer?reason=check`)).status, 200, number);
    }
    const names = [];
    for (let cursor = ''; cursor !== null; ) {
      const { data, meta } = (await after.get(`/api/v1/invoice?per_page=200${cursor && `&cursor=${cursor}`}`)).json;
      names.push(...data.map((one) => one.name));
      cursor = meta.next_cursor;
    }
    assert.deepEqual(names.map((name) => Number(name.split('-')[2])), Array.from(names, (_, i) => names.length - i), 'numbers without a gap, none twice');
    assert.ok(acknowledged.invoices.size > 10);
    for (const name of acknowledged.invoices) assert.ok(names.includes(name), name);
    // All that is wrong with the index is what was damaged since, place by place; no kill left anything behind.
    const rebuild = () => /^done: \d{2,} products and orders looked at, (.*)$/m.exec(run(['index', 'rebuild', '--data', shop.data]).out)?.[1];
    assert.equal(rebuild(), `${damaged} places mended`);
    assert.deepEqual(await found(), [products, orders, products, orders]);
    assert.equal(rebuild(), 'the index was right');
    await after.stop();
  } finally {
    await after?.kill();
    removeFolder(shop.data);
  }
});

test('kill -9 amid an import: the next start goes on with it, and each row is kept once', async () => {
  const shop = newShop();
  let appliance;
  try {
    appliance = await Appliance.start(shop.data, { token: shop.token });
    const kRows = 40_000; // some seconds
    const rows = Array.from({ length: kRows }, (_, i) => `I-${i},Row ${i},Brand,1\n`);
    const { id } = (await appliance.beginImport('rows.csv', `sku,title,brand,stock\n${rows.join('')}`)).json.data;
    const job = async () => (await appliance.get(`/api/v1/import/${id}`)).json.data;
    const count = async () => (await appliance.get('/api/v1/product?per_page=1')).json.meta.total;
    for (let now = await job(); (await count()) === 0; now = await job()) assert.equal(now.finished_at, null, JSON.stringify(now));
    await appliance.kill();
    appliance = await Appliance.start(shop.data, { token: shop.token });
    let now = await job();
    while (now.finished_at === null) now = await job();
    assert.equal(now.status, 'done', now.message);
    assert.ok(now.resumed, 'it was cut off');
    assert.deepEqual(now.counts, { rows: kRows, created: kRows, changed: 0, unchanged: 0, refused: 0 });
    assert.equal(await count(), kRows);
  } finally {
    await appliance?.kill();
    removeFolder(shop.data);
  }
});

test('an export of the command line goes on when a killed server is back', async () => {
  const shop = newShop();
  const servers = [];
  const start = async () => servers.push(await Appliance.start(shop.data, { token: shop.token }));
  try {
    // More than what pipes and sockets hold, so that the reader below stops the server in the middle.
    const file = join(shop.data, '..', 'long.csv');
    writeFileSync(file, 'sku,title,description\n' + Array.from({ length: 1_000 }, (_, i) => `L-${i},Long ${i},${`word${i} `.repeat(600)}\n`).join(''));
    await start();
    assert.equal(run(['import', '--data', shop.data, file]).code, 0);
    const whole = createHash('sha256').update(run(['export', '--data', shop.data]).out).digest('hex');
    const client = spawn(exe, ['export', '--data', shop.data], { stdio: ['ignore', 'pipe', 'pipe'] });
    const got = createHash('sha256');
    let said = '', first = true;
    client.stderr.on('data', (text) => (said += text));
    client.stdout.on('data', (piece) => {
      got.update(piece);
      if (!first) return;
      first = false;
      client.stdout.pause();
      servers[0].kill().then(() => { client.stdout.resume(); return start(); });
    });
    const code = await new Promise((end) => client.on('close', end));
    assert.deepEqual([code, got.digest('hex')], [0, whole], said);
    assert.match(said, /broke off after \d+ bytes/);
  } finally {
    await servers.at(-1)?.stop();
    removeFolder(join(shop.data, '..'));
  }
});
