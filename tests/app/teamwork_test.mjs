// An agency proposes what it may not write, the shop decides field by field; what was told survives kill -9; nothing of
// a proposal leaves the house before it is approved.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Appliance, newShop, removeFolder, run } from './appliance.mjs';

let made, shop, agency;
before(async () => {
  made = newShop();
  agency = run(['token', 'new', '--data', made.data, '--name', 'agency', '--scope', 'catalog.read', '--scope', 'catalog.propose']).out.trim();
  shop = await Appliance.start(made.data, { token: made.token });
  await shop.post('/api/v1/product/T-1', { title: 'Teapot', brand: 'Acme', family: 'pots', attributes: { color: 'red' } });
  await shop.post('/api/v1/product/T-2', { title: 'Kettle', brand: 'Acme', family: 'pots' });
});
after(async () => {
  await shop?.stop();
  removeFolder(made.data);
});
const answers = async (method, path, body, status, token) => {
  const answer = await shop.request(method, `/api/v1/${path}`, { body, ...(token && { token }) });
  assert.equal(answer.status, status, answer.text);
  return answer.json?.data ?? answer.json;
};
const propose = (sku, change, status = 201) => answers('POST', `product/${sku}/draft`, { change }, status, agency);

test('who may propose may not write, and sees his own proposals alone', async () => {
  await answers('PATCH', 'product/T-1', { brand: 'Mine' }, 403, agency);
  const draft = await propose('T-1', { title: 'Tea pot', brand: 'Acme & Sons', attributes: { color: 'cherry' }, version: 1 });
  assert.deepEqual(draft.fields.map(({ field, seen, wanted }) => [field, seen, wanted]), [['title', 'Teapot', 'Tea pot'], ['brand', 'Acme', 'Acme & Sons'], ['attributes.color', 'red', 'cherry']]);
  const faulty = await answers('POST', 'product/T-1/draft', { change: { ean: '123', parent: 'none', colour: 1 } }, 422, agency);
  assert.ok(faulty.errors.length > 0);
  await answers('PUT', `draft/${draft.id}/approve`, {}, 403, agency);
  const own = await answers('POST', 'product/T-2/draft', { change: { brand: 'Shop' } }, 201);
  await answers('GET', `draft/${own.id}`, undefined, 404, agency);
  assert.equal((await shop.get('/api/v1/draft', { token: agency })).json.meta.total, 1);
  assert.equal((await shop.get('/api/v1/draft?status[eq]=open&field[eq]=brand&per_page=1')).json.meta.total, 2);
  const page = (await shop.get('/api/v1/draft?per_page=1&sort=created_at')).json;
  const rest = (await shop.get(`/api/v1/draft?per_page=1&sort=created_at&cursor=${page.meta.next_cursor}`)).json;
  assert.deepEqual([page.data[0].id, rest.data[0].id, rest.meta.next_cursor], [draft.id, own.id, null]);
  // Nothing of it is in the product, what finds it, or what leaves the house.
  assert.equal((await shop.get('/api/v1/product?q=cherry')).json.meta.total, 0);
  assert.ok(!(await shop.get('/api/v1/export?kind=product&format=csv')).text.includes('cherry'));
  assert.equal((await shop.get('/api/v1/product/T-1/history')).json.data.length, 1);
});

test('kill -9: what was proposed is there, a conflict is told, and an approval names both', async () => {
  await shop.kill();
  shop = await Appliance.start(made.data, { token: made.token });
  const [draft] = (await shop.get('/api/v1/product/T-1/draft')).json.data;
  await answers('PATCH', 'product/T-1', { brand: 'Omega' }, 200);
  const refused = await shop.request('PUT', `/api/v1/draft/${draft.id}/approve`, { body: {} });
  assert.deepEqual([refused.status, refused.json.errors.map(({ field, code }) => [field, code])], [409, [['brand', 'conflict']]]);
  const looked = await answers('GET', `draft/${draft.id}`, undefined, 200);
  assert.deepEqual(looked.fields.map(({ now, conflict }) => [now, conflict]), [['Teapot', false], ['Omega', true], ['red', false]]);
  await answers('PUT', `draft/${draft.id}/approve`, { fields: [{ field: 'attributes.color' }] }, 200);
  await answers('PUT', `draft/${draft.id}/approve`, { fields: [{ field: 'brand' }], product_version: looked.product_version + 1 }, 200);
  const last = await answers('PUT', `draft/${draft.id}/reject`, { comment: 'One word' }, 200);
  assert.deepEqual([last.status, last.fields.map(({ state }) => state)], ['partly', ['rejected', 'approved', 'approved']]);
  await shop.kill();
  shop = await Appliance.start(made.data, { token: made.token });
  const { data } = (await shop.get('/api/v1/product/T-1')).json;
  assert.deepEqual([data.title, data.brand, data.attributes.color], ['Teapot', 'Acme & Sons', 'cherry']);
  const [entry] = (await shop.get('/api/v1/product/T-1/history')).json.data;
  assert.deepEqual([entry.by, entry.source, entry.source_id, entry.proposed_by, entry.changes.length], ['test', 'draft', draft.id, 'agency', 1]);
  assert.equal((await shop.get('/api/v1/product?q=tea&color[eq]=cherry')).json.meta.total, 1);
  const told = (await shop.get('/api/v1/audit?per_page=50')).json.data.filter(({ action }) => action.startsWith('draft.')).map(({ action, details }) => [action, details.proposed_by ?? '']);
  assert.ok(told.some(([action, author]) => action === 'draft.approve' && author === 'agency'));
});

test('many are decided at once, each by itself', async () => {
  const ids = [];
  for (const sku of ['T-1', 'T-2']) ids.push((await propose(sku, { brand: 'New' })).id);
  await shop.request('DELETE', '/api/v1/product/T-2');
  const done = await answers('POST', 'draft/decide', { decision: 'approve', ids: [...ids, '999'] }, 200);
  assert.equal(done.decided, 1);
  assert.deepEqual(done.drafts.map(({ status, message }) => [status, message !== null]), [['approved', false], [null, true], [null, true]]);
  assert.equal((await answers('GET', `draft/${ids[1]}`, undefined, 200)).product_there, false);
  await answers('PUT', `draft/${ids[1]}/withdraw`, undefined, 200, agency);
});

test('comments are their authors’, tasks have a day and somebody', async () => {
  const { id } = await answers('POST', 'product/T-1/comment', { text: 'Which cherry?' }, 201, agency);
  await answers('PATCH', `product/T-1/comment/${id}`, { text: 'mine' }, 403);
  await answers('PATCH', `product/T-1/comment/${id}`, { resolved: true }, 200);
  await answers('DELETE', `product/T-1/comment/${id}`, undefined, 204);
  const faulty = await answers('POST', 'task', { title: 'x', due: 'soon', assignee: 'nobody', status: 'later', query: 'brand[near]=a' }, 422);
  assert.deepEqual(faulty.errors.map(({ field }) => field), ['query', 'assignee', 'due', 'status']);
  const [colleague] = await answers('GET', 'colleague', undefined, 200);
  const task = await answers('POST', 'task', { title: 'Photograph', skus: ['T-1'], assignee: colleague.id, due: '2020-02-03' }, 201);
  assert.deepEqual([task.overdue, task.due, task.assignee.id], [true, '2020-02-03', colleague.id]);
  assert.equal((await shop.get(`/api/v1/task?assignee[eq]=${colleague.id}&overdue=1`)).json.meta.total, 1);
  await answers('PATCH', `task/${task.id}`, { status: 'done', due: '', assignee: '' }, 200, agency);
  assert.deepEqual(await answers('GET', 'teamwork', undefined, 200), { drafts: 1, tasks: 0, overdue: 0, mentions: 0 });
  await answers('DELETE', `task/${task.id}`, undefined, 403, agency);
});

test('saved views: tried when they are saved, run by lists and exports, nobody’s buyer in them', async () => {
  const refused = async (body, token) => (await answers('POST', 'view', { name: 'x', ...body }, 422, token)).errors.map(({ field, code }) => `${field} ${code}`);
  assert.deepEqual(await refused({ list: 'buyer' }), ['list unknown']);
  for (const query of ['brand[near]=A', 'brands=A', 'page=2', 'view=1', 'created_at[lt]=soon']) assert.match((await refused({ list: 'product', query })).join(), /^query /, query);
  assert.deepEqual(await refused({ list: 'order', query: 'q=jansen' }), ['query personal']);
  assert.deepEqual(await refused({ list: 'order', query: 'status[]=open&channel_order_id[eq]=1-2' }), ['query personal']);
  assert.deepEqual(await refused({ list: 'product', name: ' ', position: 10_001 }), ['name required', 'position range']);

  const own = await answers('POST', 'view', { list: 'product', name: 'Cherry', query: '?color[eq]=cherry&updated_at[gt]=now-7d&sort=-sku', columns: ['title', 'ean'] }, 201, agency);
  assert.deepEqual([own.query, own.columns, own.own, own.shared], ['color[eq]=cherry&updated_at[gt]=now-7d&sort=-sku', ['title', 'ean'], true, false]);
  await answers('GET', `view/${own.id}`, undefined, 404);
  await answers('GET', 'view?list=order', undefined, 403, agency);
  await answers('POST', 'view', { list: 'order', name: 'x' }, 403, agency);
  const late = await answers('POST', 'view', { list: 'order', name: 'Late', query: 'status[]=open&status[]=accepted&ship_by[lt]=now&sort=ship_by', shared: true }, 201);
  const shared = await answers('PATCH', `view/${own.id}`, { shared: true, version: 1 }, 200, agency);
  await answers('PATCH', `view/${own.id}`, { name: 'Red', version: 1 }, 412);
  assert.deepEqual((await shop.get('/api/v1/view?list=product', { token: agency })).json.data, [shared]);
  await answers('DELETE', `view/${late.id}`, undefined, 403, agency);

  await shop.kill();
  shop = await Appliance.start(made.data, { token: made.token });
  await answers('POST', 'product/T-3', { title: 'Cherry bowl', brand: 'Acme', attributes: { color: 'cherry' } }, 201);
  const skus = async (query, status = 200) => (await answers('GET', `product?fields=sku&view=${own.id}${query}`, undefined, status)).map?.(({ sku }) => sku);
  assert.deepEqual(await skus(''), ['T-3', 'T-1']);
  assert.deepEqual(await skus('&sort=sku'), ['T-1', 'T-3']); // what is asked goes before what was saved
  assert.deepEqual(await skus('&q=bowl'), ['T-3']);
  const first = (await shop.get(`/api/v1/product?fields=sku&per_page=1&view=${own.id}`)).json;
  assert.equal((await shop.get(first.links.next)).json.data[0].sku, 'T-1');
  assert.deepEqual((await shop.get(`/api/v1/export?view=${own.id}&format=csv`)).text.trim().split('\n').slice(1).map((line) => line.split(',')[0]), ['T-3', 'T-1']);
  assert.equal((await shop.get(`/api/v1/export?view=${late.id}&format=json`)).status, 200);
  assert.equal((await shop.get(`/api/v1/order?view=${late.id}`)).json.meta.total, 0);
  assert.equal((await shop.get(`/api/v1/order?view=${own.id}`)).json.errors[0].field, 'view');
  assert.equal((await shop.get(`/api/v1/export?kind=stock&view=${own.id}`)).status, 422);
  await answers('DELETE', `view/${own.id}`, undefined, 204);
  await skus('', 404);
});
