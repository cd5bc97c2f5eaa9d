// A shop describes its catalogue while it is full of products: what is written from then on is checked, what was there
// is completed in the background, and a kill in between loses nothing of it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Appliance, newShop, removeFolder, run, tempFolder } from './appliance.mjs';

let made, shop;
const kProducts = 2000;
before(async () => {
  made = newShop();
  shop = await Appliance.start(made.data, { token: made.token });
  const rows = Array.from({ length: kProducts }, (_, i) => `M-${i},Mug ${i},mugs,${i % 2 ? 'red' : ''}`);
  const done = await shop.importFile('mugs.csv', 'sku,title,family,color\n' + rows.join('\n') + '\n');
  assert.equal(done.counts.created, kProducts);
});
after(async () => {
  await shop?.stop();
  removeFolder(made.data);
});
const put = async (path, body) => {
  const answer = await shop.request('PUT', `/api/v1/${path}`, { body });
  assert.ok(answer.status === 201 || answer.status === 200, `${path}: ${answer.text}`);
  return answer;
};
const count = async (question) => (await shop.get(`/api/v1/product?per_page=1&${question}`)).json.meta.total;
// Until the background has come through; the appliance works, so this ends.
async function until(question, wanted) {
  for (let tries = 0; tries < 600; ++tries) {
    if (await count(question) === wanted) return;
    await new Promise((wake) => setTimeout(wake, 25));
  }
  assert.equal(await count(question), wanted, question);
}

test('what nobody described is free, and a family without a description has no completeness', async () => {
  assert.equal(await count('completeness[empty]=1'), kProducts);
  const families = (await shop.get('/api/v1/family')).json.data;
  assert.deepEqual(families, [{ code: 'mugs', products: kProducts }]);
  const attributes = (await shop.get('/api/v1/attribute')).json.data;
  assert.deepEqual(attributes.map(({ code, described, products }) => ({ code, described, products })), [{ code: 'color', described: false, products: kProducts / 2 }]);
});

test('a family that is described completes all its products in the background, across a kill', async () => {
  await put('attribute/color', { type: 'choice', choices: [{ code: 'red', labels: { nl: 'Rood' } }, { code: 'blue' }] });
  await put('family/mugs', { attributes: [{ code: 'title', required: ['*'] }, { code: 'color', required: ['*'] }] });
  await shop.kill();
  shop = await Appliance.start(made.data, { token: made.token });
  await until('completeness[empty]=0', kProducts);
  assert.equal(await count('completeness[eq]=100'), kProducts / 2);
  assert.equal(await count('completeness[lt]=100'), kProducts / 2);
  const { data } = (await shop.get('/api/v1/product/M-0')).json;
  assert.deepEqual(Object.values(Object.values(data.completeness.channels['*'])[0]), [50, ['color']]);
});

test('a wrong value is refused with the choices, one that is meant is kept by its code, and completes the product', async () => {
  const refused = await shop.request('PATCH', '/api/v1/product/M-0', { body: { attributes: { color: 'pink' } } });
  assert.equal(refused.status, 422);
  assert.equal(refused.json.errors[0].field, 'attributes.color');
  assert.match(refused.json.errors[0].message, /red, blue/);
  const taken = await shop.request('PATCH', '/api/v1/product/M-0', { body: { attributes: { color: 'ROOD' } } });
  assert.equal(taken.json.data.attributes.color, 'red');
  assert.equal(taken.json.data.completeness.percent, 100);
  assert.equal(await count('completeness[eq]=100'), kProducts / 2 + 1);
  const lines = await shop.request('POST', '/api/v1/product', { headers: { 'content-type': 'application/x-ndjson' }, body: '{"sku":"M-2","attributes":{"color":"blue"}}\n{"sku":"M-4","attributes":{"color":"mauve"}}\n' });
  assert.deepEqual(lines.text.trim().split('\n').map((line) => JSON.parse(line).status), ['changed', 'refused']);
  const done = await shop.importFile('more.csv', 'sku,color\nM-4,blue\nM-6,mauve\n');
  assert.deepEqual([done.counts.changed, done.counts.refused], [1, 1]);
  const rows = (await shop.get(`/api/v1/import/${done.id}/row?outcome[eq]=refused`)).json.data;
  assert.deepEqual([rows[0].line, rows[0].errors[0].field, rows[0].errors[0].code], [3, 'attributes.color', 'choice']);
});

test('Akeneo’s file of attributes is known at sight, and a measurement is found by conversion after a restart', async () => {
  const done = await shop.importFile('attributes.csv', 'code;type;group;localizable;scopable;metric_family;default_metric_unit\nweight;pim_catalog_metric;technical;0;0;Weight;GRAM\n');
  assert.deepEqual([done.format, done.counts.created], ['akeneo attributes', 1]);
  const taken = await shop.request('PATCH', '/api/v1/product/M-1', { body: { attributes: { weight: '0,35 kg' } } });
  assert.deepEqual(taken.json.data.attributes.weight, { amount: 0.35, unit: 'KILOGRAM' });
  assert.equal(await count('weight[gte]=350'), 1);
  assert.equal(await count('weight[gt]=350%20g'), 0);
  await shop.stop();
  shop = await Appliance.start(made.data, { token: made.token });
  assert.equal(await count('weight[eq]=0.35%20kg'), 1);
  assert.equal((await shop.get('/api/v1/attribute/weight')).json.data.unit, 'GRAM');
});

test('what is described goes out as Akeneo’s files, and the whole catalogue as one that changes nothing when it comes back', async () => {
  const attributes = await shop.get('/api/v1/export?kind=attribute');
  assert.match(attributes.headers['content-disposition'], /"attributes\.csv"/);
  assert.match(attributes.text, /\r\nweight;.*;GRAM;technical;0;.*;pim_catalog_metric;/);
  assert.equal((await shop.get('/api/v1/export?kind=family&format=xlsx')).status, 200);
  for (const [question, said] of [['kind=attribute&format=json', /csv or xlsx/], ['kind=catalogue&format=csv', /ZIP/], ['kind=category&q=x', /no filters/], ['kind=families', /family_variant/]]) {
    const refused = await shop.get(`/api/v1/export?${question}`);
    assert.equal(refused.status, 422, question);
    assert.match(refused.text, said);
  }
  const whole = await shop.get('/api/v1/export?kind=catalogue');
  assert.match(whole.headers['content-disposition'], /"catalogue\.zip"/);
  const folder = tempFolder(), out = join(folder, 'catalogue.zip');
  assert.equal(run(['export', '--data', made.data, '--kind', 'catalogue', '--out', out]).code, 0);
  assert.ok(readFileSync(out).equals(whole.bytes), 'the command writes what the API answers');
  removeFolder(folder);
  const back = await shop.importFile('catalogue.zip', whole.bytes);
  assert.deepEqual([back.counts.unchanged, back.counts.refused], [back.counts.rows, 0], JSON.stringify(back));
  assert.ok(back.counts.rows > kProducts);
});

test('units of the shop’s own are kept across a kill, and stand for what products hold', async () => {
  const packaging = (box) => ({ standard_unit: 'EACH', labels: { nl: 'Verpakking' }, units: [{ code: 'EACH', symbol: 'ea' }, { code: 'BOX', symbol: 'bx', to_standard: [{ operator: 'mul', value: box }] }] });
  assert.equal((await put('measurement-family/Packaging', packaging('12'))).status, 201);
  await put('attribute/content', { type: 'measurement', unit_family: 'Packaging', unit: 'BOX' });
  assert.equal((await shop.request('PATCH', '/api/v1/product/M-0', { body: { attributes: { content: '2 bx' } } })).status, 200);
  await shop.kill();
  shop = await Appliance.start(made.data, { token: made.token });
  assert.equal(await count('attributes.content[eq]=24%20ea'), 1);
  const refused = await shop.request('PUT', '/api/v1/measurement-family/Packaging', { body: packaging('10') });
  assert.equal(refused.status, 409);
  assert.deepEqual(refused.json.errors.map(({ field, code }) => [field, code]), [['units.BOX', 'in_use']]);
  assert.equal((await shop.request('DELETE', '/api/v1/measurement-family/Packaging')).status, 409);
  const units = (await shop.get('/api/v1/unit')).json.data;
  assert.deepEqual(units.at(-1), { family: 'Packaging', labels: { nl: 'Verpakking' }, built_in: false, units: [{ code: 'EACH', symbol: 'ea', labels: {}, built_in: false }, { code: 'BOX', symbol: 'bx', labels: {}, built_in: false }] });
});
