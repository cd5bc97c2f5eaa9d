// A real Chromium on the real executable. Every visit collects what must not happen: violations of the content security
// policy, errors on the console, faults of the page's script, requests to another host.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';

const require = createRequire(new URL('../../src/ui/package.json', import.meta.url));
const { chromium } = require('playwright-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

const kChromium = process.env.CHROMIUM ?? '/usr/bin/chromium';
// Without these Chromium looks for its maker's hosts at every start.
const kQuiet = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

export async function openBrowser(more = []) {
  const asRoot = process.getuid?.() === 0;
  return chromium.launch({ executablePath: kChromium, args: [...kQuiet, ...more, ...(asRoot ? ['--no-sandbox'] : [])] });
}

export class Visit {
  // `base` is the appliance's address.
  static async start(browser, base, { width = 1360, height = 860, dark = false, locale = 'en-GB', trusted = false } = {}) {
    const visit = new Visit();
    visit.base = base;
    visit.faults = [];
    visit.context = await browser.newContext({
      ignoreHTTPSErrors: !trusted, // the appliance's own authority is not in this Chromium
      viewport: { width, height }, colorScheme: dark ? 'dark' : 'light', locale, reducedMotion: 'reduce', acceptDownloads: true, bypassCSP: false,
    });
    await visit.context.addInitScript(() => document.addEventListener('securitypolicyviolation', (event) => console.error(`policy violated: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`)));
    visit.page = await visit.newPage();
    return visit;
  }
  async newPage() {
    const page = await this.context.newPage();
    page.setDefaultTimeout(45_000); // a busy two-core machine is no fault of the page
    page.on('console', (message) => { if (message.type() === 'error' && !this.expected(message.text())) this.faults.push(`console: ${message.text()} ${message.location().url}`); });
    page.on('pageerror', (error) => this.faults.push(`script: ${error.message}`));
    page.on('request', (request) => {
      const url = request.url();
      if (!url.startsWith(this.base) && !url.startsWith('data:') && !url.startsWith('blob:')) this.faults.push(`another host: ${url}`);
    });
    return page;
  }
  // Chromium writes refused requests to the console; a story names the status it provokes.
  expects = [];
  expected(text) { return this.expects.some((status) => text.includes(`status of ${status} `)); }

  async signIn({ email, password }) {
    await this.page.goto(this.base + '/');
    await this.page.getByLabel('E-mail').fill(email);
    await this.page.getByLabel('Password', { exact: true }).fill(password);
    await this.page.getByRole('button', { name: 'Sign in' }).click();
    await this.page.getByRole('navigation', { name: 'Menu' }).waitFor();
  }
  async go(path) {
    await this.page.goto(this.base + path);
    await this.page.waitForLoadState('networkidle');
  }
  // No finding of axe, of any weight; `only`: of these rules.
  async checkAccess(what, { page = this.page, only = undefined } = {}) {
    // The policy forbids a script element; the debugger's own evaluation is not bound by it.
    if (!await page.evaluate(() => 'axe' in globalThis)) await page.evaluate(axe + ';0');
    const { violations } = await page.evaluate((rules) => globalThis.axe.run(document, { resultTypes: ['violations'], ...(rules && { runOnly: rules }) }), only);
    const found = violations.map((one) => `${one.id}: ${one.help} at ${one.nodes.map((node) => node.target.join(' ')).join(', ')}`);
    assert.deepEqual(found, [], `axe on ${what}`);
  }
  // Nor does the frame around the page scroll, which stays where it is.
  async noSidewaysScroll(what) {
    const { inside, outside, high, height, framed } = await this.page.evaluate(() => {
      const main = document.querySelector('main'), root = document.documentElement, one = main ?? root;
      return { inside: one.scrollWidth, outside: one.clientWidth, high: root.scrollHeight, height: innerHeight, framed: main !== null && getComputedStyle(main).overflowY === 'auto' };
    });
    assert.ok(inside <= outside, `${what} is ${inside} px wide in ${outside}`);
    assert.ok(!framed || high <= height, `the frame around ${what} is ${high} px high in ${height}`);
  }
  async end() {
    await this.context.close();
    assert.deepEqual(this.faults, []);
  }
}
