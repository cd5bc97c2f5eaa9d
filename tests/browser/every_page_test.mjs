// Every page, light and dark, wide and narrow: no finding of axe, no sideways scrolling, all by keyboard.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it, test } from 'node:test';
import { Appliance, removeFolder, run, tempFolder } from '../app/appliance.mjs';
import { Visit, openBrowser } from './browser.mjs';

const folder = tempFolder(), data = join(folder, 'demo');
let shop, browser, owner, paths;
before(async () => {
  shop = await Appliance.start(data, { command: 'demo' });
  owner = { email: /e-mail\s+(\S+)/.exec(shop.out)[1], password: /password\s+(\S+)/.exec(shop.out)[1] };
  shop.token = run(['token', 'new', '--data', data, '--name', 'test', '--scope', 'all']).out.trim();
  await shop.post('/api/v1/webhook', { url: 'https://hooks.example.com/a/rather/long/path/that/must/not/push/the/page/aside', description: 'the till', events: ['order.created'], enabled: false, allow_host: true });
  const job = await shop.importFile('products.csv', 'sku,title,ean\nP-1,One,\nP-2,Two,123\n');
  const product = (await shop.get('/api/v1/product?per_page=1&parent[empty]=1')).json.data[0], order = (await shop.get('/api/v1/order?per_page=1')).json.data[0];
  const old = (await shop.get('/api/v1/order?per_page=1&sort=placed_at')).json.data[0];
  await shop.post(`/api/v1/order/${order.id}/hold`, { reason: 'fraud' });
  await shop.request('PUT', `/api/v1/order/${order.id}/tag/a%20rather%20long%20tag%20of%20the%20shops%20own`);
  const worked = (await shop.get('/api/v1/order?per_page=30&status[]=open&held[eq]=false&fulfilled_by[eq]=shop&backordered[eq]=false&sort=-placed_at')).json.data.find((one) => one.id !== order.id && one.pieces_ready > 1);
  const cart = (await shop.post('/api/v1/batch', { next: 5 })).json.data;
  await shop.request('PUT', `/api/v1/stock/${encodeURIComponent(cart.steps[0].sku)}/shelf`, { body: { shelf: 'A-03-2' } });
  await shop.post(`/api/v1/batch/${cart.id}/pick`, { code: cart.steps[0].sku });
  await shop.post(`/api/v1/order/${worked.id}/pack`, { line: 0 });
  const sent = (await shop.get('/api/v1/order?per_page=1&status[]=shipped')).json.data[0];
  const back = (await shop.post('/api/v1/return', { order_id: sent.id, reason: 'damaged', approved: true })).json.data;
  await shop.post(`/api/v1/order/${sent.id}/refund`, { reason: 'damaged', lines: [{ line: 0, amount: 1 }] });
  await shop.request('PUT', '/api/v1/invoice-settings', { body: { seller: { name: 'Little Harbour', street: 'Quay 1', city: 'Harlingen', country_code: 'NL', vat_number: 'NL001234567B01' }, vat_rate: 21 } });
  for (const made of ['invoice', 'refund/REF01/credit-note']) assert.equal((await shop.post(`/api/v1/order/${sent.id}/${made}`, {})).status, 201);
  await shop.request('PATCH', `/api/v1/product/${encodeURIComponent(product.sku)}`, { body: { associations: { X_SELL: ['P-1'] } } });
  const edit = (await shop.post('/api/v1/bulk-edit', { select: { skus: [product.sku, 'NO-SUCH'] }, actions: [{ action: 'set', field: 'attributes.note', value: 'seen' }] })).json.data;
  const rule = (await shop.post('/api/v1/rule', { name: 'A rather long name of a rule that must not push the page aside', when: { conditions: [{ field: 'brand', operator: 'in', value: ['acme', 'ACME'] }], formula: '[title] <> ""' }, then: [{ action: 'derive', field: 'attributes.label', formula: '[brand] & [title]' }] })).json.data;
  await shop.post('/api/v1/rule', { name: 'Dear', on: 'order', when: { conditions: [{ field: 'total', operator: 'gte', value: 500 }] }, then: [{ action: 'hold', reason: 'fraud' }] });
  const draft = (await shop.post(`/api/v1/product/${encodeURIComponent(product.sku)}/draft`, { change: { brand: 'A rather long name of a brand that must not push the page aside', attributes: { note: 'proposed' } }, comment: 'The maker says so' })).json.data;
  await shop.request('PATCH', `/api/v1/product/${encodeURIComponent(product.sku)}`, { body: { brand: 'Changed since' } });
  await shop.post(`/api/v1/product/${encodeURIComponent(product.sku)}/comment`, { text: 'Which of the two is it?' });
  const task = (await shop.post('/api/v1/task', { title: 'A rather long line that says what is to be done with these products', skus: [product.sku], due: '2026-01-31' })).json.data;
  const profile = (await shop.post('/api/v1/export-profile', { name: 'A rather long name of a profile for a channel', format: 'google_merchant', query: 'brand[neq]=Nobody', link: 'https://shop.example/p/{sku}' })).json.data;
  await shop.post(`/api/v1/export-profile/${profile.id}/feed`);
  await shop.post('/api/v1/schedule', { name: 'Every night to the till', task: 'export_folder', profile: profile.id, at: '02:30', time_zone: 'UTC' });
  await shop.request('PUT', '/api/v1/reference-kind/a-rather-long-code-of-a-kind', { body: { labels: { en: 'Brand' }, attributes: [{ code: 'story', type: 'text', localisable: true, required: true }, { code: 'logo', type: 'image' }, { code: 'mother', type: 'reference', reference_kind: 'a-rather-long-code-of-a-kind' }] } });
  for (const code of ['acme', 'zenith']) assert.equal((await shop.request('PUT', `/api/v1/reference/a-rather-long-code-of-a-kind/${code}`, { body: { labels: { en: `A rather long label of ${code} that must not push the page aside` }, values: code === 'zenith' ? { mother: 'acme' } : {} } })).status, 201);
  assert.equal((await shop.post('/api/v1/location', { code: 'a-rather-long-code-of-a-location-of-40', name: 'A rather long name of a location that must not push the page aside' })).status, 201);
  paths = ['/', '/rules', '/rules/new?on=order', '/rules/' + rule.id, '/products', '/products?q=zzzz', '/model', '/model?tab=families', '/model?tab=categories', '/model?tab=channels', '/model?tab=associations', '/model?tab=references', '/model?tab=units', '/references/a-rather-long-code-of-a-kind', '/references/a-rather-long-code-of-a-kind/zenith', '/assets', '/products/' + encodeURIComponent(product.sku), '/products/' + encodeURIComponent(product.sku) + '?tab=history', '/products/' + encodeURIComponent(product.sku) + '?tab=links', '/bulk-edits/' + edit.id, '/products/' + encodeURIComponent(product.sku) + '?tab=comments', '/tasks', '/tasks?view=open', `/tasks?view=open&task=${task.id}`, '/drafts', '/drafts/' + draft.id, '/orders', '/orders?view=all', '/orders/new', '/orders/' + order.id, '/orders/' + old.id, '/orders/' + sent.id,
           '/reports', '/reports?group=channel&measure=on_time', '/reports?group=category', '/reports?about=stock', '/warehouse', '/warehouse?view=waits', '/warehouse?view=pack', '/warehouse/batch/' + cart.id, '/warehouse/' + worked.id + '?step=pick', '/warehouse/' + worked.id, '/invoices', '/invoices?kind=credit_note', '/returns', '/returns?view=all', '/returns/' + back.id, '/imports', '/imports/' + job.id, '/exports', '/exports/new', '/exports/' + profile.id, '/vault', '/vault?tab=certificates', '/vault?tab=persons', '/vault?tab=prove', '/audit', '/audit?action=order&from=2026-01-01', '/people', '/people?tab=roles', '/people?tab=rules', '/people?tab=review', '/settings', '/settings?tab=languages', '/settings?tab=locations', '/settings?tab=invoices', '/settings?tab=tokens', '/settings?tab=webhooks', '/settings?tab=account', '/no-such-page', '/orders/1', '/products/NO-SUCH'];
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await shop?.stop();
  removeFolder(folder);
});

// Two visitors at the same time, each with half of the pages: most of a visit is waiting until a page has nothing more to ask for.
describe('every page', { concurrency: true }, () => {
  for (const half of [0, 1]) {
    it(`has no finding of axe, light and dark, and does not scroll sideways on a telephone and a tablet, half ${half + 1}`, async () => {
      const visit = await Visit.start(browser, shop.url.origin);
      visit.expects = [404];
      const look = async (what) => {
        for (const width of [360, 900]) {
          await visit.page.setViewportSize({ width, height: 780 });
          await visit.noSidewaysScroll(`${what} at ${width} px`);
        }
        await visit.page.setViewportSize({ width: 1360, height: 860 });
        await visit.checkAccess(what);
        await visit.page.emulateMedia({ colorScheme: 'dark' }); // turns colours and nothing else, at once
        await visit.checkAccess(`${what}, dark`, { only: ['color-contrast'] });
        await visit.page.emulateMedia({ colorScheme: 'light' });
        await visit.page.setViewportSize({ width: 360, height: 780 }); // the next page is loaded so
      };
      await visit.page.goto(visit.base + '/');
      await visit.page.getByLabel('E-mail').waitFor();
      if (half === 0) await look('sign-in');
      await visit.page.setViewportSize({ width: 1360, height: 860 });
      await visit.signIn(owner);
      await visit.page.setViewportSize({ width: 360, height: 780 });
      for (const path of paths.filter((_, at) => at % 2 === half)) {
        await visit.go(path);
        await look(path);
      }
      await visit.end();
    });
  }
});

test('the first page and all it needs stay below 60 kB of brotli', async () => {
  const visit = await Visit.start(browser, shop.url.origin);
  await visit.signIn(owner);
  const client = await visit.context.newCDPSession(visit.page);
  await client.send('Network.enable');
  await client.send('Network.setCacheDisabled', { cacheDisabled: true });
  let bytes = 0;
  client.on('Network.responseReceived', ({ response }) => { if (!response.url.includes('/api/')) bytes += Number(response.headers['content-length'] ?? response.headers['Content-Length']); });
  await visit.go('/');
  assert.ok(bytes > 20_000 && bytes < 60_000, `${bytes} bytes`);
  await visit.end();
});

test('everything is reached by keyboard: letters, the palette, cells, dialogs', async () => {
  const visit = await Visit.start(browser, shop.url.origin);
  const { page } = visit;
  await visit.signIn(owner);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.keyboard.press('g');
  await page.keyboard.press('p');
  await page.waitForURL(/\/products$/);
  const grid = page.getByRole('grid');
  await grid.getByRole('row').nth(4).waitFor();
  await grid.focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  const active = await page.evaluate(() => document.getElementById(document.activeElement.getAttribute('aria-activedescendant'))?.closest('[role=row]').getAttribute('aria-rowindex'));
  assert.equal(active, '4');
  await page.keyboard.press('Space');
  await page.getByRole('region', { name: 'Selected rows' }).waitFor();
  // The bar goes away under the focus, which stays beside where it was; above the first row the head sorts.
  await page.getByRole('button', { name: 'Clear selection' }).press('Enter');
  await page.waitForFunction(() => document.activeElement.getAttribute('role') === 'grid');
  for (const key of ['Control+Home', 'ArrowUp', 'ArrowRight', 'Enter']) await page.keyboard.press(key);
  await page.waitForURL(/sort=sku/);
  await page.keyboard.press('ArrowDown');
  await grid.getByRole('row').nth(1).getByRole('link').waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/products\/./);

  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Find or go to…' }).fill('vault');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/vault$/);
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await visit.end();
});

test('the grid scrolls through all rows, asks for them in blocks, and keeps its place in the address', async () => {
  const visit = await Visit.start(browser, shop.url.origin);
  const { page } = visit;
  await visit.signIn(owner);
  await visit.go('/products?sort=sku');
  const grid = page.getByRole('grid');
  await grid.focus();
  await page.keyboard.press('Control+End');
  const last = (await shop.get('/api/v1/product?sort=-sku&per_page=1')).json.data[0].sku;
  await grid.getByText(last, { exact: true }).waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/products\/./);
  await page.goBack(); // to the row that was opened, with the focus
  await page.waitForFunction(() => document.getElementById(document.activeElement.getAttribute('aria-activedescendant')) !== null);
  await grid.getByText(last, { exact: true }).waitFor();
  await page.getByRole('link', { name: /^Off/ }).click();
  await page.waitForURL(/view=disabled/);
  const { total } = (await shop.get('/api/v1/product?enabled[eq]=false&per_page=1')).json.meta;
  await page.getByText(`${total} rows`).waitFor();
  await page.goBack();
  await page.waitForURL((url) => !url.search.includes('view='));
  await visit.end();
});

for (const [tag, word] of [['nl', 'Bestellingen'], ['de', 'Bestellungen'], ['fr', 'Commandes']]) {
  test(`the interface speaks ${tag}`, async () => {
    const visit = await Visit.start(browser, shop.url.origin, { locale: tag });
    const { page } = visit;
    await page.goto(visit.base + '/orders');
    await page.locator('#email').fill(owner.email);
    await page.locator('input[type=password]').fill(owner.password);
    await page.locator('form button.primary').click();
    await page.getByRole('heading', { level: 1, name: word }).waitFor();
    await visit.end();
  });
}
