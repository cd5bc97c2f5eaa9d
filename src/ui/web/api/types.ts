// What the API answers, as far as the pages use it; the appliance's own description is /api/v1/openapi.json.

export interface One<T> { data: T }
export interface List<T> {
  data: T[];
  meta: { current_page?: number | null; per_page: number; total: number; last_page?: number; next_cursor: string | null };
  facets?: Record<string, unknown>;
  similar?: boolean; // nothing has the words that were asked for, these are one typing error away
}

export interface Fault { field: string; code: string; message: string }
export interface Problem { status: number; title?: string; detail?: string; errors?: Fault[]; request_id?: string }

export interface Limits { channels: string[]; categories: string[]; locales: string[]; personal: string[] }
export interface Session {
  user: { id: string; email: string; name: string; role: string };
  csrf: string;
  permissions: string[];
  limits: Limits;
  must_enrol: boolean;
  must_change_password: boolean;
  notices: { at: string; address: string; agent: string }[];
  now: string;
  idle_expires_at: string;
  expires_at: string;
}

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

export interface Offer {
  qty_available?: number;
  qty_on_hand?: number;
  kit?: boolean;
  qty_allocated?: number;
  title?: string;
  proposition?: string;
  prices?: Record<string, Record<PriceKind, number | undefined>>;
  updated_at?: string;
}
export type PriceKind = 'sell_price' | 'base_price' | 'suggested_retail_price' | 'purchase_price' | 'cost_price';

// What a variant would have from a product above it; `overridden` when it has its own instead.
export interface Inherited { value: Json; from: string; overridden: boolean }
// Of an attribute that the list was asked for as a column: `label` is what people read for codes, `from` the product
// above that it is inherited from, `locale` another language that lends it.
export interface ColumnValue { value: Json; label?: string | string[]; from?: string; locale?: string }
export interface Product {
  columns?: Record<string, ColumnValue>;
  sku: string;
  title: string | null;
  description: string | null;
  brand: string | null;
  ean: string | null;
  family: string | null;
  parent: string | null;
  categories: string[];
  attributes: Record<string, Json>;
  images: string[];
  enabled: boolean;
  locale: string;
  version: number;
  inherited?: { attributes: Record<string, Inherited> } & Partial<Record<'title' | 'description' | 'brand' | 'family' | 'categories' | 'images', Inherited>>;
  created_at: string;
  updated_at: string;
  offer?: Offer;
  texts?: Record<string, Record<string, Json>>;
  completeness?: { percent: number; channels: Record<string, Record<string, { percent: number; missing: string[] }>>; hints: string[] };
}
export interface FacetCount { value: string; count: number; label?: string }
export interface Language { locale: string; default: boolean; fallback?: string }

export type OrderStatus = 'open' | 'awaiting_payment' | 'partially_shipped' | 'shipped' | 'cancelled';
export const holdReasons = ['manual', 'fraud', 'address', 'stock', 'buyer_cancel_request', 'payment'] as const;
export interface Hold { id: string; reason: (typeof holdReasons)[number]; by: string; at: string }
export type Stage = 'none' | 'picking' | 'picked' | 'packing' | 'packed';
export interface OrderSummary {
  id: string;
  name: string;
  channel: string;
  channel_order_id: string;
  status: OrderStatus;
  accepted: boolean;
  paid: boolean;
  currency_code: string;
  total: number | null;
  shipping_cost: number | null;
  tax: number | null;
  amount_paid: number | null;
  amount_refunded: number;
  country_code: string;
  placed_at: string;
  created_at: string;
  updated_at: string;
  ship_by: string | null;
  pieces: number;
  pieces_shipped: number;
  pieces_ready: number;
  pieces_backordered: number;
  pieces_returned: number;
  fulfilment: Stage;
  fulfilled_by: 'shop' | 'marketplace';
  holds: Hold[];
  tags: string[];
  attention: { kind: 'unknown_sku' | 'duplicate'; order_id: string | null }[];
}
export interface PromisedAt { code: string; name: string; quantity: number }
export interface Location { code: string; name: string; rank: number; may_ship: boolean; active: boolean; default: boolean; rules: { id: string; name: string; enabled: boolean }[] }
export interface LinePart { sku: string; title: string; ean: string; quantity: number; allocated: number; to_pick: number; picked: number; missing: number; packed: number; promised_at: PromisedAt[] }
export interface OrderLine {
  parts?: LinePart[];
  line: number;
  external_identifier: string;
  sku: string;
  channel_sku: string;
  in_catalogue: boolean;
  title: string;
  quantity: number;
  price: number | null;
  ordered: number;
  cancelled: number;
  backordered: number;
  allocated: number;
  shipped: number;
  picked: number;
  missing: number;
  packed: number;
  later: number;
  promised_at: PromisedAt[];
  returned: number;
  returnable: number;
  refunded: number;
  amount_refunded: number;
}
export interface Parcel {
  identifier: string;
  method: string;
  track_and_trace: string;
  shipped_at: string;
  weight_grams: number | null;
  length_mm: number | null;
  width_mm: number | null;
  height_mm: number | null;
  together?: string[];
  lines: { line: number; sku: string; quantity: number }[];
}
export interface OpenParcel { identifier: string; weight_grams: number | null; length_mm: number | null; width_mm: number | null; height_mm: number | null; lines: { line: number; sku: string; quantity: number }[] }
export interface WorkLine { line: number; parts?: LinePart[]; sku: string; channel_sku: string; ean: string; title: string; ordered: number; backordered: number; allocated: number; picked: number; missing: number; later: number; packed: number; promised_at: PromisedAt[]; shipped: number }
export interface Work {
  id: string; channel: string; channel_order_id: string; status: OrderStatus; fulfilment: Stage; ship_by: string | null; picking: boolean; can_work: boolean; held_because: string;
  lines: WorkLine[]; parcels: OpenParcel[]; next_parcel: string; parcels_shipped: number;
  last?: { event: number; kind: 'picked' | 'short' | 'packed'; line: number; sku: string; quantity: number; by: string; at: string };
}
export type BatchStatus = 'open' | 'picked' | 'stopped';
export interface BatchHead { id: string; code: string; status: BatchStatus; by: string; created_at: string; updated_at: string }
export interface BatchInList extends BatchHead { orders: number; pieces?: number; picked?: number; missing?: number }
export interface BatchStep {
  zone: string; shelf: string; sku: string; ean: string; title: string; pieces: number; picked: number; missing: number;
  places: { slot: number; order_id: string; line: number; of_kit: boolean; pieces: number; picked: number; missing: number }[];
}
interface BatchPart { order_id: string; line: number; sku: string; title: string; quantity: number; slot: number }
export interface Batch extends BatchHead {
  pieces: number; picked: number; missing: number;
  orders: { slot: number; id: string; name: string; channel: string; status: OrderStatus; fulfilment: Stage; ship_by: string | null; held_because: string; pieces: number; picked: number; missing: number }[];
  steps: BatchStep[];
  last?: { scan: number; kind: 'picked' | 'short'; by: string; at: string; parts: BatchPart[] };
  given?: BatchPart & { order_picked: boolean };
}
export interface TimelineItem {
  number: number;
  at: string;
  by: string;
  kind: string;
  for?: 'team' | 'buyer';
  message?: string | null;
  deleted?: boolean;
  details?: Record<string, Json> | null;
}
export interface Order extends OrderSummary {
  payment_method: string;
  shipping_method: string;
  cancel_reason?: string;
  lines: OrderLine[];
  amount_balance: number | null;
  amount_due: number | null;
  refunded: { shipping: number; tax: number; other: number };
  parcels: Parcel[];
  location: string | null;
  replaces_return: string | null;
  timeline: TimelineItem[];
  buyer: { state: 'present' | 'purged'; purge_at: string; masked?: Record<string, Json>; locked?: string };
  purge_at: string;
  can: { accept: boolean; ship: boolean; hold: boolean; edit: boolean; cancel: boolean; return: boolean; refund: boolean; reveal: boolean };
}
export interface ReportRow { key: string; currency_code: string; orders: number; units: number; sales: number; units_returned: number; amount_refunded: number; due: number; on_time: number }
export interface StockValueRow { day: string; pieces: number; pieces_without_cost: number; values: { currency_code: string; value: number }[] }
export interface StockValueReport { from: string; to: string; cost: string; rows: StockValueRow[] }
export interface Report { from: string; to: string; group: 'day' | 'channel' | 'category'; rows: ReportRow[] }
// What /api/v1/report/recount and /api/v1/index/rebuild tell; each counts what it looks at, and `mended`.
export interface MaintenanceRun { status: 'never' | 'running' | 'done' | 'failed' | 'cancelled'; progress: number; part?: string; message: string; by: string; finished_at: string | null; counts: Record<string, number> }
export const returnReasons = ['unwanted', 'damaged', 'defective', 'wrong_item', 'late', 'other'] as const;
export type ReturnStatus = 'requested' | 'approved' | 'received' | 'refused' | 'closed';
export interface ReturnSummary {
  id: string; order_id: string; channel: string; channel_order_id: string; reference: string; reason: (typeof returnReasons)[number]; status: ReturnStatus;
  by: string; created_at: string; updated_at: string; pieces: number; pieces_received: number; pieces_restocked: number;
}
export interface ReturnLine { line: number; sku: string; title: string; quantity: number; received: number; restocked: number; damaged: number; discarded: number }
export interface Return extends ReturnSummary {
  lines: ReturnLine[];
  fulfilled_by: 'shop' | 'marketplace';
  replacement_id: string | null;
  can: { replace: boolean; approve: boolean; refuse: boolean; receive: boolean; close: boolean };
}
export const refundReasons = ['returned', 'cancelled', 'damaged', 'late', 'price', 'goodwill', 'other'] as const;
export interface Refund {
  identifier: string; reason: (typeof refundReasons)[number]; return_id: string | null; by: string; at: string; currency_code: string;
  amount: number; shipping: number; tax: number; other: number; lines: { line: number; sku: string; title: string; quantity: number; amount: number }[];
}
export interface Seller {
  name: string; street: string; zip_code: string; city: string; country_code: string; vat_number: string; registration_number: string; iban: string;
  email: string; phone_number: string; small_business_note: string; footer: string;
}
export interface InvoiceSettings {
  seller: Seller; prices_include_vat: boolean; vat_rate: number | null; country_rates: { country_code: string; rate: number }[];
  invoice_prefix: string; credit_note_prefix: string; year_in_number: boolean;
}
export interface CustomsSettings { eori: string; incoterm: string; reason: string; hs_code_attribute: string; origin_attribute: string; weight_attribute: string; weight_unit: string; origin: string }
export interface Archive {
  enabled: boolean; years: number; country_code: string; years_of_country: number;
  kept: { gone_at: string; documents: number; bytes: number; readable: boolean }[]; laws: { country_code: string; years: number; law: string }[];
}
export interface Invoice {
  name: string; kind: 'invoice' | 'credit_note'; order_id: string; channel_order_id: string; country_code: string; currency_code: string; at: string; by: string;
  of_invoice: string | null; refund: string | null; net: number; vat: number; gross: number; rates: { rate: number; net: number; vat: number }[];
}
export type Customer = Record<string, Json>;

export interface FieldChange { field: string; locale: string | null; before: Json; after: Json; rule?: { id: string; name: string } }
export interface HistoryEntry {
  version: number;
  at: string;
  action: 'created' | 'changed' | 'deleted';
  by: string;
  source: 'interface' | 'api' | 'command' | 'system' | 'import' | 'bulk-edit' | 'undo' | 'restore' | 'draft';
  source_id: string | null;
  proposed_by?: string; // whose draft it was
  row: number | null;
  from_version: number | null;
  offer: boolean; // its prices and offer changed; the product is the same version
  changes: FieldChange[];
}
export interface BulkEdit {
  id: string;
  kind: 'bulk' | 'rules' | 'undo';
  on: 'product' | 'order';
  rules: RuleTally[] | null; // of a run of rules
  status: 'queued' | 'running' | 'done' | 'failed' | 'cancelled';
  progress: number;
  message: string;
  resumed: boolean;
  by: string;
  undoes: { kind: 'import' | 'bulk-edit'; id: string } | null;
  undone_by: string | null;
  created_at: string;
  finished_at: string | null;
  counts: { products: number; done: number; changed: number; unchanged: number; refused: number; deleted: number; collided: number };
}
export interface BulkPreview {
  products: number; tried: number; changed: number; unchanged: number; refused: number;
  samples: { sku: string; title: string; changes: FieldChange[] }[];
  refusals: { sku: string; errors: Fault[] }[];
  rules?: RuleTally[];
  warnings?: string[];
}
export interface RuleTally { id: string; name: string; matched: number; changed: number; failed: number }
export interface RuleCondition { field: string; operator: string; value: Json; locale?: string | null }
export interface RuleDraft {
  name: string; on: 'product' | 'order'; enabled: boolean; locale: string; stop: boolean;
  when: { match: string | null; formula: string | null; conditions: RuleCondition[] };
  then: Record<string, Json>[];
}
export interface Rule extends RuleDraft {
  id: string; version: number; position: number; by: string; updated_at: string;
  counts: { matched: number; changed: number; failed: number };
  failure: string | null; failed_at: string | null;
  warnings?: string[];
}
export interface RuleTest {
  items: { name: string; title: string; found: boolean; matched: { id: string; name: string }[]; changes: FieldChange[]; failed: string[] }[];
  warnings: string[];
}
export interface ImportJob {
  id: string;
  status: 'queued' | 'running' | 'done' | 'failed' | 'cancelled';
  progress: number;
  file_name: string;
  format: string;
  dry_run: boolean;
  resumed: boolean;
  waits_for: 'vault' | null;
  same_as: string | null;
  message: string;
  by: string;
  bytes: number;
  created_at: string;
  finished_at: string | null;
  counts: { rows: number; created: number; changed: number; unchanged: number; refused: number };
}
export interface MappedColumn { column?: string; to?: string | null; as?: string; values?: Record<string, string> }
export type SavedMapping = { columns?: MappedColumn[]; select?: 'sku' | 'ean'; records?: string; encoding?: string; delimiter?: string; quote?: string } & Record<string, unknown>;
export interface NamedMapping { id: string; name: string; mapping: SavedMapping; by: string; updated_at: string }
export interface ImportPreview {
  format: string;
  problem: string;
  columns: { name: string; samples: string[]; to: string }[];
  mapping: SavedMapping | null; // as it was the last time
  records: string; // which of the tables this is about; empty: the file is one itself
  encoding: string; // of a text: what it was read as
  tables: { records: string; count: number; columns: string[]; sample: string[] }[];
  rows: { line: number; fields: { name: string; value: string }[]; errors: Fault[] }[];
}
export interface ImportRow { line: number; file?: string; sku?: string; outcome?: string; errors?: Fault[]; changes?: FieldChange[]; message?: string }

export interface Settings { shop_name: string; company_number: string; currency: string; time_zone: string }
export interface Token {
  id: string;
  name: string;
  scopes: string[];
  created_at: string;
  expires_at: string | null;
  last_used_at: string | null;
  last_address: string;
  user: string;
  ranges: string[];
  kind: 'token' | 'certificate';
  token?: string;
}
export interface Client extends Token { certificate: string; key: string; authority: string; pkcs12: string }
// The first step of signing in, where a second one follows.
export interface Ticket { ticket: string; factors?: ('passkey' | 'totp' | 'recovery')[]; question: Question | null }
// What navigator.credentials is asked, with base64url in place of bytes.
export interface Question {
  challenge: string;
  rpId?: string;
  rp?: { id: string; name: string };
  user?: { id: string; name: string; displayName: string };
  pubKeyCredParams?: { type: 'public-key'; alg: number }[];
  allowCredentials?: { type: 'public-key'; id: string }[];
  excludeCredentials?: { type: 'public-key'; id: string }[];
  authenticatorSelection?: { residentKey: string; userVerification: string };
  userVerification?: string;
  timeout: number;
}
export interface Person {
  id: string; email: string; name: string; role: string; state: 'invited' | 'active' | 'stopped'; created_at: string; limits: Limits;
  invited_until: string | null; last_sign_in_at: string | null; password_at: string | null; totp: boolean; recovery_codes: number;
  passkeys: { id: string; name: string; site: string; alone: boolean; created_at: string; last_used_at: string | null }[];
  code?: string;
}
export interface Role { name: string; title: string; permissions: string[]; second_factor: boolean; built_in: boolean; limits: Limits }
export interface Device { id: string; address: string; agent: string; factors: string; current: boolean; started_at: string; seen_at: string; ends_at: string }
export interface Policy { passwords: 'nist-asvs' | 'amazon-dpp'; second_factor_for_all: boolean }
export interface StockLevel { sku: string; on_hand: number; allocated: number; available: number; kit: boolean }
export interface StockAt extends StockLevel {
  withheld: number;
  made_of?: { sku: string; title: string; quantity: number; available: number }[];
  scarcest?: string;
  part_of: string[];
  locations: { code: string; name: string; may_ship: boolean; active: boolean; on_hand: number; allocated: number; available: number }[];
  movements: { at: string; by: string; reason: string; on_hand: number; allocated: number; location: string }[];
}
export interface PurgeReport {
  at: string; dry_run: boolean; gone_before: string; keys_destroyed: number; records: number; bytes: number; files: number;
  clean: boolean; remaining: string; certificate: number | null;
}
export interface VaultDay { date: string; state: 'alive' | 'going' | 'gone'; live_keys: number; gone_at: string }
export interface Certificate {
  number: number; at: string; hash: string; statement: string; signature: string;
  [fact: string]: Json;
}
export interface FoundOrder {
  id: string; channel: string; channel_order_id: string; status: OrderStatus; placed_at: string; purge_at: string; masked?: Record<string, Json>; fields?: string[];
}
export interface Proof {
  gone: boolean; archived: number; alive: FoundOrder[]; traces: { file: string; found: string; times: number }[]; files: number; bytes: number; unreadable: string[];
}
export interface Erasure {
  dry_run: boolean; orders: string[]; invoices_kept: { order: string; name: string; until: string }[]; erased?: number; records?: number; index_records?: number; clean?: boolean; remaining?: string; certificate?: number | null;
}
export interface VaultStatus {
  now: string; hour: string; gone_before: string; live_keys: number; retention_days: number; clock_alarm: string; ring_warning: string; signing_key: string; sealed: boolean; sealed_because: string; key: { provider: 'key_file' | 'passphrase' | 'credential' | 'shares'; place: string }; days: VaultDay[]; remains: { what: string; why: string }[];
  reveals: { actor_id: string; actor_name: string; this_hour: number; today: number; refused: number }[];
  purges: PurgeReport[];
}
export interface Retention { channel: string; days: number }
export interface AuditEntry {
  number: number; at: string; actor_kind: string; actor_id: string; actor_name: string; action: string; object: string;
  details: Record<string, Json> | null; hash: string;
}
export interface AuditState { keep_days: number | null; dropped: number; signed_at: string | null; failure: string; failing_since: string | null }
export interface SignedReview { at: string | null; by: string | null; people: number; stopped: number; programs: number; removed: number; note: string | null; text: string; signature: string; whole: boolean }
export interface AccessReview {
  due_at: string; overdue: boolean; key: string; past: SignedReview[];
  people: { id: string; email: string; name: string; role: string; state: string; last_sign_in_at: string | null; limits: Limits; hints: string[] }[];
  programs: { id: string; name: string; scopes: string[]; user: string; kind: string; last_used_at: string | null; expires_at: string | null; hints: string[] }[];
}
// A part is there for who may read it.
export interface Dashboard {
  orders?: { to_ship: number; late: number; backordered: number; awaiting_payment: number };
  per_day?: { day: string; orders: number }[];
  products?: { total: number; disabled: number; without_image: number; without_description: number; without_ean: number; incomplete: number };
  stock?: { looked_at: number; out: number; low: number; low_below: number };
  review?: { due_at: string; overdue: boolean };
}
export interface Webhook {
  id: string; url: string; description: string; events: string[]; enabled: boolean; disabled_because: string | null; failing_since: string | null;
  old_secret_until: string | null; by: string; created_at: string; updated_at: string; secret?: string;
}
export interface WebhookEvent { name: string; summary: string }
export interface WebhookHost { host: string; private_network: boolean; authority: string; by: string; created_at: string }
export interface Delivery {
  id: string; event: number | null; type: string; event_at: string; created_at: string; status: 'pending' | 'delivered' | 'failed'; next_at: string | null;
  attempts: { at: string; status: number | null; milliseconds: number; answer: string }[];
}
export interface ExportProfile {
  id: string; name: string; kind: 'product'; format: string; query: string; columns: { name: string; from: string }[]; locale: string; channel: string; currency: string;
  enabled_only: boolean; without_heads: boolean; with_faulty: boolean; link: string; public_address: string; feed: boolean; feed_since: string | null;
  by: string; created_at: string; updated_at: string;
}
export interface ExportFormat { name: string; title: string; about: string; layout: string; columns: number; own: boolean }
export interface ProfileCheck {
  total: number; checked: number; faulty: number; whole: boolean;
  faults: { column: string; code: string; message: string; products: number; skus: string[] }[];
  samples: { column: string; value: string }[][];
  advice: Fault[];
}
export interface Schedule {
  id: string; name: string; task: 'export_folder' | 'import_folder' | 'import_url' | 'rules'; enabled: boolean; every_minutes: number; at: string; time_zone: string; weekdays: string[];
  profile: string; folder: string; keep: number; url: string; username: string; has_password: boolean; kind: string; mode: string; mapping: SavedMapping | null; mapping_id: string; on: 'product' | 'order'; rule: string | null; next_at: string | null;
  last_status: 'done' | 'unchanged' | 'failed' | null; last_message: string | null; last_at: string | null; by: string; created_at: string; updated_at: string;
}
export interface ScheduleRun { id: string; started_at: string; finished_at: string; status: 'done' | 'unchanged' | 'failed'; message: string }
