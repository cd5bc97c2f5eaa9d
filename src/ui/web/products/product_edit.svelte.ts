// A product while it is edited: what was loaded, what is typed, what of it has changed; saved, and put together with what
// somebody else saved meanwhile.
import { tick } from 'svelte';
import { ApiError, get, post, skuPath } from '../api/client.ts';
import type { FacetCount, Json, List, Offer, One, Product } from '../api/types.ts';
import { t } from '../i18n/i18n.svelte.ts';
import { faultsByField } from '../kit/forms.ts';
import { session } from '../shell/session.svelte.ts';
import { done, failed } from '../shell/toasts.svelte.ts';
import { conflictsIn } from './agree.ts';
import { lineOfFamily, loadDescribed, type Described } from './described.ts';
import { decimalSign } from './decimals.ts';
import { attributeValue, changesOf, conflictsOf, draftOf, without, written, type Conflict, type Draft } from './draft.ts';
import { familyIn, withFamily } from './family_fields.ts';
import { offerChangesOf, offerDraftOf, offerRebased, offerSeen, type OfferDraft } from './offer_draft.ts';
import { changedBy, changedFields, mergedDraft, seenOf, seenOffer, touchedFields, withStockOf } from './meanwhile.ts';
import { load, patch, type Loaded } from './product.ts';
import { axesBelow, type AxesBelow } from './variant_axes.ts';

// Fields that a product may have from those above it.
export type SharedField = 'title' | 'description' | 'brand' | 'family' | 'categories' | 'images';

const kNothing = { attributes: [], axes: [] }; // known of its family

// What somebody else saved since the page read it; `both`: what is typed here of it too.
interface News { now: Loaded | null; fields: string[]; both: string[]; by: string[]; gone: boolean }
const newsKey = (news: News | null): string => JSON.stringify([news?.now?.product.version, news?.fields, news?.now?.product.offer?.prices, news?.now?.product.offer?.proposition]);

export class ProductEdit {
  product = $state.raw<Product | null>(null);
  locale = $state('');
  draft = $state<Draft | null>(null);
  offer = $state<OfferDraft>({ prices: {}, pieces: '', proposition: '' });
  failure = $state.raw<unknown>(null); // of loading
  faults = $state<Record<string, string>>({}); // by field, of saving
  busy = $state(false);
  // `offer`: as it is now, where the two differ about it; else about the product.
  conflict = $state.raw<{ conflicts: Conflict[]; changes: Record<string, Json>; etag: string; offer?: Offer } | null>(null);
  news = $state.raw<News | null>(null);
  model = $state.raw<Described | null>(null);
  variants = $state(0); // how many
  axes = $state.raw<AxesBelow>({ own: [], deeper: [] }); // what they differ in
  suggestions = $state.raw<Record<string, FacetCount[]>>({});
  #etag = '';
  #dismissed = ''; // news that the person has seen and wants no more of
  #known: Loaded | null = null; // as it was last shown, while `product` has of what both changed what it was
  #family: { code: string; attributes: string[] } = { code: '', attributes: [] };
  readonly #sku: () => string;

  constructor(sku: () => string) {
    this.#sku = sku;
  }

  readonly changes = $derived.by<Record<string, Json>>(() => {
    if (!this.product || !this.draft) return {};
    try {
      return changesOf(this.product, this.draft);
    } catch {
      return { attributes: {} }; // text that is no JSON yet: something is unsaved, and saving says what
    }
  });
  readonly offerChanges = $derived.by<Record<string, Json>>(() => this.product ? offerChangesOf(this.product, this.offer) : {});
  readonly dirty = $derived(Object.keys(this.changes).length > 0 || Object.keys(this.offerChanges).length > 0);
  // Stock is counted, not proposed.
  readonly proposable = $derived(Object.keys(this.changes).length > 0 || Object.keys(this.offerChanges).some((field) => field !== 'qty_available'));

  reload = async (): Promise<void> => {
    written.decimal = decimalSign();
    this.locale = session.contentLocale;
    const sku = this.#sku(), locale = this.locale;
    try {
      const loaded = await load(sku, locale);
      await this.#readModel(loaded.product);
      this.#take(loaded.product, loaded.etag);
      this.failure = null;
      const [variants, all] = await Promise.all([
        get<List<Product>>(skuPath(sku) + '/variant', { per_page: 1, fields: 'sku' }),
        get<List<Product>>('product', { per_page: 1, fields: 'sku', facets: 'brand,family,category' }),
      ]);
      this.variants = variants.meta.total;
      this.suggestions = (all.facets ?? {}) as Record<string, FacetCount[]>;
    } catch (reason) {
      this.failure = reason;
    }
  };
  discard(): void {
    const news = this.news;
    if (this.#known) this.#take(this.#known.product, this.#known.etag);
    this.news = news && { ...news, both: [] };
  }
  // What was changed is proposed; the stock stays as it is typed, since it is not.
  proposed(): void {
    const { pieces } = this.offer;
    this.faults = {};
    this.discard();
    this.offer.pieces = pieces;
  }
  put(field: SharedField, value: Json): void {
    if (!this.draft) return;
    const list = Array.isArray(value) ? value.map(String) : [];
    if (field === 'images') this.draft.images = list;
    else if (field === 'categories') this.draft.categories = list.join('\n');
    else this.draft[field] = String(value);
  }

  async save(body = this.changes, tag = this.#etag): Promise<void> {
    if (!this.product || this.busy) return;
    for (const row of this.draft?.attributes ?? []) {
      try {
        attributeValue(row);
      } catch {
        this.faults = { [`attributes.${row.name}`]: t('products.no_json') };
        failed(new Error(`${row.name}: ${t('products.no_json')}`));
        return;
      }
    }
    this.busy = true;
    this.faults = {};
    try {
      await this.#write(body, tag);
    } catch (reason) {
      if (reason instanceof ApiError && reason.status === 412) await this.#merge(body);
      else {
        this.faults = faultsByField(reason);
        failed(reason);
        void tick().then(() => document.querySelector<HTMLElement>('main [aria-invalid=true]')?.focus());
      }
    } finally {
      this.busy = false;
    }
  }
  // Of a conflict: which fields shall be as the other one has them.
  decide(theirs: string[]): void {
    if (!this.conflict) return;
    if (this.conflict.offer && this.product) {
      const offer = this.conflict.offer;
      this.offer = offerRebased(this.offer, this.product, offer, theirs);
      this.product = { ...this.product, offer };
      this.conflict = null;
      void this.save();
      return;
    }
    let body = this.conflict.changes;
    for (const field of theirs) body = without(body, field);
    const tag = this.conflict.etag;
    this.conflict = null;
    void this.save(body, tag);
  }

  // Whether somebody else saved it; what changes all day, or is worked out, is taken over without a word.
  async look(): Promise<void> {
    const before = this.product, known = this.#known;
    if (!before || !known || before.sku !== this.#sku() || this.busy) return;
    try {
      const now = await load(before.sku, this.locale, true), fields = changedFields(known.product, now.product);
      const by = fields.length ? await changedBy(known.product).catch(() => []) : [];
      if (this.product !== before || this.busy || this.conflict) return; // it has been saved, or read, meanwhile
      if (fields.length) {
        const news = { now, fields, both: fields.filter((field) => this.#typed().includes(field)), by, gone: false }, shown = newsKey(news) === this.#dismissed ? null : news;
        const counted = withStockOf(known, now.product);
        if (JSON.stringify(counted.product.offer) === JSON.stringify(known.product.offer)) this.news = shown;
        else await this.#rebase(counted, shown);
      } else if (now.etag !== known.etag || JSON.stringify(now.product.offer) !== JSON.stringify(known.product.offer)) await this.#rebase(now);
    } catch (reason) {
      if (reason instanceof ApiError && reason.status === 404 && this.product === before) this.news = { now: null, fields: [], both: [], by: [], gone: true };
    }
  }
  dismissNews(): void {
    this.#dismissed = newsKey(this.news);
    this.news = null;
  }
  async takeNews(): Promise<void> {
    if (this.news?.now) await this.#rebase(this.news.now);
  }
  // Fields that hold what nobody saved yet.
  #typed(): string[] {
    if (!this.product || !this.draft) return [];
    const prices = Object.entries((this.offerChanges['prices'] ?? {}) as Record<string, Record<string, Json>>);
    return [
      ...touchedFields(this.#draftOf(this.product), this.draft), ...prices.flatMap(([currency, kinds]) => Object.keys(kinds).map((kind) => `prices.${currency}.${kind}`)),
      ...('proposition' in this.offerChanges ? ['offer.proposition'] : []),
    ];
  }
  // What the page shows is as it is `now`, but for what is typed. Of what both changed it still knows what it was, so that
  // saving asks whose stays. `left`: what it still does not show.
  async #rebase(now: Loaded, left: News | null = null): Promise<void> {
    const before = this.product, draft = this.draft;
    if (!before || !draft) return;
    const old = this.#draftOf(before), changed = changedFields(before, now.product);
    if (changed.includes('family') || changed.includes('parent')) await this.#readModel(now.product);
    if (this.product !== before || this.draft !== draft) return;
    const typed = touchedFields(old, draft), both = changed.filter((field) => typed.includes(field));
    const offer = seenOffer(now.product.offer, before.offer, this.offerChanges);
    this.offer = offerRebased(this.offer, before, now.product.offer, []);
    this.draft = mergedDraft(old, draft, this.#draftOf(now.product));
    this.product = { ...seenOf(now.product, before, both), offer };
    this.#known = now;
    if (both.length === 0) this.#etag = now.etag;
    this.news = left;
  }

  #take(loaded: Product, tag: string): void {
    this.news = null;
    this.product = loaded;
    this.#known = { product: loaded, etag: tag };
    this.#etag = tag;
    this.draft = this.#draftOf(loaded);
    this.offer = offerDraftOf(loaded);
  }
  #draftOf(loaded: Product): Draft {
    return withFamily(draftOf(loaded), loaded, this.model, this.#family.code === familyIn(loaded) ? this.#family.attributes : []);
  }
  async #readModel(loaded: Product): Promise<void> {
    const described = await loadDescribed(this.locale);
    this.model = described.attributes.size > 0 || loaded.completeness ? described : null;
    const code = familyIn(loaded);
    const { attributes, axes } = loaded.completeness && code ? await lineOfFamily(code).catch(() => kNothing) : kNothing;
    this.#family = { code, attributes };
    this.axes = await axesBelow(loaded, axes);
  }
  async #write(body: Record<string, Json>, tag: string): Promise<void> {
    const sku = this.#sku(), before = this.product?.version ?? 0, direct = tag === this.#etag;
    if (Object.keys(body).length) await patch(sku, this.locale, body, tag);
    let clash: Conflict[] = [];
    if (this.product && Object.keys(this.offerChanges).length) {
      try {
        await post<One<Offer>>(skuPath(sku) + '/offer', { ...this.offerChanges, seen: offerSeen(this.product, this.offerChanges) });
      } catch (reason) {
        clash = conflictsIn(reason);
        if (clash.length === 0 && Object.keys(body).length === 0) throw reason;
        if (clash.length === 0) {
          this.faults = faultsByField(reason);
          failed(reason);
        }
        // The product is saved: what is typed of its offer stays, and goes on from what was seen of it.
        const now = await load(sku, this.locale), typed = this.offer, seen = this.product.offer;
        this.#take({ ...now.product, ...(seen && { offer: seen }) }, now.etag);
        this.offer = typed;
        if (clash.length) this.conflict = { conflicts: clash, changes: {}, etag: now.etag, offer: now.product.offer ?? {} };
        return;
      }
    }
    const fresh = await load(sku, this.locale);
    if (familyIn(fresh.product) !== this.#family.code || fresh.product.parent !== this.product?.parent || (fresh.product.completeness === undefined) !== (this.product?.completeness === undefined)) await this.#readModel(fresh.product);
    this.#take(fresh.product, fresh.etag);
    // The appliance put it together with what others changed meanwhile.
    const merged = direct && Object.keys(body).length > 0 && fresh.product.version > before + 1;
    done(t(merged ? 'products.merged' : 'products.saved'));
  }
  // Somebody else saved meanwhile: different fields go together by themselves, the same field is decided by the person.
  async #merge(body: Record<string, Json>): Promise<void> {
    if (!this.product) return;
    try {
      const now = await load(this.#sku(), this.locale);
      const conflicts = conflictsOf(this.product, now.product, body);
      if (conflicts.length === 0) {
        await this.#write(body, now.etag);
        done(t('products.merged'));
      } else this.conflict = { conflicts, changes: body, etag: now.etag };
    } catch (reason) {
      failed(reason);
    }
  }
}
