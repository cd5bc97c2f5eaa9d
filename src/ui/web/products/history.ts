// Words and calls that history, bulk edits and undo share.
import { post } from '../api/client.ts';
import type { BulkEdit, FieldChange, HistoryEntry, One } from '../api/types.ts';
import { named, t } from '../i18n/i18n.svelte.ts';

export function fieldLabel({ field, locale }: Pick<FieldChange, 'field' | 'locale'>): string {
  const name = field.startsWith('attributes.') ? field.slice(11) : field.startsWith('prices.') ? `${named('products', field.slice(11))} (${field.slice(7, 10)})` : field === 'offer.title' ? `${t('products.offer')}: ${t('products.title')}` : field === 'offer.proposition' ? t('products.proposition') : field.startsWith('associations.') ? `${t('links.tab')}: ${field.slice(13)}` : field === 'enabled' ? t('products.is_enabled') : field === 'qty_available' ? t('products.available') : named('products', field);
  return locale ? `${name} (${locale})` : name;
}
export function sourceWords(entry: HistoryEntry): string {
  const id = entry.source_id ?? '';
  if (entry.source === 'import') return entry.row ? t('source.import_row', { id, row: String(entry.row) }) : t('source.import', { id });
  if (entry.source === 'restore') return t('source.restore', { version: String(entry.from_version) });
  return t(`source.${entry.source}`, { id, name: entry.proposed_by ?? '' });
}
export const sourceLink = (entry: HistoryEntry): string =>
  !entry.source_id ? '' : entry.source === 'import' ? '/imports/' + entry.source_id : entry.source === 'draft' ? '/drafts/' + entry.source_id : '/bulk-edits/' + entry.source_id;
export const kLookAgain = 400; // ms between two looks at a job; a look is one small read
export async function undo(path: string): Promise<BulkEdit> {
  return (await post<One<BulkEdit>>(path + '/undo')).data;
}
